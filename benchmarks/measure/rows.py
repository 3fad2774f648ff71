"""What is measured. Each function makes what it needs, measures, and gives its rows."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from measure.bao import OpenBao
from measure.boxes import Sealer
from measure.console import Console
from measure.crowd import QUEUE, Crowd, most
from measure.journeys import Journey, Played, Player, request
from measure.keys import rekeyed
from measure.leases import Leases
from measure.outage import Outage
from measure.row import Row, compared, rate, times, under
from measure.runner import Runner
from measure.system import Nightsafe

SECRETS = 20
"""That a worker is started with."""
CONNECTIONS = 32
_IDLE_SECONDS = 30
"""After which a part that was started is taken for idle."""
_BOOTSTRAP = "JWT sign-in, 20 KV v2 reads, 20 transit decrypts"


@dataclass(frozen=True)
class Effort:
    """How often; `quick` only shows that everything works."""

    rounds: int = 3
    warm: int = 3
    """Rounds before, which don't count: until what is asked again and again is compiled."""
    first_results: int = 7
    one_shots: int = 40
    round_trips: int = 1000
    drained: int = 5000
    same_queue: int = 4000
    other_queues: int = 600
    theirs: int = 400
    writes: int = 5000
    processes: int = 11
    rekeyed: int = 100_000
    vaults: int = 1000
    outage_workers: int = 5000
    outages: int = 2
    crowd: int = 10_000
    crowd_tasks: int = 200
    leased: int = 4000


QUICK = Effort(1, 0, 1, 3, 20, 100, 40, 6, 20, 40, 2, 500, 20, 200, 1, 200, 8, 200)


@dataclass(frozen=True)
class Bench:
    """Both systems, running, and what drives them."""

    nightsafe: Nightsafe
    console: Console
    bao: OpenBao
    player: Player
    effort: Effort

    def alternate(
        self, ours: Callable[[], Played], theirs: Callable[[], Played]
    ) -> tuple[list[Played], list[Played]]:
        """One after the other, again and again, so that a slow minute hits both; both are warm."""
        for _ in range(self.effort.warm):
            ours()
            theirs()
        pairs = [(ours(), theirs()) for _ in range(self.effort.rounds)]
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


Measurement = Callable[[Bench], Iterator[Row]]


def grants(bench: Bench) -> Iterator[Row]:
    """Bootstraps of workers: the same queue again and again, then each time another."""
    runner = Runner(bench.console, bench.nightsafe.keeper_address, "bench")
    others = [f"bench-other-{number}" for number in range(bench.effort.other_queues)]
    for queue in ["bench-same", *others]:
        _queue_with_secrets(bench.console, queue)

    def theirs() -> Played:
        journeys = bench.bao.bootstraps(bench.effort.theirs, SECRETS)
        return bench.player.play(bench.bao.server, journeys, CONNECTIONS, "client_token")

    def same() -> Played:
        lease = runner.leases()["bench-same"]
        journeys = [runner.bootstrap(lease) for _ in range(bench.effort.same_queue)]
        return _granted(bench, journeys)

    work = f"bootstrap with {SECRETS} secrets"
    fresh = iter(others)
    each = len(others) // (bench.effort.warm + bench.effort.rounds)

    def other() -> Played:
        leases = runner.leases()
        return _granted(bench, [runner.bootstrap(leases[next(fresh)]) for _ in range(each)])

    with bench.nightsafe.paused("runner"):  # it serves every queue; these are for another
        both = bench.alternate(same, theirs)
        yield compared(f"{work}, the same queue again and again", _BOOTSTRAP, 20, *both)
        both = bench.alternate(other, theirs)
        yield compared(f"{work}, each another queue", _BOOTSTRAP, 4, *both)
        for queue in ["bench-same", *others]:
            bench.console.delete_queue(queue)


def outage(bench: Bench) -> Iterator[Row]:
    """Bootstraps of many workers at once, by a keeper that has just started again."""
    queue = "bench-outage"
    _queue_with_secrets(bench.console, queue)
    effort = bench.effort
    many = Outage(bench.nightsafe, bench.console, bench.player, queue, effort.outage_workers)
    yield from many.rows(effort.outages, effort.same_queue // 2, _say)
    bench.console.delete_queue(queue)


def crowd(bench: Bench) -> Iterator[Row]:
    """Very many runners that wait; a keeper just started."""
    bench.console.apply_queue(QUEUE, _deployment(_NOBODYS, "long_running", []))
    runners = min(bench.effort.crowd, most())
    with Crowd(bench.nightsafe, bench.console, bench.player, runners) as crowd:
        yield from crowd.rows(bench.effort.crowd_tasks, _say)
    bench.console.delete_queue(QUEUE)


def deposits(bench: Bench) -> Iterator[Row]:
    """Durable writes by 16 writers; boxes were sealed before."""
    numbers = iter(range(bench.effort.warm + bench.effort.rounds))
    bearer = {"Authorization": f"Bearer {bench.console.token}"}
    sealing: list[float] = []

    def ours() -> Played:
        vault = f"bench-writes-{next(numbers)}"
        bench.console.create_vault(vault)
        start = time.perf_counter()
        boxes = list(_deposits(bench.console, vault, bench.effort.writes))
        sealing.append(1000 * (time.perf_counter() - start) / len(boxes))
        journeys = [[request("PUT", f"/api/v1/{path}", bearer, body)] for path, body in boxes]
        return bench.player.play(bench.console.server, journeys, 16)

    def theirs() -> Played:
        return bench.player.play(bench.bao.server, bench.bao.writes(bench.effort.writes), 16)

    both = bench.alternate(ours, theirs)
    yield compared("durable deposits, 16 writers", "KV v2 writes on raft", 8, *both)
    yield Row("sealing of those boxes by their writer, each", statistics.median(sealing), "ms")

    nothing = [[request("GET", "/api/v1/whoami", bearer)]] * bench.effort.writes
    asked = [
        bench.player.play(bench.console.server, nothing, 16).rate
        for _ in range(bench.effort.warm + bench.effort.rounds)
    ]
    figure = statistics.median(asked[bench.effort.warm :])
    yield Row("requests to the console that only show their token, 16 connections", figure, "/s")


def rekey(bench: Bench) -> Iterator[Row]:
    """A new lock for a vault with many secrets."""
    vault = "bench-rekey"
    bench.console.create_vault(vault)
    bearer = {"Authorization": f"Bearer {bench.console.token}"}
    boxes = _deposits(bench.console, vault, bench.effort.rekeyed)
    for some in _batched(boxes, 5000):
        journeys = [[request("PUT", f"/api/v1/{path}", bearer, body)] for path, body in some]
        bench.player.play(bench.console.server, journeys, 16)
    yield from rekeyed(bench.nightsafe, bench.console, vault, bench.effort.rekeyed)
    bench.console.call("DELETE", bench.console.path("vaults", vault))


def rotate(bench: Bench) -> Iterator[Row]:
    """A new master key: every opening key wrapped anew."""
    vaults = [f"bench-rotate-{number}" for number in range(bench.effort.vaults)]
    for vault in vaults:
        bench.console.create_vault(vault)
    command = [*bench.nightsafe.command, "keys", "rotate"]
    seconds = [_seconds(command, bench.nightsafe.environment) for _ in range(bench.effort.rounds)]
    yield under(f"keys rotate, {len(vaults):,} vaults, whole process", seconds, "s", 1)
    for vault in vaults:
        bench.console.call("DELETE", bench.console.path("vaults", vault))


def polls(bench: Bench) -> Iterator[Row]:
    """A poll that finds no task, and an endpoint of the same server library that does nothing."""
    runner = Runner(bench.console, bench.nightsafe.keeper_address, "bench-polls")
    bench.console.apply_queue("bench-empty", _deployment(_NOBODYS, "one_shot", []))
    count = bench.effort.same_queue * 5
    empty = [request("GET", "/", {})]
    with bench.player.empty_endpoint() as endpoint:

        def ours() -> Played:
            lease = runner.leases()["bench-empty"]["leaseId"]
            bearer = {"Authorization": f"Bearer {runner.access_token()}"}
            body = {"rooms": [{"number": 1, "servingLeaseId": lease}], "max": 1, "waitMillis": 0}
            poll = [request("POST", "/v1/task-leases", bearer, json.dumps(body).encode())]
            server = bench.nightsafe.keeper_address
            return bench.player.play(server, [poll] * count, CONNECTIONS)

        def theirs() -> Played:
            return bench.player.play(endpoint, [empty] * count, CONNECTIONS)

        both = bench.alternate(ours, theirs)
        yield compared("empty lease polls", "an empty Helidon endpoint", 0.6, *both)
    bench.console.delete_queue("bench-empty")


def leases(bench: Bench) -> Iterator[Row]:
    """Tasks taken and results stored by runners' requests, beside what the engine alone gives."""
    queue, count = "bench-leases", bench.effort.leased
    bench.console.apply_queue(queue, _deployment(_NOBODYS, "one_shot", []))
    runners = Leases(bench.console, bench.nightsafe.keeper_address, queue)

    def theirs() -> Played:
        return bench.player.commits(bench.nightsafe.folder, 5 * count, CONNECTIONS)

    def ours(results: int) -> Played:
        return runners.play(bench.player, count, CONNECTIONS, results)

    work, against = "leases taken, results stored", "rows that plain SQLite stores, grouped"
    both = bench.alternate(partial(ours, 1), theirs)
    yield compared(f"{work}, a request each", against, 0.5, *both)
    both = bench.alternate(partial(ours, 20), theirs)
    yield compared(f"{work}, each result takes the next task", against, 0.5, *both)
    bench.console.delete_queue(queue)


def first_result(bench: Bench) -> Iterator[Row]:
    """From nothing to a result with a secret, and from a waiting queue to a new worker's result."""
    vault = "bench-first"
    bench.console.create_vault(vault)
    for path, body in _deposits(bench.console, vault, 1):
        bench.console.call("PUT", path, body)
    deployment = _deployment(bench.nightsafe.program, "one_shot", [vault])
    seconds = []
    for number in range(bench.effort.first_results):
        name = f"bench-fresh-{number}"
        start = time.perf_counter()
        bench.console.apply_queue(name, deployment)
        bench.console.run_task(name, {})
        seconds.append(time.perf_counter() - start)
        bench.console.delete_queue(name)
    yield times("new queue applied to first result", seconds)

    bench.console.apply_queue("bench-one-shot", deployment)
    bench.console.run_task("bench-one-shot", {})
    seconds = [bench.console.run_task("bench-one-shot", {}) for _ in range(bench.effort.one_shots)]
    bench.console.delete_queue("bench-one-shot")
    yield times("task with a new worker and its grant each", seconds)


def tasks(bench: Bench) -> Iterator[Row]:
    """Submit to result on workers that are up and do nothing."""
    console, effort = bench.console, bench.effort
    console.apply_queue("bench-noop", _deployment(bench.nightsafe.program, "long_running", []))
    for _ in range(5 + effort.warm * effort.round_trips):
        console.run_task("bench-noop", {})
    seconds = [console.run_task("bench-noop", {"n": n}) for n in range(effort.round_trips)]
    yield times("task round trip, worker up", seconds, 5)
    console.delete_queue("bench-noop")

    bench.nightsafe.restart(workers=8)
    console = bench.nightsafe.console()
    console.apply_queue("bench-drain", _deployment(bench.nightsafe.program, "long_running", []))
    console.run_tasks("bench-drain", 20 + effort.warm * effort.drained)
    taken = console.run_tasks("bench-drain", effort.drained)
    yield rate("tasks through one runner, 8 workers", effort.drained / taken, 1000, effort.drained)
    console.delete_queue("bench-drain")


def processes(bench: Bench) -> Iterator[Row]:
    """Memory after all that ran before, and whole processes from start to end or to ready."""
    for part, limit in (("console", 300), ("runner", 100)):
        after = bench.nightsafe.resident(part)
        yield under(f"resident memory after all that, {part}", [after], "MB", limit)
    yield Row("resident memory after all that, keeper", bench.nightsafe.resident("keeper"), "MB")

    ours, theirs = [], []
    for _ in range(bench.effort.processes):
        ours.append(
            _seconds([*bench.nightsafe.command, "vault", "list"], bench.nightsafe.environment)
        )
        theirs.append(
            _seconds([bench.bao.command, "kv", "list", "kv/bench"], bench.bao.environment)
        )
    own = under("nightsafe vault list, whole process", ours, "s", 0.25)
    yield replace(own, against="bao kv list", other=statistics.median(theirs))

    bench.nightsafe.restart(1)
    time.sleep(_IDLE_SECONDS)
    for part, limit in (("console", 300), ("keeper", 150), ("runner", 100)):
        idle = bench.nightsafe.resident(part)
        yield under(f"resident memory, started and idle, {part}", [idle], "MB", limit)

    bench.nightsafe.stop()
    starts: dict[str, list[float]] = {"keeper": [], "console": []}
    for _ in range(bench.effort.processes):
        for part, seconds in bench.nightsafe.starts():
            starts[part].append(seconds)
    yield under("start to ready, keeper", starts["keeper"], "s", 0.6)
    yield under("start to ready, console", starts["console"], "s", 1.5)


MEASUREMENTS: dict[str, Measurement] = {
    "grants": grants,
    "outage": outage,
    "deposits": deposits,
    "rekey": rekey,
    "rotate": rotate,
    "polls": polls,
    "leases": leases,
    "first-result": first_result,
    "tasks": tasks,
    "crowd": crowd,
    "processes": processes,
}

_VALUE = b"a value of exactly 32 bytes here"

_NOBODYS = "https://git.invalid/benchmarks.git"
"""A repository that no runner here allows: nothing is started for its queues."""


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _batched(all_of: Iterator[tuple[str, bytes]], size: int) -> Iterator[list[tuple[str, bytes]]]:
    """A list of so many after the other; Python 3.12 has it."""
    while some := list(islice(all_of, size)):
        yield some


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _granted(bench: Bench, journeys: list[Journey]) -> Played:
    server = bench.nightsafe.keeper_address
    return bench.player.play(server, journeys, CONNECTIONS, "accessToken")


def _queue_with_secrets(console: Console, name: str) -> None:
    """A queue with a vault of its own."""
    console.create_vault(name)
    for path, body in _deposits(console, name, SECRETS):
        console.call("PUT", path, body)
    console.apply_queue(name, _deployment(_NOBODYS, "one_shot", [name]))


def _deployment(program: str, mode: str, vaults: list[str]) -> dict[str, Any]:
    return {
        "git_url": program,
        "branch": "main",
        "startup_cmd": "python main.py",
        "mode": mode,
        "vaults": vaults,
    }


def _deposits(console: Console, vault: str, count: int) -> Iterator[tuple[str, bytes]]:
    lock = console.call("GET", console.path("vaults", vault, "secrets", "KEY", "lock"))
    sealer = Sealer(lock)
    for number in range(count):
        key = f"KEY_{number}"
        yield console.path("vaults", vault, "secrets", key), sealer.deposit(key, _VALUE)
