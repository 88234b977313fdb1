"""Records of several partitions in the order in which they arrived."""

import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

SETTLED_SECONDS = 0.5
"""After its timestamp, records that are older have arrived in other partitions, too."""

HOLD_SECONDS = 2.0
"""For which a record waits at most for older ones of other partitions."""


class Arrival(NamedTuple):
    """A record as far as a windowed job looks at it.

    Attributes:
        at: its timestamp, in seconds since the epoch.
        value: what is in it; None for a tombstone.
        partition: where it was read.
    """

    at: float
    value: bytes | None
    partition: int = 0


class Arrivals:
    """Puts what was read of partitions, one after the other, into one order.

    By timestamp, and among equal ones by partition; within a partition that of its
    offsets, which is what every consumer sees.
    """

    def __init__(self) -> None:
        self._held: defaultdict[int, list[Arrival]] = defaultdict(list)
        self._since: float | None = None
        self._ended: set[int] = set()

    def add(self, arrival: Arrival, now: float) -> None:
        """Keep what was read next; ``now`` is in seconds since the epoch."""
        self._held[arrival.partition].append(arrival)
        self._ended.discard(arrival.partition)
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
            now: seconds since the epoch.
        """
        if self._since is None:
            return []
        if len(partitions) == 1 or now - self._since >= HOLD_SECONDS:
            return self._taken(math.inf, now)
        return (
            self._taken(now - SETTLED_SECONDS, now) if self.all_read(partitions) else []
        )

    def _taken(self, until: float, now: float) -> list[Arrival]:
        """Take out what arrived until a moment."""
        queues = [self._held[number] for number in sorted(self._held)]
        ordered = list(heapq.merge(*queues, key=lambda one: one.at))
        taken = list(itertools.takewhile(lambda one: one.at <= until, ordered))
        self._held, self._since = defaultdict(list), None
        for one in ordered[len(taken) :]:
            self._held[one.partition].append(one)
            self._since = now
        return taken
