"""Write the notebooks from ``lessons/``: ``make notebooks``.

``lessons/NN_name.py`` is the only copy that anyone edits. It becomes
``notebooks/NN_name.ipynb`` for students, in which each cell tagged ``solution``
is a stub, and ``notebooks/solutions/NN_name.ipynb``, whole. ``glossary.toml`` becomes
``notebooks/glossary.ipynb``, and the new terms of each lesson lead there. The line of
minutes and the way to the next lesson come from ``lessons/index.toml``.
"""

import copy
import re
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from helpers.course import glossary
from helpers.course.figures import with_figures
from helpers.course.project import (
    KERNEL_NAME,
    KERNEL_TITLE,
    LESSONS,
    NOTEBOOKS,
    SOLUTIONS,
)
from helpers.course.scripts import with_scripts
from helpers.course.sections import mark_deeper
from helpers.course.syllabus import GLOSSARY, entry, following

STUB = "# Your code here.\n"
_BEGIN = re.compile(r'(begin\("\w+")\)')
_METADATA = {
    "kernelspec": {
        "name": KERNEL_NAME,
        "display_name": KERNEL_TITLE,
        "language": "python",
    },
    "language_info": {"name": "python"},
}


def main() -> None:
    """Write every notebook; those of lessons that are gone are removed."""
    wanted = generate()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for path in set(existing()) - set(wanted):
        path.unlink()
    print(f"{len(wanted)} notebooks written.")


def generate() -> dict[Path, str]:
    """Return the path and text of every notebook that should be there."""
    terms = glossary.load()
    files = sorted(LESSONS.glob("[0-9][0-9]_*.py"))
    lessons = {file.stem: read_lesson(file) for file in files}
    by_number = {int(stem[:2]): lesson for stem, lesson in lessons.items()}
    texts = {NOTEBOOKS / GLOSSARY: _text(_plain(glossary.notebook(terms, by_number)))}
    for stem, lesson in lessons.items():
        whole, student = strict(lesson), without_solutions(lesson)
        glossary.with_links(whole, terms, "../")
        glossary.with_links(student, terms)
        texts[NOTEBOOKS / f"{stem}.ipynb"] = _text(student)
        texts[SOLUTIONS / f"{stem}.ipynb"] = _text(whole)
    return texts


def existing() -> list[Path]:
    """Return every lesson's notebook that is there; any other is somebody's own."""
    names = ("[0-9][0-9]_*.ipynb", GLOSSARY)
    return sorted(
        file
        for place in (NOTEBOOKS, SOLUTIONS)
        for name in names
        for file in place.glob(name)
    )


def read_lesson(file: Path) -> NotebookNode:
    """Return a lesson as a notebook whose text depends on the lesson alone."""
    notebook = _plain(jupytext.read(file))
    _add_what_the_index_knows(notebook, int(file.stem[:2]))
    for number, cell in enumerate(notebook.cells):
        # A random id would make every generation a new text.
        cell.id = f"{file.stem}-{number:03d}".replace("_", "-")
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []
    with_figures(notebook)
    mark_deeper(notebook)
    with_scripts(notebook)
    return notebook


def _add_what_the_index_knows(lesson: NotebookNode, number: int) -> None:
    first = lesson.cells[0]
    title, _, rest = first.source.partition("\n")
    first.source = f"{title}\n\n{entry(number).time}\n{rest}"
    if after := following(number):
        way = f"**Next**: [{after.title}]({after.stem}.ipynb)"
        lesson.cells.append(nbformat.v4.new_markdown_cell(way))


def without_solutions(notebook: NotebookNode) -> NotebookNode:
    """Return the student's copy: each solution cut to its first comments and a stub."""
    student = copy.deepcopy(notebook)
    for cell in student.cells:
        if "solution" in cell.metadata.get("tags", []):
            cell.source = _heading(cell.source) + STUB
    return student


def strict(notebook: NotebookNode) -> NotebookNode:
    """Return the copy with solutions, whose set-up makes failed checks raise."""
    whole = copy.deepcopy(notebook)
    for cell in whole.cells:
        if "setup" in cell.metadata.get("tags", []):
            cell.source = _BEGIN.sub(r"\1, strict=True)", cell.source)
    return whole


def _plain(notebook: NotebookNode) -> NotebookNode:
    """Give a notebook the course's kernel and format, and nothing else."""
    notebook.metadata = nbformat.from_dict(_METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def _heading(source: str) -> str:
    lines = []
    for line in source.splitlines(keepends=True):
        # A cell's first line may say that the cell is written to a file.
        if not line.startswith(("#", "%%")):
            break
        lines.append(line)
    return "".join(lines)


def _text(notebook: NotebookNode) -> str:
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return text + "\n"


if __name__ == "__main__":
    main()
