"""Say what the workbook takes on this disk, and free it: ``make clean``.

The standard library only: it removes the environment it could be run from. The
student's notebooks in ``work/`` are not touched.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

FIND_CACHE = (
    "from helpers.settings import Settings; print(Settings.from_environment().cache_dir)"
)


def main() -> None:
    """Stop the servers, then remove environment, servers' data and downloads."""
    os.chdir(pathlib.Path(__file__).resolve().parent.parent.parent)
    if lab_runs():
        sys.exit("workbook: a Lab of this workbook is running; close it first.")
    found = [
        (what, folder, bytes_in(folder)) for what, folder in places() if folder.exists()
    ]
    for what, folder, size in found:
        print("%8.1f MB  %s (%s)" % (size / 1e6, what, folder))
    stop_servers()
    for _, folder, _ in found:
        shutil.rmtree(folder, ignore_errors=True)
    total = sum(size for _, _, size in found)
    print("Freed %.1f MB in all; your notebooks in work/ are untouched." % (total / 1e6))


def places() -> Iterator[tuple[str, pathlib.Path]]:
    """Return what the workbook keeps, each with its folder."""
    yield "topics, records and logs of the servers", pathlib.Path(".workbook")
    cache = downloads()
    if cache:
        yield "downloads of this user", cache
    yield "Python packages", pathlib.Path(".venv")


def lab_runs() -> bool:
    """Return whether a Lab holds the lock that it keeps as long as it lives."""
    import fcntl

    try:
        with open(os.path.join(".workbook", "lab.lock")) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def downloads() -> pathlib.Path | None:
    """Return the user's cache, as the installed workbook knows it, or None."""
    try:
        answer = subprocess.check_output(
            [".venv/bin/python", "-c", FIND_CACHE], text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return pathlib.Path(answer.strip())


def stop_servers() -> None:
    """Stop what still runs; without an environment there is nothing to stop it with."""
    python = ".venv/bin/python"
    # The module, not the script: it also works after the clone has been moved.
    if os.path.exists(python) and subprocess.call([python, "-m", "helpers", "down"]):
        sys.exit("workbook: the servers could not be stopped, so nothing was removed.")


def bytes_in(folder: pathlib.Path) -> int:
    """Return the bytes that a folder's files take on disk."""
    files = (path.lstat() for path in folder.rglob("*"))
    return sum(getattr(file, "st_blocks", 0) * 512 for file in files)


if __name__ == "__main__":
    main()
