"""Fixtures: a worker from a program's text."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.fake_runner import FakeRunner

StartWorker = Callable[..., FakeRunner]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartWorker]:
    """Starts a program given as text, after `from nightsafe import *`; ends it after the test."""
    with ExitStack() as stack:

        def start(text: str, **options: Any) -> FakeRunner:
            program = tmp_path / "main.py"
            program.write_text("from nightsafe import *\n" + dedent(text))
            return stack.enter_context(FakeRunner(program, cwd=tmp_path, **options))

        yield start
