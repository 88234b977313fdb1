"""A Python that cannot serve gets one sentence, not a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from helpers.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "helpers" / "install"
BOOTSTRAP = str(FOLDER / "bootstrap.py")


def answer_with(patch: str) -> str:
    """Run the set-up in a Python that ``patch`` has changed; return its words."""
    code = f"import runpy, sys\n{patch}\nsys.argv = ['bootstrap', 'lab']\n"
    code += f"runpy.run_path({BOOTSTRAP!r}, run_name='__main__')"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    return result.stderr


def test_an_old_python() -> None:
    assert "install Python 3.11" in answer_with("sys.version_info = (3, 9, 1)")


def test_a_python_of_tomorrow() -> None:
    assert "is not supported" in answer_with("sys.version_info = (3, 14, 0)")


def test_a_python_without_ensurepip() -> None:
    assert "python3-venv" in answer_with("sys.modules['ensurepip'] = None")


def test_a_folder_whose_path_has_a_colon() -> None:
    patch = "import os; os.getcwd = lambda: '/home/a:b'"
    assert "give that folder another name" in answer_with(patch)


@pytest.mark.skipif(sys.platform != "linux", reason="musl is a matter of Linux")
def test_a_linux_with_musl() -> None:
    patch = "import platform; platform.libc_ver = lambda: ('', '')"
    assert "musl" in answer_with(patch)


def test_a_command_that_only_looks_like_a_python_is_passed_over(tmp_path: Path) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\necho 'python3.13: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    (tmp_path / "python3").symlink_to(sys.executable)
    (tmp_path / "sh").symlink_to("/bin/sh")
    found = subprocess.run(
        ["sh", str(FOLDER / "find-python.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "python3"


def test_one_that_is_named_is_never_replaced_by_another() -> None:
    result = subprocess.run(
        ["sh", str(FOLDER / "find-python.sh")],
        env={"PATH": str(Path(sys.executable).parent), "PYTHON": "/no/such"},
        capture_output=True,
        text=True,
        check=False,
        executable="/bin/sh",
    )
    assert result.returncode == 1
    assert "PYTHON=/no/such does not run" in result.stderr


def test_no_python_at_all(tmp_path: Path) -> None:
    (tmp_path / "sh").symlink_to("/bin/sh")
    result = subprocess.run(
        ["sh", str(FOLDER / "find-python.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "install Python" in result.stderr
