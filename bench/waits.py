"""What each lesson waits for its servers: ``python -m bench.waits`` writes it down.

The solutions run from top to bottom, and the seconds of their cells are added up, those
of the core and those of what is deeper, into ``lessons/waits.toml``.
"""

import os
import tempfile
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from helpers.course.minutes import WAITS
from helpers.course.project import SOLUTIONS
from helpers.course.sections import is_deeper
from helpers.course.syllabus import entries
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings

_HEAD = (
    "# Seconds that the cells of each lesson take, as python -m bench.waits measured.\n"
)


def main() -> None:
    """Run every solution on servers of this run's own, and write the file."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WORKBOOK_STATE_DIR"] = str(Path(folder, "state"))
        os.environ["WORKBOOK_PROGRESS_FILE"] = str(Path(folder, "progress.json"))
        servers = EmbeddedCluster(Settings.from_environment())
        servers.up(owner=os.getpid())
        try:
            rows = [_row(one.stem) for one in entries() if one.is_there]
        finally:
            servers.down()
    WAITS.write_text(_HEAD + "".join(rows), "utf-8")


def _row(stem: str) -> str:
    notebook = nbformat.read(SOLUTIONS / f"{stem}.ipynb", as_version=4)
    resources = {"metadata": {"path": str(SOLUTIONS)}}
    client = NotebookClient(
        notebook, kernel_name="python3", resources=resources, record_timing=True
    )
    client.execute()
    core = sum(_seconds(cell) for cell in notebook.cells if not is_deeper(cell))
    deeper = sum(map(_seconds, filter(is_deeper, notebook.cells)))
    print(f"{stem:22} {core:5.0f} s + {deeper:3.0f} s", flush=True)
    return f"\n[{stem}]\ncore = {core:.0f}\ndeeper = {deeper:.0f}\n"


def _seconds(cell: NotebookNode) -> float:
    times = cell.metadata.get("execution", {})
    if not times:
        return 0
    begin, end = (
        datetime.fromisoformat(times[name])
        for name in ("iopub.status.busy", "iopub.status.idle")
    )
    return (end - begin).total_seconds()


if __name__ == "__main__":
    main()
