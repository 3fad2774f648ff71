"""Secrets whose files the runner replaces."""

from pathlib import Path

from tests.conftest import StartWorker

WATCHING = """
import threading, time
told = []
there = threading.Event()

def changed(value):
    told.append(value.decode()[::-1])
    if told[-1] == "dab":
        raise ValueError("this callback fails")
    there.set()

@load
def begin():
    secrets.watch("KEY_FILE", changed)

@task
def answer(payload):
    if payload == "wait":
        progress("waiting")
        assert there.wait(20)
    return [secrets.read("KEY_FILE").decode()[::-1], *told]

run()
"""


def _replace(file: Path, value: str) -> None:
    new = file.with_name("new")
    new.write_text(value)
    new.replace(file)


def test_a_program_that_watches_says_so_and_is_called_back_while_it_works(
    start: StartWorker, tmp_path: Path
) -> None:
    file = tmp_path / "v.KEY"
    _replace(file, "first")
    worker = start(WATCHING, env={"KEY_FILE": str(file)})
    assert worker.message() == {"status": "ready", "watches": True}
    assert worker.result(None) == ["tsrif"]
    worker.send("wait")
    assert worker.message()["progress"] == "waiting"
    _replace(file, "bad")
    worker.send_line({"new_values": ["KEY_FILE"]})
    worker.send_line({"new_values": ["NOBODYS"]})
    _replace(file, "second")
    worker.send_line({"new_values": ["KEY_FILE"]})
    answer = worker.answer()
    assert answer["result"][0] == "dnoces"
    assert answer["result"][-1] == "dnoces"
    assert worker.result(["x" * 300_000, '{"new_values"'])[0] == "dnoces"
    assert worker.end() == 0
    assert worker.nothing_more()


def test_a_program_that_watches_nothing_says_nothing_of_it(start: StartWorker) -> None:
    program = """
    @task
    def answer(payload):
        try:
            secrets.watch("HOME", print)
        except Exception as e:
            return str(e)
    run()
    """
    worker = start(program, env={"HOME": "/"}).ready()
    assert "too late" in worker.result(None)


def test_what_is_no_file_of_a_secret_is_named(start: StartWorker) -> None:
    program = """
    @load
    def begin():
        secrets.watch("GONE_FILE", print)
    @task
    def answer(payload):
        return 1
    run()
    """
    assert "no variable 'GONE_FILE'" in start(program).refused()
