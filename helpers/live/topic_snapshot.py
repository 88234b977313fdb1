"""The facts of one topic at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.live.snapshot import Event, NodesSnapshot


@dataclass(frozen=True)
class SizeFacts:
    """How much one partition holds; None wherever nobody could tell.

    Attributes:
        partition: its number.
        begin: offset of the first record that is still there.
        end: offset that the next record gets.
        bytes: size of the leader's log files.
        asked: monotonic seconds when its leader was asked for begin and end.
        weighed: monotonic seconds when its leader was asked for bytes.
    """

    partition: int
    begin: int | None = None
    end: int | None = None
    bytes: int | None = None
    asked: float | None = None
    weighed: float | None = None

    @property
    def records(self) -> int | None:
        """From begin to end: how many records, unless some were compacted away."""
        if self.begin is None or self.end is None:
            return None
        return self.end - self.begin


@dataclass(frozen=True)
class TopicSnapshot:
    """Everything that the views of one topic show.

    Attributes:
        topic: its name.
        nodes: the nodes, as if there were no other topic; its events are the log.
        is_there: whether the brokers know the topic; None where none has answered.
        sizes: of its partitions; missing where nobody has answered.
        min_in_sync: the topic's ``min.insync.replicas``; None where unknown.
        eligible: by partition, the replicas that are not in sync and may be elected
            without loss of what ``acks=all`` acknowledged (ELR); None where unknown.
    """

    topic: str
    nodes: NodesSnapshot
    is_there: bool | None = None
    sizes: tuple[SizeFacts, ...] = ()
    min_in_sync: int | None = None
    eligible: Mapping[int, tuple[int, ...]] | None = None

    @property
    def taken_at(self) -> float:
        """Seconds since the epoch."""
        return self.nodes.taken_at

    @property
    def ticks(self) -> float:
        """The same moment in monotonic seconds."""
        return self.nodes.ticks

    @property
    def sized(self) -> float | None:
        """Monotonic seconds of the oldest begin and end; None if there are none."""
        asked = [one.asked for one in self.sizes if one.asked is not None]
        return min(asked, default=None)

    @property
    def events(self) -> tuple[Event, ...]:
        """The last lines of the log, oldest first."""
        return self.nodes.events

    @property
    def told(self) -> bool:
        """Whether this is what the servers answered, as far as any can answer."""
        return self.nodes.told and (not self.is_there or self.sized is not None)
