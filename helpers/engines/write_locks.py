"""Write the locks of the engines from their ``.in`` files: a part of ``make lock``.

    python -m helpers.engines.write_locks [NAME ...]

A line of ``jars.in`` is ``group:artifact:version``, with all that it needs. ``=`` before
one means that artifact alone, and ``! group:artifact`` leaves out what another one needs.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from helpers.engines import catalog
from helpers.engines.catalog import Engine
from helpers.servers.runtime.locks import write_lock
from helpers.servers.runtime.resolving import resolve

_COMPILE = ("uv", "pip", "compile", "-q", "--generate-hashes", "--no-header")
_FOR_ALL = ("--universal", "--python-version", "3.11")


def main(names: list[str]) -> None:
    """Write the locks of these engines, or of all."""
    for engine in map(catalog.engine, names or catalog.names()):
        if (engine.folder / "jars.in").exists():
            _lock_jars(engine)
        if (engine.folder / "requirements.in").exists():
            _lock_packages(engine)


def _lock_jars(engine: Engine) -> None:
    wanted: dict[str, list[str]] = {"": [], "=": [], "!": []}
    for line in (engine.folder / "jars.in").read_text("utf-8").splitlines():
        text = line.partition("#")[0].strip()
        mark = text[:1] if text[:1] in "=!" else ""
        if text:
            wanted[mark].append(text.removeprefix(mark).strip())
    with tempfile.TemporaryDirectory() as scratch:
        found = resolve(Path(scratch), wanted[""], wanted["="], wanted["!"])
        write_lock(engine.jars_lock, found)


def _lock_packages(engine: Engine) -> None:
    files = ("requirements.in", "-o", engine.requirements_lock.name)
    # From its folder: the lock says which file it was made from.
    command = [sys.executable, "-m", *_COMPILE, *_FOR_ALL, *files]
    subprocess.run(command, cwd=engine.folder, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
