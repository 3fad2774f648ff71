"""Very many runners that wait for work of one keeper (`load/Crowd.java`)."""

import os
import queue
import resource
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from measure.console import Console
from measure.journeys import Player
from measure.row import Row, times, under
from measure.system import Nightsafe

QUEUE = "bench-crowd"
_POLL_SECS = 20
_LIMIT = 300.0
"""Seconds after which the crowd isn't waited for any more."""
_OTHER_FILES = 300
"""That the keeper has open besides connections."""
_OTHER_CONNECTIONS = 16
"""Of the runner that is there anyway, and of commands."""


def most() -> int:
    """As many runners, with two polls each, as the keeper takes under this limit on open files."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    consoles = min(files // 8, 1024)
    return (files - _OTHER_FILES - consoles - _OTHER_CONNECTIONS) // 2


class Crowd:
    """Runs the crowd; ends it at the end of the block."""

    def __init__(
        self, nightsafe: Nightsafe, console: Console, player: Player, runners: int
    ) -> None:
        self._nightsafe = nightsafe
        self._runners = runners
        self._said: queue.Queue[list[str]] = queue.Queue()
        self._process = subprocess.Popen(
            [
                *player.program("Crowd.java"),
                console.server,
                console.workspace,
                nightsafe.keeper_address,
                str(runners),
            ],
            env=os.environ | {"CROWD_TOKEN": console.token},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait(30)

    def rows(self, tasks: int, say: Callable[[str], None]) -> Iterator[Row]:
        """What the keeper needs for them, how fast a task reaches one, and how they come back."""
        who = f"{self._runners:,} runners, two polls each"
        self._tell("enrol")
        self._hear("enrolled")
        self._nightsafe.kill("keeper")
        self._nightsafe.start()
        yield under(
            "resident memory, keeper, idle", [self._nightsafe.resident("keeper")], "MB", 150
        )
        say("  all of them come")
        yield self._come("open", f"{who}: all there after the keeper's start")
        say("  all of them wait")
        before = self._nightsafe.processor_seconds("keeper")
        time.sleep(2 * _POLL_SECS)
        used = self._nightsafe.processor_seconds("keeper") - before
        yield Row(
            f"{who}: processor time of the keeper for a second of waiting",
            used / (2 * _POLL_SECS) * 1000,
            "ms",
        )
        yield times(f"{who}: task submitted to lease in a runner's hands", self._leased(tasks))
        yield self._memory(f"{who}: resident memory, keeper", 300)
        say("  all of them are cut and come back")
        yield self._come("cut", f"{who}: all back after their connections were cut")
        # By then no poll is left of the connections that were cut.
        time.sleep(_POLL_SECS)
        yield times(f"{who}, back for 20 s: task submitted to lease", self._leased(tasks // 4))
        yield self._memory(f"{who}, back for 20 s: resident memory, keeper", 300)

    def _come(self, command: str, work: str) -> Row:
        self._tell(command)
        seconds, refused, unaccepted, lost, broken = self._hear("waiting")
        if int(broken) > 0:
            raise SystemExit(f"{broken} connections of the crowd broke")
        told = (
            f"refusals with Retry-After: {int(refused):,}; not accepted within 5 s:"
            f" {int(unaccepted):,}; leases that ended meanwhile: {int(lost):,}"
        )
        return Row(f"{work}; {told}", float(seconds), "s")

    def _memory(self, work: str, limit: float) -> Row:
        anonymous, files = (self._nightsafe.resident("keeper", of) for of in ("RssAnon", "RssFile"))
        work += f" ({anonymous:.0f} MB of its own, {files:.0f} MB of files)"
        return under(work, [self._nightsafe.resident("keeper")], "MB", limit)

    def _leased(self, tasks: int) -> list[float]:
        console = self._nightsafe.console()
        seconds = []
        for _ in range(tasks):
            start = time.time()
            console.call("POST", console.path("queues", QUEUE, "tasks"), {"payload": {}})
            (at,) = self._hear("leased")
            seconds.append(int(at) / 1e6 - start)
        console.close()
        return seconds

    def _tell(self, command: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(command + "\n")
            self._process.stdin.flush()

    def _hear(self, what: str) -> list[str]:
        """The rest of the next line, which must be of this kind."""
        try:
            kind, *rest = self._said.get(timeout=_LIMIT)
        except queue.Empty:
            raise SystemExit(f"the crowd hasn't said '{what}' for {_LIMIT:.0f} s") from None
        if kind != what:
            raise SystemExit(f"the crowd said '{kind}', not '{what}'")
        return rest

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._said.put(line.split())
        self._said.put(["the end"])
