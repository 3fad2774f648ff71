"""SIGTERM, idle and at work."""

import os
from pathlib import Path

from tests.conftest import StartWorker

WAITS = """
from pathlib import Path
@task
def waits(gate):
    progress("at work")
    return Path(gate).read_text()
run()
"""


def test_an_idle_program_ends_at_once(start: StartWorker) -> None:
    for _ in range(5):
        worker = start(WAITS).ready()
        worker.terminate()
        assert worker.ended() == 0
        assert worker.nothing_more()


def test_a_program_at_work_answers_first_and_takes_no_other_task(
    start: StartWorker, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    worker = start(WAITS).ready()
    worker.send(str(gate))
    worker.send(str(gate), task_id="t2")
    assert worker.message()["progress"] == "at work"
    worker.terminate()
    gate.write_text("done")
    assert worker.answer()["result"] == "done"
    assert worker.ended() == 0
    assert worker.nothing_more()


def test_a_second_signal_ends_a_program_at_work(start: StartWorker, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    worker = start(WAITS).ready()
    worker.send(str(gate))
    assert worker.message()["progress"] == "at work"
    # Signals of one kind merge while they wait: send until one came after the first was handled.
    while worker.process.poll() is None:
        worker.terminate()
    assert worker.ended() == -15


def test_a_program_that_is_loading_ends_at_once(start: StartWorker, tmp_path: Path) -> None:
    gate, loading = tmp_path / "gate", tmp_path / "loading"
    os.mkfifo(gate)
    os.mkfifo(loading)
    worker = start(
        """
        from pathlib import Path
        @load
        def forever():
            Path("loading").write_text("now")
            Path("gate").read_text()
        @task
        def handler(payload): pass
        run()
        """
    )
    assert loading.read_text() == "now"
    worker.terminate()
    assert worker.ended() == -15
