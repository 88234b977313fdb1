"""Looks at a group and its topic a few times a second; never waits for a broker."""

from collections.abc import Iterable
from dataclasses import replace

from helpers.kafka.consumer_facts import ConsumerFacts
from helpers.kafka.crew import Crew
from helpers.live.group_question import GroupSample
from helpers.live.group_watch import GroupWatch
from helpers.live.lag_log import tell_lag
from helpers.live.lag_snapshot import LagRow, LagSnapshot
from helpers.live.lag_trend import Trend, history
from helpers.live.look import Look, access
from helpers.live.observe import Measured
from helpers.live.snapshot import EVENTS_KEPT
from helpers.live.source import Poller
from helpers.live.topic_look import look_at
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.servers.interface import Cluster

# How long a consumer that has ended is still shown when the group does not count it.
_SHOWN_SECONDS = 10.0


class LagPoller(Poller[LagSnapshot]):
    """A live source of snapshots of one group's lag in one topic.

    Args:
        cluster: where both are; it may be down, and come and go.
        group: its name; there need not be such a group.
        topic: its name; it may be deleted, and come back.
        crew: the consumers that the board starts; None for none.
        interval: seconds between two snapshots.

    Attributes:
        act: nothing is done to nodes here.
    """

    act = None

    def __init__(
        self,
        cluster: Cluster,
        group: str,
        topic: str,
        crew: Crew | None = None,
        interval: float = 0.16,
    ) -> None:
        super().__init__(interval)
        self._group, self._topic, self._crew = group, topic, crew
        self._look = Look(cluster, changed=self.wake)
        self._watch = GroupWatch(group, topic, access(cluster))
        self._trend = Trend()

    def close(self) -> None:
        """End :meth:`snapshots` and the threads that ask."""
        super().close()
        self._look.close()
        self._watch.close()

    def _next(self, before: LagSnapshot | None) -> LagSnapshot:
        after = self._facts(before, self._look.measure())
        if before is None:
            return after
        events = (*before.events, *tell_lag(before, after))[-EVENTS_KEPT:]
        nodes = replace(after.about.nodes, events=events)
        return replace(after, about=replace(after.about, nodes=nodes))

    def _facts(self, before: LagSnapshot | None, now: Measured) -> LagSnapshot:
        last = before.about.nodes if before else None
        nodes, is_there, aim = look_at(self._topic, last, now)
        self._watch.aim(aim)
        found = self._watch.sample
        sample = found or GroupSample(now.ticks)
        numbers = [one.partition for one in nodes.partitions] if is_there else []
        snapshot = LagSnapshot(
            group=self._group,
            about=TopicSnapshot(self._topic, nodes, is_there),
            state=sample.state,
            protocol=sample.protocol,
            members=sample.members,
            rows=self._rows(sample, numbers),
            consumers=_shown(self._crew, sample, now.ticks),
            asked=found.asked if found else None,
        )
        points = before.history if before else ()
        return replace(snapshot, history=history(points, now.ticks, snapshot.total))

    def _rows(self, sample: GroupSample, numbers: Iterable[int]) -> tuple[LagRow, ...]:
        """Return the partitions; their figures are all of the sample's moment."""
        owners = {n: one.name for one in sample.members for n in one.partitions}
        rows = [
            LagRow(
                number,
                sample.ends.get(number),
                sample.committed.get(number),
                owners.get(number),
                sample.behind.get(number),
                asked=sample.asked_ends.get(number),
                begin=sample.begins.get(number),
            )
            for number in numbers
        ]
        lags = {one.partition: one.lag for one in rows if one.lag is not None}
        rates = self._trend.per_second(sample.asked, lags)
        return tuple(replace(one, per_second=rates.get(one.partition)) for one in rows)


def _shown(
    crew: Crew | None, sample: GroupSample, ticks: float
) -> tuple[ConsumerFacts, ...]:
    """Return the consumers, without those that ended a while ago and left the group."""
    members = {one.name for one in sample.members}
    return tuple(
        one
        for one in (crew.facts() if crew else ())
        if one.state == "running"
        or one.name in members
        or ticks - one.since < _SHOWN_SECONDS
    )
