"""What a task tells people besides its result, within what spec/report.schema.json lets out."""

import threading
from typing import Any

from nightsafe.result import encode, printable

MAX_BYTES = 256 * 1024
"""Of the whole report as JSON."""

MAX_ITEMS = {"issues": 100, "steps": 500, "next_steps": 20, "entries": 500}
"""Of each list, in the order in which they are filled when the whole is too large."""

MAX_NAME = 200
MAX_TEXT = 2000
MAX_SUMMARY = 4000
MAX_LINES = 10_000


class Report:
    """Collects a report. What is too much is dropped and counted. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._single: dict[str, Any] = {}
        self._lists: dict[str, list[Any]] = {name: [] for name in MAX_ITEMS}
        self._left_out = 0

    def set(self, name: str, value: str | int) -> None:
        """Sets what there is one of; the last counts."""
        with self._lock:
            self._single[name] = value

    def add(self, name: str, item: str | dict[str, Any]) -> None:
        """Adds to a list."""
        with self._lock:
            if len(self._lists[name]) < MAX_ITEMS[name]:
                self._lists[name].append(item)
            else:
                self._left_out += 1

    def to_json(self) -> dict[str, Any] | None:
        """The answer's `report`, or None when there is nothing to report."""
        with self._lock:
            made: dict[str, Any] = dict(self._single)
            left_out = self._left_out
            empty: dict[str, Any] = {name: [] for name in MAX_ITEMS}
            room = MAX_BYTES - len(encode(made | empty | {"left_out": 1 << 30}))
            for name, items in self._lists.items():
                fitting = []
                for item in items:
                    size = len(encode({"": item}))  # a little more than it takes
                    if size <= room:
                        room -= size
                        fitting.append(item)
                left_out += len(items) - len(fitting)
                made |= {name: fitting} if fitting else {}
            return (made | ({"left_out": left_out} if left_out else {})) or None


def text(name: str, value: str, at_most: int = MAX_TEXT) -> str:
    """The text, cut to so many characters. Raises TypeError that says the name."""
    if not isinstance(value, str):
        raise TypeError(f"{name} takes a text, not {type(value).__name__}")
    shown = printable(value[: at_most + 1])
    return shown if len(shown) <= at_most else shown[: at_most - 1] + "…"
