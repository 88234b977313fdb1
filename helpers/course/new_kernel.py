"""A cell that runs before those that it needs gets a sentence.

An extension of IPython, which the course's kernel loads when it starts: nothing else of
the course is there then, and this must not take time.
"""

import re
import symtable
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython

from helpers.course.project import LESSONS

_NEW = "This kernel is new: run the first cell."
_ABOVE = (
    "{} is made in a cell above that has not run. Choose Run > Run All Above Selected "
    "Cell, then run this cell again."
)

# Not the first line of a script, "# %%writefile …".
_HEAD = re.compile(r"^# %%(?: (.*))?$", re.MULTILINE)
# Where VS Code and Jupyter say which notebook a kernel is for.
_NOTEBOOK = ("__vsc_ipynb_file__", "__session__")


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401
    """Have names looked at that are not there, until the first cell runs."""
    shell.set_custom_exc((NameError,), _show)


def _show(*caught: Any, **how: Any) -> list[str]:  # noqa: ANN401
    # Late: this imports the clients.
    from helpers.course.errors import show

    return show(*caught, **how)


def sentence_on(error: NameError) -> str | None:
    """Return what to run when a cell of this lesson lacks a name that others define.

    None: the lesson has no such name, or this notebook is no lesson.
    """
    shell = get_ipython()
    told = [shell.user_ns.get(one) for one in _NOTEBOOK] if shell else []
    notebook = Path(next(filter(None, told), "")).stem
    # A copy is called "04_topics-Copy1".
    lessons = (one for one in LESSONS.glob("[0-9]*.py") if notebook.startswith(one.stem))
    for one in lessons:
        lesson = one.read_text("utf-8")
        if error.name in defined_first(lesson):
            return _NEW
        if error.name in defined_by(lesson):
            return _ABOVE.format(error.name)
    return None


def defined_first(lesson: str) -> set[str]:
    """Return the names that a lesson's set-up cell defines."""
    return _names(body for head, body in _cells(lesson) if "setup" in head)


def defined_by(lesson: str) -> set[str]:
    """Return the names that a lesson's cells define, but for its exercises."""
    others = ("[markdown]", "solution")
    return _names(
        body for head, body in _cells(lesson) if not any(one in head for one in others)
    )


def _cells(lesson: str) -> Iterable[tuple[str, str]]:
    """Give head and code of each cell."""
    _, *parts = _HEAD.split(lesson)
    return zip((head or "" for head in parts[::2]), parts[1::2], strict=True)


def _names(cells: Iterable[str]) -> set[str]:
    symbols = symtable.symtable("\n".join(cells), "cells", "exec").get_symbols()
    return {one.get_name() for one in symbols if one.is_assigned() or one.is_imported()}
