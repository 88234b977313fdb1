"""Run lessons in another mode, in a process of their own."""

import subprocess
import sys
import tomllib
from pathlib import Path

from helpers.course.notebooks import LESSONS
from helpers.settings import PROJECT_ROOT
from tests.parts import NBVAL

_INDEX = LESSONS / "index.toml"
_LESSON_SECONDS = 240


def lessons_of(mode: str) -> list[str]:
    """Return the names of the lessons that run in a mode: all but those that say no."""
    names = [file.stem for file in sorted(LESSONS.glob("[0-9]*.py"))]
    index = tomllib.loads(_INDEX.read_text("utf-8")) if _INDEX.exists() else {}
    return [name for name in names if mode in _modes(index, name, mode)]


def _modes(index: dict[str, object], name: str, mode: str) -> list[str]:
    lesson = index.get(name)
    return lesson.get("modes", [mode]) if isinstance(lesson, dict) else [mode]


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
