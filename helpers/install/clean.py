"""Say what the workbook takes on this disk, and free it: ``make clean``.

The standard library only: it removes the environment it could be run from. Only what
the workbook made is removed; the student's notebooks in ``work/`` are not touched.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.files import bytes_of
from helpers.install import bootstrap
from helpers.owned import CACHE, STATE, Kind, entries, is_own, remove

ENVIRONMENT = Kind(bootstrap.MARKER, names=".*", sign="workbook-*.sha256")
PYTHON = Path(bootstrap.VENV, "bin", "python")


@dataclass(frozen=True)
class Place:
    """One folder in which the workbook keeps something, perhaps beside others' files.

    Attributes:
        what: the things there.
        folder: the place.
        kind: tells the workbook's own from everything else.
    """

    what: str
    folder: Path
    kind: Kind

    def size(self) -> int:
        """Return the bytes that the workbook's own takes on the disk."""
        return sum(map(bytes_of, entries(self.folder, self.kind)))

    def empty(self) -> str | None:
        """Remove what is the workbook's own; return a sentence on what stays, or None."""
        if not is_own(self.folder, self.kind):
            return f"{self.folder} was not made by the workbook: it stays."
        try:
            for entry in entries(self.folder, self.kind):
                remove(entry)
        except OSError as error:
            return f"{entry} could not be removed whole ({error.strerror})."
        if any(self.folder.iterdir()):
            return f"{self.folder} holds files that are not the workbook's: they stay."
        # A link stays, with the folder that it leads to: somebody has made them.
        with suppress(OSError):
            self.folder.rmdir()
        return None


def main() -> None:
    """Stop the servers, then remove environment, servers' data and downloads."""
    os.chdir(Path(__file__).resolve().parent.parent.parent)
    facts = ask()
    if "error" in facts:
        sys.exit(f"workbook: {facts['error']}")
    states = state_folders(facts)
    if any(map(lab_runs, states)):
        sys.exit("workbook: a Lab of this workbook is running; close it first.")
    found = [place for place in places(facts, states) if place.folder.is_dir()]
    sizes = [place.size() for place in found]
    for place, size in zip(found, sizes, strict=True):
        if size:
            print(f"{size / 1e6:8.1f} MB  {place.what} ({place.folder})", flush=True)
    stop_servers([one for one in states if one.is_dir()])
    stays = [sentence for place in found if (sentence := place.empty())]
    if Path(bootstrap.VENV).is_symlink():
        stays.append(
            f"{bootstrap.VENV} is a link, which the workbook never makes: it stays."
        )
    if not facts:
        stays.append("Downloads stay: without .venv nothing tells where they are.")
    elif facts["shared"]:
        stays.append(
            f"Servers of another clone run from the downloads in {facts['cache']}: they "
            "stay. Run `make down` there, then `make clean` here again."
        )
    left = sum(place.size() for place in found if place.folder.is_dir())
    print(*stays, sep="\n", end="\n" if stays else "")
    freed = (sum(sizes) - left) / 1e6
    print(f"Freed {freed:.1f} MB in all; your notebooks in work/ are untouched.")


def ask() -> dict[str, Any]:
    """Return what the installed workbook knows; nothing where none is installed."""
    if not is_installed():
        return {}
    command = [str(PYTHON), "-m", "helpers.install.facts"]
    try:
        answer = subprocess.check_output(command, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return {}
    facts: dict[str, Any] = json.loads(answer)
    return facts


def is_installed() -> bool:
    """Return whether there is an environment that the workbook has made."""
    return PYTHON.exists() and bootstrap.is_ours()


def state_folders(facts: dict[str, Any]) -> list[Path]:
    """Return the clone's own state folder, and the one that is named instead of it."""
    own = Path(".workbook").absolute()
    named = facts.get("state") or os.environ.get("WORKBOOK_STATE_DIR") or own
    return list(dict.fromkeys([own, Path(os.path.expanduser(named)).absolute()]))


def places(facts: dict[str, Any], states: list[Path]) -> Iterator[Place]:
    """Return where the workbook keeps what, without downloads that others run from."""
    if "cache" in facts and not facts["shared"]:
        yield Place("downloads of this user", Path(facts["cache"]), CACHE)
    for state in states:
        yield Place("topics, records and logs of the servers", state, STATE)
    if not Path(bootstrap.VENV).is_symlink():
        yield Place("Python packages", Path(bootstrap.VENV), ENVIRONMENT)


def lab_runs(state: Path) -> bool:
    """Return whether a Lab holds the lock that it keeps as long as it lives."""
    import fcntl

    try:
        with open(state / "lab.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def stop_servers(states: list[Path]) -> None:
    """Stop what still runs; without an environment there is nothing to stop it with."""
    if not is_installed():
        if any(map(may_run, states)):
            sys.exit(
                "workbook: servers may still run, and without .venv they cannot be "
                "stopped, so nothing was removed: run `make down`, then this again."
            )
        return
    mode = os.environ.get("WORKBOOK_MODE")
    for state in states:
        # Attached servers are not ours to stop, but embedded ones may run besides.
        for one in {"embedded", "compose" if mode == "compose" else "embedded"}:
            ours = {"WORKBOOK_STATE_DIR": str(state), "WORKBOOK_MODE": one}
            # The module, not the script: it also works after the clone has been moved.
            command = [str(PYTHON), "-m", "helpers", "down"]
            if subprocess.call(command, env={**os.environ, **ours}):
                sys.exit(
                    "workbook: the servers could not be stopped, so nothing was removed."
                )


def may_run(state: Path) -> bool:
    """Return whether a process has a pid that the record of the servers names."""
    try:
        nodes = json.loads((state / "servers.json").read_bytes())["nodes"]
        pids = [int(node["process"]["pid"]) for node in nodes if node["process"]]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, 0)
            return True
    return False


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"workbook: {error.filename} cannot be used ({error.strerror}).")
