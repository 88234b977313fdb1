"""Scripts that come with the lessons: found by name, and shown folded."""

import re
from pathlib import Path

import nbformat
import pytest

from helpers.course.project import LESSONS, SCRIPTS, script_file
from helpers.course.scripts import with_scripts


def test_a_script_is_shown_folded_with_what_it_is_for() -> None:
    cell = nbformat.v4.new_markdown_cell(
        "A topic.\n\n<!-- script: topics.py -->\n\nGo on."
    )
    with_scripts(nbformat.v4.new_notebook(cells=[cell]))
    assert cell.source.startswith("A topic.\n\n<details><summary>")
    assert "<code>lessons/scripts/topics.py</code>: Makes a topic anew" in cell.source
    assert "\n\n```python\n" in cell.source
    assert "def creator(lesson)" in cell.source
    assert cell.source.endswith("\n```\n\n</details>\n\nGo on.")


def test_a_script_that_is_not_there_cannot_be_shown() -> None:
    cell = nbformat.v4.new_markdown_cell("<!-- script: nothing.py -->")
    with pytest.raises(FileNotFoundError):
        with_scripts(nbformat.v4.new_notebook(cells=[cell]))


def test_the_students_own_script_goes_before_ours(tmp_path: Path) -> None:
    assert script_file(tmp_path, "topics.py") == SCRIPTS / "topics.py"
    own = tmp_path / "topics.py"
    own.touch()
    assert script_file(tmp_path, "topics.py") == own
    # What is nowhere is looked for where the student's scripts are.
    assert script_file(tmp_path, "mine.py") == tmp_path / "mine.py"


def test_every_script_is_shown_in_a_lesson() -> None:
    lessons = "\n".join(one.read_text("utf-8") for one in LESSONS.glob("[0-9]*.py"))
    shown = set(re.findall(r"<!-- script: (\w+\.py) -->", lessons))
    assert shown == {one.name for one in SCRIPTS.glob("*.py")}
