"""A runner's side of the conversation: starts a real program and talks over its pipes."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

SDK = Path(__file__).parents[1] / "src"
PATIENCE = 20.0

Message = dict[str, Any]


class FakeRunner:
    """One worker process. Every wait ends after `PATIENCE` seconds with an error."""

    def __init__(
        self,
        program: Path,
        *arguments: str,
        python: Sequence[str] = (sys.executable,),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: int | IO[str] = subprocess.PIPE,
    ) -> None:
        self._messages: queue.Queue[Message | None] = queue.Queue()
        self._err: list[bytes] = []
        self.garbage: list[bytes] = []
        self.progress: list[str] = []
        self.process = subprocess.Popen(
            [*python, str(program), *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SDK), **(env or {})},
        )
        self._readers = [
            threading.Thread(target=self._read_messages),
            threading.Thread(target=self._read_errors),
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            with suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()

    def _read_messages(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            try:
                message = json.loads(line, parse_constant=_not_json)
            except ValueError:
                self.garbage.append(line)
                continue
            self._messages.put(message)
        self._messages.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self._err.extend(self.process.stderr)

    @property
    def log(self) -> str:
        """What the program has printed; whole once it has ended."""
        return b"".join(self._err).decode(errors="replace")

    def message(self) -> Message:
        """The next message, whatever it is."""
        message = self._messages.get(timeout=PATIENCE)
        assert message is not None, f"the program ended:\n{self.log}"
        return message

    def ready(self) -> Self:
        """Waits for the program to be ready."""
        message = self.message()
        assert message == {"status": "ready"}, message
        return self

    def refused(self) -> str:
        """Waits for the program to say why it can't start, and to end with code 1."""
        message = self.message()
        assert message["status"] == "error", message
        assert self.ended() == 1
        error = message["error"]
        assert isinstance(error, str)
        return error

    def send(self, payload: object, task_type: str | None = None, task_id: str = "t1") -> None:
        """Sends a task as a runner does."""
        self.send_line(
            {
                "task_id": task_id,
                "type": task_type,
                "payload": payload,
                "retry_count": 0,
                "max_retry": 3,
                "queue": "q.default",
            }
        )

    def send_line(self, line: Message | bytes) -> None:
        """Sends one line."""
        assert self.process.stdin is not None
        encoded = line if isinstance(line, bytes) else json.dumps(line).encode()
        self.process.stdin.write(encoded + b"\n")
        self.process.stdin.flush()

    def answer(self) -> Message:
        """The next answer; progress before it is kept in `progress`."""
        while "progress" in (message := self.message()):
            self.progress.append(message["progress"])
        return message

    def ask(self, payload: object, task_type: str | None = None) -> Message:
        """Sends a task and waits for its answer."""
        self.send(payload, task_type)
        answer = self.answer()
        assert answer["task_id"] == "t1"
        return answer

    def result(self, payload: object, task_type: str | None = None) -> Any:
        """Sends a task that must succeed; its result."""
        answer = self.ask(payload, task_type)
        assert answer["error"] is None, answer["error"]
        return answer["result"]

    def terminate(self) -> None:
        """Asks the program to end."""
        self.process.send_signal(signal.SIGTERM)

    def end(self) -> int:
        """Closes the program's input and waits for it to end; its exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.ended()

    def ended(self) -> int:
        """Waits for the program to end; its exit code."""
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        return code

    def nothing_more(self) -> bool:
        """True when the ended program said nothing that wasn't taken yet."""
        return self._messages.get(timeout=PATIENCE) is None


def _not_json(name: str) -> None:
    raise ValueError(name)
