"""Cells that say what they need of the servers."""

import json
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from helpers.course import needs
from helpers.course.notebooks import read_lesson
from helpers.course.project import LESSONS
from helpers.servers.interface import ABILITIES, BREAK_NODES, READ_FILES

LESSON = "88_of_tests"
CELL = "broken = True"
NEEDS = {"needs": "break nodes"}


class Shell(InteractiveShell):  # type: ignore[misc]
    """A shell to which a front end sends metadata, as it does to a kernel."""

    sent: dict[str, Any] = {}  # noqa: RUF012 - none but a test's own

    def get_parent(self) -> dict[str, Any]:
        return {"metadata": self.sent}


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """Return one for a lesson with one cell, whose notebook says what it needs."""
    cell = {"cell_type": "code", "source": [CELL], "metadata": NEEDS}
    for name in ("NOTEBOOKS", "SOLUTIONS"):
        monkeypatch.setattr(needs, name, tmp_path)
    file = tmp_path / f"{LESSON}.ipynb"
    file.write_text(json.dumps({"cells": [cell]}), "utf-8")
    shell = Shell()
    monkeypatch.setattr(needs, "get_ipython", lambda: shell)
    return shell


def test_a_cell_that_needs_more_is_passed_over(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    needs.install(LESSON, frozenset())
    shell.run_cell(f"{CELL}\n")
    assert "broken" not in shell.user_ns
    assert f"do not let you {BREAK_NODES}" in capsys.readouterr().out


def test_a_cell_that_was_changed_is_known_by_what_the_front_end_sends(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    needs.install(LESSON, frozenset())
    shell.sent = NEEDS
    shell.run_cell("broken = 'in another way'")
    assert "broken" not in shell.user_ns
    shell.sent = {}
    shell.run_cell("broken = 'in another way'")
    assert "broken" in shell.user_ns


def test_what_an_editor_changes_by_itself_makes_no_other_cell(shell: Shell) -> None:
    needs.install(LESSON, frozenset())
    shell.run_cell(f"\n{CELL}  \r\n\n")
    assert "broken" not in shell.user_ns


@pytest.mark.parametrize("text", ["", "<<<<<<< HEAD", "[]", "{}"])
def test_a_notebook_that_cannot_be_read_stops_nothing(
    shell: Shell, tmp_path: Path, text: str
) -> None:
    (tmp_path / f"{LESSON}.ipynb").write_text(text, "utf-8")
    needs.install(LESSON, frozenset())
    needs.install("no lesson at all", frozenset())
    shell.run_cell(CELL)
    assert shell.user_ns["broken"]


def test_a_cell_whose_needs_are_met_runs(shell: Shell) -> None:
    needs.install(LESSON, frozenset())
    needs.install(LESSON, ABILITIES)
    shell.run_cell(CELL)
    assert shell.user_ns["broken"]


def test_a_cell_may_have_several_needs() -> None:
    both = {"needs": "break nodes, read files"}
    assert needs.of_cell(both) == {BREAK_NODES, READ_FILES}
    assert needs.of_cell({}) == frozenset()


def test_every_need_in_the_lessons_is_one_that_there_is() -> None:
    found = [
        needs.of_cell(cell.metadata)
        for lesson in LESSONS.glob("[0-9]*.py")
        for cell in read_lesson(lesson).cells
    ]
    assert frozenset().union(*found) == ABILITIES
