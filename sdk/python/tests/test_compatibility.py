"""Programs for runqy-python 0.2.2 and for this SDK hold the same conversation."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fake_runner import FakeRunner, Message

FOLDER = Path(__file__).parent / "compatibility"
KEY = {"OPENAI_API_KEY": "key"}
CONVERSATION = [
    json.loads(line)
    for line in (FOLDER.parents[3] / "spec" / "task-conversation.jsonl").read_bytes().splitlines()
]
SDKS = ["nightsafe", "runqy_python"]


def hold(sdk: str) -> list[Message]:
    """The whole conversation with a program on this SDK."""
    with FakeRunner(FOLDER / "program.py", sdk, env=KEY) as worker:
        worker.ready()
        for turn in CONVERSATION:
            task = turn["task"]
            worker.send_line(task.encode() if isinstance(task, str) else task)
        answers = [worker.answer() for _ in CONVERSATION]
        assert worker.end() == 0
        assert worker.nothing_more()
        assert worker.garbage == []
        assert "loading" in worker.log
    return answers


def what_counts(answer: Message) -> dict[str, Any]:
    """An answer without the wording of its error. A failure is an error or a wish to retry."""
    failed = bool(answer["error"]) or answer["retry"]
    return answer | {"error": None, "failed": failed}


@pytest.mark.parametrize("sdk", SDKS)
def test_each_answer_is_what_the_conversation_expects(sdk: str) -> None:
    for turn, answer in zip(CONVERSATION, hold(sdk), strict=True):
        task, expected = turn["task"], turn["answer"]
        wanted = {name: value for name, value in expected.items() if name != "mentions"}
        task_id = task.get("task_id", "unknown") if isinstance(task, dict) else "unknown"
        usual = {"task_id": task_id, "result": None, "error": None, "retry": False, "failed": False}
        assert what_counts(answer) == usual | wanted
        assert expected.get("mentions", "") in (answer["error"] or "")


def test_both_give_the_same_answers() -> None:
    ours, theirs = (list(map(what_counts, hold(sdk))) for sdk in SDKS)
    assert ours == theirs


@pytest.mark.parametrize("sdk", SDKS)
def test_run_once_takes_one_task(sdk: str) -> None:
    with FakeRunner(FOLDER / "program.py", sdk, "run_once", env=KEY) as worker:
        worker.ready()
        assert worker.result({"do": "return", "value": 1}) == 1
        assert worker.ended() == 0
        assert worker.nothing_more()


@pytest.mark.parametrize("sdk", SDKS)
def test_a_load_that_fails_is_a_status(sdk: str) -> None:
    with FakeRunner(FOLDER / "program.py", sdk) as worker:
        assert worker.refused().startswith("@load failed: ")


def runqy(folder: Path, handler: str) -> FakeRunner:
    program = folder / "main.py"
    program.write_text(
        "from runqy_python import *\nimport os, subprocess, sys\n"
        f"@task\ndef handler(payload):\n    {handler}\nrun()\n"
    )
    return FakeRunner(program)


# What runqy-python does otherwise, and a runner therefore has to expect.


def test_runqy_retries_with_an_empty_error(tmp_path: Path) -> None:
    with runqy(tmp_path, "raise RetryableError") as worker:
        answer = worker.ready().ask(1)
        assert (answer["error"], answer["retry"]) == ("", True)


def test_runqy_writes_nan_that_is_no_json(tmp_path: Path) -> None:
    with runqy(tmp_path, "return float('nan')") as worker:
        worker.ready().send(1)
        assert worker.end() == 0
        assert worker.garbage == [
            b'{"task_id": "t1", "result": NaN, "error": null, "retry": false}\n'
        ]


def test_runqy_lets_children_print_into_the_conversation(tmp_path: Path) -> None:
    child = "subprocess.run([sys.executable, '-c', 'print(1, end=\"\")']); return 2"
    with runqy(tmp_path, child) as worker:
        worker.ready().send(1)
        assert worker.end() == 0
        assert worker.garbage == [
            b'1{"task_id": "t1", "result": 2, "error": null, "retry": false}\n'
        ]


def test_runqy_dies_without_an_answer_when_a_handler_exits(tmp_path: Path) -> None:
    with runqy(tmp_path, "sys.exit(3)") as worker:
        worker.ready().send(1)
        assert worker.ended() == 3
        assert worker.nothing_more()
