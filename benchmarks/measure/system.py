"""A Nightsafe of its own: fresh data folder, free ports, started and ended by `nightsafe`."""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from types import TracebackType
from typing import Self

from measure.console import Console, Refused
from measure.ports import free_ports

START_LIMIT = 600.0
"""Seconds; the first start builds what it needs."""

_POLL = 0.05

_RECORDING = (
    "-XX:StartFlightRecording=filename={folder}/%p.jfr,settings=profile,maxsize=200m,"
    "jdk.CPUTimeSample#enabled=true,jdk.CPUTimeSample#throttle=5ms"
)

NOOP = """\
from nightsafe import run, task


@task
def noop(payload):
    return payload


run()
"""


class Nightsafe:
    """Console, keeper and one runner on this machine, and the address of a no-op program."""

    def __init__(self, root: Path, isolation: str, profile: Path | None) -> None:
        self.command = [str(root / "nightsafe")]
        self._isolation = isolation
        self._folder = Path(tempfile.mkdtemp(prefix="nightsafe-benchmarks-"))
        self._home = self._folder / "home"
        self.program = f"file://{self._folder / 'noop'}"
        ports = free_ports(3)
        self._console, self._keeper, self._internal = (f"127.0.0.1:{port}" for port in ports)
        self.environment = {n: v for n, v in os.environ.items() if not n.startswith("NIGHTSAFE_")}
        self.environment["NIGHTSAFE_HOME"] = str(self._home)
        if profile is not None:
            profile.mkdir(parents=True, exist_ok=True)
            self.environment["NIGHTSAFE_JAVA_FLAGS"] = _RECORDING.format(folder=profile.resolve())
        self._up: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._write_program()
            self._write_settings()
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            if self._up is not None:
                self._up.terminate()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def stop(self) -> None:
        """Ends all parts."""
        if self._up is not None:
            self._nightsafe("down").wait(120)
            self._up.wait(60)
            self._up = None

    def restart(self, workers: int) -> None:
        """With another number of workers for each queue."""
        self.stop()
        self._write_settings(workers)
        self.start()

    def kill(self, part: str) -> None:
        """Ends a part at once, as a machine that fails does; `start` starts it again."""
        pid = self._pid(part)
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists():
            time.sleep(_POLL)

    def starts(self) -> Iterator[tuple[str, float]]:
        """Starts keeper and console, then ends them; the seconds until each was ready."""
        begun: list[subprocess.Popen[bytes]] = []
        try:
            for part in ("keeper", "console"):
                start = time.perf_counter()
                process = subprocess.Popen(
                    [*self.command, part], env=self.environment, stdout=subprocess.PIPE
                )
                begun.append(process)
                if process.stdout is None or b"ready" not in process.stdout.readline():
                    raise SystemExit(f"the {part} doesn't start")
                yield part, time.perf_counter() - start
        finally:
            for process in reversed(begun):
                process.terminate()
                process.wait(30)

    @contextmanager
    def paused(self, part: str) -> Iterator[None]:
        """A part does nothing meanwhile."""
        pid = self._pid(part)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def resident(self, part: str, of: str = "VmRSS") -> float:
        """Megabytes of memory that a part has now; of /proc's fields this one."""
        pid = self._pid(part)
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        line = next(line for line in status if line.startswith(f"{of}:"))
        return int(line.split()[1]) * 1024 / 1e6

    def processor_seconds(self, *parts: str) -> float:
        """What parts have used of all processors since their start."""
        ticks = 0
        for part in parts:
            pid = self._pid(part)
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _pid(self, part: str) -> int:
        return int((self._home / "run" / f"{part}.pid").read_text().split()[0])

    @property
    def folder(self) -> Path:
        """On the disk where its data is; gone at the end."""
        return self._folder

    @property
    def keeper_address(self) -> str:
        """Where runners reach the keeper."""
        return f"http://{self._keeper}"

    def console(self) -> Console:
        """A connection with the first token, which may do everything."""
        token = (self._home / "cli" / "token").read_text().strip()
        return Console(f"http://{self._console}", token, "default")

    def _write_program(self) -> None:
        folder = self._folder / "noop"
        folder.mkdir()
        (folder / "main.py").write_text(NOOP)
        git = ["git", "-C", str(folder), "-c", "user.name=b", "-c", "user.email=b@example.com"]
        subprocess.run([*git, "init", "--quiet", "--initial-branch=main"], check=True)
        subprocess.run([*git, "add", "main.py"], check=True)
        subprocess.run([*git, "commit", "--quiet", "-m", "A task that does nothing"], check=True)
        self._folder.chmod(0o755)  # workers may have a user of their own, and read it

    def _write_settings(self, workers: int = 1) -> None:
        self._home.mkdir(mode=0o700, exist_ok=True)
        ring = self._home / "master.keys"
        if not ring.exists():
            ring.touch(mode=0o600)
            ring.write_text(f"1 {base64.b64encode(os.urandom(32)).decode()}\n")
        settings = {
            "console": {
                "listen": self._console,
                "keeper-internal": f"https://{self._internal}",
            },
            "keeper": {
                "listen": self._keeper,
                "internal-listen": self._internal,
                "master-keys": str(ring),
            },
            "runner": {
                "keeper": f"http://{self._keeper}",
                "isolation": self._isolation,
                "workers": workers,
                "allow": {"git": [self.program], "queues": ["*"]},
            },
        }
        for part, values in settings.items():  # JSON is YAML
            (self._home / f"{part}.yaml").write_text(json.dumps(values, indent=2) + "\n")

    def start(self) -> None:
        """Starts what doesn't run, and waits until vaults are open and a runner is online."""
        self._up = self._nightsafe("up")
        self._wait_until("vaults are enabled", lambda: self._status() == "enabled")
        self._wait_until("a runner is online", self._runner_is_online)

    def _nightsafe(self, command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self.command, command],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),  # standard output is for the table
        )

    def _wait_until(self, what: str, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + START_LIMIT
        while not holds():
            # `up` may stay, or end well and leave its parts running.
            if self._up is not None and self._up.poll():
                raise SystemExit(f"nightsafe up ended with code {self._up.returncode}")
            if time.monotonic() > end:
                raise SystemExit(f"waited {START_LIMIT:.0f} s until {what}; {self._status()}")
            time.sleep(_POLL)

    def _status(self) -> str:
        """Of the vaults, or empty when the console doesn't answer."""
        try:
            console = self.console()
            try:
                return str(console.call("GET", "status")["vaults"])
            finally:
                console.close()
        except (OSError, HTTPException, Refused):
            return ""

    def _runner_is_online(self) -> bool:
        console = self.console()
        try:
            runners = console.call("GET", console.path("runners"))["items"]
            return any(runner["state"] == "online" for runner in runners)
        except Refused:
            return False
        finally:
            console.close()
