"""The loop: ready, then a task, its answer, the next task."""

import json
import math
import sys
import threading
import traceback
from contextlib import suppress
from itertools import islice
from typing import Any, NoReturn

from nightsafe import secrets, work
from nightsafe.channel import Channel, RunnerGone, StopRequest
from nightsafe.errors import PayloadError, ProgramError, ResultError, RetryableError
from nightsafe.program import PROGRAM, Program
from nightsafe.result import printable, to_json

_FRAMES_OF_OURS = 2
"""Before a handler's or loader's own: that of the except below, and Program's."""


def run() -> None:
    """Answers tasks until the input ends or SIGTERM comes. Call it last, in the main thread.

    From here on `print` goes to standard error, which the runner keeps as the worker's log.
    """
    _serve(PROGRAM, None)


def run_once() -> None:
    """As run(), for a single task."""
    _serve(PROGRAM, 1)


def _serve(program: Program, tasks: int | None) -> None:
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("run() must be called in the main thread")
    channel = Channel.take_over()
    try:
        _start(program, channel)
        ready: dict[str, Any] = {"status": "ready"}
        if secrets.begin():
            channel.divert(secrets.News().take)
            ready["watches"] = True
        with StopRequest() as stop:
            channel.send(ready)
            for line in islice(channel.lines(stop), tasks):
                channel.send(_answer(program, channel, line))
    except RunnerGone:
        sys.exit("the runner closed its end; this program ends too")


def _start(program: Program, channel: Channel) -> None:
    try:
        program.start()
    except ProgramError as e:
        _refuse(channel, str(e))
    except (Exception, SystemExit) as e:
        _refuse(channel, f"@load failed: {_described(e)}")


def _refuse(channel: Channel, error: str) -> NoReturn:
    channel.send({"status": "error", "error": printable(error)})
    sys.exit(1)


def _answer(program: Program, channel: Channel, line: bytes) -> dict[str, Any]:
    try:
        task = _parse(line)
    except (ValueError, RecursionError) as e:
        return _failure(_id_in(line), f"Invalid JSON input: {e}")
    task_id = _id_of(task)

    def send_progress(text: str) -> None:
        with suppress(RunnerGone):  # the answer will find out
            channel.send({"task_id": task_id, "progress": text})

    in_hand = work.in_hand = work.Work(work.Throttle(send_progress))
    try:
        answer = _result(program, task_id, task)
    finally:
        work.in_hand = None
        in_hand.progress.close()
    report = in_hand.report.to_json()
    return answer if report is None else answer | {"report": report}


def _result(program: Program, task_id: str | int, task: dict[str, Any]) -> dict[str, Any]:
    try:
        result = to_json(program.answer(task.get("type"), task.get("payload", {})))
    except RetryableError as e:
        return _failure(task_id, _described(e), retry=True)
    except (PayloadError, ResultError) as e:
        return _failure(task_id, f"{type(e).__name__}: {e}")
    except (Exception, SystemExit) as e:
        return _failure(task_id, _described(e))
    return {"task_id": task_id, "result": result, "error": None, "retry": False}


def _failure(task_id: str | int, error: str, *, retry: bool = False) -> dict[str, Any]:
    return {"task_id": task_id, "result": None, "error": printable(error), "retry": retry}


def _described(error: BaseException) -> str:
    """`Type: message`, then the traceback from the program's own code on."""
    trace = error.__traceback__
    for _ in range(_FRAMES_OF_OURS):
        trace = trace.tb_next if trace is not None else None
    lines = traceback.format_exception(type(error), error, trace)
    return f"{_headline(error)}\n\n{''.join(lines)}"


def _headline(error: BaseException) -> str:
    try:
        message = str(error)
    except Exception:
        message = "(its message can't be shown)"
    name = type(error).__name__
    return f"{name}: {message}" if message else name


def _parse(line: bytes) -> dict[str, Any]:
    task = json.loads(line, parse_float=_finite, parse_constant=_refuse_constant)
    if not isinstance(task, dict):
        raise ValueError("a task is an object")
    return task


def _id_of(task: dict[str, Any]) -> str | int:
    task_id = task.get("task_id")
    if isinstance(task_id, str):
        return printable(task_id)
    return task_id if type(task_id) is int else "unknown"


def _id_in(line: bytes) -> str | int:
    """The id of a task whose numbers were refused, so that its failure reaches it."""
    with suppress(ValueError, RecursionError, AttributeError):
        return _id_of(json.loads(line))
    return "unknown"


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
