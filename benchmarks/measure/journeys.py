"""Requests written before the clock runs, and the program that plays them (`load/Load.java`)."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CAPTURED = "@CAPTURED@"
"""Stands in a request for what the journey's last answer with it brought."""

Journey = Sequence[bytes]
"""Requests one after the other on one connection."""


@dataclass(frozen=True)
class Played:
    """How it went; times in milliseconds."""

    journeys: int
    seconds: float
    p50: float
    p90: float
    p99: float
    slowest: float
    refused: int
    """Answers 429 or 503 with a Retry-After, after which the journey was played again."""

    @property
    def rate(self) -> float:
        """Journeys a second."""
        return self.journeys / self.seconds


class Player:
    """Plays journeys; both sides of a comparison by the same program."""

    def __init__(self, root: Path) -> None:
        self._root = root
        jdk = subprocess.run(
            [root / "nightsafe", "--jdk"], check=True, capture_output=True, text=True
        )
        self._java = Path(jdk.stdout.strip()) / "bin" / "java"
        self._program = root / "benchmarks" / "load" / "Load.java"

    def program(self, name: str) -> list[str]:
        """How to start another program of `load`, which uses the keeper's libraries."""
        libraries = self._root / "keeper" / "target" / "lib" / "*"
        options = ["-XX:+UseSerialGC", "-Xmx512m", "--enable-native-access=ALL-UNNAMED"]
        return [
            str(self._java),
            *options,
            "-cp",
            str(libraries),
            str(self._program.with_name(name)),
        ]

    @contextmanager
    def empty_endpoint(self) -> Iterator[str]:
        """An HTTP server that answers everything with nothing; its address."""
        process = subprocess.Popen(
            self.program("EmptyEndpoint.java"),
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            line = process.stdout.readline() if process.stdout is not None else ""
            if not line:
                raise SystemExit("the empty endpoint doesn't start")
            yield f"http://127.0.0.1:{line.strip()}"
        finally:
            process.terminate()
            process.wait(30)

    def play(
        self, server: str, journeys: Sequence[Journey], connections: int, capture: str = "-"
    ) -> Played:
        """Plays all of them once; the first fifth isn't counted. Any failure ends the program."""
        return self._play(server, journeys, connections, len(journeys) // 5, capture, 1)

    def commits(self, folder: Path, rows: int, callers: int) -> Played:
        """Small rows that the database's engine alone stores in groups, each durable."""
        with tempfile.TemporaryDirectory(prefix="commits-", dir=folder) as own:
            command = [*self.program("GroupedCommits.java"), str(Path(own) / "small.db")]
            return _played("commits", [*command, str(callers), str(rows), str(rows // 5)])

    def play_at_once(
        self, server: str, editions: Sequence[Sequence[Journey]], capture: str
    ) -> Played:
        """Each journey by a connection of its own, all counted, with the time to connect.

        One that is refused for now is played again, in its next edition. Any other failure ends
        the program.
        """
        journeys = [journey for edition in editions for journey in edition]
        return self._play(server, journeys, len(editions[0]), 0, capture, len(editions))

    def _play(
        self,
        server: str,
        journeys: Sequence[Journey],
        connections: int,
        warm: int,
        capture: str,
        tries: int,
    ) -> Played:
        with tempfile.NamedTemporaryFile(prefix="nightsafe-journeys-") as file:
            file.write(_encoded(journeys))
            file.flush()
            address = urlsplit(server).netloc
            command = [str(self._java), str(self._program), file.name, address]
            return _played(server, [*command, str(connections), str(warm), capture, str(tries)])


def _played(what: str, command: Sequence[str]) -> Played:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{what}: {done.stderr.strip()}")
    count, *figures, refused = done.stdout.split()
    seconds, p50, p90, p99, slowest = (float(figure) for figure in figures)
    return Played(int(count), seconds, p50, p90, p99, slowest, int(refused))


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append("Content-Type: application/json")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def _encoded(journeys: Sequence[Journey]) -> bytes:
    parts = [len(journeys).to_bytes(4, "big")]
    for journey in journeys:
        parts.append(len(journey).to_bytes(4, "big"))
        for one in journey:
            parts += [len(one).to_bytes(4, "big"), one]
    return b"".join(parts)
