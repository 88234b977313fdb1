"""The facts of one partition's segment files at one moment."""

from dataclasses import dataclass
from typing import Literal

from helpers.live.snapshot import Event
from helpers.live.topic_snapshot import SizeFacts, TopicSnapshot

SegmentState = Literal["active", "closed", "deleted", "gone"]
"""``deleted``: its file has that ending and waits; ``gone``: there is no file now."""


@dataclass(frozen=True)
class SegmentFacts:
    """One segment; None wherever nobody could tell.

    Attributes:
        base: offset of its first record, after which its file is named.
        state: what is done with it.
        size: bytes of its log file; of one that is gone: when last seen.
        since: monotonic seconds when it came into this state; None if it was in it
            before anybody watched.
        was: bytes before the cleaner rewrote it; None if it did not.
        oldest: time of its first record, in seconds since the epoch.
        newest: time of its newest record, in seconds since the epoch.
    """

    base: int
    state: SegmentState
    size: int
    since: float | None = None
    was: int | None = None
    oldest: float | None = None
    newest: float | None = None

    @property
    def file(self) -> str:
        """The name of its log file."""
        ending = ".deleted" if self.state in ("deleted", "gone") else ""
        return f"{self.base:020}.log{ending}"

    @property
    def is_live(self) -> bool:
        """Whether its records can be read."""
        return self.state in ("active", "closed")


@dataclass(frozen=True)
class SegmentSettings:
    """What decides over segments; times in milliseconds, -1 for no limit.

    Attributes:
        policy: the topic's ``cleanup.policy``.
        retention_ms: how old a closed segment's newest record may get.
        retention_bytes: how large the log stays at least before segments go.
        segment_ms: how long a segment is written to at most.
        segment_bytes: how large a segment gets at most.
        file_delete_ms: how long a file stays with its ending ``.deleted``.
        tombstone_ms: ``delete.retention.ms``, how long a tombstone stays at least.
        check_ms: how often the broker looks for what retention lets go.
        cleaner_ms: how often the broker's cleaner looks for something to compact.
    """

    policy: str
    retention_ms: int
    retention_bytes: int
    segment_ms: int
    segment_bytes: int
    file_delete_ms: int
    tombstone_ms: int
    check_ms: int
    cleaner_ms: int

    @property
    def deletes(self) -> bool:
        """Whether whole segments go by age and size."""
        return "delete" in self.policy

    @property
    def compacts(self) -> bool:
        """Whether older records of a key go."""
        return "compact" in self.policy


@dataclass(frozen=True)
class SegmentsSnapshot:
    """Everything that a segment board shows.

    Attributes:
        topic: the topic and the nodes that hold it; its events are the log.
        partition: whose segments.
        broker: whose files they are; None where nobody has read any.
        segments: by base offset; what is gone stays for some seconds.
        settings: what decides over them; None where unknown.
        asked: monotonic seconds when the files were last read.
    """

    topic: TopicSnapshot
    partition: int
    broker: int | None = None
    segments: tuple[SegmentFacts, ...] = ()
    settings: SegmentSettings | None = None
    asked: float | None = None

    @property
    def taken_at(self) -> float:
        """Seconds since the epoch."""
        return self.topic.taken_at

    @property
    def ticks(self) -> float:
        """The same moment in monotonic seconds."""
        return self.topic.ticks

    @property
    def events(self) -> tuple[Event, ...]:
        """The last lines of the log, oldest first."""
        return self.topic.events

    @property
    def reach(self) -> SizeFacts:
        """Where the partition's log begins and ends."""
        found = [one for one in self.topic.sizes if one.partition == self.partition]
        return found[0] if found else SizeFacts(self.partition)

    @property
    def live(self) -> tuple[SegmentFacts, ...]:
        """The segments whose records can be read."""
        return tuple(one for one in self.segments if one.is_live)

    @property
    def told(self) -> bool:
        """Whether this is what the servers answered, as far as any can answer."""
        return self.topic.told and (not self.topic.is_there or self.asked is not None)
