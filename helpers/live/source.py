"""Where snapshots come from: a poller, or a recording; a view cannot tell which."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

from helpers.live.snapshot import Verb
from helpers.servers.interface import Role

Act = Callable[[Verb, Role, int], object]
"""Called with verb, role and id of what is to be done to a node."""

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)


class Source(Protocol[S_co]):
    """Gives snapshots until it is closed."""

    @property
    def act(self) -> Act | None:
        """What to call to stop, kill or start a node; None where nobody can."""

    def take(self) -> S_co:
        """Return how things are now; for one thread at a time."""

    def snapshots(self) -> Iterator[S_co]:
        """Give one snapshot after the other until :meth:`close`."""

    def close(self) -> None:
        """End :meth:`snapshots`."""


class Poller(Generic[S]):
    """Takes a snapshot at an interval; ``_next`` says what one is made of.

    Args:
        interval: seconds between two snapshots.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._last: S | None = None
        self._wake = threading.Event()
        self._closed = False

    def snapshots(self) -> Iterator[S]:
        """Give a snapshot each interval, and at once after :meth:`wake`, until closed."""
        while not self._closed:
            began = time.monotonic()
            yield self.take()
            # What reading a snapshot takes is part of the interval.
            self._wake.wait(max(0.0, began + self._interval - time.monotonic()))
            self._wake.clear()

    def take(self) -> S:
        """Return how things are now; for one thread at a time."""
        self._last = self._next(self._last)
        return self._last

    def wake(self) -> None:
        """Have the next snapshot taken at once."""
        self._wake.set()

    def close(self) -> None:
        """End :meth:`snapshots`."""
        self._closed = True
        self.wake()

    def _next(self, before: S | None) -> S:
        """Return the snapshot after ``before``, with the events between the two."""
        raise NotImplementedError
