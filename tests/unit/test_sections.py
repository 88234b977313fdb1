"""Which cells are a lesson's core, and which are deeper."""

import re

import nbformat
import pytest
from nbformat import NotebookNode

from helpers.course.notebooks import read_lesson
from helpers.course.sections import DEEPER, core, is_deeper, mark_deeper
from helpers.course.syllabus import Entry, entries

_ABOUT_DEEPER = re.compile(r"^#+ *deeper\b.*", re.IGNORECASE | re.MULTILINE)


def lesson(*sources: str) -> NotebookNode:
    """Return one of these cells: those with a heading or a full stop are text."""
    cells = [
        nbformat.v4.new_markdown_cell(source)
        if source[0] == "#" or "." in source
        else nbformat.v4.new_code_cell(source)
        for source in sources
    ]
    made: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    mark_deeper(made)
    return made


def deeper(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if is_deeper(cell)]


def test_a_deeper_section_ends_at_the_next_heading_that_is_not_below_it() -> None:
    made = lesson("# L", "## A", "a", "## Deeper: B", "b", "### C", "c", "## D", "d")
    assert deeper(made) == ["## Deeper: B", "b", "### C", "c"]
    assert [one.source for one in core(made).cells] == ["# L", "## A", "a", "## D", "d"]


def test_a_part_of_a_section_may_be_deeper() -> None:
    made = lesson(
        "## A", "a", "### Deeper: B", "b", "### C", "c", "### Deeper: D", "## E"
    )
    assert deeper(made) == ["### Deeper: B", "b", "### Deeper: D"]


def test_one_deeper_section_follows_another() -> None:
    made = lesson("## Deeper: A", "a", "## Deeper: B", "b")
    assert len(deeper(made)) == 4


def test_lab_opens_a_lesson_with_these_headings_closed() -> None:
    made = lesson("## A", "a", "## Deeper: B", "b", "### C")
    closed = [cell.metadata.get("jp-MarkdownHeadingCollapsed") for cell in made.cells]
    assert closed == [None, None, True, None, None]


def test_a_heading_in_the_middle_of_a_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="A heading begins its cell"):
        lesson("A text.\n\n## Deeper: B")
    assert deeper(lesson("A text.\n```sh\n# a comment\n```")) == []


@pytest.mark.parametrize(
    "one", [one for one in entries() if one.is_there], ids=lambda one: one.stem
)
def test_a_lesson_begins_and_ends_in_its_core(one: Entry) -> None:
    lesson = read_lesson(one.file)
    for tag in ("setup", "terms", "cleanup"):
        tagged = [cell for cell in lesson.cells if tag in cell.metadata.get("tags", [])]
        assert tagged
        assert not any(map(is_deeper, tagged))
    assert not is_deeper(lesson.cells[-1])
    texts = "\n".join(cell.source for cell in lesson.cells)
    for heading in _ABOUT_DEEPER.findall(texts):
        assert heading.lstrip("#").startswith(f" {DEEPER}")
