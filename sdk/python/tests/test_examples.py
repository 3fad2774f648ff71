"""The programs under examples/, driven as a runner drives them."""

import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fake_runner import FakeRunner

EXAMPLES = Path(__file__).parents[3] / "examples"
KEY = "a key that nobody knows"


def example(name: str, key: str = KEY) -> FakeRunner:
    return FakeRunner(EXAMPLES / name / "main.py", env={"OPENAI_API_KEY": key})


def payload_of(name: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads((EXAMPLES / name / "task.json").read_text())
    return payload


def test_summarize_signs_its_summary_with_the_key_and_does_not_show_it() -> None:
    with example("summarize") as worker:
        answer = worker.ready().ask(payload_of("summarize"), "summarize")
        assert worker.end() == 0
    result = answer["result"]
    signature = hmac.new(KEY.encode(), result["summary"].encode(), hashlib.sha256)
    assert result["signature"] == signature.hexdigest()
    assert result["sentences"] == {"read": 7, "kept": 2}
    assert worker.progress == ["read 7 sentences", "signing the summary"]
    assert answer["report"]["next_steps"] == [
        "call your model in summarize(), see examples/summarize/README.md"
    ]
    assert KEY not in json.dumps(answer) + worker.log


def test_summarize_uses_the_bytes_of_a_key_that_is_no_text() -> None:
    with example("summarize", "\udcff\udcfe") as worker:
        result = worker.ready().result({"text": "One. Two.", "sentences": 1})
    expected = hmac.new(b"\xff\xfe", result["summary"].encode(), hashlib.sha256).hexdigest()
    assert result["signature"] == expected


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({}, "PayloadError: payload.text is missing"),
        ({"text": " "}, "PayloadError: payload: text has nothing to summarize"),
        ({"text": "A.", "sentences": 0}, "PayloadError: payload: sentences must be from 1 to 20"),
    ],
)
def test_summarize_refuses_what_it_can_not_summarize(payload: object, error: str) -> None:
    with example("summarize") as worker:
        assert worker.ready().ask(payload, "summarize")["error"] == error


def test_summarize_without_its_key_does_not_get_ready() -> None:
    with FakeRunner(EXAMPLES / "summarize" / "main.py") as worker:
        assert worker.refused().startswith("@load failed: KeyError: 'OPENAI_API_KEY'")


def test_the_runqy_example_runs_on_unmodified_runqy_python() -> None:
    payload = payload_of("runqy")
    with example("runqy") as worker:
        result = worker.ready().result(payload)
        assert worker.end() == 0
    proof = hashlib.sha256((KEY + payload["text"]).encode()).hexdigest()[:16]
    assert result == {"text": payload["text"], "proof": proof}


@pytest.fixture
def sibling(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same user with a secret, and one in its folder."""
    (tmp_path / "secret").write_text("s")
    command = [sys.executable, "-c", "print(flush=True); input()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, cwd=tmp_path, env={"SECRET": "canary"}
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        yield process
        process.stdin.write(b"\n")


def test_the_hostile_task_gets_at_a_sibling_that_nothing_protects(
    sibling: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    with example("hostile") as worker, socket.create_server(("127.0.0.1", 0)) as metadata:
        outcomes = worker.ready().result(
            {
                "runner_folder": str(tmp_path / "none"),
                "sibling_pid": sibling.pid,
                "sibling_folder": str(tmp_path),
                "files": [str(tmp_path / "secret")],
                "metadata": f"127.0.0.1:{metadata.getsockname()[1]}",
            }
        )
    assert outcomes["runner identity.key"] == "denied: ENOENT"
    assert outcomes["runner folder"] == "denied: ENOENT"
    assert outcomes["sibling folder"] == "OPEN: listed 1 files, read 1"
    assert outcomes["sibling folder, new file"] == "OPEN: made a file"
    assert outcomes[f"file {tmp_path / 'secret'}"] == "OPEN: read 1 bytes"
    assert outcomes["sibling environ"] == "OPEN: read 14 bytes"
    assert outcomes["sibling signal"] == "OPEN: may be signalled"
    assert outcomes["metadata"] == "OPEN: connected"
    assert (outcomes["become root"] == "OPEN: runs as root") is (os.geteuid() == 0)
    assert "canary" not in json.dumps(outcomes)
    assert all(outcome.startswith(("OPEN: ", "denied: ")) for outcome in outcomes.values())


def test_the_hostile_task_tries_only_what_its_payload_names() -> None:
    with example("hostile") as worker:
        outcomes = worker.ready().result({})
    assert not [name for name in outcomes if name.startswith(("sibling", "runner", "file"))]
    assert "metadata" not in outcomes
