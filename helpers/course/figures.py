"""The figures of the lessons: carried by the notebooks themselves, with their words.

A lesson writes ``![](../Images/NAME.png)``. In the notebooks the picture is an
attachment of its cell, so that it is there wherever a student keeps the copy.
"""

import base64
import re
import tomllib
from pathlib import Path

from nbformat import NotebookNode

from helpers.settings import PROJECT_ROOT

IMAGES = PROJECT_ROOT / "Images"
_FIGURE = re.compile(r"!\[\]\(\.\./Images/(?P<name>[\w-]+\.png)\)")


class NoAltText(KeyError):
    """A figure has no entry in ``Images/alt.toml``."""


def alt_text(name: str) -> str:
    """Return what a figure shows, in words.

    Raises:
        NoAltText: nobody has written it yet.
    """
    texts = tomllib.loads((IMAGES / "alt.toml").read_text("utf-8"))
    if name not in texts:
        raise NoAltText(f"Images/alt.toml does not say what {name} shows.")
    return str(texts[name]).strip()


def with_figures(lesson: NotebookNode) -> None:
    """Attach each figure that a lesson shows to the cell that shows it, in place.

    Raises:
        NoAltText: a figure has no words.
        FileNotFoundError: there is no such figure.
    """
    for cell in lesson.cells:
        names = _FIGURE.findall(cell.source) if cell.cell_type == "markdown" else []
        if names:
            cell.source = _FIGURE.sub(_attached, cell.source)
            cell.attachments = {name: _picture(IMAGES / name) for name in names}


def _attached(figure: re.Match[str]) -> str:
    name = figure["name"]
    return f"![{alt_text(name)}](attachment:{name})"


def _picture(file: Path) -> dict[str, str]:
    return {"image/png": base64.b64encode(file.read_bytes()).decode("ascii")}
