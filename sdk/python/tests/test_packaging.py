"""The two ways in which a worker gets this SDK: from a .pth line, and as a wheel."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.fake_runner import SDK, FakeRunner

PROJECT = SDK.parent


@pytest.fixture
def program(tmp_path: Path) -> Path:
    program = tmp_path / "main.py"
    program.write_text(
        "from nightsafe import *\nimport nightsafe\n"
        "@task\ndef where(payload):\n    return nightsafe.__file__\nrun()\n"
    )
    return program


def test_a_pth_line_in_a_virtual_environment_is_enough(tmp_path: Path, program: Path) -> None:
    venv.create(tmp_path / "env", symlinks=True)
    (site_packages,) = (tmp_path / "env" / "lib").glob("python*/site-packages")
    (site_packages / "nightsafe.pth").write_text(f"{SDK}\n")
    python = [str(tmp_path / "env" / "bin" / "python"), "-B"]
    with FakeRunner(program, python=python, env={"PYTHONPATH": ""}) as worker:
        assert worker.ready().result(None) == str(SDK / "nightsafe" / "__init__.py")


def test_the_wheel_holds_the_package_and_its_types(tmp_path: Path, program: Path) -> None:
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(PROJECT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("nightsafe-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as content:
        held = {name for name in content.namelist() if name.startswith("nightsafe/")}
    assert held == {f"nightsafe/{file.name}" for file in (SDK / "nightsafe").glob("*.*")}
    assert "nightsafe/py.typed" in held
    with FakeRunner(program, env={"PYTHONPATH": str(wheel)}) as worker:
        assert worker.ready().result(None) == str(wheel / "nightsafe" / "__init__.py")
