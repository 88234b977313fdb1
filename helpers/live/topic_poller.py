"""Looks at one topic a few times a second; never waits for a silent broker."""

from dataclasses import replace

from helpers.live.details_watch import DetailsSample, DetailsWatch, Volume
from helpers.live.look import Look, access
from helpers.live.observe import Measured
from helpers.live.offsets_watch import OffsetsSample, OffsetsWatch, Reach
from helpers.live.snapshot import EVENTS_KEPT, NodesSnapshot
from helpers.live.source import Act, Poller
from helpers.live.topic_log import tell_topic
from helpers.live.topic_look import look_at
from helpers.live.topic_snapshot import SizeFacts, TopicSnapshot
from helpers.servers.interface import Cluster

_NOTHING = OffsetsSample(), DetailsSample()


class TopicPoller(Poller[TopicSnapshot]):
    """A live source of snapshots of one topic and of the nodes that hold it.

    Args:
        cluster: where the topic is; it may be down, and come and go.
        topic: its name; it may be deleted, and come back.
        interval: seconds between two snapshots.
    """

    def __init__(self, cluster: Cluster, topic: str, interval: float = 0.16) -> None:
        super().__init__(interval)
        self._topic = topic
        self._look = Look(cluster, changed=self.wake)
        self._offsets = OffsetsWatch(topic, access(cluster))
        self._details = DetailsWatch(topic, access(cluster))

    @property
    def act(self) -> Act | None:
        """What to call to act on a node; None where this cluster lets nobody."""
        return self._look.act

    def close(self) -> None:
        """End :meth:`snapshots` and the threads that ask."""
        super().close()
        self._look.close()
        self._offsets.close()
        self._details.close()

    def _next(self, before: TopicSnapshot | None) -> TopicSnapshot:
        after = self._facts(before, self._look.measure())
        if before is None:
            return after
        events = (*before.events, *tell_topic(before, after))[-EVENTS_KEPT:]
        return replace(after, nodes=replace(after.nodes, events=events))

    def _facts(self, before: TopicSnapshot | None, now: Measured) -> TopicSnapshot:
        last = before.nodes if before else None
        nodes, is_there, aim = look_at(self._topic, last, now)
        self._offsets.aim(aim)
        self._details.aim(aim)
        offsets, details = self._known() if is_there else _NOTHING
        return TopicSnapshot(
            topic=self._topic,
            nodes=nodes,
            is_there=is_there,
            sizes=_sizes(nodes, offsets, details),
            min_in_sync=offsets.min_in_sync,
            eligible=details.eligible,
        )

    def _known(self) -> tuple[OffsetsSample, DetailsSample]:
        return (
            self._offsets.sample or OffsetsSample(),
            self._details.sample or DetailsSample(),
        )


def _sizes(
    nodes: NodesSnapshot, offsets: OffsetsSample, details: DetailsSample
) -> tuple[SizeFacts, ...]:
    """Return what is known of each partition, with the moments it was asked at."""
    found = []
    for number in (one.partition for one in nodes.partitions):
        reach, volume = offsets.reaches.get(number), details.volumes.get(number)
        if reach or volume:
            found.append(_size(number, reach, volume))
    return tuple(found)


def _size(number: int, reach: Reach | None, volume: Volume | None) -> SizeFacts:
    return SizeFacts(
        number,
        begin=reach.begin if reach else None,
        end=reach.end if reach else None,
        bytes=volume.bytes if volume else None,
        asked=reach.asked if reach else None,
        weighed=volume.asked if volume else None,
    )
