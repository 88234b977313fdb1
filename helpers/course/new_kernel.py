"""A cell that runs in a new kernel before the lesson's first one gets a sentence.

An extension of IPython, which the course's kernel loads when it starts: nothing else of
the course is there then, and this must not take time.
"""

import re
import symtable
from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython

from helpers.course.project import LESSONS

SENTENCE = "This kernel is new: run the first cell."

_SETUP = re.compile(r'^# %% tags=\["setup"\]\n(.*?)^# %%', re.DOTALL | re.MULTILINE)
# Where VS Code and Jupyter say which notebook a kernel is for.
_NOTEBOOK = ("__vsc_ipynb_file__", "__session__")


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401
    """Have names looked at that are not there, until the first cell runs."""
    shell.set_custom_exc((NameError,), _show)


def _show(*caught: Any, **how: Any) -> list[str]:  # noqa: ANN401
    # Late: this imports the clients.
    from helpers.course.errors import show

    return show(*caught, **how)


def lacks_first_cell(error: NameError) -> bool:
    """Tell whether a name is missing that the first cell of this lesson defines."""
    shell = get_ipython()
    told = [shell.user_ns.get(one) for one in _NOTEBOOK] if shell else []
    notebook = Path(next(filter(None, told), "")).stem
    # A copy is called "04_topics-Copy1".
    lessons = (one for one in LESSONS.glob("[0-9]*.py") if notebook.startswith(one.stem))
    return any(error.name in defined_first(one.read_text("utf-8")) for one in lessons)


def defined_first(lesson: str) -> set[str]:
    """Return the names that a lesson's set-up cell defines."""
    found = _SETUP.search(lesson)
    names = symtable.symtable(found[1] if found else "", "setup", "exec").get_symbols()
    return {one.get_name() for one in names if one.is_assigned() or one.is_imported()}
