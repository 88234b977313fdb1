"""The facts of one topic at one moment."""

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
    """

    partition: int
    begin: int | None = None
    end: int | None = None
    bytes: int | None = None

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
        sized: monotonic seconds when brokers were asked for sizes; None if none answered.
        sizes: of its partitions; missing where nobody has answered.
        min_in_sync: the topic's ``min.insync.replicas``; None where unknown.
        eligible: by partition, the replicas that are not in sync and may be elected
            without loss of what ``acks=all`` acknowledged (ELR); None where unknown.
    """

    topic: str
    nodes: NodesSnapshot
    is_there: bool | None = None
    sized: float | None = None
    sizes: tuple[SizeFacts, ...] = ()
    min_in_sync: int | None = None
    eligible: dict[int, tuple[int, ...]] | None = None

    @property
    def taken_at(self) -> float:
        """Seconds since the epoch."""
        return self.nodes.taken_at

    @property
    def ticks(self) -> float:
        """The same moment in monotonic seconds."""
        return self.nodes.ticks

    @property
    def events(self) -> tuple[Event, ...]:
        """The last lines of the log, oldest first."""
        return self.nodes.events
