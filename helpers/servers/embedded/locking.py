"""Whoever changes one clone's servers does so alone."""

import errno
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.inputs import InputError
from helpers.servers.embedded.layout import Layout
from helpers.servers.errors import DISK_FULL, ServersError

_SILENT_SECONDS = 10
_WAITS = (
    "Another program is starting or stopping these servers: waiting for it. If it is a "
    "job that you have suspended, `fg` lets it go on."
)


@contextmanager
def exclusive(layout: Layout, ending: bool = False) -> Iterator[None]:
    """Hold the lock of a clone's servers; tell of files that cannot be used.

    Args:
        layout: where the servers keep them.
        ending: whether to go on without the lock where no file can be written, or may
            be: nobody else can start anything there either.

    Raises:
        InputError: the folder is somebody else's.
        ServersError: a file in it cannot be used.
    """
    try:
        with ExitStack() as stack:
            try:
                layout.make()
                stack.enter_context(_turn(layout.lock))
            except (OSError, InputError):
                if not (ending and layout.state_dir.is_dir()):
                    raise
            yield
    except TimeoutError:
        raise
    except OSError as error:
        raise ServersError(_unusable(error)) from error


@contextmanager
def _turn(file: Path) -> Iterator[None]:
    """Hold the lock; say so if somebody else does for long, such as a stopped job."""
    lock = FileLock(file)
    with ExitStack() as stack:
        try:
            stack.enter_context(lock.acquire(timeout=_SILENT_SECONDS))
        except Timeout:
            print(_WAITS, file=sys.stderr, flush=True)
            stack.enter_context(lock)
        yield


def _unusable(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    if "temporary directory" in str(error):
        return "No temporary file can be made: set TMPDIR to a folder you can write to."
    return (
        f"The servers' files could not be used ({error}): free that path, or set "
        "WORKBOOK_STATE_DIR or WORKBOOK_CACHE_DIR to another folder."
    )
