"""Workers that all want their secrets at once, because the keeper was away."""

import statistics
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from measure.console import Console
from measure.journeys import Journey, Played, Player
from measure.row import Row
from measure.runner import Runner
from measure.system import Nightsafe

_SLACK = 1.2
_RUNNERS = 100
_EDITIONS = 3
"""How often a worker asks: each of its requests is signed anew, as a runner does."""
_RENEWAL_SECS = 15
"""How often runners renew their leases meanwhile."""
_CONNECTIONS = 32
_CAPTURE = "accessToken"


class Outage:
    """Workers of some runners, spread evenly, all of one queue."""

    def __init__(
        self, nightsafe: Nightsafe, console: Console, player: Player, queue: str, workers: int
    ) -> None:
        self._nightsafe = nightsafe
        self._player = player
        self._queue = queue
        self._workers = workers
        self._runners = [
            Runner(console, nightsafe.keeper_address, f"bench-outage-{number}")
            for number in range(min(_RUNNERS, workers))
        ]

    def rows(self, rounds: int, rated: int, say: Callable[[str], None]) -> Iterator[Row]:
        """Kills the keeper and starts it again; its rate is measured before and after."""
        rates = [self._rate(rated)]
        killed, cut = [], []
        for number in range(rounds):
            say(f"  outage {number + 1} of {rounds}")
            self._nightsafe.kill("keeper")
            self._nightsafe.start()
            killed.append(self._bootstraps())
            rates.append(self._rate(rated))
            cut.append(self._bootstraps())
        rate = statistics.median(rates)
        yield self._row("the keeper was killed and started again", killed, rate)
        yield self._row("only the network was away", cut, rate)

    def _row(self, what: str, outages: Sequence[Played], rate: float) -> Row:
        refused = max(played.refused for played in outages)
        expected = self._workers / rate
        seconds = statistics.median(played.seconds for played in outages)
        return Row(
            f"{self._workers:,} workers of {len(self._runners)} runners bootstrap at once, {what},"
            f" last answer; refusals with Retry-After: {refused:,} at most",
            seconds,
            "s",
            f"{_SLACK:g} times at most",
            seconds <= _SLACK * expected,
            f"as many at the rate of {rate:,.0f}/s",
            expected,
            p50=statistics.median(played.p50 for played in outages),
            p90=statistics.median(played.p90 for played in outages),
            p99=statistics.median(played.p99 for played in outages),
            samples=sum(played.journeys for played in outages),
        )

    def _rate(self, count: int) -> float:
        runner = self._runners[0]
        lease = runner.leases()[self._queue]
        journeys = [runner.bootstrap(lease) for _ in range(count)]
        server = self._nightsafe.keeper_address
        return self._player.play(server, journeys, _CONNECTIONS, _CAPTURE).rate

    def _bootstraps(self) -> Played:
        over = threading.Event()
        renewing = threading.Thread(target=self._renew, args=(over,), daemon=True)
        renewing.start()
        try:
            workers = list(self._asking())
            editions = [[journeys[edition] for journeys in workers] for edition in range(_EDITIONS)]
            server = self._nightsafe.keeper_address
            return self._player.play_at_once(server, editions, _CAPTURE)
        finally:
            over.set()
            renewing.join()

    def _renew(self, over: threading.Event) -> None:
        while not over.wait(_RENEWAL_SECS):
            for runner in self._runners:
                runner.leases()

    def _asking(self) -> Iterator[list[Journey]]:
        """For each worker what it sends: at first, and when it is told to come back."""
        leases = [(runner, runner.leases()[self._queue]) for runner in self._runners]
        each = -(-self._workers // len(leases))
        all_of_them = (pair for _ in range(each) for pair in leases)
        for runner, lease in islice(all_of_them, self._workers):
            yield [runner.bootstrap(lease) for _ in range(_EDITIONS)]
