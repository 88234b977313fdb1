"""Records of several partitions in the order in which they arrived."""

import heapq
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

HOLD_SECONDS = 2.0
"""For which a record waits at most for older ones of other partitions."""


class Arrival(NamedTuple):
    """A record as far as a windowed job looks at it.

    Attributes:
        at: its timestamp, in seconds since the epoch.
        value: what is in it; None for a tombstone.
    """

    at: float
    value: bytes | None


class Arrivals:
    """Puts what was read of partitions, one after the other, into one order.

    By timestamp, and among equal ones by partition; within a partition that of its
    offsets, which is what every consumer sees.
    """

    def __init__(self) -> None:
        self._held: defaultdict[int, list[Arrival]] = defaultdict(list)
        self._since: float | None = None
        self._ended: set[int] = set()

    def add(self, partition: int, arrival: Arrival, now: float) -> None:
        """Keep what was read next of a partition; ``now`` is in monotonic seconds."""
        self._held[partition].append(arrival)
        self._ended.discard(partition)
        self._since = now if self._since is None else self._since

    def end(self, partition: int) -> None:
        """Note that a partition was read to its end."""
        self._ended.add(partition)

    def all_read(self, partitions: Collection[int]) -> bool:
        """Return whether all of them were read to their ends."""
        return self._ended.issuperset(partitions)

    def ready(self, partitions: Collection[int], now: float) -> list[Arrival]:
        """Take out what nothing older can come before, in order.

        Args:
            partitions: all that are read.
            now: in monotonic seconds.
        """
        waited = self._since is not None and now - self._since >= HOLD_SECONDS
        if not (len(partitions) == 1 or self.all_read(partitions) or waited):
            return []
        queues = [self._held[number] for number in sorted(self._held)]
        self._held, self._since = defaultdict(list), None
        return list(heapq.merge(*queues, key=lambda one: one.at))
