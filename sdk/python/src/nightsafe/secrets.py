"""Secrets in files, which the runner replaces while the program runs (`on_change: live`)."""

import json
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from nightsafe.errors import ProgramError

Callback = Callable[[bytes], object]

_watching: dict[str, list[Callback]] = {}
_begun = False


def read(variable: str) -> bytes:
    """The value that is in the variable's file now."""
    return Path(_path(variable)).read_bytes()


def watch(variable: str, callback: Callback) -> None:
    """Calls back with each new value that comes into the file whose path the variable holds.

    On a thread of its own, one call at a time, also while a task is in hand. What the callback
    raises is printed. Call this before run(), or in @load.
    """
    if _begun:
        raise ProgramError("secrets.watch() comes too late; call it before run(), or in @load")
    _path(variable)
    _watching.setdefault(variable, []).append(callback)


def _path(variable: str) -> str:
    path = os.environ.get(variable)
    if path is None:
        raise ProgramError(
            f"there is no variable '{variable}'; the queue gives it by secrets, with as: file"
        )
    return path


def begin() -> bool:
    """Nothing more can be watched; true when something is."""
    global _begun
    _begun = True
    return bool(_watching)


class News:
    """Takes lines that tell of new values, and passes them on without holding up the others."""

    def __init__(self) -> None:
        self._changed: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._call_back, name="nightsafe secrets", daemon=True).start()

    def take(self, line: bytes) -> bool:
        """False for a line that tells of something else."""
        if not line.lstrip().startswith(b'{"new_values"'):
            return False
        with suppress(ValueError, RecursionError):
            for variable in json.loads(line)["new_values"]:
                self._changed.put(str(variable))
        return True

    def _call_back(self) -> None:
        while True:
            variable = self._changed.get()
            for callback in _watching.get(variable, ()):
                try:
                    callback(read(variable))
                except Exception:
                    traceback.print_exc(file=sys.stderr)
