"""The protocol, spoken by real programs."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import StartWorker
from tests.fake_runner import PATIENCE, SDK

ECHO = """
@task
def echo(payload):
    return payload
run()
"""

EXACT = [
    None,
    True,
    False,
    0,
    1234,
    -1,
    2**70,
    0.1,
    1e300,
    -0.0,
    "",
    "plain",
    'ä€𝄞\u2028\u0000\n"\\',
    [],
    {},
    [[], [None, {"a": {"b": [True]}}]],
    {"": 1, "ä": 2},
]


@pytest.mark.parametrize("value", EXACT)
def test_a_value_comes_back_exactly(start: StartWorker, value: object) -> None:
    result = start(ECHO).ready().result(value)
    assert repr(result) == repr(value)


def test_a_mebibyte_comes_back_exactly(start: StartWorker) -> None:
    value = "ä" * (1 << 19)
    assert start(ECHO).ready().result(value) == value


def test_random_values_come_back_exactly(start: StartWorker) -> None:
    seed = random.SystemRandom().getrandbits(32)
    values = random.Random(seed)
    worker = start(ECHO).ready()
    for _ in range(200):
        value = _random_value(values, 4)
        assert repr(worker.result(value)) == repr(value), f"seed {seed}"


def _random_value(values: random.Random, depth: int) -> object:
    kind = values.randrange(8 if depth else 6)
    match kind:
        case 0:
            return None
        case 1:
            return values.random() < 0.5
        case 2:
            return values.randrange(-(2**80), 2**80)
        case 3:
            return values.uniform(-1e9, 1e9)
        case 4 | 5:
            return _random_text(values)
        case 6:
            return [_random_value(values, depth - 1) for _ in range(values.randrange(4))]
        case _:
            count = values.randrange(4)
            return {_random_text(values): _random_value(values, depth - 1) for _ in range(count)}


def _random_text(values: random.Random) -> str:
    codes = (values.randrange(0x110000) for _ in range(values.randrange(12)))
    return "".join(chr(code) for code in codes if not 0xD800 <= code <= 0xDFFF)


def test_values_are_exact_under_the_c_locale(start: StartWorker) -> None:
    worker = start(ECHO, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}).ready()
    assert worker.result("ä€𝄞") == "ä€𝄞"


def test_tasks_are_answered_in_order_with_their_ids(start: StartWorker) -> None:
    worker = start(ECHO).ready()
    for number in range(100):
        worker.send(number, task_id=f"id-{number}")
    answers = [worker.answer() for _ in range(100)]
    assert answers == [
        {"task_id": f"id-{n}", "result": n, "error": None, "retry": False} for n in range(100)
    ]


def test_the_end_of_input_ends_the_program(start: StartWorker) -> None:
    worker = start(ECHO).ready()
    assert worker.end() == 0
    assert worker.nothing_more()


def test_a_last_line_without_newline_is_a_task(start: StartWorker) -> None:
    worker = start(ECHO).ready()
    assert worker.process.stdin
    worker.process.stdin.write(b'{"task_id":"x","payload":7}')
    assert worker.end() == 0
    assert worker.answer()["result"] == 7


def test_blank_lines_are_passed_over(start: StartWorker) -> None:
    worker = start(ECHO).ready()
    worker.send_line(b"")
    worker.send_line(b" \r")
    assert worker.result(5) == 5


@pytest.mark.parametrize("line", [b"{", b"[1]", b"\xff\xfe", b"7", b"[" * 100_000])
def test_a_line_that_is_no_task_is_answered_and_the_next_works(
    start: StartWorker, line: bytes
) -> None:
    worker = start(ECHO).ready()
    worker.send_line(line)
    answer = worker.answer()
    assert answer["error"].startswith("Invalid JSON input: ")
    assert (answer["task_id"], answer["result"], answer["retry"]) == ("unknown", None, False)
    assert worker.result(5) == 5


@pytest.mark.parametrize("number", [b"NaN", b"-Infinity", b"1e999"])
def test_a_number_that_python_can_not_hold_fails_its_task(
    start: StartWorker, number: bytes
) -> None:
    worker = start(ECHO).ready()
    worker.send_line(b'{"task_id":"x","payload":' + number + b"}")
    answer = worker.answer()
    assert answer["task_id"] == "x"
    assert answer["error"].startswith("Invalid JSON input: ")


@pytest.mark.parametrize(
    ("task_id", "answered"),
    [(b"NaN", "unknown"), (b"[1]", "unknown"), (b"7", 7), (b'"\\ud800"', "\\ud800")],
)
def test_an_odd_id_ends_nothing(start: StartWorker, task_id: bytes, answered: object) -> None:
    worker = start(ECHO).ready()
    worker.send_line(b'{"task_id":' + task_id + b',"payload":1}')
    assert worker.answer()["task_id"] == answered
    assert worker.result(5) == 5


def test_what_the_program_and_its_children_print_goes_to_the_log(start: StartWorker) -> None:
    worker = start(
        """
        import os, subprocess, sys
        print("before")
        @load
        def load_it():
            print("loading")
        @task
        def noisy(payload):
            print('{"status":"ready"}')
            os.write(1, b"by descriptor\\n")
            subprocess.run([sys.executable, "-c", "print('by child')"], check=True)
            return "quiet"
        run()
        """
    ).ready()
    assert worker.result(1) == "quiet"
    assert worker.end() == 0
    assert worker.nothing_more()
    assert worker.garbage == []
    for printed in ["before", "loading", '{"status":"ready"}', "by descriptor", "by child"]:
        assert printed in worker.log


def test_a_child_that_reads_its_input_takes_no_task(start: StartWorker) -> None:
    worker = start(
        """
        import subprocess, sys
        @task
        def reads(payload):
            child = subprocess.run(["cat"], stdout=subprocess.PIPE, check=True)
            return [payload, child.stdout.decode(), sys.stdin.read()]
        run()
        """
    ).ready()
    worker.send(1)
    worker.send(2)
    assert [worker.answer()["result"] for _ in range(2)] == [[1, "", ""], [2, "", ""]]


def test_an_exception_gives_its_type_message_and_the_program_own_traceback(
    start: StartWorker,
) -> None:
    worker = start(
        """
        def inner(payload):
            raise ValueError(f"no {payload}")
        @task
        def fails(payload):
            inner(payload)
        run()
        """
    ).ready()
    answer = worker.ask("tea")
    assert answer["result"] is None
    assert answer["retry"] is False
    lines = answer["error"].splitlines()
    assert lines[0] == "ValueError: no tea"
    assert lines[2] == "Traceback (most recent call last):"
    assert "in fails" in lines[3]
    assert "loop.py" not in answer["error"]
    assert worker.ask("milk")["error"].startswith("ValueError: no milk\n")


def test_a_retryable_error_asks_for_another_attempt(start: StartWorker) -> None:
    worker = start(
        """
        class Busy(RetryableError): pass
        @task
        def fails(payload):
            raise Busy(*payload)
        run()
        """
    ).ready()
    answer = worker.ask(["later"])
    assert answer["retry"] is True
    assert answer["error"].startswith("Busy: later\n")
    without_message = worker.ask([])
    assert without_message["retry"] is True
    assert without_message["error"].startswith("Busy\n")


@pytest.mark.parametrize(
    ("statement", "headline"),
    [
        ("sys.exit(3)", "SystemExit: 3"),
        ("raise MemoryError", "MemoryError"),
        ("f = lambda: f(); f()", "RecursionError: maximum recursion depth exceeded"),
        ("raise OSError('\\udcff')", "OSError: \\udcff"),
        ("raise Mute", "Mute: (its message can't be shown)"),
    ],
)
def test_whatever_a_handler_raises_is_an_answer(
    start: StartWorker, statement: str, headline: str
) -> None:
    worker = start(
        f"""
        import sys
        class Mute(Exception):
            def __str__(self):
                raise ValueError
        @task
        def fails(payload):
            {statement}
        run()
        """
    ).ready()
    for _ in range(2):
        assert worker.ask(1)["error"].splitlines()[0] == headline


@pytest.mark.parametrize(
    ("returned", "error"),
    [
        ("float('nan')", "result is nan, which JSON can't hold; return None or a text instead"),
        ("{'a': [1, {2}]}", "result.a[1] is of the type set, which JSON can't hold"),
        ("b'x'", "result is of the type bytes, which JSON can't hold"),
    ],
)
def test_a_result_that_json_can_not_hold_is_an_error_naming_its_type(
    start: StartWorker, returned: str, error: str
) -> None:
    worker = start(f"@task\ndef bad(payload):\n    return {returned}\nrun()\n").ready()
    answer = worker.ask(1)
    assert answer["error"].startswith("ResultError: " + error)
    assert (answer["result"], answer["retry"]) == (None, False)


def test_run_once_answers_one_task_and_ends(start: StartWorker) -> None:
    worker = start(ECHO.replace("run()", "run_once()")).ready()
    worker.send(1)
    assert worker.answer()["result"] == 1
    assert worker.ended() == 0
    assert worker.nothing_more()


def test_run_once_ends_without_a_task(start: StartWorker) -> None:
    worker = start(ECHO.replace("run()", "run_once()")).ready()
    assert worker.end() == 0


def test_a_runner_that_is_gone_ends_the_program(tmp_path: Path) -> None:
    program, gate = tmp_path / "main.py", tmp_path / "gate"
    program.write_text("from nightsafe import *\n@task\ndef h(p):\n    open(p).read()\nrun()\n")
    os.mkfifo(gate)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, program],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env={"PYTHONPATH": str(SDK)},
    ) as worker:
        assert worker.stdin
        assert worker.stdout
        assert worker.stderr
        assert worker.stdout.readline() == b'{"status":"ready"}\n'
        worker.stdin.write(json.dumps({"payload": str(gate)}).encode() + b"\n")
        worker.stdin.flush()
        worker.stdout.close()
        gate.write_text("")
        assert worker.wait(PATIENCE) == 1
        assert worker.stderr.read() == b"the runner closed its end; this program ends too\n"


def test_a_program_started_by_hand_answers_the_lines_of_a_file(
    start: StartWorker, tmp_path: Path
) -> None:
    tasks = tmp_path / "tasks.jsonl"
    tasks.write_text('{"payload": 1}\n{"payload": 2}\n')
    with tasks.open() as lines:
        worker = start(ECHO, stdin=lines).ready()
        assert [worker.answer()["result"] for _ in range(2)] == [1, 2]
        assert worker.ended() == 0
