"""Cells that need more than a client's rights are passed over where there is less.

The first line of such a cell says what it needs, for example ``# needs: break nodes``.
"""

import re

from IPython.core.getipython import get_ipython

from helpers.servers.interface import ADD_NODES, BREAK_NODES, READ_FILES

WORDS = {
    "break nodes": BREAK_NODES,
    "read files": READ_FILES,
    "add nodes": ADD_NODES,
}
"""What may stand in the line, and the ability of the cluster that it means."""

_LINE = re.compile(r"# needs: (.+)\s*")


def of_cell(source: str) -> frozenset[str]:
    """Return the abilities without which a cell cannot run.

    Raises:
        KeyError: its line names none that there is.
    """
    found = _LINE.match(source)
    words = found[1].split(",") if found else []
    return frozenset(WORDS[word.strip()] for word in words)


def install(abilities: frozenset[str]) -> None:
    """Pass over this kernel's cells that need more; outside a notebook do nothing."""
    shell = get_ipython()
    if shell is not None:
        others = [one for one in shell.input_transformers_cleanup if not _ours(one)]
        shell.input_transformers_cleanup[:] = [*others, _Pass(abilities)]


class _Pass:
    def __init__(self, abilities: frozenset[str]) -> None:
        self._abilities = abilities

    def __call__(self, lines: list[str]) -> list[str]:
        lacking = of_cell("".join(lines)) - self._abilities
        if not lacking:
            return lines
        what = " and ".join(sorted(lacking))
        said = f"These servers do not let you {what}. This cell is passed over: read on."
        return [f"print({said!r})\n"]


def _ours(transformer: object) -> bool:
    return isinstance(transformer, _Pass)
