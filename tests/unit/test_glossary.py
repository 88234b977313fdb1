"""The glossary: every term once, and links that lead somewhere, both ways."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbformat import NotebookNode

from helpers.course import glossary
from helpers.course.glossary import Glossary, Term, recap_of, section_of, with_links
from helpers.course.notebooks import read_lesson
from helpers.course.project import LESSONS, NOTEBOOKS
from helpers.course.syllabus import GLOSSARY, entries, entry

TERMS = glossary.load()
THERE = {one.number: one for one in entries() if one.is_there}
FILES = {one.stem: one.file for one in THERE.values()}
# How many terms wait for their lesson. Whoever writes a lesson lowers it.
AWAITED = 3
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<file>[\w./]+\.ipynb)#(?P<anchor>\S+)\)")


@cache
def written(stem: str) -> NotebookNode:
    return read_lesson(FILES[stem])


@cache
def anchors(file: Path) -> list[str]:
    return headings(nbformat.read(file, 4))


def a_lesson(*sources: str, tags: tuple[str, ...] = ()) -> NotebookNode:
    cells = [nbformat.v4.new_markdown_cell(source) for source in sources]
    cells[-1].metadata["tags"] = list(tags)
    return nbformat.v4.new_notebook(cells=cells)


def headings(notebook: NotebookNode) -> list[str]:
    """Return the headings as JupyterLab names them in a link."""
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    found = re.findall(r"^#+ (.+)$", "\n".join(prose), re.MULTILINE)
    return [heading.replace("`", "").replace(" ", "-") for heading in found]


def test_no_word_has_two_entries() -> None:
    words = [form.casefold() for term in TERMS.terms for form in term.forms]
    assert sorted(words) == sorted(set(words))


def test_the_file_is_in_the_order_of_the_alphabet() -> None:
    names = re.findall(r'^name = "(.+)"', glossary.FILE.read_text("utf-8"), re.MULTILINE)
    assert [term.name for term in TERMS.terms] == names


@pytest.mark.parametrize("stem", FILES)
def test_every_term_of_a_recap_is_defined(stem: str) -> None:
    words = recap_of(written(stem))
    assert words, "a cell tagged `terms` reads **New terms**: one, another."
    unknown = [word for word in words if TERMS.find(word) is None]
    assert unknown == [], "define them in helpers/course/glossary.toml"


def test_the_terms_that_wait_are_those_whose_lesson_is_not_there() -> None:
    waiting = {term.name for term in TERMS.terms if term.lesson not in THERE}
    arrived = set(TERMS.awaited) - waiting
    assert arrived == set(), "strike them from `awaited`: their lesson is there"
    unlisted = waiting - set(TERMS.awaited)
    assert unlisted == set(), "their lesson is not there, and `awaited` does not say so"
    assert len(TERMS.awaited) == len(set(TERMS.awaited))


def test_the_list_of_terms_that_wait_only_gets_shorter() -> None:
    assert len(TERMS.awaited) <= AWAITED, "a new term comes with its lesson"
    assert len(TERMS.awaited) == AWAITED, "it got shorter: lower AWAITED in this test"


def test_every_term_names_a_lesson_that_shows_it() -> None:
    for term in TERMS.terms:
        assert entry(term.lesson)
        if term.lesson in THERE:
            lesson = written(THERE[term.lesson].stem)
            section = section_of(term, lesson)
            assert section, f"lesson {term.lesson} does not show {term.name!r}"
            anchor = section.replace("`", "").replace(" ", "-")
            assert headings(lesson).count(anchor) == 1, (term.name, section)


def test_every_link_of_the_glossary_and_of_the_recaps_leads_to_a_heading() -> None:
    links = 0
    for file in (*NOTEBOOKS.glob("*.ipynb"), *NOTEBOOKS.glob("solutions/*.ipynb")):
        for cell in nbformat.read(file, 4).cells:
            for link in _LINK.finditer(cell.source):
                target = (file.parent / link["file"]).resolve()
                anchor = unquote(link["anchor"])
                assert anchor in anchors(target), (file, link[0])
                links += 1
    assert links > len(TERMS.terms)


def test_a_recap_links_plurals_and_other_words_and_leaves_the_unknown() -> None:
    terms = Glossary((Term("ACL", 15, "x", ("access control list",)),), ())
    lesson = a_lesson(
        "**New terms**: ACLs, access control\nlist, other.", tags=("terms",)
    )
    assert recap_of(lesson) == ["ACLs", "access control\nlist", "other"]
    lesson = a_lesson("**New terms**: acls, access control list, no.", tags=("terms",))
    with_links(lesson, terms, "../")
    assert lesson.cells[0].source == (
        "**New terms**: [acls](../glossary.ipynb#ACL), "
        "[access control list](../glossary.ipynb#ACL), no."
    )


def test_a_recap_names_last_what_only_deeper_sections_show() -> None:
    terms = Glossary((Term("log", 2, "x"), Term("index", 2, "x")), ())
    lesson = a_lesson(
        "## Deeper: A\nAn **index**.",
        "## B\nA **log** has an index.",
        "**New terms**: index, log, other.",
        tags=("terms",),
    )
    with_links(lesson, terms)
    assert lesson.cells[-1].source == (
        "**New terms**: [log](glossary.ipynb#log), other. "
        "*Deeper*: [index](glossary.ipynb#index)."
    )


def test_only_a_tagged_cell_is_a_recap() -> None:
    assert recap_of(a_lesson("**New terms**: topic.")) == []


def test_a_term_is_shown_where_it_is_bold_before_where_it_is_used() -> None:
    lesson = a_lesson("## First\nA log.", "## Second\nA **log**.", "## What you know now")
    assert section_of(Term("log", 2, "x"), lesson) == "Second"
    assert section_of(Term("log", 2, "x", section="Third"), lesson) == "Third"
    assert section_of(Term("lo", 2, "x"), lesson) is None
    assert section_of(Term("First", 2, "x"), a_lesson("No heading: first")) is None


def test_the_glossary_holds_every_term_once() -> None:
    found = headings(nbformat.read(NOTEBOOKS / GLOSSARY, 4))
    for term in TERMS.terms:
        assert found.count(term.name.replace(" ", "-")) == 1


def test_every_lesson_in_the_folder_is_in_the_index() -> None:
    assert sorted(FILES) == sorted(path.stem for path in LESSONS.glob("[0-9]*.py"))
