"""The student's own copies of the notebooks: seeded once, never overwritten.

The glossary is renewed as long as the student has left it as it came: it holds no
answers, and the lessons' links lead to it by its name.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from helpers import files
from helpers.course.project import NOTEBOOKS
from helpers.course.syllabus import GLOSSARY
from helpers.inputs import InputError

FIRST_LESSON = "00_welcome.ipynb"
_SEEDED = ".seeded.json"
_GLOSSARY_TEXT = f"{GLOSSARY}, its text"


def seed(work_dir: Path, source: Path = NOTEBOOKS) -> list[str]:
    """Copy each lesson that the student has not got; offer newer ones beside theirs.

    Args:
        work_dir: the student's folder, made if it is not there.
        source: the folder with the lessons of today.

    Returns:
        The names of the files that are new in ``work_dir``.

    Raises:
        InputError: no files can be written there.
    """
    try:
        return _seed(work_dir, source)
    except OSError as error:
        raise InputError(
            f"Your notebooks cannot be kept in {work_dir} ({error}): free that path, or "
            "set WORKBOOK_WORK_DIR to another folder."
        ) from error


def _seed(work_dir: Path, source: Path) -> list[str]:
    work_dir.mkdir(parents=True, exist_ok=True)
    known = _known(work_dir / _SEEDED)
    _renew_glossary(work_dir, source, known)
    new = [
        name
        for lesson in sorted(source.glob("*.ipynb"))
        if (name := _offer(lesson, work_dir, known.get(lesson.name)))
    ]
    digests: dict[str, str | None] = {
        lesson.name: _digest(lesson) for lesson in source.glob("*.ipynb")
    }
    digests[_GLOSSARY_TEXT] = _text_digest(source / GLOSSARY)
    files.write(work_dir / _SEEDED, json.dumps(digests, indent=1))
    return new


def _known(file: Path) -> dict[str, Any]:
    """Return what was copied before; a list that cannot be read is kept aside."""
    known = _read(file)
    if known is None and file.is_file():
        kept = files.set_aside(file)
        print(f"The list of your notebooks could not be read; it is kept as {kept}.")
    return known or {}


def _offer(lesson: Path, work_dir: Path, seen: str | None) -> str | None:
    digest = _digest(lesson)
    target = work_dir / lesson.name
    if target.exists():
        if seen in (None, digest):
            return None
        target = target.with_stem(f"{lesson.stem}.new-{digest[:6]}")
        if target.exists():
            return None
        print(f"A newer {lesson.name} is offered beside yours: {target.name}", flush=True)
    files.write(target, lesson.read_bytes())
    return target.name


def _renew_glossary(work_dir: Path, source: Path, known: dict[str, Any]) -> None:
    mine, newest = work_dir / GLOSSARY, source / GLOSSARY
    said = _text_digest(mine)
    if said and said == known.get(_GLOSSARY_TEXT) and newest.exists():
        files.write(mine, newest.read_bytes())
        known[GLOSSARY] = _digest(newest)


def _text_digest(file: Path) -> str | None:
    """Return a digest of what a notebook's cells say, or None if it is no notebook.

    JupyterLab saves a notebook that was only looked at, with other metadata.
    """
    try:
        cells = (_read(file) or {})["cells"]
        said = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    except (KeyError, TypeError):
        return None
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _read(file: Path) -> dict[str, Any] | None:
    """Return what is in a file of JSON, or None if that is no object."""
    try:
        found = json.loads(files.behind(file).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
