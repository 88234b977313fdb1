"""A kernel in which the lesson's first cell has not run says so; others say nothing."""

from pathlib import Path

import pytest

from helpers.course.new_kernel import defined_by, defined_first
from helpers.course.project import LESSONS
from helpers.lab import prepare
from tests.kernels import Cell, running_kernel

TOLD = ["NameError: This kernel is new: run the first cell."]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Install the course's kernel apart from the developer's, and return its name."""
    file = tmp_path / "kernels" / "course" / "kernel.json"
    monkeypatch.setattr(prepare, "kernel_file", lambda: file)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    prepare.install_kernel()
    return "course"


def test_a_cell_before_the_first_one_is_told_so(installed: str) -> None:
    with running_kernel(installed, JPY_SESSION_NAME="work/04_topics-Copy1.ipynb") as run:
        assert _error(run, "lesson.topic('x')") == TOLD
        assert _error(run, "wait_for") == TOLD
        # What the first cell of this lesson does not define, in the usual words.
        assert "Traceback" in "".join(_error(run, "foo"))
        assert "Traceback" in "".join(_error(run, "replay"))
        (above,) = _error(run, "admin")
        assert above.startswith("NameError: admin is made in a cell above")
        assert run("from helpers import begin") == []
        assert _error(run, "lesson") == TOLD


def test_another_notebook_is_told_nothing(installed: str) -> None:
    with running_kernel(installed, JPY_SESSION_NAME="work/mine.ipynb") as run:
        assert "Traceback" in "".join(_error(run, "lesson"))


@pytest.mark.parametrize(
    "lesson", sorted(LESSONS.glob("[0-9]*.py")), ids=lambda p: p.stem
)
def test_every_first_cell_is_understood(lesson: Path) -> None:
    assert {"begin", "lesson", "view"} <= defined_first(lesson.read_text("utf-8"))


def test_names_of_an_exercise_are_not_told() -> None:
    lesson = (LESSONS / "08_replication.py").read_text("utf-8")
    assert {"admin", "look", "departed"} <= defined_by(lesson)
    assert "guarded" not in defined_by(lesson)


def _error(run: Cell, code: str) -> list[str]:
    """Return the lines of the error in which a cell ends."""
    (error,) = (one["traceback"] for one in run(code) if one["type"] == "error")
    return list(error)
