"""Cells that need more than a client's rights are passed over where there is less.

What a cell needs stands in its metadata, such as ``"needs": "break nodes"``; in
``lessons/`` that is ``# %% needs="break nodes"``.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython

from helpers.course.project import NOTEBOOKS, SOLUTIONS
from helpers.servers.interface import ABILITIES, ADD_NODES, BREAK_NODES, READ_FILES

WORDS = {
    "break nodes": BREAK_NODES,
    "read files": READ_FILES,
    "add nodes": ADD_NODES,
}
"""What may stand there, and the ability of the cluster that it means."""


def of_cell(metadata: Mapping[str, Any]) -> frozenset[str]:
    """Return the abilities without which a cell cannot run.

    Raises:
        KeyError: its metadata name none that there is.
    """
    words = metadata.get("needs", "").split(",")
    return frozenset(WORDS[word.strip()] for word in words if word.strip())


def install(lesson: str, abilities: frozenset[str]) -> None:
    """Pass over a lesson's cells that need more; outside a notebook do nothing.

    Args:
        lesson: its name, such as ``"04_topics"``.
        abilities: what the servers let this client do.
    """
    shell = get_ipython()
    if shell is not None:
        others = [one for one in shell.input_transformers_cleanup if not _ours(one)]
        shell.input_transformers_cleanup[:] = [*others, _Pass(shell, lesson, abilities)]


class _Pass:
    def __init__(self, shell: Any, lesson: str, abilities: frozenset[str]) -> None:  # noqa: ANN401
        self._shell = shell
        self._abilities = abilities
        self._known = _by_source(lesson) if abilities != ABILITIES else {}

    def __call__(self, lines: list[str]) -> list[str]:
        lacking = self._needs("".join(lines)) - self._abilities
        if not lacking:
            return lines
        what = " and ".join(sorted(lacking))
        said = f"These servers do not let you {what}. This cell is passed over: read on."
        return [f"print({said!r})\n"]

    def _needs(self, source: str) -> frozenset[str]:
        # JupyterLab sends a cell's metadata with its code. Who does not, as VS Code and
        # nbclient, has it looked up: it is known as long as it is not changed.
        parent = self._shell.get_parent() if hasattr(self._shell, "get_parent") else {}
        return of_cell(parent.get("metadata", {})) or self._known.get(
            _plain(source), frozenset()
        )


def _by_source(lesson: str) -> Mapping[str, frozenset[str]]:
    """Return what each cell of a lesson needs, by its code."""
    files = [folder / f"{lesson}.ipynb" for folder in (NOTEBOOKS, SOLUTIONS)]
    return {
        _plain("".join(cell["source"])): of_cell(cell["metadata"])
        for file in files
        for cell in _cells(file)
        if "needs" in cell["metadata"]
    }


def _cells(file: Path) -> list[Any]:
    """Return a notebook's cells; none if somebody has moved it, or broken it."""
    try:
        cells: list[Any] = json.loads(file.read_text("utf-8"))["cells"]
    except (OSError, ValueError, LookupError, TypeError):
        return []
    return cells


def _plain(source: str) -> str:
    """Return code without what editors change by themselves."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _ours(transformer: object) -> bool:
    return isinstance(transformer, _Pass)
