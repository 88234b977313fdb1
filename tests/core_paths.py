"""The core of each lesson as a notebook of its own, which needs nothing deeper."""

from collections.abc import Iterator
from pathlib import Path

import nbformat

from helpers.course.project import SOLUTIONS
from helpers.course.sections import core, is_deeper


def write(folder: Path) -> Iterator[Path]:
    """Write the core of every solution that also has deeper sections; give the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(SOLUTIONS.glob("*.ipynb")):
        whole = nbformat.read(file, as_version=4)
        if any(map(is_deeper, whole.cells)):
            nbformat.write(core(whole), folder / file.name)
            yield folder / file.name
