"""The same events in a Kafka topic and in a Kinesis stream, at one moment."""

from dataclasses import dataclass

from helpers.live.lag_snapshot import LagSnapshot
from helpers.live.snapshot import Event
from helpers.live.stream_snapshot import StreamSnapshot

SHARD_END = "SHARD_END"
"""The checkpoint of a shard that is read to its end, as Amazon's own library has it."""


@dataclass(frozen=True)
class PlaceFacts:
    """How far one shard is done; None wherever nobody could tell.

    Attributes:
        shard: its id.
        checkpoint: sequence number of the last record that is done, or ``SHARD_END``;
            None where nothing is.
        behind_ms: ``MillisBehindLatest`` as Kinesis answers a read at the checkpoint.
        oldest: when the oldest record that is not done arrived, in seconds since the
            epoch; None if there is none.
        problem: why Kinesis does not read there, in a word.
    """

    shard: str
    checkpoint: str | None = None
    behind_ms: int | None = None
    oldest: float | None = None
    problem: str | None = None


@dataclass(frozen=True)
class PlacesSample:
    """What was learned of all checkpoints at once.

    Attributes:
        asked: monotonic seconds when they were asked for.
        places: of the shards, by their order in the stream.
        problem: why they are not known, in a sentence.
    """

    asked: float
    places: tuple[PlaceFacts, ...] = ()
    problem: str | None = None


@dataclass(frozen=True)
class TwinSnapshot:
    """Everything that the twin board shows.

    Attributes:
        kafka: the topic and its group.
        kinesis: the stream.
        has_checkpoints: whether the board was told who keeps checkpoints.
        places: how far the shards are done; None where nobody has told.
        retention_ms: the topic's ``retention.ms``; -1 is for ever, None unknown.
        events: the last lines of both logs, oldest first.
    """

    kafka: LagSnapshot
    kinesis: StreamSnapshot
    has_checkpoints: bool = False
    places: PlacesSample | None = None
    retention_ms: int | None = None
    events: tuple[Event, ...] = ()

    @property
    def taken_at(self) -> float:
        """Seconds since the epoch."""
        return self.kafka.taken_at

    @property
    def ticks(self) -> float:
        """The same moment in monotonic seconds."""
        return self.kafka.ticks

    @property
    def behind(self) -> float | None:
        """Age in seconds of the oldest record of the stream that is not done.

        By the time of its arrival; 0.0 if all is done, None where nobody could tell.
        """
        known = self.places.places if self.places else ()
        if not known or any(one.behind_ms is None for one in known):
            return None
        moments = [one.oldest for one in known if one.oldest is not None]
        return max(0.0, self.taken_at - min(moments)) if moments else 0.0

    @property
    def told(self) -> bool:
        """Whether this is what the servers answered, as far as any can answer."""
        return self.kafka.told and self.kinesis.told
