"""The sections of a lesson: those of its core, and those that are deeper.

A heading that begins ``Deeper:`` says so in the lesson's own text. Its section reaches
as far as JupyterLab collapses: to the next heading that is not below it.
"""

import copy
import re
from collections.abc import Iterator

from nbformat import NotebookNode

DEEPER = "Deeper: "
"""How the heading of a section begins that the core does not need."""

TAG = "deeper"
"""What each cell of such a section is tagged with."""

_COLLAPSED = "jp-MarkdownHeadingCollapsed"
_HEADING = re.compile(r"(#+) (.+)")


def mark_deeper(notebook: NotebookNode) -> None:
    """Tag the cells of deeper sections, and have Lab open the lesson with them closed.

    Args:
        notebook: a lesson; it is changed in place.

    Raises:
        ValueError: a heading stands in the middle of a cell, where Lab does not see it.
    """
    for cell, heading in _deeper_cells(notebook):
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), TAG]
        if heading:
            cell.metadata[_COLLAPSED] = True


def is_deeper(cell: NotebookNode) -> bool:
    """Return whether a cell of a generated notebook is in a deeper section."""
    return TAG in cell.metadata.get("tags", [])


def core(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of a generated notebook that has its core only."""
    path = copy.deepcopy(notebook)
    path.cells = [cell for cell in path.cells if not is_deeper(cell)]
    return path


def _deeper_cells(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, bool]]:
    """Give each cell of a deeper section, and whether it is the section's heading."""
    outer = 0  # level of the heading of the deeper section that we are in
    for cell in notebook.cells:
        level, title = _heading(cell)
        if level and (not outer or level <= outer):
            outer = level if title.startswith(DEEPER) else 0
            if outer:
                yield cell, True
                continue
        if outer:
            yield cell, False


def _heading(cell: NotebookNode) -> tuple[int, str]:
    """Return the level and text of the heading that a cell begins with, or 0."""
    if cell.cell_type != "markdown":
        return 0, ""
    first, *rest = _text(cell.source).split("\n")
    if any(map(_HEADING.match, rest)):
        raise ValueError(f"A heading begins its cell, and not as in: {cell.source!r}")
    found = _HEADING.match(first)
    return (len(found[1]), found[2]) if found else (0, "")


def _text(source: str) -> str:
    """Return a cell's text without its blocks of code, whose comments are no headings."""
    return re.sub(r"^```.*?^```", "", source, flags=re.MULTILINE | re.DOTALL)
