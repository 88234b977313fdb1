"""Looks at one partition's segment files a few times a second."""

from dataclasses import replace

from helpers.live.look import access
from helpers.live.segments_follow import follow
from helpers.live.segments_log import tell_segments
from helpers.live.segments_snapshot import SegmentsSnapshot
from helpers.live.segments_watch import FilesSample, FilesWatch
from helpers.live.snapshot import EVENTS_KEPT
from helpers.live.source import Act, Poller
from helpers.live.topic_look import aim_at
from helpers.live.topic_poller import TopicPoller
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.servers.interface import Cluster


class SegmentsPoller(Poller[SegmentsSnapshot]):
    """A live source of snapshots of one partition's segments.

    Args:
        cluster: lets its files be read; it may be down, and come and go.
        topic: its name; it may be deleted, and come back.
        partition: whose segments.
        interval: seconds between two snapshots.
    """

    def __init__(
        self, cluster: Cluster, topic: str, partition: int, interval: float = 0.16
    ) -> None:
        super().__init__(interval)
        self._partition = partition
        self._topic = TopicPoller(cluster, topic)
        self._files = FilesWatch(cluster, topic, partition, access(cluster))

    @property
    def act(self) -> Act | None:
        """Nothing is done to nodes on this board."""
        return None

    def close(self) -> None:
        """End :meth:`snapshots` and the threads that ask."""
        super().close()
        self._topic.close()
        self._files.close()

    def _next(self, before: SegmentsSnapshot | None) -> SegmentsSnapshot:
        topic = self._topic.take()
        self._files.aim(aim_at(topic))
        after = self._facts(before, topic)
        events = tell_segments(before, after) if before else ()
        kept = (*(before.events if before else ()), *events)[-EVENTS_KEPT:]
        nodes = replace(after.topic.nodes, events=kept)
        return replace(after, topic=replace(after.topic, nodes=nodes))

    def _facts(
        self, before: SegmentsSnapshot | None, topic: TopicSnapshot
    ) -> SegmentsSnapshot:
        if topic.is_there is False or before is None:
            return SegmentsSnapshot(topic, self._partition)
        sample = self._files.sample
        if sample is None or sample.asked == before.asked:
            return replace(before, topic=topic)
        return _with_files(replace(before, topic=topic), sample)


def _with_files(before: SegmentsSnapshot, sample: FilesSample) -> SegmentsSnapshot:
    same = before.broker == sample.broker
    segments = follow(
        before.segments if same else None, sample.files, sample.spans, sample.asked
    )
    return replace(
        before,
        broker=sample.broker,
        segments=segments,
        settings=sample.settings or before.settings,
        asked=sample.asked,
    )
