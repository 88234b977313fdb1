"""The list of lessons, ``lessons/index.toml``, and the table of it in the README.

``python -m helpers.course.syllabus`` writes the table.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpers.settings import PROJECT_ROOT

INDEX = PROJECT_ROOT / "lessons" / "index.toml"
README = PROJECT_ROOT / "README.md"
GLOSSARY = "glossary.ipynb"
"""The notebook of all terms; it belongs to no lesson."""

_DEEPER = (
    "You can leave those out. JupyterLab shows them closed: Shift+Enter passes over one, "
    "and the line below its heading opens it."
)
_BEGIN, _END = "<!-- lessons -->\n", "<!-- /lessons -->"


@dataclass(frozen=True)
class Entry:
    """One lesson of the syllabus.

    Attributes:
        number: its place, from 0.
        stem: its file's name without the ending.
        title: as its first line has it.
        core: minutes that the core of it takes to work through.
        deeper: minutes that its deeper sections take on top; 0 if it has none.
        needs: the engines it uses: ``"kafka"``, ``"kinesis"``, both or neither.
        modes: in which its notebook can run.
    """

    number: int
    stem: str
    title: str
    core: int
    deeper: int
    needs: tuple[str, ...]
    modes: tuple[str, ...]

    @property
    def file(self) -> Path:
        """Where the lesson is edited, or will be."""
        return INDEX.with_name(f"{self.stem}.py")

    @property
    def time(self) -> str:
        """What its first cell says of minutes, engines, and what is deeper."""
        needs = f"needs {self.engines}."
        if not self.deeper:
            return f"**{self.core} minutes** · {needs}"
        more = f"and {self.deeper} more for the sections marked *Deeper*"
        return f"**{self.core} minutes**, {more} · {needs}\n\n{_DEEPER}"

    @property
    def engines(self) -> str:
        """The engines that it needs, such as ``Kafka and Kinesis``."""
        return " and ".join(need.title() for need in self.needs)

    @property
    def is_there(self) -> bool:
        """Whether the lesson is written."""
        return self.file.exists()


@cache
def entries() -> tuple[Entry, ...]:
    """Return all lessons in their order, those not there yet included."""
    listed = tomllib.loads(INDEX.read_text("utf-8"))["lesson"]
    return tuple(
        Entry(**{**one, "needs": tuple(one["needs"]), "modes": tuple(one["modes"])})
        for one in listed
    )


def entry(number: int) -> Entry:
    """Return one lesson.

    Raises:
        LookupError: there is no lesson of this number.
    """
    found = next((one for one in entries() if one.number == number), None)
    if found is None:
        raise LookupError(f"lessons/index.toml has no lesson {number}.")
    return found


def following(number: int) -> Entry | None:
    """Return the next lesson that is there, or None after the last."""
    later = (one for one in entries() if one.number > number and one.is_there)
    return next(later, None)


def table() -> str:
    """Return the lessons as a Markdown table with links to those that are there."""
    rows = ["| | lesson | core | deeper | needs | |", "|---|---|---|---|---|---|"]
    rows += [_row(one) for one in entries()]
    rows += [
        f"| | [Glossary](notebooks/{GLOSSARY}) | | | | every term, with its lesson |"
    ]
    return "\n".join(rows) + "\n"


def with_table(readme: str) -> str:
    """Return the README's text with the table of today between its two marks."""
    before, rest = readme.split(_BEGIN)
    _, after = rest.split(_END)
    return f"{before}{_BEGIN}{table()}{_END}{after}"


def _row(one: Entry) -> str:
    title = f"[{one.title}](notebooks/{one.stem}.ipynb)" if one.is_there else one.title
    state = "" if one.is_there else "not there yet"
    times = f"{one.core} min | {f'{one.deeper} min' if one.deeper else ''}"
    return f"| {one.number:02} | {title} | {times} | {one.engines} | {state} |"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")
