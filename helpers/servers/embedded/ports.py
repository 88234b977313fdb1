"""Free ports on 127.0.0.1, outside the range that systems hand to clients."""

import os
import random
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.servers.errors import ServersError

LOOPBACK = "127.0.0.1"

# Below 32768, where Linux takes the ports of outgoing connections from: a
# restarted server could find its own port taken by some client.
_FALLBACK_RANGE = range(20000, 32768)
_FALLBACK_TRIES = 200


def is_free(port: int) -> bool:
    """Return whether a server could listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        # As Java's and Node's servers do: a port in TIME_WAIT is free to them.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


class Reservations:
    """Ports kept for one start, so that two clusters starting at once differ."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack

    def take(self, preferred: int | None) -> int:
        """Return ``preferred`` if it is free, else another free port.

        Args:
            preferred: the port to try first; None for any.

        Raises:
            ServersError: none of many ports is free.
        """
        others = random.sample(_FALLBACK_RANGE, _FALLBACK_TRIES)
        for port in others if preferred is None else (preferred, *others):
            if self._reserve(port):
                return port
        raise ServersError("No free port was found: stop some of this machine's servers.")

    def _reserve(self, port: int) -> bool:
        lock = FileLock(self._folder / f"{port}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        if not is_free(port):
            lock.release()
            return False
        self._stack.callback(lock.release)
        return True


@contextmanager
def reservations() -> Iterator[Reservations]:
    """Hand out ports that no other start of this user is given until the end."""
    # Not in the cache: two starts of one user may have two caches.
    folder = Path(tempfile.gettempdir()) / f"streaming-workbook-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as stack:
        yield Reservations(folder, stack)
