"""Run lessons in another mode, in a kernel of their own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from helpers.course.syllabus import entries
from helpers.settings import PROJECT_ROOT
from tests.parts import cell_timeout


def lessons_of(mode: str) -> list[str]:
    """Return the names of the lessons that run in a mode, as the index says."""
    return [one.stem for one in entries() if one.is_there and mode in one.modes]


def run_lesson(notebook: Path, env: dict[str, str]) -> None:
    """Run a notebook from top to bottom, as Lab would.

    Args:
        notebook: relative to the project.
        env: the whole environment.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed; it says how.
        nbclient.exceptions.CellTimeoutError: a cell did not end.
    """
    file = PROJECT_ROOT / notebook
    client = NotebookClient(
        nbformat.read(file, as_version=4),
        timeout=cell_timeout(),
        # This environment's own; the one that a notebook names comes with the first Lab.
        kernel_name="python3",
        resources={"metadata": {"path": str(file.parent)}},
    )
    # Playwright's loop may run in this thread.
    with ThreadPoolExecutor(1) as thread:
        # Not execute(), which would leave its loop open there.
        thread.submit(asyncio.run, client.async_execute(env=env)).result()
