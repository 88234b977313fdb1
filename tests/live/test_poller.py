"""The poller on real brokers: fresh while one is silent, and right."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from helpers.live.poller import NodesPoller
from helpers.live.snapshot import NodeFacts, NodesSnapshot
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.waiting import wait_for
from tests.live.conftest import client

WINDOW = 5.0
# Of the snapshots taken while all is well, in the same run on the same machine.
LEAST_SHARE = 0.6


@pytest.fixture
def poller(well: EmbeddedCluster, topic: str) -> Iterator[NodesPoller]:
    """Return a poller that knows the topic's leaders."""
    made = NodesPoller(well)
    try:
        wait_for(
            lambda: sum(one.topic == topic for one in made.take().partitions) == 6,
            10,
            "the topic's leaders",
        )
        yield made
    finally:
        made.close()


def broker(snapshot: NodesSnapshot, number: int) -> NodeFacts:
    return next(n for n in snapshot.nodes if (n.role, n.id) == ("broker", number))


def watched(poller: NodesPoller, seconds: float) -> list[NodesSnapshot]:
    """Return every snapshot of the next seconds."""
    end = time.monotonic() + seconds
    found = []
    for snapshot in poller.snapshots():
        if snapshot.ticks >= end:
            break
        found.append(snapshot)
    return found


@pytest.mark.parametrize("number", [1, 2, 3])
def test_snapshots_keep_coming_while_a_broker_is_paused(
    poller: NodesPoller, well: EmbeddedCluster, number: int
) -> None:
    reference = len(watched(poller, WINDOW))
    well.pause("broker", number)
    paused_at = time.monotonic()
    snapshots = watched(poller, WINDOW)
    answered = next(
        (one for one in poller.snapshots() if (one.asked or 0.0) > paused_at), None
    )
    well.resume("broker", number)
    assert {broker(one, number).state for one in snapshots} == {"paused"}
    assert len(snapshots) >= LEAST_SHARE * reference, "none waits for the silent broker"
    assert answered, "another broker is asked in its place"
    assert broker(snapshots[-1], number).leads == 0, "the others took over"


def test_leaders_are_counted_as_kafka_names_them(
    poller: NodesPoller, well: EmbeddedCluster, topic: str
) -> None:
    partitions = client(well).list_topics(topic, timeout=10).topics[topic].partitions
    leads = Counter(one.leader for one in partitions.values())
    copies = Counter(b for one in partitions.values() for b in one.replicas)
    snapshot = poller.take()
    for number in (1, 2, 3):
        facts = broker(snapshot, number)
        assert (facts.leads, facts.follows) == (
            leads[number],
            copies[number] - leads[number],
        )
    assert {p.partition: p.leader for p in snapshot.partitions} == {
        number: one.leader for number, one in partitions.items()
    }


def test_each_fact_is_of_the_process(poller: NodesPoller, well: EmbeddedCluster) -> None:
    snapshot, status = poller.take(), well.status()
    for facts, node in zip(snapshot.nodes, status.nodes, strict=True):
        assert (facts.role, facts.id, facts.pid) == (node.role, node.id, node.pid)
        assert facts.address == f"127.0.0.1:{node.port}"
    active = [n.id for n in snapshot.nodes if n.is_active_controller]
    assert active == [status.controllers[0].id]
    assert all(n.is_member for n in snapshot.nodes if n.role == "broker")
