"""The student's own copies of the notebooks: seeded once, never overwritten.

The glossary is renewed as long as the student has left it as it came: it holds no
answers, and the lessons' links lead to it by its name.
"""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from helpers.course.project import NOTEBOOKS
from helpers.course.syllabus import GLOSSARY

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
    """
    work_dir.mkdir(parents=True, exist_ok=True)
    known = _read(work_dir / _SEEDED)
    _renew_glossary(work_dir, source, known)
    new = [
        name
        for lesson in sorted(source.glob("*.ipynb"))
        if (name := _offer(lesson, work_dir, known.get(lesson.name)))
    ]
    digests = {lesson.name: _digest(lesson) for lesson in source.glob("*.ipynb")}
    digests[_GLOSSARY_TEXT] = _text_digest(source / GLOSSARY)
    (work_dir / _SEEDED).write_text(json.dumps(digests, indent=1), "utf-8")
    return new


def _offer(lesson: Path, work_dir: Path, seen: str | None) -> str | None:
    digest = _digest(lesson)
    target = work_dir / lesson.name
    if target.exists():
        if seen in (None, digest):
            return None
        target = target.with_stem(f"{lesson.stem}.new-{digest[:6]}")
        print(f"A newer {lesson.name} is offered beside yours: {target.name}", flush=True)
    shutil.copyfile(lesson, target)
    return target.name


def _renew_glossary(work_dir: Path, source: Path, known: dict[str, str]) -> None:
    mine, newest = work_dir / GLOSSARY, source / GLOSSARY
    left_alone = mine.exists() and _text_digest(mine) == known.get(_GLOSSARY_TEXT)
    if left_alone and newest.exists():
        shutil.copyfile(newest, mine)
        known[GLOSSARY] = _digest(newest)


def _text_digest(file: Path) -> str:
    """Return a digest of what a notebook's cells say.

    JupyterLab saves a notebook that was only looked at, with other metadata.
    """
    cells = _read(file).get("cells", [])
    said = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _read(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
