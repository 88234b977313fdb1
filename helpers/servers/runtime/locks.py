"""Files of the cache that are known by path, size and SHA-256."""

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LockedFile:
    """One line of a lock.

    Attributes:
        path: relative path, with forward slashes.
        size: bytes.
        sha256: hexadecimal digest of the content.
    """

    path: str
    size: int
    sha256: str


def read_lock(file: Path) -> tuple[LockedFile, ...]:
    """Return the entries of a lock: ``sha256 size path``, one a line."""
    rows = (line.split(maxsplit=2) for line in file.read_text("utf-8").splitlines())
    return tuple(LockedFile(path, int(size), digest) for digest, size, path in rows)


def write_lock(file: Path, entries: list[LockedFile]) -> None:
    """Write a lock that :func:`read_lock` reads, sorted by path."""
    rows = sorted(entries, key=lambda entry: entry.path)
    text = "".join(f"{row.sha256} {row.size} {row.path}\n" for row in rows)
    file.write_text(text, "utf-8")


def locked_file(file: Path, path: str) -> LockedFile:
    """Return the lock's entry for ``file``, known as ``path``."""
    return LockedFile(path, file.stat().st_size, sha256(file))


def sha256(file: Path) -> str:
    """Return the hexadecimal SHA-256 of a file's content."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def is_intact(file: Path, entry: LockedFile) -> bool:
    """Return whether ``file`` is there and has exactly the locked content."""
    try:
        return file.stat().st_size == entry.size and sha256(file) == entry.sha256
    except OSError:
        return False
