"""Looks at one topic a few times a second; never waits for a silent broker."""

from dataclasses import replace

from helpers.live.look import Look, access, addresses
from helpers.live.observe import Measured, observe
from helpers.live.snapshot import EVENTS_KEPT, NodesSnapshot
from helpers.live.source import Act, Poller
from helpers.live.topic_log import tell_topic
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.live.topic_watch import Aim, TopicSample, TopicWatch
from helpers.servers.interface import Cluster

_NOTHING = TopicSample()


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
        self._watch = TopicWatch(topic, access(cluster))

    @property
    def act(self) -> Act | None:
        """What to call to act on a node; None where this cluster lets nobody."""
        return self._look.act

    def close(self) -> None:
        """End :meth:`snapshots` and the threads that ask."""
        super().close()
        self._look.close()
        self._watch.close()

    def _next(self, before: TopicSnapshot | None) -> TopicSnapshot:
        after = self._facts(before, self._look.measure())
        if before is None:
            return after
        events = (*before.events, *tell_topic(before, after))[-EVENTS_KEPT:]
        return replace(after, nodes=replace(after.nodes, events=events))

    def _facts(self, before: TopicSnapshot | None, now: Measured) -> TopicSnapshot:
        sample = now.sample.of_topic(self._topic) if now.sample else None
        now = replace(now, sample=sample)
        nodes = _of_kafka(observe(before.nodes if before else None, now))
        is_there = bool(sample.rows) if sample else None
        self._watch.aim(_aim(now, nodes, is_there))
        known = self._watch.sample if is_there else None
        known = known or _NOTHING
        return TopicSnapshot(
            topic=self._topic,
            nodes=nodes,
            is_there=is_there,
            sized=known.asked,
            sizes=known.sizes,
            min_in_sync=known.min_in_sync,
            eligible=known.eligible,
        )


def _of_kafka(nodes: NodesSnapshot) -> NodesSnapshot:
    """Leave out what no topic has to do with."""
    kept = tuple(node for node in nodes.nodes if node.role != "kinesis")
    return replace(nodes, nodes=kept)


def _aim(now: Measured, nodes: NodesSnapshot, is_there: bool | None) -> Aim:
    all_in_sync = all(len(p.in_sync) == len(p.replicas) for p in nodes.partitions)
    return Aim(addresses(now.status), _leaders(nodes), is_there, all_in_sync)


def _leaders(nodes: NodesSnapshot) -> tuple[tuple[int, int], ...]:
    """Return which broker leads each partition whose leader runs."""
    running = {n.id for n in nodes.nodes if n.role == "broker" and n.state == "running"}
    return tuple(
        (one.partition, one.leader) for one in nodes.partitions if one.leader in running
    )
