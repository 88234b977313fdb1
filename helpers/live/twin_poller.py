"""Looks at a topic, its group and a stream at the same time."""

from collections.abc import Iterator

from helpers.live.lag_poller import LagPoller
from helpers.live.lag_snapshot import LagSnapshot
from helpers.live.look import access
from helpers.live.places_watch import Checkpoints, PlacesWatch
from helpers.live.retention_watch import RetentionWatch
from helpers.live.snapshot import EVENTS_KEPT, Event
from helpers.live.source import Poller
from helpers.live.stream_poller import StreamPoller
from helpers.live.stream_snapshot import StreamSnapshot
from helpers.live.topic_look import aim_at
from helpers.live.twin_snapshot import TwinSnapshot
from helpers.servers.interface import Cluster

# Between two snapshots.
_INTERVAL_SECONDS = 0.16


class TwinPoller(Poller[TwinSnapshot]):
    """A live source of snapshots of both sides; either may be down, and come and go.

    Args:
        cluster: where topic and group are.
        topic: its name.
        group: its name.
        stream: its name, in the Kinesis that ``boto3`` finds.
        checkpoints: tells how far the stream's consumers are; None where nobody does.

    Attributes:
        act: nothing is done to nodes here.
    """

    act = None

    def __init__(
        self,
        cluster: Cluster,
        topic: str,
        group: str,
        stream: str,
        checkpoints: Checkpoints | None = None,
    ) -> None:
        super().__init__(_INTERVAL_SECONDS)
        self._has_checkpoints = checkpoints is not None
        self._kafka = LagPoller(cluster, group, topic)
        self._kinesis = StreamPoller(stream)
        self._places = PlacesWatch(stream, checkpoints)
        self._retention = RetentionWatch(topic, access(cluster))

    def close(self) -> None:
        """End :meth:`snapshots` and the threads that ask."""
        super().close()
        for one in (self._kafka, self._kinesis, self._places, self._retention):
            one.close()

    def _next(self, before: TwinSnapshot | None) -> TwinSnapshot:
        kafka, kinesis = self._kafka.take(), self._kinesis.take()
        self._retention.aim(aim_at(kafka.about))
        events = before.events if before else ()
        events += tuple(_told(before, kafka, kinesis)) if before else ()
        return TwinSnapshot(
            kafka,
            kinesis,
            self._has_checkpoints,
            self._places.sample,
            self._retention.sample,
            events[-EVENTS_KEPT:],
        )


def _told(
    before: TwinSnapshot, kafka: LagSnapshot, kinesis: StreamSnapshot
) -> Iterator[Event]:
    """Return what either side's log has gained, each line with its side."""
    for side, old, new in (
        ("Kafka", before.kafka.events, kafka.events),
        ("Kinesis", before.kinesis.events, kinesis.events),
    ):
        known = set(map(id, old))
        yield from (
            Event(one.at, f"{side}: {one.text}") for one in new if id(one) not in known
        )
