"""Progress and the report."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nightsafe import entry, exit_code, issue, next_step, progress, step, summary
from nightsafe.work import PROGRESS_INTERVAL, Throttle
from tests.conftest import StartWorker

SCHEMA = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parents[3] / "spec" / "report.schema.json").read_text())
)


class SettableClock:
    """A clock with one timer, both moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timers: list[FakeTimer] = []

    def __call__(self) -> float:
        return self.now

    def timer(self, wait: float, action: Callable[[], None]) -> "FakeTimer":
        self.timers.append(FakeTimer(self.now + wait, action))
        return self.timers[-1]

    def forward(self, seconds: float) -> None:
        self.now += seconds
        due = [timer for timer in self.timers if timer.started and timer.at <= self.now]
        self.timers = [timer for timer in self.timers if timer not in due]
        for timer in due:
            timer.action()


class FakeTimer:
    """Stands for threading.Timer."""

    daemon = False

    def __init__(self, at: float, action: Callable[[], None]) -> None:
        self.at = at
        self.action = action
        self.started = False

    def start(self) -> None:
        self.started = True

    def cancel(self) -> None:
        self.started = False


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def sent() -> list[str]:
    return []


@pytest.fixture
def throttle(clock: SettableClock, sent: list[str]) -> Throttle:
    return Throttle(sent.append, clock, clock.timer)


def test_the_first_text_goes_at_once(throttle: Throttle, sent: list[str]) -> None:
    throttle.offer("1")
    assert sent == ["1"]


def test_of_texts_that_come_too_early_the_newest_goes_when_the_interval_is_over(
    throttle: Throttle, clock: SettableClock, sent: list[str]
) -> None:
    for number in range(50):
        throttle.offer(str(number))
    assert sent == ["0"]
    clock.forward(PROGRESS_INTERVAL)
    assert sent == ["0", "49"]
    clock.forward(60)
    assert sent == ["0", "49"]


def test_at_most_ten_a_second_are_sent(
    throttle: Throttle, clock: SettableClock, sent: list[str]
) -> None:
    for number in range(10_000):
        throttle.offer(str(number))
        clock.forward(0.001)
    assert 95 <= len(sent) <= 101


def test_closing_sends_what_was_kept_and_nothing_later(
    throttle: Throttle, clock: SettableClock, sent: list[str]
) -> None:
    throttle.offer("1")
    throttle.offer("2")
    throttle.close()
    throttle.offer("3")
    clock.forward(1)
    assert sent == ["1", "2"]


def test_a_timer_that_fires_while_it_is_cancelled_sends_nothing_twice(
    throttle: Throttle, clock: SettableClock, sent: list[str]
) -> None:
    throttle.offer("1")
    throttle.offer("2")
    late = clock.timers[0].action
    throttle.close()
    late()
    assert sent == ["1", "2"]


def test_progress_comes_before_its_answer_with_the_newest_last(start: StartWorker) -> None:
    worker = start(
        """
        import threading
        @task
        def busy(payload):
            def work():
                for n in range(1000):
                    progress(f"{n}")
            threads = [threading.Thread(target=work) for _ in range(4)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            progress("last")
            return "done"
        run()
        """
    ).ready()
    for _ in range(3):
        worker.progress.clear()
        assert worker.result(1) == "done"
        assert worker.progress[-1] == "last"
        assert len(worker.progress) < 1000


def test_kept_progress_is_sent_while_the_task_goes_on(start: StartWorker, tmp_path: Path) -> None:
    worker = start(
        """
        @task
        def busy(gate):
            progress("first")
            progress("second")
            with open(gate) as wait:
                wait.read()
            return "done"
        run()
        """
    ).ready()
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    worker.send(str(gate))
    assert worker.message() == {"task_id": "t1", "progress": "first"}
    assert worker.message() == {"task_id": "t1", "progress": "second"}
    gate.write_text("")
    assert worker.answer()["result"] == "done"


REPORTS = """
@task
def reports(fails):
    issue(1, "disk full", affected="db-1", expected="20% free", actual="0%", next_steps=["prune"])
    issue(4, "odd\\udcff name")
    next_step("look at db-1")
    step("connect", "passed")
    step("write", "failed", "no space left")
    step("verify", "skipped")
    entry("free", "0 %")
    entry("disks", 3)
    entry("clean", False)
    entry("first line\\nsecond line")
    summary("working")
    summary("2 of 3 disks have room")
    exit_code(1)
    exit_code(2)
    if fails:
        raise ValueError("after all")
    return "ok"
@task("silent")
def silent(payload):
    return "ok"
run()
"""


@pytest.mark.parametrize("fails", [False, True])
def test_a_report_goes_out_with_the_result_or_the_error(start: StartWorker, fails: bool) -> None:
    worker = start(REPORTS).ready()
    answer = worker.ask(fails)
    assert (answer["error"] is not None) is fails
    report = answer["report"]
    SCHEMA.validate(report)
    assert report == {
        "summary": "2 of 3 disks have room",
        "exit_code": 2,
        "issues": [
            {
                "severity": 1,
                "title": "disk full",
                "affected": "db-1",
                "expected": "20% free",
                "actual": "0%",
                "next_steps": ["prune"],
            },
            {"severity": 4, "title": "odd\\udcff name"},
        ],
        "steps": [
            {"name": "connect", "outcome": "passed"},
            {"name": "write", "outcome": "failed", "note": "no space left"},
            {"name": "verify", "outcome": "skipped"},
        ],
        "next_steps": ["look at db-1"],
        "entries": [
            {"name": "free", "value": "0 %"},
            {"name": "disks", "value": "3"},
            {"name": "clean", "value": "false"},
            {"text": "first line\nsecond line"},
        ],
    }


def test_a_report_that_is_too_much_is_cut_to_what_fits_and_says_how_much_is_missing(
    start: StartWorker,
) -> None:
    worker = start(
        """
        @task
        def reports(payload):
            text = payload * 20_000
            summary(text)
            for _ in range(150):
                issue(1, text, affected=text, expected=text, actual=text, next_steps=[text] * 30)
            for _ in range(600):
                step(text, "failed", text)
                entry(text)
                entry(text, text)
                next_step(text)
        run()
        """
    ).ready()
    for character in ["x", "\U0001d11e", "\0", "\udcff"]:
        report = worker.ask(character)["report"]
        SCHEMA.validate(report)
        size = len(json.dumps(report, ensure_ascii=False, separators=(",", ":")).encode())
        assert 150_000 < size <= 256 * 1024
        lists = ["issues", "steps", "entries", "next_steps"]
        assert sum(len(report.get(name, [])) for name in lists) + report["left_out"] == 2550
        assert report["summary"].endswith("…")


def test_a_report_belongs_to_its_task_alone(start: StartWorker) -> None:
    worker = start(REPORTS).ready()
    assert "report" in worker.ask(False)
    assert "report" not in worker.ask(None, "silent")


def test_outside_of_a_task_nothing_is_said() -> None:
    progress("50%")
    summary("done")
    issue(1, "title")
    step("name", "passed")
    entry("name", "value")
    next_step("go on")
    exit_code(0)


@pytest.mark.parametrize("severity", [0, 5, True, 1.0, "1"])
def test_a_severity_that_there_is_not_is_refused(severity: int) -> None:
    with pytest.raises(ValueError, match="severity is 1"):
        issue(severity, "title")


@pytest.mark.parametrize("outcome", ["ok", "", None, 1])
def test_an_outcome_that_there_is_not_is_refused(outcome: Any) -> None:
    with pytest.raises(ValueError, match="outcome is 'passed', 'failed' or 'skipped'"):
        step("name", outcome)


@pytest.mark.parametrize("code", [1 << 31, -(1 << 31) - 1, True, "0", None, 1.0])
def test_an_exit_code_that_there_is_not_is_refused(code: Any) -> None:
    with pytest.raises(ValueError, match="whole number of 32 bits"):
        exit_code(code)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="progress takes a text, not int"):
        progress(50)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="title takes a text, not NoneType"):
        issue(1, None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected takes a text, not list"):
        issue(1, "t", expected=[])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="next_steps is a list of texts, not one text"):
        issue(1, "t", next_steps="go")
    with pytest.raises(TypeError, match="value takes a text, not list"):
        entry("name", [])  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="summary takes a text, not int"):
        summary(1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="next_step takes a text, not bytes"):
        next_step(b"go")  # type: ignore[arg-type]


def test_a_long_progress_text_is_cut(start: StartWorker) -> None:
    worker = start("@task\ndef h(p):\n    progress('ä' * 5000)\nrun()\n").ready()
    worker.ask(1)
    assert worker.progress == ["ä" * 999 + "…"]
