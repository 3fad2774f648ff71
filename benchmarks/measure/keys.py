"""A new lock for a vault while a writer goes on, and a new master key for many vaults."""

import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from measure.boxes import Sealer
from measure.console import Console, Refused
from measure.row import Row, under
from measure.system import Nightsafe

_GOAL = 60 / 100_000
"""Seconds for each secret of a rekey."""

_PAUSE = 0.02


class _Writer(threading.Thread):
    """Deposits one value after the other; seals again when the vault got another lock."""

    def __init__(self, console: Console, vault: str) -> None:
        super().__init__(daemon=True)
        self.milliseconds: list[float] = []
        self._console = console
        self._vault = vault
        self._over = threading.Event()
        self._failure: Exception | None = None

    def run(self) -> None:
        """Until it is stopped, or one fails."""
        try:
            while not self._over.wait(_PAUSE):
                start = time.perf_counter()
                self._deposit()
                self.milliseconds.append((time.perf_counter() - start) * 1000)
        except Exception as failure:  # told by stop
            self._failure = failure

    def stop(self) -> None:
        """Raises what failed, if anything did."""
        self._over.set()
        self.join()
        self._console.close()
        if self._failure is not None:
            raise self._failure

    def _deposit(self) -> None:
        key = f"MEANWHILE_{len(self.milliseconds)}"
        path = self._console.path("vaults", self._vault, "secrets", key)
        while True:
            lock = self._console.call("GET", f"{path}/lock")
            try:
                self._console.call(
                    "PUT", path, Sealer(lock).deposit(key, b"a value from meanwhile")
                )
            except Refused as refused:
                if "lock-changed" not in str(refused):
                    raise
            else:
                return


def rekeyed(nightsafe: Nightsafe, console: Console, vault: str, secrets: int) -> Iterator[Row]:
    """Gives a vault with so many secrets a new lock.

    Beside the time how long a writer's deposits take meanwhile, and the processor time of console
    and keeper, which says more on a machine that does other things, too.
    """
    path = console.path("vaults", vault, "rekey")
    writer = _Writer(console.another(), vault)
    writer.start()
    used = nightsafe.processor_seconds("console", "keeper")
    start = time.perf_counter()
    now = console.call("POST", path)
    while now["state"] != "done":
        if now["problem"] is not None:
            raise Refused(f"the rekey waits: {now['problem']}")
        time.sleep(0.05)
        now = console.call("GET", path)
    seconds = time.perf_counter() - start
    used = nightsafe.processor_seconds("console", "keeper") - used
    writer.stop()
    work = f"vault rekey, {secrets:,} secrets; a writer's deposits meanwhile"
    slow = sorted(writer.milliseconds)
    yield replace(
        under(work, [seconds], "s", _GOAL * secrets),
        p50=statistics.median(slow),
        p90=slow[len(slow) * 9 // 10],
        p99=slow[len(slow) * 99 // 100],
        samples=len(slow),
    )
    work = f"vault rekey, {secrets:,} secrets, processor time of console and keeper"
    yield under(work, [used], "s", 2 * _GOAL * secrets)
