"""The twin board on real servers: its figures, and what it lives through."""

import re
from collections.abc import Iterator
from contextlib import closing

import boto3
import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.cimpl import NewTopic

from helpers import flights, views
from helpers.kinesis.shards import KinesisClient, list_shards
from helpers.live.twin_snapshot import SHARD_END
from helpers.names import unique
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.twin_view import TwinBoard
from helpers.waiting import wait_for
from tests.commits import commit
from tests.live.conftest import active, client, point_at

# Far more than it takes, so that a busy machine does not fail a test.
SHOWN = 60
DAY = flights.day(8)[:200]
DONE = 50


@pytest.fixture(autouse=True)
def environment(well: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    point_at(well, monkeypatch)


@pytest.fixture
def kinesis(environment: None) -> Iterator[KinesisClient]:
    made = boto3.client("kinesis")
    yield made
    made.close()


@pytest.fixture
def both(well: EmbeddedCluster, kinesis: KinesisClient) -> Iterator[str]:
    """Return the name of a topic and of a stream, both of one part, with 200 flights."""
    name = unique("twin")
    admin = client(well)
    wait_for(lambda: len(admin.list_topics(timeout=5).brokers) == 3, SHOWN, "brokers")
    admin.create_topics([NewTopic(name, 1, 3)])[name].result(SHOWN)
    kinesis.create_stream(StreamName=name, ShardCount=1)
    active(kinesis, name)
    producer = Producer({**well.connection, "log_level": 0})
    for flight in DAY:
        producer.produce(name, flight.to_json(), flight.id)
    assert producer.flush(SHOWN) == 0
    yield name
    with closing(boto3.client("kinesis")) as finder:
        finder.delete_stream(StreamName=name)


def send(kinesis: KinesisClient, name: str) -> list[str]:
    records = [{"Data": f.to_json(), "PartitionKey": f.id} for f in DAY]
    told = kinesis.put_records(StreamName=name, Records=records)
    assert told["FailedRecordCount"] == 0
    return [one["SequenceNumber"] for one in told["Records"]]


def shows(view: TwinBoard, pattern: str) -> None:
    wait_for(lambda: re.search(pattern, view.text()), SHOWN, f"'{pattern}' in the view")


def test_both_sides_are_counted_and_a_split_is_told(
    well: EmbeddedCluster, kinesis: KinesisClient, both: str
) -> None:
    numbers = send(kinesis, both)
    commit(well.connection, both, TopicPartition(both, 0, DONE))
    (only,) = (one.id for one in list_shards(kinesis, both))
    checkpoints = {only: numbers[DONE - 1]}
    view = views.twin(well, both, both, both, lambda: checkpoints)
    try:
        shows(view, r"records written +200, by the end offsets +200, counted by reading")
        shows(view, r"still to read +150 records ")
        shows(view, r"kept for +[\d.]+ \w+ +1\.0 days")
        places = wait_for(lambda: view.snapshot.places, SHOWN, "the places")
        (place,) = places.places
        assert place.oldest is not None
        assert (view.snapshot.behind or 0) > 0
        checkpoints[only] = numbers[-1]
        shows(view, r"behind +[\d.]+ \S+ +0\.0 s\n")
        kinesis.split_shard(
            StreamName=both, ShardToSplit=only, NewStartingHashKey=str(2**127)
        )
        active(kinesis, both)
        shows(view, r"Kinesis: Shard 0 is split into 1 and 2 at 50\.0 %")
        checkpoints[only] = SHARD_END
        shows(view, r"\n0 +closed +its end ")
        checkpoints[only] = "7"
        shows(view, r"▲ Kinesis: there is no place 7 in shard 0 \(\w+\)")
    finally:
        view.stop()


def test_each_side_is_missed_alone_and_comes_back(
    well: EmbeddedCluster,
    kinesis: KinesisClient,
    both: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(kinesis, both)
    view = views.twin(well, both, both, both, dict)
    try:
        shows(view, "200, by the end offsets +200, counted by reading")
        well.kill("kinesis", 0)
        shows(view, "▲ Kinesis: Kinesis cannot be asked now")
        assert "Kafka: No broker" not in view.text()
        for broker in (1, 2, 3):
            well.kill("broker", broker)
        shows(view, "▲ Kafka: ")
        well.up()
        point_at(well, monkeypatch)
        shows(view, "Kinesis: Kinesis can be asked again")
        # The engine keeps its streams in memory.
        shows(view, "○ Kinesis: There is no stream")
        kinesis_again = boto3.client("kinesis")
        kinesis_again.create_stream(StreamName=both, ShardCount=1)
        active(kinesis_again, both)
        wait_for(lambda: not faults_of(view), SHOWN, "both sides well")
        shows(view, "200, by the end offsets +0, counted by reading")
        kinesis_again.close()
    finally:
        view.stop()


def faults_of(view: TwinBoard) -> list[str]:
    """Return what the board tells of faults."""
    return [one for one in view.text().splitlines() if one.startswith("▲")]
