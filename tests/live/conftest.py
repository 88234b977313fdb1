"""Boards on real servers, each test on well ones and with no thread left behind."""

import threading
from collections.abc import Iterator

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from helpers import views
from helpers.kinesis.shards import KinesisClient
from helpers.names import unique
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.environment import client_environment
from helpers.views.board import NodesBoard
from helpers.waiting import wait_for


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """Check that a test ends with the threads it began with."""
    before = set(threading.enumerate())
    yield
    wait_for(lambda: set(threading.enumerate()) <= before, 15, "the end of all threads")


@pytest.fixture
def well(cluster: EmbeddedCluster) -> EmbeddedCluster:
    """Return the worker's servers with every node running."""
    cluster.up()
    return cluster


def point_at(cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have ``boto3`` find the endpoint where it is now: its port may be another one."""
    for name, value in client_environment(cluster.status()).items():
        monkeypatch.setenv(name, value)


def active(kinesis: KinesisClient, name: str) -> None:
    """Wait until a stream can be written to."""

    def is_active() -> bool:
        told = kinesis.describe_stream_summary(StreamName=name)
        return bool(told["StreamDescriptionSummary"]["StreamStatus"] == "ACTIVE")

    wait_for(is_active, 60, f"{name} to be active")


def client(cluster: EmbeddedCluster) -> AdminClient:
    """Return a client of the running brokers that keeps its troubles to itself."""
    servers = cluster.status().bootstrap_servers
    return AdminClient(
        {"bootstrap.servers": servers, "socket.timeout.ms": 2000, "log_level": 0}
    )


def delete(cluster: EmbeddedCluster, name: str) -> None:
    """Delete a topic, of servers that may be coming back, and at other ports.

    A client drops a broker that is not back yet, and what it was asked with it: so it is
    asked until the topic is gone.
    """

    def gone() -> bool:
        admin = client(cluster)
        admin.delete_topics([name])[name].exception(30)
        return name not in admin.list_topics(timeout=5).topics

    wait_for(gone, 60, f"the end of {name}")


@pytest.fixture
def topic(well: EmbeddedCluster) -> Iterator[str]:
    """Return a topic of six partitions on all three brokers."""
    name = unique("board")
    admin = client(well)
    admin.create_topics([NewTopic(name, 6, 3)])[name].result(30)
    yield name
    delete(well, name)


@pytest.fixture
def board(well: EmbeddedCluster, topic: str) -> Iterator[NodesBoard]:
    """Return a live board that knows the topic's leaders."""
    made = views.nodes(well)
    try:
        wait_for(
            lambda: sum(one.topic == topic for one in made.snapshot.partitions) == 6,
            10,
            "the topic's leaders",
        )
        yield made
    finally:
        made.stop()
