"""Looks at a topic's windows a few times a second; never waits for a broker."""

from dataclasses import replace

from helpers.live.look import Look, access
from helpers.live.observe import Measured
from helpers.live.snapshot import EVENTS_KEPT, Event
from helpers.live.source import Act, Poller
from helpers.live.topic_log import tell_topic
from helpers.live.topic_look import look_at
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.live.windows_snapshot import WindowsSnapshot
from helpers.live.windows_watch import ReportsSample, ReportsWatch
from helpers.servers.interface import Cluster


class WindowsPoller(Poller[WindowsSnapshot]):
    """A live source of snapshots of what a windowed job makes of a topic.

    Args:
        cluster: where the topic is; it may be down, and come and go.
        topic: its name; it may be deleted, and come back.
        hours: how long a window is.
        lateness: how many hours the watermark stays behind the newest event time.
        interval: seconds between two snapshots.
    """

    def __init__(
        self,
        cluster: Cluster,
        topic: str,
        hours: float,
        lateness: float,
        interval: float = 0.16,
    ) -> None:
        super().__init__(interval)
        self._hours, self._lateness = hours, lateness
        self._topic = topic
        self._told = 0
        self._look = Look(cluster, changed=self.wake)
        self._watch = ReportsWatch(topic, hours, lateness, access(cluster))

    @property
    def act(self) -> Act | None:
        """Nothing is done to nodes on this board."""
        return None

    def close(self) -> None:
        """End :meth:`snapshots` and the threads that ask."""
        super().close()
        self._look.close()
        self._watch.close()

    def _next(self, before: WindowsSnapshot | None) -> WindowsSnapshot:
        sample = self._watch.sample or ReportsSample()
        after = self._facts(before, self._look.measure(), sample)
        of_topic = tell_topic(before.about, after.about) if before else ()
        known = before.events if before else ()
        events = (*known, *of_topic, *self._new(sample))[-EVENTS_KEPT:]
        nodes = replace(after.about.nodes, events=events)
        return replace(after, about=replace(after.about, nodes=nodes))

    def _new(self, sample: ReportsSample) -> tuple[Event, ...]:
        """Return what nobody has been told yet of windows and late reports."""
        number, self._told = sample.told - self._told, sample.told
        return sample.events[-number:] if number else ()

    def _facts(
        self, before: WindowsSnapshot | None, now: Measured, sample: ReportsSample
    ) -> WindowsSnapshot:
        last = before.about.nodes if before else None
        nodes, is_there, aim = look_at(self._topic, last, now)
        self._watch.aim(aim)
        about = TopicSnapshot(self._topic, nodes, is_there)
        empty = WindowsSnapshot(about, self._hours, self._lateness)
        if is_there is False:
            return empty
        return replace(
            empty,
            reports=sample.reports,
            passed_over=sample.passed_over,
            asked=sample.asked,
        )
