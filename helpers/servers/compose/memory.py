"""What the containers' memory is, asked away from whoever wants to know.

The engine watches a container for two seconds before it tells; a board looks five
times a second.
"""

import threading
import time
from contextlib import suppress

from helpers.servers.compose.containers import read_memory
from helpers.servers.errors import ServersError

_FRESH_SECONDS = 5.0
_FIRST_ANSWER_SECONDS = 5.0


class MemoryWatch:
    """Remembers the last answer, and asks for a newer one when it is old."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._asked: float | None = None
        self._thread: threading.Thread | None = None

    def known(self) -> dict[str, int]:
        """Return bytes by container name as last told."""
        return self._known

    def read(self, names: list[str]) -> dict[str, int]:
        """Return bytes by container name; only the first time this waits."""
        first = self._asked is None
        busy = self._thread is not None and self._thread.is_alive()
        if names and not busy and (first or self._age() > _FRESH_SECONDS):
            self._asked = time.monotonic()
            self._thread = threading.Thread(
                target=self._ask, args=(names,), name="container memory", daemon=True
            )
            self._thread.start()
            if first:
                self._thread.join(_FIRST_ANSWER_SECONDS)
        return self._known

    def _age(self) -> float:
        return time.monotonic() - (self._asked or 0.0)

    def _ask(self, names: list[str]) -> None:
        # A container may have ended meanwhile: the next answer will tell.
        with suppress(ServersError):
            self._known = read_memory(names)
