"""What of a folder is the workbook's own: no other file is ever removed.

A user may name a folder that others' files are in. The workbook leaves a marker in a
folder before anything else, if nothing there has one of its names yet. So what has one
later is its own, and everything else is not.
"""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from helpers import files
from helpers.inputs import InputError

_SCRATCH = r"\.workbook-[0-9a-f]{16}\.part"
# What a system puts into folders by itself.
_NOBODYS = {".DS_Store", ".directory", "Thumbs.db", "desktop.ini", "lost+found"}
_MARKER_TEXT = (
    "The streaming workbook keeps files here. `make clean` removes them alone.\n"
)


@dataclass(frozen=True)
class Kind:
    """One kind of folder that the workbook fills.

    Attributes:
        marker: the file that says so.
        names: what the workbook calls its files and folders there, as one pattern.
        sign: a path that only a folder of ours has, as ``Path.glob`` wants it; by it one
            is known that was filled before there were markers.
        default: path of the folder where the user has named no other, if nobody else
            has a use for it.
        mode: its permissions, if the workbook makes it.
        what: what is kept there.
        setting: the variable that names another folder.
    """

    marker: str
    names: str
    sign: str
    default: str = ""
    mode: int = 0o777
    what: str = ""
    setting: str = ""

    def knows(self, name: str) -> bool:
        """Return whether the workbook gives this name."""
        return bool(re.fullmatch(f"{self.names}|{_SCRATCH}", name)) or name == self.marker


STATE = Kind(
    marker=".workbook-state",
    names=r"data|logs|conf|tmp|set-aside|runs(-(compose|attached)(-[0-9a-f]{8})?)?|lab"
    r"|attached|copies|servers\.(json|lock|\d+)|(setup|lab|compose)\.lock|bench\.json"
    r"|(hs_err|replay)_pid\d+\.log",
    sign="data/controller-*",
    default=str(Path(__file__).resolve().parent.parent / ".workbook"),
    mode=0o700,
    what="The servers' files",
    setting="WORKBOOK_STATE_DIR",
)
"""Processes, data and logs of one clone's servers."""

CACHE = Kind(
    marker=".workbook-cache",
    names=r"kafka-\d+\.\d+\.\d+(\.lock|\.classes|(-[0-9a-f]{16})?\.jsa(\.[a-z]+)?)?"
    r"|(kinesis-local|localstack|engine-[a-z]+)-\d+\.\d+\.\d+(\.lock)?",
    sign="kafka-*.lock",
    what="Downloads",
    setting="WORKBOOK_CACHE_DIR",
)
"""Downloads, which all clones of one user share."""


def claim(folder: Path, kind: Kind) -> None:
    """Make the folder, and mark it unless somebody else's files may be in our way.

    Downloads have names that nobody else gives. What servers keep has not: their folder
    must be empty, but for the lock of the set-up.

    Raises:
        InputError: it holds somebody else's files.
        OSError: it cannot be made or written to.
    """
    folder.mkdir(mode=kind.mode, parents=True, exist_ok=True)
    if (folder / kind.marker).exists():
        return
    if not _is_free(folder, kind) and not is_own(folder, kind):
        raise InputError(
            f"{kind.what} cannot be kept in '{folder}', where other files are: set "
            f"{kind.setting} to a folder that is empty or not there yet."
        )
    files.write(folder / kind.marker, _MARKER_TEXT)


def _is_free(folder: Path, kind: Kind) -> bool:
    # Not what another process of ours, about to mark it, has begun to write there.
    names = {name for name in _names(folder) if not re.fullmatch(_SCRATCH, name)}
    if str(folder) == kind.default:
        names -= {"setup.lock"}
    return not names or (kind is CACHE and not any(map(kind.knows, names)))


def _names(folder: Path) -> set[str]:
    return set(os.listdir(folder)) - _NOBODYS


def is_own(folder: Path, kind: Kind) -> bool:
    """Return whether what has our names in a folder is our own."""
    names = _names(folder)
    by_default = str(folder) == kind.default and not folder.is_symlink()
    if kind.marker in names or by_default:
        return True
    return any(folder.glob(kind.sign)) and all(map(kind.knows, names))


def entries(folder: Path, kind: Kind) -> list[Path]:
    """Return what the workbook made in a folder, the marker last."""
    if not folder.is_dir() or not is_own(folder, kind):
        return []
    names = sorted(filter(kind.knows, os.listdir(folder)), key=kind.marker.__eq__)
    return [folder / name for name in names]


def remove(path: Path) -> None:
    """Remove a file or a folder; of a link the link alone, and nothing is no error.

    Raises:
        OSError: it, or something in it, cannot be removed.
    """
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        if path.exists():  # and not removed by somebody else meanwhile
            raise
