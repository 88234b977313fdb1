"""Run lessons in another mode, in a process of their own."""

import subprocess
import sys
from pathlib import Path

from helpers.course.syllabus import entries
from helpers.settings import PROJECT_ROOT
from helpers.waiting import patience
from tests.parts import NBVAL

_LESSON_SECONDS = 240 * patience()


def lessons_of(mode: str) -> list[str]:
    """Return the names of the lessons that run in a mode, as the index says."""
    return [one.stem for one in entries() if one.is_there and mode in one.modes]


def run_lesson(notebook: Path, env: dict[str, str]) -> None:
    """Run a notebook from top to bottom; fail with what its cells said.

    Args:
        notebook: relative to the project.
        env: the whole environment.
    """
    command = [sys.executable, "-m", "pytest", *NBVAL, "-p", "no:cacheprovider"]
    result = subprocess.run(
        [*command, str(notebook)],
        cwd=PROJECT_ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=_LESSON_SECONDS,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
