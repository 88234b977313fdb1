"""Single nodes stopped, killed, paused, dead of themselves, and started again."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.health import BrokerProbe
from helpers.servers.errors import ServersError
from helpers.servers.interface import NodeStatus, Role
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.servers import clients, scenarios

NODES: list[tuple[Role, int]] = [("broker", 2), ("controller", 101), ("kinesis", 0)]
each_node = pytest.mark.parametrize(("role", "node_id"), NODES)


@pytest.fixture(scope="module", autouse=True)
def topic(cluster: EmbeddedCluster) -> str:
    """Return a topic that tells whether the brokers are well."""
    clients.create_topic(cluster.status(), "health", **{"min.insync.replicas": "2"})
    return "health"


@pytest.fixture(autouse=True)
def all_up(cluster: EmbeddedCluster) -> None:
    """Begin each test with every node running."""
    cluster.up()


def node(cluster: EmbeddedCluster, role: Role, node_id: int) -> NodeStatus:
    nodes = cluster.status().nodes
    return next(n for n in nodes if (n.role, n.id) == (role, node_id))


def assert_well(cluster: EmbeddedCluster, role: Role) -> None:
    """Fail unless the part of the node does its work."""
    assert cluster.status().all_running
    if role == "kinesis":
        endpoint = cluster.status().kinesis_endpoint
        stream = f"stream-{cluster.status().kinesis.pid}-{os.urandom(4).hex()}"
        assert clients.kinesis_round_trip(endpoint, stream, b"data") == b"data"
    else:
        scenarios.wait_until_healthy(cluster.status(), "health")


@each_node
@pytest.mark.parametrize(("action", "state"), [("stop", "stopped"), ("kill", "killed")])
def test_an_ended_node_says_how_it_ended_and_starts_again(
    cluster: EmbeddedCluster, role: Role, node_id: int, action: str, state: str
) -> None:
    before = node(cluster, role, node_id)
    getattr(cluster, action)(role, node_id)
    ended = node(cluster, role, node_id)
    assert (ended.state, ended.pid, ended.memory_bytes) == (state, None, None)
    cluster.start(role, node_id)
    after = node(cluster, role, node_id)
    assert (after.state, after.port) == ("running", before.port)
    assert after.pid != before.pid
    assert_well(cluster, role)


def test_only_a_stopped_broker_ends_in_good_order(cluster: EmbeddedCluster) -> None:
    data = cluster.partition_dir("health", 0, 2).parent
    cluster.stop("broker", 2)
    log = data.parents[1] / "logs" / "broker-2.log"
    assert "Beginning controlled shutdown" in log.read_text("utf-8")
    assert "shut down completed" in log.read_text("utf-8")
    # Kafka's own sign that the logs need no recovery at the next start.
    assert (data / ".kafka_cleanshutdown").exists()
    cluster.kill("broker", 3)
    assert not (data.with_name("broker-3") / ".kafka_cleanshutdown").exists()


@each_node
def test_a_paused_node_goes_on_where_it_was(
    cluster: EmbeddedCluster, role: Role, node_id: int
) -> None:
    before = node(cluster, role, node_id)
    cluster.pause(role, node_id)
    paused = node(cluster, role, node_id)
    assert (paused.state, paused.pid) == ("paused", before.pid)
    cluster.resume(role, node_id)
    assert node(cluster, role, node_id).pid == before.pid
    assert_well(cluster, role)


@each_node
def test_up_resumes_a_paused_node(
    cluster: EmbeddedCluster, role: Role, node_id: int
) -> None:
    before = node(cluster, role, node_id)
    cluster.pause(role, node_id)
    assert cluster.up().all_running
    assert node(cluster, role, node_id).pid == before.pid
    assert_well(cluster, role)


@each_node
def test_a_paused_node_can_be_stopped(
    cluster: EmbeddedCluster, role: Role, node_id: int
) -> None:
    cluster.pause(role, node_id)
    cluster.stop(role, node_id)
    assert node(cluster, role, node_id).state == "stopped"


@each_node
def test_up_heals_a_node_that_died_by_itself(
    cluster: EmbeddedCluster, role: Role, node_id: int
) -> None:
    before = node(cluster, role, node_id)
    others = {n.pid for n in cluster.status().nodes} - {before.pid}
    os.kill(before.pid or 0, signal.SIGKILL)
    wait_for(lambda: node(cluster, role, node_id).state == "failed", 10, "the failure")
    assert cluster.up().all_running
    assert others < {n.pid for n in cluster.status().nodes}, "others were restarted"
    assert_well(cluster, role)


def test_up_heals_a_node_that_ends_while_it_is_waited_for(
    cluster: EmbeddedCluster,
) -> None:
    cluster.kill("broker", 3)
    found_running = node(cluster, "broker", 2).pid or 0
    with ThreadPoolExecutor() as pool:
        up = pool.submit(cluster.up)
        wait_for(lambda: node(cluster, "broker", 3).pid, 30, "the start of broker 3")
        os.kill(found_running, signal.SIGKILL)
        assert up.result().all_running
    assert node(cluster, "broker", 2).pid != found_running
    assert_well(cluster, "broker")


def test_a_broker_starts_while_another_is_paused(cluster: EmbeddedCluster) -> None:
    cluster.stop("broker", 1)
    cluster.pause("broker", 2)
    wait_for(
        lambda: clients.brokers_seen_at(cluster.status().brokers[2].port) == {3},
        30,
        "the paused broker to be given up",
    )
    cluster.start("broker", 1)
    assert clients.brokers_seen_at(cluster.status().brokers[0].port) == {1, 3}


def test_a_started_controller_answers(cluster: EmbeddedCluster) -> None:
    cluster.stop("controller", 101)
    cluster.kill("broker", 3)
    with pytest.raises(ServersError, match=r"Broker 3 needs a controller.*workbook up"):
        cluster.start("broker", 3)
    cluster.start("controller", 101)
    port = cluster.status().brokers[0].port
    # A client that is told of the dead broker asks that one to create a topic, for long.
    wait_for(lambda: 3 not in clients.brokers_seen_at(port), 30, "its end to be seen")
    clients.create_topic(cluster.status(), "by-the-new-controller")


def test_a_probe_that_was_told_to_ask_a_dead_broker_asks_another(
    cluster: EmbeddedCluster,
) -> None:
    port = cluster.status().brokers[0].port
    cluster.kill("broker", 3)
    # Metadata name any broker as the one to ask, until its end is seen the dead one too.
    probes = [BrokerProbe(port or 0) for _ in range(12)]
    assert all(probe.brokers() for probe in probes)
    wait_for(lambda: 3 not in clients.brokers_seen_at(port), 30, "its end to be seen")
    for probe in probes:
        wait_for(probe.reaches_controller, 10, "a controller to be reached")


@each_node
def test_what_makes_no_sense_is_one_sentence(
    cluster: EmbeddedCluster, role: Role, node_id: int
) -> None:
    with pytest.raises(ServersError, match=r"^\S+.* runs already\.$"):
        cluster.start(role, node_id)
    cluster.stop(role, node_id)
    for action in (cluster.stop, cluster.kill, cluster.pause, cluster.resume):
        with pytest.raises(ServersError, match=r"^\S+.* does not run: start it first\.$"):
            action(role, node_id)


@each_node
@pytest.mark.parametrize("action", ["start", "stop", "kill", "pause", "resume"])
def test_an_unknown_id_is_one_sentence(
    cluster: EmbeddedCluster, role: Role, node_id: int, action: str
) -> None:
    with pytest.raises(
        ServersError, match=rf"^There is no {role} 7: choose one of .*\.$"
    ):
        getattr(cluster, action)(role, 7)


def test_the_command_does_the_same(cluster: EmbeddedCluster, settings: Settings) -> None:
    told = scenarios.succeeds(settings, "broker", "kill", "3")
    assert "broker 3        killed" in told
    assert "runs already" in scenarios.complaint(
        scenarios.workbook(settings, "broker", "start", "1")
    )
    assert "no broker 9" in scenarios.complaint(
        scenarios.workbook(settings, "broker", "stop", "9")
    )
    assert "broker 3        running" in scenarios.succeeds(
        settings, "broker", "start", "3"
    )
    assert "kinesis         stopped" in scenarios.succeeds(settings, "kinesis", "stop")
    assert "does not run" in scenarios.complaint(
        scenarios.workbook(settings, "kinesis", "pause")
    )


def test_a_killed_broker_takes_part_again(cluster: EmbeddedCluster) -> None:
    scenarios.kill_and_start(cluster, 2, "health")


@pytest.mark.soak
def test_all_processes_frozen_recover(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    clients.create_topic(cluster.status(), "frozen")
    with scenarios.idle_process() as owner:
        # Its supervisor freezes too, and must not take its owner for dead after.
        cluster.down()
        cluster.up(owner=owner.pid)
        assert len(scenarios.pids(settings)) == 7
        scenarios.freeze_all(cluster, settings, seconds=5)
        cluster.down()
