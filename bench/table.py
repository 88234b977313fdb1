"""The figures as a Markdown table, and its place in a page."""

import platform
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from bench.figure import Figure

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
_HEAD = "| measured | figure | goal | | behind it |\n|---|---|---|---|---|\n"


def markdown(figures: Sequence[Figure], circumstances: str) -> str:
    """Return the table, with a sentence on where it was measured."""
    rows = "".join(
        f"| {one.what} | {one.shown} | {one.shown_goal} | {one.verdict} | {one.basis} |\n"
        for one in figures
    )
    return f"{_HEAD}{rows}\n{circumstances}\n"


def circumstances() -> str:
    """Return what the figures depend on: the machine and its load."""
    day = time.strftime("%d %B %Y").lstrip("0")
    memory = psutil.virtual_memory().total / 1e9
    return (
        f"Measured on {day}: {psutil.cpu_count()} cores, {memory:.0f} GB, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}; "
        f"load of the last minutes {psutil.getloadavg()[1]:.1f}."
    )


def put_between_marks(file: Path, table: str) -> None:
    """Replace what stands between the two marks of ``file``.

    Raises:
        ValueError: the marks are not there, once each and in order.
    """
    text = file.read_text("utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in after:
        raise ValueError(f"{file.name} needs one {BEGIN} and one {END} after it.")
    file.write_text(f"{before}{BEGIN}\n{table}{END}{after}", "utf-8")
