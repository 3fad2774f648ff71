"""Progress, issues and next steps."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nightsafe import issue, next_step, progress
from nightsafe.work import PROGRESS_INTERVAL, Throttle
from tests.conftest import StartWorker


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
    assert answer["report"] == {
        "issues": [
            {
                "severity": 1,
                "title": "disk full",
                "affected": "db-1",
                "expected": "20% free",
                "actual": "0%",
                "next_steps": ["prune"],
            },
            {"severity": 4, "title": "odd\\udcff name", "next_steps": []},
        ],
        "next_steps": ["look at db-1"],
    }


def test_a_report_belongs_to_its_task_alone(start: StartWorker) -> None:
    worker = start(REPORTS).ready()
    assert "report" in worker.ask(False)
    assert "report" not in worker.ask(None, "silent")


def test_outside_of_a_task_nothing_is_said() -> None:
    progress("50%")
    issue(1, "title")
    next_step("go on")


@pytest.mark.parametrize("severity", [0, 5, True, 1.0, "1"])
def test_a_severity_that_there_is_not_is_refused(severity: int) -> None:
    with pytest.raises(ValueError, match="severity is 1"):
        issue(severity, "title")


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="progress takes a text, not int"):
        progress(50)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="title takes a text, not NoneType"):
        issue(1, None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected takes a text, not list"):
        issue(1, "t", expected=[])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="next_steps is a list of texts, not one text"):
        issue(1, "t", next_steps="go")
    with pytest.raises(TypeError, match="next_step takes a text, not bytes"):
        next_step(b"go")  # type: ignore[arg-type]


def test_a_long_progress_text_is_cut(start: StartWorker) -> None:
    worker = start("@task\ndef h(p):\n    progress('ä' * 5000)\nrun()\n").ready()
    worker.ask(1)
    assert worker.progress == ["ä" * 1000]
