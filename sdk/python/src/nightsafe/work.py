"""The task in hand: its progress, and the report that goes with its result."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, get_args, overload

from nightsafe.report import MAX_ITEMS, MAX_LINES, MAX_NAME, MAX_SUMMARY, Report, text

PROGRESS_INTERVAL = 0.1
"""Seconds between two lines of progress."""

MAX_PROGRESS = 1000
"""Characters of a progress text; the rest is cut."""

Outcome = Literal["passed", "failed", "skipped"]
"""How a step went."""


class Timer(Protocol):
    """The part of threading.Timer that a throttle uses."""

    daemon: bool

    def start(self) -> None:
        """Begins to wait."""

    def cancel(self) -> None:
        """Forgets it."""


class Throttle:
    """Passes on at most one text an interval; of those that come too early, the newest, later.

    Thread-safe. Nothing is passed on once it is closed.
    """

    def __init__(
        self,
        send: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        timer: Callable[[float, Callable[[], None]], Timer] = threading.Timer,
    ) -> None:
        self._send = send
        self._clock = clock
        self._timer = timer
        self._lock = threading.Lock()
        self._next_at = clock()
        self._pending: str | None = None
        self._waiting: Timer | None = None
        self._closed = False

    def offer(self, text: str) -> None:
        """Passes the text on now, or keeps it until the interval is over."""
        with self._lock:
            if self._closed:
                return
            self._pending = text
            wait = self._next_at - self._clock()
            if wait <= 0:
                self._flush()
            elif self._waiting is None:
                self._waiting = self._timer(wait, self._after_wait)
                self._waiting.daemon = True
                self._waiting.start()

    def close(self) -> None:
        """Passes on what is kept; the last that this throttle sends."""
        with self._lock:
            self._flush()
            self._closed = True

    def _after_wait(self) -> None:
        with self._lock:
            if not self._closed:
                self._flush()

    def _flush(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if self._pending is not None:
            text, self._pending = self._pending, None
            self._next_at = self._clock() + PROGRESS_INTERVAL
            self._send(text)


class Work:
    """What one task says besides its result."""

    def __init__(self, progress: Throttle) -> None:
        self.progress = progress
        self.report = Report()


in_hand: Work | None = None
"""Tasks come one after another, so there is at most one; handlers' threads see it too."""


def progress(message: str) -> None:
    """Says how far the task is; shown to people at once.

    May be called from any thread and as often as you like: at most ten a second are sent, always
    the newest. Outside of a task it does nothing.
    """
    cut = text("progress", message, MAX_PROGRESS)
    if (work := in_hand) is not None:
        work.progress.offer(cut)


def summary(message: str) -> None:
    """Says what came out, in a sentence or a paragraph; the last one counts."""
    _report().set("summary", text("summary", message, MAX_SUMMARY))


def issue(
    severity: int,
    title: str,
    *,
    affected: str | None = None,
    expected: str | None = None,
    actual: str | None = None,
    next_steps: Sequence[str] = (),
) -> None:
    """Adds something that is wrong to the report, which goes out with the result or the error.

    Args:
        severity: 1 critical: act now; 2 high: act today; 3 medium: plan it; 4 low: good to know.
        title: the finding in one line.
        affected: the resource that has the problem.
        expected: what should be.
        actual: what is.
        next_steps: what to do about it.
    """
    if type(severity) is not int or not 1 <= severity <= 4:
        raise ValueError("an issue's severity is 1 (most severe), 2, 3 or 4")
    if isinstance(next_steps, str):
        raise TypeError("next_steps is a list of texts, not one text")
    found: dict[str, Any] = {"severity": severity, "title": text("title", title, MAX_NAME)}
    if affected is not None:
        found["affected"] = text("affected", affected, MAX_NAME)
    if expected is not None:
        found["expected"] = text("expected", expected)
    if actual is not None:
        found["actual"] = text("actual", actual)
    if steps := [text("next_steps", step) for step in next_steps][: MAX_ITEMS["next_steps"]]:
        found["next_steps"] = steps
    _report().add("issues", found)


def step(name: str, outcome: Outcome, note: str | None = None) -> None:
    """Adds something that was done, or wasn't, to the task's report; `note` says why."""
    if outcome not in get_args(Outcome):
        raise ValueError("a step's outcome is 'passed', 'failed' or 'skipped'")
    done = {"name": text("name", name, MAX_NAME), "outcome": outcome}
    _report().add("steps", done if note is None else done | {"note": text("note", note)})


@overload
def entry(lines: str, /) -> None: ...
@overload
def entry(name: str, value: str | float, /) -> None: ...
def entry(name: str, value: str | float | None = None, /) -> None:
    """Adds something to keep for the record to the task's report.

    `entry("free space", "20 %")` is a fact with a name (numbers and truths are written out),
    `entry(log)` is a text, which may have several lines.
    """
    if value is None:
        _report().add("entries", {"text": text("entry", name, MAX_LINES)})
        return
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, int | float):
        value = str(value)
    made = {"name": text("name", name, MAX_NAME), "value": text("value", value)}
    _report().add("entries", made)


def next_step(message: str) -> None:
    """Adds what a person should do next to the task's report."""
    _report().add("next_steps", text("next_step", message))


def exit_code(code: int) -> None:
    """Says how the command or procedure that the task ran ended; the last one counts."""
    if type(code) is not int or not -(1 << 31) <= code < 1 << 31:
        raise ValueError("an exit code is a whole number of 32 bits")
    _report().set("exit_code", code)


def _report() -> Report:
    """The report of the task in hand; outside of a task one that goes nowhere."""
    return Report() if in_hand is None else in_hand.report
