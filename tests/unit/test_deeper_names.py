"""A deeper section runs after the core, or says which other one comes before it."""

import ast
import builtins
import re
from collections.abc import Iterable

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from helpers.course.notebooks import read_lesson
from helpers.course.sections import DEEPER, is_deeper
from helpers.course.syllabus import Entry, entries

THERE = [one for one in entries() if one.is_there]
_BEFORE = re.compile(r"[Gg]oes on from \*(.+?)\*")
_IN_A_SHELL_LINE = re.compile(r"(?<!\{)\{(\w+)")
_NAMED = (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler)


@pytest.mark.parametrize("one", THERE, ids=lambda one: one.stem)
def test_a_deeper_section_names_those_that_it_goes_on_from(one: Entry) -> None:
    core, deeper = _split(read_lesson(one.file))
    known = _defined(core) | set(dir(builtins))
    made = {title: _defined(cells) for title, cells in deeper.items()}
    missing = {
        title: sorted(_used(cells) - made[title] - known - _before(title, deeper))
        for title, cells in deeper.items()
    }
    # What nobody defines is no section's: a name of the shell.
    anywhere = set().union(*made.values())
    found = {
        title: [n for n in names if n in anywhere] for title, names in missing.items()
    }
    assert {title: names for title, names in found.items() if names} == {}


def test_what_a_section_lacks_is_found() -> None:
    assert _used(_cells("a = b", "!tool {c} {{d}}")) == {"b", "c", "get_ipython"}
    assert _defined(_cells("a = b\ndef f(x): pass\nimport os.path as p")) == {
        "a",
        "f",
        "x",
        "p",
    }


def _split(
    lesson: NotebookNode,
) -> tuple[list[NotebookNode], dict[str, list[NotebookNode]]]:
    """Return the cells of the core, and those of each deeper section by its title."""
    core: list[NotebookNode] = []
    deeper: dict[str, list[NotebookNode]] = {}
    title = ""
    for cell in lesson.cells:
        heading = re.match(rf"#+ {DEEPER}(.+)", cell.source)
        title = heading[1] if heading and is_deeper(cell) else title
        (deeper.setdefault(title, []) if is_deeper(cell) else core).append(cell)
    return core, deeper


def _before(title: str, deeper: dict[str, list[NotebookNode]]) -> set[str]:
    """Return the names of the sections that this one says come before it."""
    text = " ".join("\n".join(cell.source for cell in deeper[title][:2]).split())
    names: set[str] = set()
    for other in _BEFORE.findall(text):
        names |= _defined(deeper[other]) | _before(other, deeper)
    return names


def _trees(cells: Iterable[NotebookNode]) -> Iterable[tuple[str, ast.AST]]:
    for cell in cells:
        if cell.cell_type == "code" and not cell.source.startswith("%%"):
            yield cell.source, ast.parse(TransformerManager().transform_cell(cell.source))


def _defined(cells: Iterable[NotebookNode]) -> set[str]:
    names: set[str] = set()
    for _, tree in _trees(cells):
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                names.add(node.id)
            elif isinstance(node, ast.arg):
                names.add(node.arg)
            elif isinstance(node, _NAMED) and node.name:
                names.add(node.name)
            elif isinstance(node, ast.alias):
                names.add((node.asname or node.name).partition(".")[0])
    return names


def _used(cells: Iterable[NotebookNode]) -> set[str]:
    names: set[str] = set()
    for source, tree in _trees(cells):
        loads = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        names |= {node.id for node in loads if isinstance(node.ctx, ast.Load)}
        shell = [line for line in source.splitlines() if line.lstrip().startswith("!")]
        names |= set(_IN_A_SHELL_LINE.findall("\n".join(shell)))
    return names


def _cells(*sources: str) -> list[NotebookNode]:
    return [NotebookNode(cell_type="code", source=source) for source in sources]
