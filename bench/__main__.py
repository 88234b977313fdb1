"""Measure everything and print it: ``make bench``.

    python -m bench [--only NAME …] [--write]

A missed goal is told and is no failure; a measurement that could not be made is.
"""

import argparse
import json
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from bench import (
    board,
    first_cell,
    fresh,
    lab,
    memory,
    rates,
    ready,
    table,
    tools,
    views,
)
from bench.figure import Figure
from helpers.settings import PROJECT_ROOT

MEASUREMENTS: dict[str, Callable[[], list[Figure]]] = {
    "ready": ready.measure,
    "memory": memory.measure,
    "lab": lab.measure,
    "tools": tools.measure,
    "first_cell": first_cell.measure,
    "rates": rates.measure,
    "board": board.measure,
    "views": views.measure,
    "fresh": fresh.measure,
}
FIGURES = PROJECT_ROOT / ".workbook" / "bench.json"
README = PROJECT_ROOT / "README.md"
PAGE = PROJECT_ROOT / "docs" / "benchmarks.md"


def main(arguments: Sequence[str]) -> int:
    """Measure, print, store; return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.write and options.only:
        parser.error("--write takes all measurements: leave --only out")
    figures, failed = _measured(options.only or list(MEASUREMENTS))
    circumstances = table.circumstances()
    text = table.markdown(figures, circumstances)
    print(f"\n{text}")
    _store(FIGURES, figures, circumstances)
    if options.write and not failed:
        table.put_between_marks(PAGE, text)
        headlines = [one for one in figures if one.headline]
        table.put_between_marks(README, table.markdown(headlines, circumstances))
    if failed:
        print(f"Could not be measured: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, metavar="NAME")
    parser.add_argument(
        "--write", action="store_true", help="into docs/ and the README, too"
    )
    return parser


def _measured(names: Sequence[str]) -> tuple[list[Figure], list[str]]:
    """Return the figures, and the names of what could not be measured."""
    figures: list[Figure] = []
    failed = []
    for name in names:
        print(f"Measuring: {name} …", flush=True)
        try:
            figures += MEASUREMENTS[name]()
        # Whatever it is: the other measurements are still worth making.
        except Exception:
            traceback.print_exc()
            failed.append(name)
    return figures, failed


def _store(file: Path, figures: Sequence[Figure], circumstances: str) -> None:
    rows = [{**asdict(one), "verdict": one.verdict} for one in figures]
    file.parent.mkdir(exist_ok=True)
    content = {"circumstances": circumstances, "figures": rows}
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
