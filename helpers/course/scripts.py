"""Scripts that come ready-made with the lessons, in ``lessons/scripts/``.

A lesson shows one by ``<!-- script: NAME.py -->``: folded, for whoever wants to read it.
"""

import ast
import re

from nbformat import NotebookNode

from helpers.course.project import SCRIPTS

_CODE = re.compile(r"`([^`]+)`")
_SHOWN = re.compile(r"<!-- script: (?P<name>\w+\.py) -->")


def with_scripts(lesson: NotebookNode) -> None:
    """Put the text of each script that a lesson shows into its cell, folded, in place.

    Raises:
        FileNotFoundError: there is no such script.
    """
    for cell in lesson.cells:
        if cell.cell_type == "markdown":
            cell.source = _SHOWN.sub(_folded, cell.source)


def _folded(shown: re.Match[str]) -> str:
    name = shown["name"]
    source = (SCRIPTS / name).read_text("utf-8")
    about = (ast.get_docstring(ast.parse(source)) or "").split("\n")[0]
    # Within HTML, Markdown's own marks mean nothing.
    about = _CODE.sub(r"<code>\1</code>", about)
    return (
        f"<details><summary><code>lessons/scripts/{name}</code>: {about}</summary>\n\n"
        f"```python\n{source.rstrip()}\n```\n\n</details>"
    )
