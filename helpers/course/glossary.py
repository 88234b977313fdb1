"""The glossary: its terms, the notebook of them, and the links from the recaps.

The terms are in ``glossary.toml``. A recap is a cell tagged ``terms`` that reads
``**New terms**: one, another.``
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbformat import NotebookNode

from helpers.course.sections import DEEPER
from helpers.course.syllabus import GLOSSARY, entry

FILE = Path(__file__).with_suffix(".toml")
RECAP_HEADING = "What you know now"
_INTRODUCTION = """\
# Glossary

Every term of the course in one place, with the lesson that teaches it. A link leads to
the section that shows the thing at work. A term of a lesson that is not there yet says
so."""
_RECAP = re.compile(r"\*\*New terms\*\*:\s*(?P<terms>.+?)\.\s*\Z", re.DOTALL)
_COMMA = re.compile(r",\s+")
_MOST_IN_A_LINK = "?'(),:"
"""Characters that a fragment may hold as they are."""


@dataclass(frozen=True)
class Term:
    """One entry.

    Attributes:
        name: the word, as the recaps write it.
        lesson: number of the lesson that teaches it.
        text: what it means, in Markdown.
        aliases: other words for the same.
        section: the heading that shows it, where it is not the first that names it.
    """

    name: str
    lesson: int
    text: str
    aliases: tuple[str, ...] = ()
    section: str | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way to write it: name and aliases, each also with an ``s``."""
        words = (self.name, *self.aliases)
        return (*words, *(f"{word}s" for word in words))


@dataclass(frozen=True)
class Glossary:
    """All entries.

    Attributes:
        terms: in the order of the alphabet.
        awaited: names of terms whose lesson is not there yet.
    """

    terms: tuple[Term, ...]
    awaited: tuple[str, ...]

    def find(self, word: str) -> Term | None:
        """Return the entry of a word in any of its forms, or None."""
        wanted = word.casefold()
        for term in self.terms:
            if wanted in (form.casefold() for form in term.forms):
                return term
        return None


def load(file: Path = FILE) -> Glossary:
    """Read the terms."""
    read = tomllib.loads(file.read_text("utf-8"))
    terms = (_term(**one) for one in read["term"])
    ordered = sorted(terms, key=lambda term: term.name.casefold())
    return Glossary(tuple(ordered), tuple(read["awaited"]))


def recap_of(lesson: NotebookNode) -> list[str]:
    """Return the new terms that a lesson names, as it writes them."""
    cells = [cell for cell in lesson.cells if _is_recap(cell)]
    found = [match for cell in cells if (match := _RECAP.search(cell.source))]
    return [word for match in found for word in _COMMA.split(match["terms"])]


def with_links(lesson: NotebookNode, glossary: Glossary, folder: str = "") -> None:
    """Make each known term of a lesson's recap a link to its entry, the deeper ones last.

    Args:
        lesson: changed in place.
        glossary: the entries.
        folder: way from the lesson's notebook to the glossary's, such as ``"../"``.
    """
    for cell in filter(_is_recap, lesson.cells):
        if match := _RECAP.search(cell.source):
            words = _COMMA.split(match["terms"])
            deeper = [word for word in words if _is_deeper(word, glossary, lesson)]
            core = [word for word in words if word not in deeper]
            linked = _to_entries(core, glossary, folder)
            if deeper:
                linked += f" *Deeper*: {_to_entries(deeper, glossary, folder)}"
            cell.source = f"{cell.source[: match.start('terms')]}{linked}"


def section_of(term: Term, lesson: NotebookNode) -> str | None:
    """Return the heading under which a lesson shows a term, or None.

    It is the one that the entry names; else the first with the term in bold; else
    the first that uses it.
    """
    return term.section or _first_section(term, lesson)


def notebook(glossary: Glossary, lessons: Mapping[int, NotebookNode]) -> NotebookNode:
    """Return the glossary as a notebook, one cell for each letter.

    Args:
        glossary: the entries.
        lessons: those that are there, by their number.
    """
    sources = [_INTRODUCTION]
    for letter, terms in groupby(glossary.terms, lambda term: term.name[0].upper()):
        entries = [_entry(term, glossary, lessons) for term in terms]
        sources.append("\n\n".join([f"## {letter}", *entries]))
    cells = [nbformat.v4.new_markdown_cell(source) for source in sources]
    for number, cell in enumerate(cells):
        cell.id = f"glossary-{number:03d}"
    made: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    return made


def _term(**fields: object) -> Term:
    aliases = fields.pop("aliases", ())
    text = " ".join(str(fields.pop("text")).split())
    return Term(text=text, aliases=tuple(aliases), **fields)  # type: ignore[arg-type]


def _first_section(term: Term, lesson: NotebookNode) -> str | None:
    words = "|".join(re.escape(form) for form in term.forms)
    for pattern in (rf"\*\*({words})\*\*", rf"(?<!\w)({words})(?!\w)"):
        found = re.compile(pattern, re.IGNORECASE)
        for heading, line in _lines(lesson):
            if found.search(line):
                return heading
    return None


def _is_recap(cell: NotebookNode) -> bool:
    return "terms" in cell.metadata.get("tags", [])


def _is_deeper(word: str, glossary: Glossary, lesson: NotebookNode) -> bool:
    """Return whether a lesson shows a term in a section that its core does not need."""
    term = glossary.find(word)
    if term is None:
        return False
    # An entry names a section of its own lesson; another one may use the term, too.
    here = {heading for heading, _ in _lines(lesson)}
    section = term.section if term.section in here else _first_section(term, lesson)
    return (section or "").startswith(DEEPER)


def _to_entries(words: Iterable[str], glossary: Glossary, folder: str) -> str:
    return ", ".join(_to_entry(word, glossary, folder) for word in words) + "."


def _to_entry(word: str, glossary: Glossary, folder: str) -> str:
    term = glossary.find(word)
    return f"[{word}]({folder}{GLOSSARY}#{_anchor(term.name)})" if term else word


def _anchor(heading: str) -> str:
    """Return what JupyterLab calls a heading, ready for the end of a link."""
    return quote(heading.replace("`", "").replace(" ", "-"), safe=_MOST_IN_A_LINK)


def _lines(lesson: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield each line of a lesson's prose with the heading of its section."""
    heading = ""
    for cell in lesson.cells:
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            if line.startswith("## "):
                heading = line.removeprefix("## ")
            if heading == RECAP_HEADING:
                return
            if heading:
                yield heading, line


def _entry(term: Term, glossary: Glossary, lessons: Mapping[int, NotebookNode]) -> str:
    also = f"*Also: {', '.join(term.aliases)}.*" if term.aliases else ""
    parts = [f"### {term.name}", f"{term.text} {also}".strip()]
    return "\n\n".join([*parts, _places(term, glossary, lessons)])


def _places(term: Term, glossary: Glossary, lessons: Mapping[int, NotebookNode]) -> str:
    """Return where a term is taught and which other lessons name it in their recap."""
    others = [
        _also(term, number, lesson)
        for number, lesson in lessons.items()
        if number != term.lesson and term in map(glossary.find, recap_of(lesson))
    ]
    home = _home(term, lessons.get(term.lesson))
    return f"→ {home}" + (f" · also in lesson {', '.join(others)}" if others else "")


def _also(term: Term, number: int, lesson: NotebookNode) -> str:
    section = _first_section(term, lesson) or RECAP_HEADING
    return f"[{number:02}]({entry(number).stem}.ipynb#{_anchor(section)})"


def _home(term: Term, lesson: NotebookNode | None) -> str:
    at = entry(term.lesson)
    where = f"Lesson {at.number:02}, *{at.title}*"
    section = section_of(term, lesson) if lesson else None
    if section is None:
        return where if lesson else f"{where} (not there yet)"
    return f"{where}: [{section}]({at.stem}.ipynb#{_anchor(section)})"
