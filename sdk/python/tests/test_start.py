"""What comes before the first task."""

import pytest

from tests.conftest import StartWorker


def test_load_runs_before_ready_and_its_context_is_the_second_argument(start: StartWorker) -> None:
    worker = start(
        """
        import os
        @load
        def context():
            return {"key": os.environ["KEY"]}
        @task
        def handler(payload, ctx):
            return [payload, ctx["key"]]
        run()
        """,
        env={"KEY": "k"},
    ).ready()
    assert worker.result(1) == [1, "k"]


def test_without_a_context_the_handler_gets_the_payload_alone(start: StartWorker) -> None:
    worker = start(
        """
        @load
        def nothing():
            pass
        @task
        def handler(*arguments):
            return len(arguments)
        run()
        """
    ).ready()
    assert worker.result(1) == 1


def test_a_type_is_answered_by_its_handler_and_others_by_the_default(start: StartWorker) -> None:
    worker = start(
        """
        @task("add", "plus")
        def add(payload):
            return sum(payload)
        @task
        def rest(payload):
            return "rest"
        run()
        """
    ).ready()
    assert worker.result([1, 2], "add") == 3
    assert worker.result([1, 2], "plus") == 3
    assert worker.result([1, 2], "times") == "rest"
    assert worker.result([1, 2], None) == "rest"


def test_a_type_without_handler_is_an_error_naming_those_there_are(start: StartWorker) -> None:
    worker = start(
        """
        @task("add")
        def add(payload):
            return 1
        @task("subtract")
        def subtract(payload):
            return 2
        run()
        """
    ).ready()
    assert worker.ask(1, "divide")["error"] == (
        "PayloadError: no handler for task type 'divide'; this program has 'add', 'subtract'"
    )
    assert worker.ask(1)["error"].startswith("PayloadError: no handler for a task without a type")


def test_a_task_without_type_goes_to_the_only_handler(start: StartWorker) -> None:
    worker = start("@task('only')\ndef only(payload):\n    return payload\nrun()\n").ready()
    assert worker.result(4) == 4
    assert worker.ask(4, "other")["error"].startswith("PayloadError: no handler for task type")


@pytest.mark.parametrize("failure", ["raise ValueError('no model')", "import sys; sys.exit(2)"])
def test_a_load_that_fails_is_said_instead_of_ready(start: StartWorker, failure: str) -> None:
    worker = start(
        f"""
        @load
        def context():
            {failure}
        @task
        def handler(payload, ctx):
            pass
        run()
        """
    )
    error = worker.refused()
    assert error.startswith(("@load failed: ValueError: no model\n", "@load failed: SystemExit: 2"))
    assert "in context" in error
    assert "program.py" not in error


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("", "the program has no handler; put @task on a function"),
        (
            "@task\ndef h(payload, ctx): pass",
            "h() can't be called with (payload) alone; a ctx comes only from a @load",
        ),
        (
            "@load\ndef l(): return 1\n@task\ndef h(payload): pass",
            "h() can't be called with (payload, ctx), for @load returned one",
        ),
        (
            "@task\ndef h(payload: 'Missing'): pass",
            "the payload's annotation 'Missing' names nothing at the module's top level",
        ),
        (
            "from dataclasses import dataclass\n@dataclass\nclass P:\n    s: set[int]\n"
            "@task\ndef h(payload: P): pass",
            "P.s has the type set[int], which can't be filled from JSON",
        ),
    ],
)
def test_a_program_that_can_not_work_says_so_instead_of_ready(
    start: StartWorker, program: str, error: str
) -> None:
    assert start(program + "\nrun()\n").refused().startswith(error)


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("@task\ndef a(p): pass\n@task\ndef b(p): pass", "a() is already the handler for every"),
        ("@task('x')\ndef a(p): pass\n@task('x')\ndef b(p): pass", "'x' already has the handler"),
        ("@task\nasync def a(p): pass", "@task can't be async; call asyncio.run(…) inside a()"),
        ("@load\ndef a(): pass\n@load\ndef b(): pass", "@load is already on a()"),
        ("@task('')\ndef a(p): pass", "are texts that aren't empty"),
        ("import threading\nt = threading.Thread(target=run)\nt.start()", "in the main thread"),
    ],
)
def test_a_mistake_in_the_program_is_in_its_log(
    start: StartWorker, program: str, error: str
) -> None:
    worker = start(program)
    worker.ended()
    assert worker.nothing_more()
    assert error in worker.log
