"""What running servers give to clients."""

import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from helpers.inputs import InputError
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.errors import ServersError
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.aws_files import write_aws_files
from tests.servers import clients, scenarios

NONSENSE = {
    "AWS_PROFILE": "nobody",
    "AWS_DEFAULT_PROFILE": "nobody",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "ALL_PROXY": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "NO_PROXY": "example.org",
    "no_proxy": "example.com",
}
LIST_STREAMS = """
import boto3
from helpers import begin
boto3.setup_default_session()
begin("00_welcome")
print(boto3.client("kinesis").list_streams()["StreamNames"])
"""


def test_every_node_runs_and_every_broker_knows_the_others(
    cluster: EmbeddedCluster,
) -> None:
    status = cluster.status()
    assert status.all_running
    assert [broker.id for broker in status.brokers] == [1, 2, 3]
    for broker in status.brokers:
        assert clients.brokers_seen_at(broker.port) == {1, 2, 3}
    assert all(node.memory_bytes for node in status.nodes)


def test_a_record_on_three_replicas_comes_back(cluster: EmbeddedCluster) -> None:
    clients.create_topic(cluster.status(), "round-trip")
    clients.produce(cluster.status(), "round-trip", b"hello")
    assert clients.consume(cluster.status(), "round-trip", 1) == [b"hello"]
    assert clients.insync_replicas(cluster.status(), "round-trip") == {1, 2, 3}


def test_a_misspelt_topic_is_not_created(cluster: EmbeddedCluster) -> None:
    assert not clients.can_produce(cluster.status(), "mispelt")
    assert "mispelt" not in clients.topics(cluster.status())


def test_kinesis_gives_a_record_back(cluster: EmbeddedCluster) -> None:
    endpoint = cluster.status().kinesis_endpoint
    assert clients.kinesis_round_trip(endpoint, "stream", b"data") == b"data"


@pytest.mark.parametrize("foreign", [{}, NONSENSE], ids=["plain", "nonsense"])
def test_plain_boto3_reaches_the_local_endpoint(
    cluster: EmbeddedCluster,
    settings: Settings,
    tmp_path: Path,
    foreign: Mapping[str, str],
) -> None:
    home = write_aws_files(tmp_path) if foreign else tmp_path
    clients.kinesis_round_trip(
        cluster.status().kinesis_endpoint, f"plain-{len(foreign)}", b"data"
    )
    result = subprocess.run(
        [sys.executable, "-c", LIST_STREAMS],
        env=scenarios.environment(settings, **foreign, HOME=str(home)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert f"plain-{len(foreign)}" in result.stdout, result.stderr


def test_up_is_not_led_astray_by_the_callers_variables(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    cluster.kill("kinesis", 0)
    scenarios.succeeds(settings, "up", **NONSENSE)
    assert cluster.status().all_running


def test_nothing_listens_beyond_this_machine(
    cluster: EmbeddedCluster,
) -> None:
    running = [node.pid for node in cluster.status().nodes if node.pid]
    assert len(running) == 5
    for pid in running:
        addresses = scenarios.listen_addresses(pid)
        assert addresses, f"process {pid} does not listen at all"
        assert addresses <= {"127.0.0.1", "::ffff:127.0.0.1"}


def test_the_machines_other_addresses_refuse(cluster: EmbeddedCluster) -> None:
    addresses = [
        address.address
        for interface in psutil.net_if_addrs().values()
        for address in interface
        if address.family.name == "AF_INET" and not address.address.startswith("127.")
    ]
    if not addresses:
        pytest.skip("this machine has no address but the loopback")
    for port in (node.port for node in cluster.status().nodes):
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((addresses[0], port), timeout=5)


def test_status_tells_programs_all_they_need(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    told, status = scenarios.status_json(settings), cluster.status()
    assert told["mode"] == "embedded"
    assert told["kafka"]["bootstrap_servers"] == status.bootstrap_servers
    for kind, nodes in (("brokers", status.brokers), ("controllers", status.controllers)):
        expected = [(node.id, node.pid, node.port, "running") for node in nodes]
        rows = told["kafka"][kind]
        found = [(row["id"], row["pid"], row["port"], row["state"]) for row in rows]
        assert found == expected
    assert told["kinesis"]["endpoint"] == status.kinesis_endpoint
    assert told["kinesis"]["pid"] == status.kinesis.pid


def test_segment_files_hold_what_was_sent(cluster: EmbeddedCluster) -> None:
    clients.create_topic(cluster.status(), "files")
    clients.produce(cluster.status(), "files", b"look for me")
    name = "00000000000000000000.log"
    for broker in (1, 2, 3):
        folder = cluster.partition_dir("files", 0, broker)
        sizes = {
            file.name: file.size for file in cluster.segment_files("files", 0, broker)
        }
        assert sizes[name] == Path(folder, name).stat().st_size
        # acks=all: it is on every in-sync replica by now.
        assert b"look for me" in cluster.read_segment("files", 0, broker, name)


@pytest.mark.parametrize(
    ("topic", "partition", "broker"),
    [
        ("nothing", 0, 1),
        ("../broker-1/files", 0, 1),
        ("..", 0, 1),
        ("", 0, 1),
        ("a\0b", 0, 1),
        ("__cluster_metadata", 7, 1),
        ("__cluster_metadata", 0, 9),
        ("__cluster_metadata", -1, 1),
    ],
)
def test_an_unknown_replica_is_one_sentence(
    cluster: EmbeddedCluster, topic: str, partition: int, broker: int
) -> None:
    for look in (cluster.partition_dir, cluster.segment_files):
        with pytest.raises(
            (ServersError, InputError),
            match=f"Broker {broker} holds no replica|cannot be a name",
        ) as told:
            look(topic, partition, broker)
        assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "name",
    [
        "nothing.log",
        "../meta.properties",
        "..",
        ".",
        "",
        "/etc/hostname",
        "a\0b",
        "x" * 999,
    ],
)
def test_an_unknown_segment_file_is_one_sentence(
    cluster: EmbeddedCluster, name: str
) -> None:
    wait_for(
        lambda: cluster.segment_files("__cluster_metadata", 0, 1), 10, "metadata files"
    )
    with pytest.raises(ServersError, match="has no file") as told:
        cluster.read_segment("__cluster_metadata", 0, 1, name)
    assert "\n" not in str(told.value)
