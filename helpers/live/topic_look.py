"""What is seen of one topic's nodes, and whom to ask for more; pure functions."""

from dataclasses import replace

from helpers.live.aim import Aim
from helpers.live.look import addresses
from helpers.live.observe import Measured, observe
from helpers.live.snapshot import NodesSnapshot
from helpers.live.topic_snapshot import TopicSnapshot

# Brokers are asked who leads more often than this.
_FRESH = 1.5


def look_at(
    topic: str, before: NodesSnapshot | None, now: Measured
) -> tuple[NodesSnapshot, bool | None, Aim]:
    """Return the nodes as if there were no other topic, whether it is there, whom to ask.

    Args:
        topic: its name.
        before: the nodes of the last snapshot.
        now: what was measured.
    """
    sample = now.sample.of_topic(topic) if now.sample else None
    now = replace(now, sample=sample)
    nodes = _of_kafka(observe(before, now))
    is_there = bool(sample.rows) if sample else None
    return nodes, is_there, _aim(now, nodes, is_there)


def _of_kafka(nodes: NodesSnapshot) -> NodesSnapshot:
    """Leave out what no topic has to do with."""
    kept = tuple(node for node in nodes.nodes if node.role != "kinesis")
    return replace(nodes, nodes=kept)


def _aim(now: Measured, nodes: NodesSnapshot, is_there: bool | None) -> Aim:
    """Say whom to ask; nobody, while no broker answers so much as who leads."""
    if now.sample is None or now.ticks - now.sample.asked > _FRESH:
        return Aim()
    all_in_sync = all(len(p.in_sync) == len(p.replicas) for p in nodes.partitions)
    numbers = tuple(one.partition for one in nodes.partitions)
    return Aim(addresses(now.status), leaders(nodes), is_there, all_in_sync, numbers)


def leaders(nodes: NodesSnapshot) -> tuple[tuple[int, int], ...]:
    """Return which broker leads each partition whose leader runs."""
    running = {n.id for n in nodes.nodes if n.role == "broker" and n.state == "running"}
    return tuple(
        (one.partition, one.leader) for one in nodes.partitions if one.leader in running
    )


def aim_at(topic: TopicSnapshot) -> Aim:
    """Return whom to ask about a topic as it was seen: the brokers that run."""
    addresses = (
        node.address
        for node in topic.nodes.nodes
        if node.role == "broker" and node.state == "running"
    )
    return Aim(tuple(filter(None, addresses)), leaders(topic.nodes), topic.is_there)
