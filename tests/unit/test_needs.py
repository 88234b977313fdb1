"""Cells that say what they need of the servers."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from helpers.course import needs
from helpers.course.notebooks import read_lesson
from helpers.course.project import LESSONS
from helpers.servers.interface import ABILITIES, BREAK_NODES, READ_FILES

CELL = "# needs: break nodes\nbroken = True"


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    shell = InteractiveShell()
    monkeypatch.setattr(needs, "get_ipython", lambda: shell)
    return shell


def test_a_cell_that_needs_more_is_passed_over(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    needs.install(frozenset())
    shell.run_cell(CELL)
    assert "broken" not in shell.user_ns
    assert f"do not let you {BREAK_NODES}" in capsys.readouterr().out


def test_a_cell_whose_needs_are_met_runs(shell: InteractiveShell) -> None:
    needs.install(frozenset())
    needs.install(ABILITIES)
    shell.run_cell(CELL)
    assert shell.user_ns["broken"]


def test_several_needs_stand_in_one_line() -> None:
    assert needs.of_cell("# needs: break nodes, read files\n1") == {
        BREAK_NODES,
        READ_FILES,
    }
    assert needs.of_cell("1") == frozenset()


def test_every_need_in_the_lessons_is_one_that_there_is() -> None:
    for lesson in LESSONS.glob("*.py"):
        for cell in read_lesson(lesson).cells:
            assert needs.of_cell(cell.source) <= ABILITIES
