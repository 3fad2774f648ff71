"""The conversation with the runner: JSON lines over what were standard input and output."""

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self

from nightsafe.result import encode

_CHUNK = 1 << 16


class RunnerGone(Exception):  # noqa: N818 - it says what happened
    """Nobody reads the answers any more."""


class StopRequest:
    """SIGTERM and SIGINT ask for an end: at once while waiting, after the answer while working.

    A second one has its usual effect. Only for the main thread.
    """

    def __init__(self) -> None:
        self.asked = False
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _ask(self, number: int, _: FrameType | None) -> None:
        self.asked = True
        signal.signal(number, signal.SIG_DFL)

    def wait_for(self, descriptor: int) -> bool:
        """True when there is input (or its end), False when an end was asked for."""
        # The wake-up descriptor closes the gap between looking at `asked` and going to sleep.
        before = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        try:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            poll.register(self._wake_read, select.POLLIN)
            while not self.asked:
                if any(ready == descriptor for ready, _ in poll.poll()):
                    return not self.asked
                os.read(self._wake_read, _CHUNK)
            return False
        finally:
            signal.set_wakeup_fd(before)


class Channel:
    """Lines from the runner and messages to it. Messages may be sent from any thread."""

    def __init__(self, read_from: int, write_to: int) -> None:
        self._read_from = read_from
        self._write_to = write_to
        self._lock = threading.Lock()

    @classmethod
    def take_over(cls) -> Self:
        """Takes standard input and output for the conversation.

        What the program and its children print then goes to standard error, and what they read is
        empty, so that neither damages the conversation.
        """
        channel = cls(os.dup(0), os.dup(1))
        os.dup2(2, 1)
        sys.stdout.flush()
        sys.stdout = sys.stderr
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        return channel

    def divert(self, take: Callable[[bytes], bool]) -> None:
        """From now on lines that `take` takes, at once and on a thread of its own, aren't read."""
        source, (self._read_from, rest) = self._read_from, os.pipe()
        threading.Thread(
            target=_divert, args=(source, rest, take), name="nightsafe lines", daemon=True
        ).start()

    def send(self, message: Mapping[str, Any]) -> None:
        """Sends one message, whole. Raises RunnerGone."""
        line = memoryview(encode(dict(message)))
        with self._lock:
            try:
                while line:
                    line = line[os.write(self._write_to, line) :]
            except OSError as e:
                raise RunnerGone from e

    def lines(self, stop: StopRequest) -> Iterator[bytes]:
        """Lines that aren't blank, until the input ends or breaks or a stop is asked for."""
        begun: list[bytes] = []
        while stop.wait_for(self._read_from):
            chunk = self._read()
            head, *rest = chunk.split(b"\n")
            begun.append(head)
            if chunk and not rest:
                continue
            *more, last = rest or [b""]
            for line in (b"".join(begun), *more):
                if stop.asked:
                    return
                if line.strip():
                    yield line
            if not chunk:
                return
            begun = [last]

    def _read(self) -> bytes:
        try:
            return os.read(self._read_from, _CHUNK)
        except OSError:
            return b""


def _divert(source: int, rest: int, take: Callable[[bytes], bool]) -> None:
    with suppress(OSError), open(source, "rb") as lines, open(rest, "wb", buffering=0) as others:
        for line in lines:
            if not take(line):
                left = memoryview(line)
                while left:
                    left = left[others.write(left) or 0 :]
