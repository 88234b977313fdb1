"""How far a consumer group is behind the end of a topic, at one moment."""

from dataclasses import dataclass
from typing import Literal

from helpers.kafka.consumer_facts import ConsumerFacts
from helpers.live.snapshot import Event
from helpers.live.topic_snapshot import TopicSnapshot

GroupState = Literal["none", "empty", "rebalancing", "stable", "unknown"]
"""Of a group; ``none`` says that the coordinator knows no such group."""

Point = tuple[float, int | None]
"""Monotonic seconds, and the group's total at that moment if it was known."""


@dataclass(frozen=True)
class MemberFacts:
    """One member as the group's coordinator names it.

    Attributes:
        name: its ``client.id``, with the end of its member id where two have the same.
        partitions: of the topic, that it owns now.
    """

    name: str
    partitions: tuple[int, ...] = ()


@dataclass(frozen=True)
class LagRow:
    """One partition, as the group has it; None wherever nobody could tell.

    Attributes:
        partition: its number.
        end: offset that the next record gets.
        committed: offset that the group reads next; None if it committed nothing.
        owner: name of the member that owns it; None if nobody does.
        behind: age of the oldest record that is not committed, in seconds by the
            record's timestamp; 0.0 if there is none.
        per_second: how fast the lag grows, in records; negative if it shrinks.
        asked: monotonic seconds when its figures were asked for.
        begin: offset of the first record that is still there.
    """

    partition: int
    end: int | None = None
    committed: int | None = None
    owner: str | None = None
    behind: float | None = None
    per_second: float | None = None
    asked: float | None = None
    begin: int | None = None

    @property
    def lag(self) -> int | None:
        """How many records are still to read, never below 0."""
        if self.end is None or self.committed is None:
            return None
        return max(0, self.end - self.committed)

    @property
    def gone(self) -> int:
        """How many of the lag's records were deleted before the group read them."""
        if self.begin is None or self.committed is None:
            return 0
        return max(0, self.begin - self.committed)

    @property
    def is_beyond(self) -> bool:
        """Whether the group has committed more than there is."""
        return None not in (self.end, self.committed) and self.committed > self.end  # type: ignore[operator]


@dataclass(frozen=True)
class LagSnapshot:
    """Everything that the lag board shows.

    Attributes:
        group: its name.
        about: the topic, and the nodes that hold it.
        state: of the group; ``unknown`` until its coordinator has answered.
        protocol: ``classic`` or ``consumer`` (KIP-848); None where unknown.
        members: of the group.
        rows: of the topic's partitions.
        consumers: the processes that the board started.
        history: the group's total, about once a second, oldest first.
        asked: monotonic seconds when the coordinator was asked; None if it never told.
    """

    group: str
    about: TopicSnapshot
    state: GroupState = "unknown"
    protocol: str | None = None
    members: tuple[MemberFacts, ...] = ()
    rows: tuple[LagRow, ...] = ()
    consumers: tuple[ConsumerFacts, ...] = ()
    history: tuple[Point, ...] = ()
    asked: float | None = None

    @property
    def taken_at(self) -> float:
        """Seconds since the epoch."""
        return self.about.taken_at

    @property
    def ticks(self) -> float:
        """The same moment in monotonic seconds."""
        return self.about.ticks

    @property
    def events(self) -> tuple[Event, ...]:
        """The last lines of the log, oldest first."""
        return self.about.events

    @property
    def total(self) -> int | None:
        """Records still to read; None where no partition's are known."""
        known = [one.lag for one in self.rows if one.lag is not None]
        return sum(known) if known else None

    @property
    def behind(self) -> float | None:
        """Seconds of the partition that is most behind; None where unknown."""
        return max((r.behind for r in self.rows if r.behind is not None), default=None)

    @property
    def per_second(self) -> float | None:
        """How fast the total grows, in records; None where unknown."""
        known = [one.per_second for one in self.rows if one.per_second is not None]
        return sum(known) if known else None

    @property
    def told(self) -> bool:
        """Whether this is what the servers answered, as far as any can answer."""
        is_there = self.about.is_there
        return self.about.nodes.told and (not is_there or self.asked is not None)
