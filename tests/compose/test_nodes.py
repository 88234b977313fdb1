"""The nodes as containers: started, broken, looked into."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from helpers import views
from helpers.servers.compose.cluster import ComposeCluster, project_name
from helpers.servers.compose.docker import docker
from helpers.servers.errors import ServersError
from helpers.servers.interface import ADD_NODES, NodeStatus, Role
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.conftest import own_settings
from tests.servers import clients, scenarios

NODES: list[tuple[Role, int]] = [("broker", 2), ("controller", 101), ("kinesis", 0)]
each_node = pytest.mark.parametrize(("role", "node_id"), NODES)
HEALTH = "health"
LOG = "00000000000000000000.log"


@pytest.fixture(scope="module", autouse=True)
def health(containers: ComposeCluster) -> None:
    """Make the topic that tells whether the brokers are well."""
    clients.create_topic(containers.status(), HEALTH, **{"min.insync.replicas": "2"})


def node(cluster: ComposeCluster, role: Role, node_id: int) -> NodeStatus:
    nodes = cluster.status().nodes
    return next(n for n in nodes if (n.role, n.id) == (role, node_id))


def assert_well(cluster: ComposeCluster, role: Role) -> None:
    """Fail unless the part of the node does its work."""
    assert cluster.status().all_running
    if role == "kinesis":
        stream = f"stream-{os.urandom(4).hex()}"
        endpoint = cluster.status().kinesis_endpoint
        assert clients.kinesis_round_trip(endpoint, stream, b"data") == b"data"
    else:
        scenarios.wait_until_healthy(cluster.status(), HEALTH)


def test_every_broker_serves_this_machine(well: ComposeCluster) -> None:
    status = well.status()
    assert status.all_running
    assert ADD_NODES not in well.abilities
    for broker in status.brokers:
        assert clients.brokers_seen_at(broker.port) == {1, 2, 3}
        assert broker.memory_bytes
        assert broker.pid
    clients.create_topic(status, "round-trip")
    clients.produce(status, "round-trip", b"value")
    assert clients.consume(status, "round-trip", 1) == [b"value"]


def test_and_the_network_of_the_containers(well: ComposeCluster) -> None:
    tool = "/opt/kafka/bin/kafka-topics.sh"
    at = ("--bootstrap-server", "broker-1:29092,broker-3:29092")
    listed = docker("exec", f"{well.project}-controller-1", tool, *at, "--list")
    assert b"round-trip" in listed


@each_node
@pytest.mark.parametrize(("action", "state"), [("stop", "stopped"), ("kill", "killed")])
def test_an_ended_node_says_how_it_ended_and_starts_again(
    well: ComposeCluster, role: Role, node_id: int, action: str, state: str
) -> None:
    before = node(well, role, node_id)
    getattr(well, action)(role, node_id)
    ended = node(well, role, node_id)
    assert (ended.state, ended.pid, ended.memory_bytes) == (state, None, None)
    for refused in (well.stop, well.kill, well.pause, well.resume):
        with pytest.raises(ServersError, match=r"^\S+.* does not run: start it first\.$"):
            refused(role, node_id)
    well.start(role, node_id)
    with pytest.raises(ServersError, match=r"^\S+.* runs already\.$"):
        well.start(role, node_id)
    after = node(well, role, node_id)
    assert (after.state, after.port) == ("running", before.port)
    assert after.pid != before.pid
    assert_well(well, role)


@each_node
def test_a_paused_node_goes_on_where_it_was(
    well: ComposeCluster, role: Role, node_id: int
) -> None:
    before = node(well, role, node_id)
    well.pause(role, node_id)
    assert node(well, role, node_id).state == "paused"
    well.resume(role, node_id)
    assert node(well, role, node_id).pid == before.pid
    assert_well(well, role)


def test_a_paused_node_can_be_stopped_killed_and_brought_up(
    well: ComposeCluster,
) -> None:
    well.pause("broker", 1)
    well.stop("broker", 1)
    assert node(well, "broker", 1).state == "stopped"
    well.up()
    well.pause("broker", 1)
    well.kill("broker", 1)
    assert node(well, "broker", 1).state == "killed"
    well.up()
    well.pause("broker", 1)
    assert well.up().all_running
    assert_well(well, "broker")


@each_node
def test_a_node_that_is_none_is_one_sentence(
    well: ComposeCluster, role: Role, node_id: int
) -> None:
    with pytest.raises(
        ServersError, match=rf"^There is no {role} 7: choose one of .*\.$"
    ):
        well.kill(role, 7)


def test_files_are_read_from_brokers_that_run_pause_and_have_ended(
    well: ComposeCluster,
) -> None:
    clients.create_topic(well.status(), "files")
    clients.produce(well.status(), "files", b"look for me")
    well.pause("broker", 2)
    well.kill("broker", 3)
    for broker in (1, 2, 3):
        folder = well.partition_dir("files", 0, broker)
        found = {one.name: one.size for one in well.segment_files("files", 0, broker)}
        assert found[LOG] == Path(folder, LOG).stat().st_size
        assert b"look for me" in well.read_segment("files", 0, broker, LOG)
    assert "files-0" in well.replica_folders(1)
    with pytest.raises(ServersError, match="does not run"):
        well.replica_folders(3)


@pytest.mark.parametrize(
    ("topic", "partition", "broker"),
    [("nothing", 0, 1), ("../x", 0, 1), ("", 0, 1), ("a\0b", 0, 1), ("health", 0, 9)],
)
def test_an_unknown_replica_is_one_sentence(
    well: ComposeCluster, topic: str, partition: int, broker: int
) -> None:
    for look in (well.partition_dir, well.segment_files):
        with pytest.raises(
            ServersError, match=f"Broker {broker} holds no replica"
        ) as told:
            look(topic, partition, broker)
        assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["nothing.log", "../meta.properties", "..", "", "a\0b"])
def test_an_unknown_file_is_one_sentence(well: ComposeCluster, name: str) -> None:
    with pytest.raises(ServersError, match="has no file") as told:
        well.read_segment(HEALTH, 0, 1, name)
    assert "\n" not in str(told.value)


def test_the_board_shows_containers_and_kills_one(well: ComposeCluster) -> None:
    board = views.nodes(well)
    try:
        wait_for(lambda: "5 of 5 nodes run" in board.text(), 20, "every container")
        wait_for(lambda: "leads" in board.text(), 20, "the leaders")
        for broker in well.status().brokers:
            assert f"{broker.address} · pid {broker.pid}" in board.text()
        board.cards["broker", 2].buttons["kill"].click()
        wait_for(lambda: "You killed broker 2" in board.text(), 20, "the kill to show")
        board.cards["broker", 2].buttons["start"].click()
        wait_for(lambda: "You started broker 2" in board.text(), 90, "its start")
    finally:
        board.stop()


def nameless_volumes() -> set[bytes]:
    """Return the volumes that no file gave a name."""
    names = docker("volume", "ls", "--quiet").split()
    return {name for name in names if re.fullmatch(b"[0-9a-f]{64}", name)}


def test_down_keeps_the_data_and_reset_does_not(well: ComposeCluster) -> None:
    clients.create_topic(well.status(), "kept")
    clients.produce(well.status(), "kept", b"value")
    before = nameless_volumes()
    well.down()
    assert {one.state for one in well.status().nodes} == {"stopped"}
    with pytest.raises(ServersError, match="run `workbook up`"):
        well.start("broker", 1)
    well.up()
    assert clients.consume(well.status(), "kept", 1) == [b"value"]
    assert nameless_volumes() == before, "each start left volumes that nothing names"
    assert "kept" not in clients.topics(well.reset())


def test_a_second_clone_finds_the_ports_taken(
    well: ComposeCluster, tmp_path: Path
) -> None:
    other = replace(own_settings(tmp_path), mode="compose")
    assert project_name(other) != well.project
    second = ComposeCluster(other)
    with pytest.raises(ServersError, match=r"^Port \d+ is taken") as told:
        second.up()
    assert "\n" not in str(told.value)
    assert {one.state for one in second.status().nodes} == {"stopped"}
    assert well.status().all_running


NO_ENGINE = "echo 'Cannot connect to the Docker daemon at x.' >&2; exit 1"
NO_COMPOSE = """
[ $1 = compose ] && { echo "unknown shorthand flag: 'p' in -p" >&2; exit 125; }
echo '[]'
"""


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (NO_ENGINE, "engine does not answer"),
        (NO_COMPOSE, "no `docker compose`"),
        (None, "There is no `docker`"),
    ],
    ids=["no engine", "no compose", "no docker"],
)
def test_a_machine_without_what_it_takes_is_told_so(
    compose_settings: Settings, tmp_path: Path, script: str | None, says: str
) -> None:
    if script:
        (tmp_path / "docker").write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (tmp_path / "docker").chmod(0o755)
    env = {"PATH": str(tmp_path), "WORKBOOK_MODE": "compose"}
    told = scenarios.complaint(scenarios.workbook(compose_settings, "up", **env))
    assert says in told
