"""Files written whole: a reader finds the old content or the new, never a part of it."""

import errno
import os
import secrets
import shutil
import stat
from contextlib import suppress
from itertools import count
from pathlib import Path


def write(file: Path, content: str | bytes, mode: int | None = None) -> None:
    """Write a file whole, or leave it as it was and nothing beside it.

    Args:
        file: where to; a link stays, and what it leads to is replaced.
        content: text is written as UTF-8.
        mode: its permissions, such as ``0o600`` for a secret; None keeps those of the
            file that is replaced.

    Raises:
        OSError: it cannot be written, or something else than a file has that name.
    """
    target = behind(file)
    scratch = scratch_beside(target)
    data = content.encode("utf-8") if isinstance(content, str) else content

    def made(path: str, flags: int) -> int:
        return os.open(path, flags, 0o666 if mode is None else mode)

    try:
        with open(scratch, "xb", opener=made) as sink:
            sink.write(data)
        if mode is None and target.exists():
            shutil.copymode(target, scratch)
        scratch.replace(target)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def behind(file: Path) -> Path:
    """Return the file that a name leads to, or the place for one; links are followed.

    Raises:
        OSError: something else has that name, such as a folder or a device.
    """
    target = Path(os.path.realpath(file))
    try:
        kind = target.stat().st_mode
    except FileNotFoundError:
        return target
    if not stat.S_ISREG(kind):
        raise OSError(errno.EINVAL, "it is no regular file", str(file))
    return target


def scratch_beside(file: Path) -> Path:
    """Return a name in the same folder that no file has: a move from there is whole."""
    return file.with_name(f".workbook-{secrets.token_hex(8)}.part")


def set_aside(file: Path) -> Path:
    """Give a file that cannot be read another name, and return that; nothing is lost.

    Raises:
        OSError: it cannot be renamed.
    """
    names = (f"{file.stem}.unreadable-{number}{file.suffix}" for number in count(1))
    kept = next(one for one in map(file.with_name, names) if not os.path.lexists(one))
    return file.rename(kept)


def bytes_of(path: Path) -> int:
    """Return the bytes that a file, or a folder's files, take on the disk."""
    total = 0
    for one in (path, *(path.rglob("*") if not path.is_symlink() else ())):
        # Programs that still run remove files meanwhile.
        with suppress(OSError):
            total += getattr(one.lstat(), "st_blocks", 0) * 512
    return total
