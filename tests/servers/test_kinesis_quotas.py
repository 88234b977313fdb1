"""AWS's quotas in front of the real endpoint, on a clock that stands still."""

import secrets
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from helpers.kinesis.governor import Governor
from helpers.kinesis.quotas import MEBIBYTE
from helpers.kinesis.requests import EXCEEDED
from helpers.kinesis.shards import KinesisClient, hash_key, list_shards, open_shard
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.waiting import wait_for

WITHIN = 30
LARGE = b"x" * 9_997


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def governor(clock: Clock) -> Governor:
    return Governor(clock)


def ungoverned(cluster: EmbeddedCluster, attempts: int) -> KinesisClient:
    return boto3.client(
        "kinesis",
        endpoint_url=cluster.status().kinesis_endpoint,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",  # noqa: S106 - it takes any
        config=Config(retries={"total_max_attempts": attempts, "mode": "standard"}),
    )


@pytest.fixture
def client(cluster: EmbeddedCluster, governor: Governor) -> Iterator[KinesisClient]:
    """Return a governed client that tries once."""
    made = ungoverned(cluster, attempts=1)
    governor.govern(made)
    yield made
    made.close()


@pytest.fixture
def stream(client: KinesisClient) -> Iterator[str]:
    name = f"departures-{secrets.token_hex(2)}"
    client.create_stream(StreamName=name, ShardCount=1)
    active(client, name)
    yield name
    client.delete_stream(StreamName=name)


def active(client: KinesisClient, stream: str) -> None:
    def is_active() -> bool:
        told = client.describe_stream_summary(StreamName=stream)
        return bool(told["StreamDescriptionSummary"]["StreamStatus"] == "ACTIVE")

    wait_for(is_active, WITHIN, f"{stream} to be active")


def records(number: int, data: bytes = b"d", key: str = "JFK") -> list[dict[str, Any]]:
    return [{"Data": data, "PartitionKey": key} for _ in range(number)]


def failed(client: KinesisClient, stream: str, some: list[dict[str, Any]]) -> int:
    told = client.put_records(StreamName=stream, Records=some)
    assert len(told["Records"]) == len(some)
    codes = [one.get("ErrorCode") for one in told["Records"]]
    assert set(codes) <= {None, EXCEEDED}
    assert told["FailedRecordCount"] == len(codes) - codes.count(None)
    return int(told["FailedRecordCount"])


def everything(client: KinesisClient, stream: str) -> list[bytes]:
    found = []
    for shard in list_shards(client, stream):
        iterator = client.get_shard_iterator(
            StreamName=stream, ShardId=shard.id, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        told = client.get_records(ShardIterator=iterator)
        found += [one["Data"] for one in told["Records"]]
    return found


def test_a_shard_takes_a_thousand_records_a_second(
    client: KinesisClient, stream: str, clock: Clock
) -> None:
    assert failed(client, stream, records(400)) == 0
    assert failed(client, stream, records(400)) == 0
    assert failed(client, stream, records(400)) == 200
    clock.now += 0.1
    assert failed(client, stream, records(400)) == 300
    assert len(everything(client, stream)) == 1100


def test_a_shard_takes_a_mebibyte_a_second(
    client: KinesisClient, stream: str, clock: Clock
) -> None:
    assert failed(client, stream, records(200, LARGE)) == 200 - 104
    clock.now += 0.5
    assert failed(client, stream, records(200, LARGE)) == 200 - 53


def test_one_record_too_many_is_the_exception_of_aws(
    client: KinesisClient, stream: str, governor: Governor
) -> None:
    for _ in range(2):
        failed(client, stream, records(500))
    with pytest.raises(
        client.exceptions.ProvisionedThroughputExceededException,
        match=r"Rate exceeded for shard shardId-000000000000 .* applied by this course",
    ):
        client.put_record(StreamName=stream, Data=b"d", PartitionKey="JFK")
    assert governor.budget(stream, "shardId-000000000000").refused == 1


def test_the_client_library_tries_again_as_with_aws(
    cluster: EmbeddedCluster, client: KinesisClient, stream: str
) -> None:
    patient = ungoverned(cluster, attempts=8)
    running = Governor()
    running.govern(patient)
    running.budget(stream, "shardId-000000000000").write_records.owe(3_000)
    told = patient.put_record(StreamName=stream, Data=b"late", PartitionKey="JFK")
    assert told["ResponseMetadata"]["RetryAttempts"] > 0
    assert everything(patient, stream) == [b"late"]
    patient.close()


def test_only_the_hot_shard_refuses_and_the_order_of_answers_stays(
    client: KinesisClient, governor: Governor
) -> None:
    name = f"two-{secrets.token_hex(2)}"
    client.create_stream(StreamName=name, ShardCount=2)
    active(client, name)
    shards = list_shards(client, name)
    hot = open_shard(shards, hash_key("JFK"))
    assert hot is not None
    cold_key = next(k for k in "abcdef" if open_shard(shards, hash_key(k)) != hot)
    governor.budget(name, hot.id).write_records.owe(1_000)
    mixed = [*records(2), *records(1, key=cold_key), *records(1)]
    told = client.put_records(StreamName=name, Records=mixed)
    assert [one.get("ErrorCode") for one in told["Records"]] == [
        EXCEEDED,
        EXCEEDED,
        None,
        EXCEEDED,
    ]
    # The endpoint puts a key where we think it belongs.
    assert told["Records"][2]["ShardId"] != hot.id
    client.delete_stream(StreamName=name)


def test_a_split_doubles_what_the_stream_takes(
    client: KinesisClient, stream: str
) -> None:
    keys = [{"Data": b"d", "PartitionKey": str(number)} for number in range(500)]
    assert failed(client, stream, keys) == 0
    (parent,) = list_shards(client, stream)
    client.split_shard(
        StreamName=stream,
        ShardToSplit=parent.id,
        NewStartingHashKey=str(2**127),
    )
    active(client, stream)
    shards = list_shards(client, stream)
    assert [one.id for one in shards if one.closed] == [parent.id]
    children = [one for one in shards if not one.closed]
    assert [one.parents for one in children] == [(parent.id,)] * 2
    assert [one.share for one in children] == [0.5, 0.5]
    assert [failed(client, stream, keys) for _ in range(3)] == [0, 0, 0]


def test_a_shard_is_read_five_times_a_second(
    client: KinesisClient, stream: str, clock: Clock
) -> None:
    iterator = client.get_shard_iterator(
        StreamName=stream,
        ShardId="shardId-000000000000",
        ShardIteratorType="TRIM_HORIZON",
    )["ShardIterator"]
    for _ in range(5):
        iterator = client.get_records(ShardIterator=iterator)["NextShardIterator"]
    with pytest.raises(client.exceptions.ProvisionedThroughputExceededException):
        client.get_records(ShardIterator=iterator)
    clock.now += 0.2
    client.get_records(ShardIterator=iterator)


def test_a_large_read_must_be_paid_for_by_waiting(
    client: KinesisClient, stream: str, clock: Clock
) -> None:
    for _ in range(4):
        assert failed(client, stream, records(1, b"x" * (MEBIBYTE - 3))) == 0
        clock.now += 1
    assert len(everything(client, stream)) == 4
    clock.now += 0.9
    with pytest.raises(client.exceptions.ProvisionedThroughputExceededException):
        everything(client, stream)
    clock.now += 0.2
    assert len(everything(client, stream)) == 4


@pytest.mark.parametrize(
    ("some", "said"),
    [
        (records(501), "at most 500 records, and this one has 501"),
        (records(1, b"x" * MEBIBYTE), "at most 1,048,576 bytes .* has 1,048,579"),
        (records(11, b"x" * (MEBIBYTE - 3)), "at most 10,485,760 bytes"),
    ],
)
def test_what_no_shard_could_take(
    client: KinesisClient, stream: str, some: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(client.exceptions.ClientError, match=said):
        client.put_records(StreamName=stream, Records=some)
    assert everything(client, stream) == []


def test_a_stream_may_allow_larger_records(client: KinesisClient, stream: str) -> None:
    arn = client.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
    client.update_max_record_size(StreamARN=arn["StreamARN"], MaxRecordSizeInKiB=2048)
    active(client, stream)
    assert failed(client, stream, records(1, b"x" * (MEBIBYTE + 1))) == 0


def test_aws_itself_is_not_governed() -> None:
    client = boto3.client("kinesis", region_name="us-east-1")
    with pytest.raises(ValueError, match="applies its own quotas"):
        Governor().govern(client)
    client.close()
