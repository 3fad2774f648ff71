"""What is measured. Each function makes what it needs, measures, and gives its rows."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from measure.boxes import Sealer
from measure.console import Console


@dataclass(frozen=True)
class Row:
    """One line of the table; times in milliseconds, `rate` per second where that is the point."""

    name: str
    samples: int
    median: float
    p90: float
    p99: float
    rate: float | None = None


@dataclass(frozen=True)
class Effort:
    """How often; `quick` only shows that everything works."""

    bootstraps: int = 7
    one_shots: int = 40
    round_trips: int = 500
    deposits: int = 1500
    rounds: int = 3


QUICK = Effort(bootstraps=1, one_shots=3, round_trips=20, deposits=40, rounds=1)

Measurement = Callable[[Console, str, Effort], Iterator[Row]]


def bootstrap(console: Console, program: str, effort: Effort) -> Iterator[Row]:
    """From nothing to a result with a secret, and from a waiting queue to a new worker's result."""
    _vault_with_a_secret(console, "bench-bootstrap")
    deployment = _deployment(program, mode="one_shot", vaults=["bench-bootstrap"])
    times = []
    for number in range(effort.bootstraps):
        name = f"bench-fresh-{number}"
        start = time.perf_counter()
        console.apply_queue(name, deployment)
        console.run_task(name, {})
        times.append(time.perf_counter() - start)
        console.delete_queue(name)
    yield _row("bootstrap: new queue applied, first result", times)

    console.apply_queue("bench-one-shot", deployment)
    console.run_task("bench-one-shot", {})
    times = [console.run_task("bench-one-shot", {}) for _ in range(effort.one_shots)]
    console.delete_queue("bench-one-shot")
    yield _row("bootstrap: new worker with a grant for each task", times)


def deposit(console: Console, _: str, effort: Effort) -> Iterator[Row]:
    """Durable deposits; sealing is done before, each goes to a key of its own."""
    for writers in (1, 16):
        rates, times = [], []
        for number in range(effort.rounds):
            vault = f"bench-deposit-{writers}-{number}"
            taken, each = _deposit_round(console, vault, writers, effort.deposits)
            rates.append(effort.deposits / taken)
            times += each
        who = "1 writer" if writers == 1 else f"{writers} writers"
        yield _row(f"durable deposit, {who}", times, statistics.median(rates))


def round_trip(console: Console, program: str, effort: Effort) -> Iterator[Row]:
    """Submit to result on a worker that is up and does nothing, one task after another."""
    console.apply_queue("bench-noop", _deployment(program, mode="long_running", vaults=[]))
    for _ in range(max(5, effort.round_trips // 10)):  # until caches and compilers are warm
        console.run_task("bench-noop", {})
    times = [console.run_task("bench-noop", {"n": n}) for n in range(effort.round_trips)]
    console.delete_queue("bench-noop")
    yield _row("task round trip, worker up", times)


MEASUREMENTS: dict[str, Measurement] = {
    "bootstrap": bootstrap,
    "deposit": deposit,
    "round-trip": round_trip,
}


def _deployment(program: str, mode: str, vaults: list[str]) -> dict[str, Any]:
    return {
        "git_url": program,
        "branch": "main",
        "startup_cmd": "python main.py",
        "mode": mode,
        "vaults": vaults,
    }


def _vault_with_a_secret(console: Console, vault: str) -> None:
    console.create_vault(vault)
    sealer = Sealer(console.call("GET", console.path("vaults", vault, "secrets", "KEY", "lock")))
    body = sealer.deposit("KEY", b"benchmark")
    console.call("PUT", console.path("vaults", vault, "secrets", "KEY"), body)


def _deposit_round(
    console: Console, vault: str, writers: int, deposits: int
) -> tuple[float, list[float]]:
    """Seconds in all, and of each deposit."""
    console.create_vault(vault)
    sealer = Sealer(console.call("GET", console.path("vaults", vault, "secrets", "KEY", "lock")))
    keys = [f"KEY_{number}" for number in range(deposits)]
    bodies = [
        (console.path("vaults", vault, "secrets", k), sealer.deposit(k, bytes(32))) for k in keys
    ]
    shares = [bodies[writer::writers] for writer in range(writers)]
    times: list[float] = []
    failures: list[Exception] = []
    gate = threading.Barrier(writers + 1)

    def write(share: list[tuple[str, bytes]]) -> None:
        own = console.another()
        try:
            own.call("GET", "whoami")  # connects before the clock runs
            gate.wait(60)
            for path, body in share:
                start = time.perf_counter()
                own.call("PUT", path, body)
                times.append(time.perf_counter() - start)
        except Exception as e:
            failures.append(e)
            gate.abort()
        finally:
            own.close()

    threads = [threading.Thread(target=write, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    try:
        gate.wait(60)
        start = time.perf_counter()
    except threading.BrokenBarrierError:
        start = 0.0  # a writer failed; told below
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - start
    if failures:
        raise failures[0]
    return taken, times


def _row(name: str, seconds: list[float], rate: float | None = None) -> Row:
    times = sorted(second * 1000 for second in seconds)

    def percentile(percent: int) -> float:
        return times[min(len(times) - 1, len(times) * percent // 100)]

    return Row(name, len(times), statistics.median(times), percentile(90), percentile(99), rate)
