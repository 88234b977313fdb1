"""Write the notebooks from ``lessons/``: ``make notebooks``.

``lessons/NN_name.py`` is the only copy that anyone edits. It becomes
``notebooks/NN_name.ipynb`` for students, in which each cell tagged ``solution``
is a stub, and ``notebooks/solutions/NN_name.ipynb``, whole.
"""

import copy
import re
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from helpers.settings import PROJECT_ROOT

KERNEL_NAME = "streaming-workbook"
KERNEL_TITLE = "Streaming workbook"
LESSONS = PROJECT_ROOT / "lessons"
NOTEBOOKS = PROJECT_ROOT / "notebooks"
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
    texts: dict[Path, str] = {}
    for lesson in sorted(LESSONS.glob("[0-9][0-9]_*.py")):
        whole = read_lesson(lesson)
        texts[NOTEBOOKS / f"{lesson.stem}.ipynb"] = _text(without_solutions(whole))
        texts[NOTEBOOKS / "solutions" / f"{lesson.stem}.ipynb"] = _text(strict(whole))
    return texts


def existing() -> list[Path]:
    """Return every notebook that is there."""
    return sorted([*NOTEBOOKS.glob("*.ipynb"), *NOTEBOOKS.glob("solutions/*.ipynb")])


def read_lesson(file: Path) -> NotebookNode:
    """Return a lesson as a notebook whose text depends on the lesson alone."""
    notebook: NotebookNode = jupytext.read(file)
    notebook.metadata = nbformat.from_dict(_METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells):
        # A random id would make every generation a new text.
        cell.id = f"{file.stem}-{number:03d}".replace("_", "-")
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []
    return notebook


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


def _heading(source: str) -> str:
    lines = []
    for line in source.splitlines(keepends=True):
        if not line.startswith("#"):
            break
        lines.append(line)
    return "".join(lines)


def _text(notebook: NotebookNode) -> str:
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return text + "\n"


if __name__ == "__main__":
    main()
