"""Nodes beyond those of every start: they join, work, break, and leave again."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.processes import belonging_to
from helpers.servers.errors import ServersError
from helpers.servers.interface import NodeStatus
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.servers import clients, scenarios

SOON = 60
FIRST = {1, 2, 3}
# What a lesson does in a kernel that then ends.
ADD_AND_END = """
from helpers.servers import connect
connect().add("broker")
"""


@pytest.fixture(autouse=True)
def back_to_first(cluster: EmbeddedCluster) -> Iterator[None]:
    """End each test with three brokers and a controller that work, and no file more."""
    cluster.up()
    yield
    cluster.remove_added()
    assert ids(cluster) == ([1, 2, 3], [101])
    assert cluster.status().all_running


def ids(cluster: EmbeddedCluster) -> tuple[list[int], list[int]]:
    status = cluster.status()
    return [n.id for n in status.brokers], [n.id for n in status.controllers]


def controller(cluster: EmbeddedCluster, node_id: int) -> NodeStatus:
    return next(n for n in cluster.status().controllers if n.id == node_id)


def active(cluster: EmbeddedCluster) -> int | None:
    found = (n.id for n in cluster.status().controllers if n.is_active)
    return next(found, None)


def replicas(cluster: EmbeddedCluster, topic: str) -> list[list[int]]:
    topics = AdminClient(cluster.connection).list_topics(topic, timeout=SOON).topics
    return [list(p.replicas) for _, p in sorted(topics[topic].partitions.items())]


def holders(cluster: EmbeddedCluster, topic: str) -> set[int]:
    return {broker for one in replicas(cluster, topic) for broker in one}


def create(cluster: EmbeddedCluster, topic: str, partitions: int, copies: int) -> None:
    admin = AdminClient(cluster.connection)
    admin.create_topics([NewTopic(topic, partitions, copies)])[topic].result(SOON)
    wait_for(
        lambda: topic in admin.list_topics(timeout=SOON).topics, SOON, "the new topic"
    )


def test_a_broker_joins_with_nothing_and_leaves_without_loss(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    clients.create_topic(cluster.status(), "before")
    assert cluster.add("broker") == (4,)
    assert clients.brokers_seen_at(cluster.status().brokers[0].port) == {1, 2, 3, 4}
    assert holders(cluster, "before") == FIRST
    # New topics do count with it; one even has a copy on each of the four.
    create(cluster, "spread", 4, 3)
    create(cluster, "everywhere", 1, 4)
    assert holders(cluster, "spread") == {*FIRST, 4}
    clients.produce(cluster.status(), "everywhere", b"kept")
    cluster.remove("broker", 4)
    assert clients.brokers_seen_at(cluster.status().brokers[0].port) == FIRST
    assert {len(set(one) & FIRST) for one in replicas(cluster, "spread")} == {3}
    assert set(replicas(cluster, "everywhere")[0]) == FIRST
    assert clients.consume(cluster.status(), "everywhere", 1) == [b"kept"]
    assert files_of(settings, "broker-4") == []


def files_of(settings: Settings, node: str) -> list[str]:
    return [str(path) for path in settings.state_dir.glob(f"*/{node}*")]


@pytest.mark.soak
def test_a_quorum_of_three_outlives_its_active_one_but_not_two(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    assert cluster.add("controller", 2) == (102, 103)
    assert active(cluster) == 101
    cluster.kill("controller", 101)
    second = wait_for(lambda: active(cluster), SOON, "a successor")
    assert second in (102, 103)
    assert controller(cluster, 101).is_active is None
    # The brokers found the successor: it is asked for a topic.
    clients.create_topic(cluster.status(), "by-the-successor")
    # A broker that has not heard of it by then will not hear of it at all.
    scenarios.wait_until_healthy(cluster.status(), "by-the-successor")

    cluster.kill("controller", second)
    assert [n.is_active for n in cluster.status().controllers] == [False] * 3
    status = cluster.status()
    wait_for(lambda: clients.can_produce(status, "by-the-successor"), SOON, "a record")
    cluster.start("controller", 101)
    wait_for(lambda: active(cluster), SOON, "a majority again")
    clients.create_topic(cluster.status(), "by-the-mended")

    # Left as it is, one of the three dead: going back takes them all.
    cluster.remove_added()
    assert active(cluster) == 101
    clients.create_topic(cluster.status(), "by-the-first")
    assert files_of(settings, "controller-102") == []


@pytest.mark.soak
def test_added_nodes_stay_through_up_down_and_a_lost_record(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    cluster.add("broker")
    cluster.add("controller", 2)
    create(cluster, "held", 1, 4)
    clients.produce(cluster.status(), "held", b"record")
    cluster.kill("broker", 4)
    cluster.stop("controller", 103)
    assert cluster.up().all_running, "up starts added nodes like any other"
    cluster.down()
    scenarios.assert_nothing_left(settings)
    # A quorum of three that had only one of them started would decide nothing.
    Layout(settings.state_dir).record.write_text("garbage")
    assert cluster.up().all_running
    assert ids(cluster) == ([1, 2, 3, 4], [101, 102, 103])
    assert scenarios.pids(settings) == {n.pid for n in cluster.status().nodes}
    # Two controllers and the broker killed: what a lesson left in the middle.
    for role, node_id in (("controller", 101), ("controller", 103), ("broker", 4)):
        cluster.kill(role, node_id)  # type: ignore[arg-type]
    cluster.remove_added()
    assert clients.consume(cluster.status(), "held", 1) == [b"record"]


def test_who_added_a_node_decides_when_it_goes(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    with subprocess.Popen(
        [sys.executable, "-ic", ADD_AND_END],
        env=scenarios.environment(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as other:
        wait_for(lambda: is_added(settings), SOON, "the added broker")
        cluster.remove_added()
        assert ids(cluster)[0] == [1, 2, 3, 4], "the other one still works with it"
    assert other.returncode == 0
    cluster.remove_added()
    assert ids(cluster)[0] == [1, 2, 3]


def is_added(settings: Settings) -> bool:
    nodes = json.loads(Layout(settings.state_dir).record.read_text())["nodes"]
    return any(n["id"] == 4 and n["wanted"] == "running" for n in nodes)


@pytest.mark.soak
def test_reset_takes_added_nodes_away(cluster: EmbeddedCluster) -> None:
    clients.create_topic(cluster.status(), "of-before")
    cluster.add("controller", 2)
    cluster.kill("controller", 101)
    cluster.reset()
    assert ids(cluster) == ([1, 2, 3], [101])
    assert "of-before" not in clients.topics(cluster.status())
    clients.create_topic(cluster.status(), "fresh")


def test_what_makes_no_sense_is_one_sentence(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    before = belonging_to(settings.state_dir)
    for attempt, words in (
        (lambda: cluster.add("kinesis"), "no other can be added"),
        (lambda: cluster.add("broker", 2), "1 at most can be added"),
        (lambda: cluster.add("broker", 0), "ask for"),
        (lambda: cluster.remove("broker", 2), "only a node that was added"),
        (lambda: cluster.remove("controller", 102), "choose one of 101"),
    ):
        with pytest.raises(ServersError, match=words) as raised:
            attempt()
        assert "\n" not in str(raised.value)
    told = scenarios.workbook(settings, "broker", "remove", "1")
    assert "only a node that was added" in scenarios.complaint(told)
    assert belonging_to(settings.state_dir) == before


def test_nothing_is_added_to_servers_that_do_not_run(
    fresh_cluster: EmbeddedCluster,
) -> None:
    with pytest.raises(ServersError, match="run `workbook up` first"):
        fresh_cluster.add("broker")
    assert ids(fresh_cluster) == ([1, 2, 3], [101])
