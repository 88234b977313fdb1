"""A kernel in which the lesson's first cell has not run says so; others say nothing."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from helpers.course.new_kernel import SENTENCE, defined_first
from helpers.course.project import LESSONS
from helpers.lab import prepare
from helpers.waiting import patience

Cell = Callable[[str], dict[str, Any]]


@pytest.fixture
def kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Cell]]:
    """Return what starts the course's kernel for a notebook, and runs its cells there."""
    file = tmp_path / "kernels" / "course" / "kernel.json"
    monkeypatch.setattr(prepare, "kernel_file", lambda: file)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    prepare.install_kernel()
    manager = KernelManager(kernel_name="course")

    def begun(notebook: str) -> Cell:
        manager.start_kernel(env={**os.environ, "JPY_SESSION_NAME": notebook})
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=60 * patience())

        def run(code: str) -> dict[str, Any]:
            told: dict[str, Any] = client.execute_interactive(
                code, output_hook=lambda _: None, timeout=60 * patience()
            )["content"]
            return told

        return run

    yield begun
    manager.shutdown_kernel(now=True)


def test_a_cell_before_the_first_one_is_told_so(kernel: Callable[[str], Cell]) -> None:
    run = kernel("work/04_topics-Copy1.ipynb")
    for missing in ("lesson.topic('x')", "wait_for"):
        assert run(missing)["traceback"] == [f"NameError: {SENTENCE}"]
    # What the first cell of this lesson does not define, in the usual words.
    for other in ("foo", "replay"):
        assert "Traceback" in "".join(run(other)["traceback"])
    assert run("from helpers import begin")["status"] == "ok"
    assert run("lesson")["traceback"] == [f"NameError: {SENTENCE}"]
    assert run("lesson = 1; lesson")["status"] == "ok"


def test_another_notebook_is_told_nothing(kernel: Callable[[str], Cell]) -> None:
    run = kernel("work/mine.ipynb")
    assert SENTENCE not in json.dumps(run("lesson"))


@pytest.mark.parametrize("lesson", sorted(LESSONS.glob("[0-9]*.py")), ids=lambda p: p.stem)
def test_every_first_cell_is_understood(lesson: Path) -> None:
    assert {"begin", "lesson", "view"} <= defined_first(lesson.read_text("utf-8"))
