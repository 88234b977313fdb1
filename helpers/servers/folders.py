"""Folders on disks that servers or notebooks cannot well be kept on."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil

_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "fuse.sshfs", "afs", "9pfs"}
# As WSL2 shows them, below /mnt.
_OF_WINDOWS = {"9p", "drvfs"}
_PLAIN = {"vfat", "msdos", "exfat", "fuseblk", "ntfs", "ntfs3"}
# What their clients call the folders that they keep the same on several machines.
_SYNCED = ("Dropbox", "OneDrive", "Google Drive", "GoogleDrive", "Nextcloud", "pCloud")
_SYNCED_BY_APPLE = "Mobile Documents"


def trouble(folder: Path) -> str | None:
    """Return in a few words why servers' files had better not lie there, or None.

    Args:
        folder: it need not be there yet.
    """
    return next(_troubles(folder), None)


def existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    # Path.exists() would raise where a folder above may not be read.
    while not os.path.lexists(folder):
        folder = folder.parent
    return folder


def _troubles(folder: Path) -> Iterator[str]:
    for part in folder.parts:
        if part.startswith(_SYNCED) or part == _SYNCED_BY_APPLE:
            yield f"{folder} is synchronised with other machines while servers write"
    mountpoint, kind = _disk(os.path.realpath(existing(folder)))
    if kind in _NETWORK:
        yield f"{folder} is on a network disk ({kind}), whose locks may hang"
    if kind in _OF_WINDOWS and mountpoint.startswith("/mnt/"):
        yield f"{folder} is on a disk of Windows, which is slow from here"
    if kind in _PLAIN:
        yield f"{folder} is on a disk without links and permissions ({kind})"


def _disk(path: str) -> tuple[str, str]:
    """Return where the disk of a path is mounted and its kind; "" if nobody tells."""
    mounted = [
        one
        for one in psutil.disk_partitions(all=True)
        if os.path.commonpath([one.mountpoint, path]) == one.mountpoint
    ]
    last = max(mounted, key=lambda one: len(one.mountpoint), default=None)
    return (last.mountpoint, last.fstype.lower()) if last else ("", "")
