"""Which lessons there are, where they lie, and what the kernel that runs them is called.

Apart from what reads and writes notebooks: that takes seconds to import, and a lesson's
first cell needs none of it.
"""

import os
from difflib import get_close_matches
from pathlib import Path

from helpers.inputs import InputError
from helpers.settings import PROJECT_ROOT
from helpers.wording import shown

KERNEL_NAME = "streaming-workbook"
KERNEL_TITLE = "Streaming workbook"
LESSONS = PROJECT_ROOT / "lessons"
PREDICTIONS = LESSONS / "predictions"
SCRIPTS = LESSONS / "scripts"
NOTEBOOKS = PROJECT_ROOT / "notebooks"
SOLUTIONS = NOTEBOOKS / "solutions"


def lesson_names() -> list[str]:
    """Return the names of the lessons that are there, in their order."""
    return sorted(file.stem for file in LESSONS.glob("[0-9]*.py"))


def check_lesson(name: str, caller: str) -> None:
    """Refuse what is no lesson's name.

    Args:
        name: what was given, instead of one such as ``"04_topics"``.
        caller: the helper it was given to, such as ``"begin"``.

    Raises:
        InputError: there is no such lesson.
    """
    lessons = lesson_names()
    if name not in lessons:
        begun = [one for one in lessons if name and one.startswith(name)]
        alike = (begun or get_close_matches(name, lessons, 1) or lessons)[0]
        raise InputError(
            f"There is no lesson {shown(name)}: {caller} takes the name of a notebook, "
            f'such as "{alike}".'
        )


def script_file(folder: Path, name: str | Path) -> Path:
    """Return where a script lies: in a run's folder, or else among the ready-made.

    Args:
        folder: of the run, in which a student's own scripts are.
        name: such as ``"member.py"``.
    """
    own, ready_made = folder / name, SCRIPTS / name
    # A name that is too long is no file, and no error here.
    alone = os.path.isfile(ready_made) and not os.path.isfile(own)
    return ready_made if alone else own
