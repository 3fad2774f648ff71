"""One line of the table."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from measure.journeys import Played

Unit = Literal["ms", "s", "/s", "MB"]


@dataclass(frozen=True)
class Row:
    """A median, beside what it is held against: another system's in the same run, or a limit."""

    work: str
    figure: float
    unit: Unit
    goal: str = ""
    reached: bool | None = None
    against: str = ""
    other: float | None = None
    p50: float | None = None
    """Of one journey, in milliseconds; the others alike."""
    p90: float | None = None
    p99: float | None = None
    samples: int = 1


def under(work: str, figures: Sequence[float], unit: Unit, limit: float) -> Row:
    """Times or sizes that are to stay under a limit."""
    figure = statistics.median(figures)
    goal = f"under {limit:g} {unit}"
    return Row(work, figure, unit, goal, figure < limit, samples=len(figures))


def times(work: str, seconds: Sequence[float], limit_ms: float | None = None) -> Row:
    """How long something took, many times."""
    sorted_ms = sorted(second * 1000 for second in seconds)
    figure = statistics.median(sorted_ms)
    return Row(
        work,
        figure,
        "ms",
        "" if limit_ms is None else f"p50 under {limit_ms:g} ms",
        None if limit_ms is None else figure < limit_ms,
        p50=figure,
        p90=sorted_ms[len(sorted_ms) * 9 // 10],
        p99=sorted_ms[len(sorted_ms) * 99 // 100],
        samples=len(sorted_ms),
    )


def rate(work: str, per_second: float, at_least: float, samples: int) -> Row:
    """A rate that is to reach a number."""
    goal = f"{at_least:g} a second"
    return Row(work, per_second, "/s", goal, per_second >= at_least, samples=samples)


def compared(
    work: str, against: str, factor: float, ours: Sequence[Played], theirs: Sequence[Played]
) -> Row:
    """Rates of both sides, of which ours is to be so many times theirs."""
    our_rate = statistics.median(played.rate for played in ours)
    their_rate = statistics.median(played.rate for played in theirs)
    return Row(
        work,
        our_rate,
        "/s",
        f"{factor:g} times" if factor >= 1 else f"{factor:.0%}",
        our_rate >= factor * their_rate,
        against,
        their_rate,
        p50=statistics.median(played.p50 for played in ours),
        p90=statistics.median(played.p90 for played in ours),
        p99=statistics.median(played.p99 for played in ours),
        samples=sum(played.journeys for played in ours),
    )
