"""What was read from a shard, counted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tally:
    """Counts the records of one shard as they are read.

    Attributes:
        records: how many there were.
        bytes: of their data and partition keys.
        keys: how many records carried each partition key.
        last: sequence number of the last one; None before the first.
        drained: whether nothing can come any more.
    """

    records: int = 0
    bytes: int = 0
    keys: Counter[str] = field(default_factory=Counter)
    last: str | None = None
    drained: bool = False
    _records_at: Counter[int] = field(default_factory=Counter)
    _bytes_at: Counter[int] = field(default_factory=Counter)

    def add(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Count records as ``GetRecords`` gives them."""
        for record in records:
            key = record["PartitionKey"]
            size = len(record["Data"]) + len(key.encode())
            second = int(record["ApproximateArrivalTimestamp"].timestamp())
            self.records += 1
            self.bytes += size
            self.keys[key] += 1
            self.last = record["SequenceNumber"]
            self._records_at[second] += 1
            self._bytes_at[second] += size

    def facts(self) -> "TallyFacts":
        """Return the counts as they are now."""
        newest = max(self._records_at, default=0)
        return TallyFacts(
            records=self.records,
            bytes=self.bytes,
            keys=dict(self.keys),
            drained=self.drained,
            last=self.last,
            second=newest,
            in_second=(self._records_at[newest], self._bytes_at[newest]),
            busiest=(
                max(self._records_at.values(), default=0),
                max(self._bytes_at.values(), default=0),
            ),
        )


@dataclass(frozen=True)
class TallyFacts:
    """The counts of one shard at one moment.

    Attributes:
        records: how many were read.
        bytes: of their data and partition keys.
        keys: how many records carried each partition key.
        drained: whether nothing can come any more.
        last: sequence number of the last one; None before the first.
        second: in which second the newest arrived, since the epoch.
        in_second: records and bytes that arrived in that second.
        busiest: most records and most bytes that arrived in any second.
    """

    records: int
    bytes: int
    keys: Mapping[str, int]
    drained: bool
    last: str | None
    second: int
    in_second: tuple[int, int]
    busiest: tuple[int, int]
