"""Tasks as runners' requests see them: a lease taken, a result stored, each durable."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from typing import Any

from measure.console import Console
from measure.journeys import CAPTURED, Journey, Played, Player, request
from measure.runner import Runner

_RUNNERS = 4
_BATCH = 1000


class Leases:
    """A queue whose tasks nobody takes but these runners."""

    def __init__(self, console: Console, keeper: str, queue: str) -> None:
        self._console = console
        self._keeper = keeper
        self._queue = queue
        self._runners = [Runner(console, keeper, f"bench-leases-{n}") for n in range(_RUNNERS)]
        self._rooms = 0

    def play(self, player: Player, tasks: int, connections: int, results: int) -> Played:
        """How many leases are taken and results are stored; their times are a journey's.

        A journey takes a task, then stores so many results, each of which but the last takes the
        next task in the same request and commit.
        """
        for begin in range(0, tasks, _BATCH):
            batch = [{"payload": {"n": n}} for n in range(begin, min(begin + _BATCH, tasks))]
            path = self._console.path("queues", self._queue, "task-batches")
            self._console.call("POST", path, {"tasks": batch})
        journeys = list(self._journeys(tasks // results, results))
        played = player.play(self._keeper, journeys, connections, "leaseId")
        return replace(played, journeys=2 * results * played.journeys)

    def _journeys(self, count: int, results: int) -> Iterator[Journey]:
        runners = cycle(
            [(r.leases()[self._queue]["leaseId"], r.access_token()) for r in self._runners]
        )
        for (lease, token), _ in zip(runners, range(count), strict=False):
            bearer = {"Authorization": f"Bearer {token}"}
            take = {"rooms": self._room(lease), "max": 1, "waitMillis": 0}
            journey = [request("POST", "/v1/task-leases", bearer, json.dumps(take).encode())]
            for left in reversed(range(results)):
                result = {
                    "fencing": 1,
                    "outcome": "succeeded",
                    "result": {"n": left},
                    "retry": False,
                }
                if left > 0:
                    result["rooms"] = self._room(lease)
                path = f"/v1/task-leases/{CAPTURED}/result"
                journey.append(request("POST", path, bearer, json.dumps(result).encode()))
            yield journey

    def _room(self, lease: str) -> list[dict[str, Any]]:
        self._rooms += 1
        return [{"number": self._rooms, "servingLeaseId": lease}]
