"""The task in hand: its progress, and the report that goes with its result."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from nightsafe.result import printable

PROGRESS_INTERVAL = 0.1
"""Seconds between two lines of progress."""

MAX_PROGRESS = 1000
"""Characters of a progress text; the rest is cut."""


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
        self.issues: list[dict[str, Any]] = []
        self.next_steps: list[str] = []

    def report(self) -> dict[str, Any] | None:
        """The answer's `report`, or None when there is nothing to report."""
        if not self.issues and not self.next_steps:
            return None
        return {"issues": list(self.issues), "next_steps": list(self.next_steps)}


in_hand: Work | None = None
"""Tasks come one after another, so there is at most one; handlers' threads see it too."""


def progress(text: str) -> None:
    """Says how far the task is; shown to people at once.

    May be called from any thread and as often as you like: at most ten a second are sent, always
    the newest. Outside of a task it does nothing.
    """
    cut = _text("progress", text, MAX_PROGRESS)
    if (work := in_hand) is not None:
        work.progress.offer(cut)


def issue(
    severity: int,
    title: str,
    *,
    affected: str | None = None,
    expected: str | None = None,
    actual: str | None = None,
    next_steps: Sequence[str] = (),
) -> None:
    """Adds a finding to the task's report, which goes out with the result or the error.

    Args:
        severity: 1 (most severe) to 4.
        title: the finding in one line.
        affected: what has the problem.
        expected: what should be.
        actual: what is.
        next_steps: what to do about it.
    """
    if type(severity) is not int or not 1 <= severity <= 4:
        raise ValueError("an issue's severity is 1 (most severe), 2, 3 or 4")
    details = {"affected": affected, "expected": expected, "actual": actual}
    found: dict[str, Any] = {"severity": severity, "title": _text("title", title)}
    found |= {name: _text(name, text) for name, text in details.items() if text is not None}
    if isinstance(next_steps, str):
        raise TypeError("next_steps is a list of texts, not one text")
    found["next_steps"] = [_text("next_steps", step) for step in next_steps]
    if (work := in_hand) is not None:
        work.issues.append(found)


def next_step(text: str) -> None:
    """Adds what a person should do next to the task's report."""
    step = _text("next_step", text)
    if (work := in_hand) is not None:
        work.next_steps.append(step)


def _text(name: str, text: str, at_most: int | None = None) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{name} takes a text, not {type(text).__name__}")
    return printable(text[:at_most])
