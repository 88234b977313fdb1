"""The facts of one Kinesis stream at one moment."""

from dataclasses import dataclass

from helpers.live.snapshot import Event

KEYS_KEPT = 40
"""How many of a stream's partition keys a snapshot names: those with most records."""


@dataclass(frozen=True)
class KeyFacts:
    """One partition key, as records carried it.

    Attributes:
        key: the partition key.
        shard: id of the shard that its last record was read from.
        at: where its MD5 lies in the hash range, from 0 to 1.
        records: how many carried it.
    """

    key: str
    shard: str
    at: float
    records: int


@dataclass(frozen=True)
class ShardFacts:
    """One shard; None wherever nobody could tell.

    Attributes:
        id: such as ``"shardId-000000000000"``.
        begin: lowest hash key of its range, as a part of all: from 0 to 1.
        end: one above its highest hash key, as a part of all.
        parents: ids of those it was split or merged from.
        closed: whether it takes no more records.
        drained: whether it is closed and was read to its end.
        records: how many were read from it.
        bytes: of their data and partition keys.
        keys: how many different partition keys they have.
        used_records: share of its records a second that is used now, 0 to 1 and above.
        used_bytes: the same of its bytes a second.
        peak_records: the largest share so far.
        peak_bytes: the same of its bytes a second.
        refused: records and reads that the course's quotas refused; None without them.
        last: sequence number of the last record that was read; None before the first.
    """

    id: str
    begin: float
    end: float
    parents: tuple[str, ...] = ()
    closed: bool = False
    drained: bool = False
    records: int | None = None
    bytes: int | None = None
    keys: int | None = None
    used_records: float | None = None
    used_bytes: float | None = None
    peak_records: float | None = None
    peak_bytes: float | None = None
    refused: int | None = None
    last: str | None = None

    @property
    def number(self) -> int:
        """What is left of the id when its zeros are gone."""
        return int(self.id.rpartition("-")[2])


@dataclass(frozen=True)
class StreamSnapshot:
    """Everything that a map of shards shows.

    Attributes:
        stream: its name.
        taken_at: seconds since the epoch.
        ticks: the same moment in monotonic seconds.
        is_there: whether Kinesis knows the stream; None where it has not answered.
        status: such as ``"ACTIVE"`` or ``"CREATING"``.
        retention_hours: how long it keeps a record; None where unknown.
        shards: by their place in the hash range, parents before children.
        keys: the partition keys with most records.
        write_share: the part of AWS's write limits that the course applies; None where
            it applies none.
        asked: monotonic seconds when Kinesis was asked.
        problem: why it cannot be asked, in a sentence.
        events: the last lines of the log, oldest first.
    """

    stream: str
    taken_at: float
    ticks: float
    is_there: bool | None = None
    status: str | None = None
    shards: tuple[ShardFacts, ...] = ()
    keys: tuple[KeyFacts, ...] = ()
    write_share: float | None = None
    asked: float | None = None
    problem: str | None = None
    events: tuple[Event, ...] = ()
    retention_hours: int | None = None

    @property
    def told(self) -> bool:
        """Whether this is what the servers answered, as far as any can answer."""
        return self.asked is not None or self.problem is not None
