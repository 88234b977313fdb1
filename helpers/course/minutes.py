"""How long a lesson takes, computed: ``python -m helpers.course.minutes`` prints all.

Words are read at 200 a minute and code at 15 lines a minute, a cell costs 6 seconds to
run and to look at, a prediction 30 seconds, an exercise 8 minutes. What a lesson waits
for its servers was measured: ``python -m bench.waits`` wrote ``lessons/waits.toml``.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache

from nbformat import NotebookNode

from helpers.course.notebooks import read_lesson, without_solutions
from helpers.course.project import LESSONS
from helpers.course.sections import is_deeper
from helpers.course.syllabus import Entry, entries

WAITS = LESSONS / "waits.toml"

_WORDS, _LINES = 200, 15  # in a minute
_CELL, _PREDICTION, _EXERCISE = 0.1, 0.5, 8.0  # minutes
_IS_PREDICTION = re.compile(r"^predict\(", re.MULTILINE)
_IS_EXERCISE = re.compile(r"^check\(", re.MULTILINE)
# A script that is shown folded is for whoever opens it.
_FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)


def minutes(lesson: Entry) -> tuple[float, float]:
    """Return the minutes for the core of a lesson, and those for what is deeper.

    Args:
        lesson: one that is there.
    """
    # What a student reads: the exercises are not done yet.
    cells = without_solutions(read_lesson(lesson.file)).cells
    waits = _waits().get(lesson.stem, {})
    core = _worked(cell for cell in cells if not is_deeper(cell))
    deeper = _worked(filter(is_deeper, cells))
    return core + waits.get("core", 0) / 60, deeper + waits.get("deeper", 0) / 60


@cache
def _waits() -> dict[str, dict[str, float]]:
    return tomllib.loads(WAITS.read_text("utf-8"))


def _worked(cells: Iterable[NotebookNode]) -> float:
    """Return the minutes for reading and doing, without waits."""
    kinds = {"markdown": _read, "code": _done}
    return sum(_CELL + kinds[cell.cell_type](cell.source) for cell in cells)


def _read(text: str) -> float:
    return len(_FOLDED.sub("", text).split()) / _WORDS


def _done(code: str) -> float:
    lines = sum(bool(line.strip()) for line in code.splitlines())
    questions = len(_IS_PREDICTION.findall(code)) * _PREDICTION
    return lines / _LINES + questions + len(_IS_EXERCISE.findall(code)) * _EXERCISE


def main() -> None:
    """Print the minutes of each lesson, and what the index says."""
    print(f"{'lesson':22} {'computed':>9} {'index':>9}")
    for one in entries():
        if one.is_there:
            core, deeper = minutes(one)
            computed, stated = f"{core:.0f} + {deeper:.0f}", f"{one.core} + {one.deeper}"
            print(f"{one.stem:22} {computed:>9} {stated:>9}")


if __name__ == "__main__":
    main()
