"""Clients as students use them, each call with a deadline."""

import boto3
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from helpers.servers.interface import ClusterStatus
from helpers.waiting import wait_for

TIMEOUT = 60


def create_topic(
    status: ClusterStatus, topic: str, partitions: int = 1, **config: str
) -> None:
    """Create a topic on three brokers."""
    admin = AdminClient({"bootstrap.servers": status.bootstrap_servers})
    wanted = NewTopic(topic, partitions, 3, config=config)
    admin.create_topics([wanted], operation_timeout=TIMEOUT)[topic].result(TIMEOUT)


def topics(status: ClusterStatus) -> set[str]:
    """Return the names of all topics."""
    admin = AdminClient({"bootstrap.servers": status.bootstrap_servers})
    return set(admin.list_topics(timeout=TIMEOUT).topics)


def brokers_seen_at(port: int | None) -> set[int]:
    """Return the brokers that a client learns of from the one at this port."""
    admin = AdminClient({"bootstrap.servers": f"127.0.0.1:{port}"})
    return set(admin.list_topics(timeout=TIMEOUT).brokers)


def kafka_cluster_id(status: ClusterStatus) -> str:
    """Return the id that the brokers say their cluster has."""
    admin = AdminClient({"bootstrap.servers": status.bootstrap_servers})
    return str(admin.list_topics(timeout=TIMEOUT).cluster_id)


def produce(status: ClusterStatus, topic: str, value: bytes) -> None:
    """Have a record written by all in-sync replicas, or raise."""
    if failed := delivery_error(status, topic, value, TIMEOUT):
        raise KafkaException(failed)


def can_produce(status: ClusterStatus, topic: str) -> bool:
    """Return whether a record is acknowledged by all replicas within two seconds."""
    return delivery_error(status, topic, b"?", seconds=2) is None


def delivery_error(
    status: ClusterStatus, topic: str, value: bytes, seconds: float
) -> object:
    """Send one record with ``acks=all``; return its error, or None."""
    results: list[object] = []
    producer = Producer(
        {
            "bootstrap.servers": status.bootstrap_servers,
            "acks": "all",
            "message.timeout.ms": int(seconds * 1000),
        }
    )
    producer.produce(topic, value, on_delivery=lambda error, _: results.append(error))
    producer.flush(seconds + 5)
    return results[0] if results else "no answer"


def consume(status: ClusterStatus, topic: str, count: int) -> list[bytes]:
    """Return the first records of a topic's only partition."""
    consumer = Consumer(
        {"bootstrap.servers": status.bootstrap_servers, "group.id": "tests"}
    )
    consumer.assign([TopicPartition(topic, 0, 0)])
    values: list[bytes] = []

    def enough() -> bool:
        message = consumer.poll(0.5)
        if message is not None and message.error() is None:
            values.append(message.value())
        return len(values) >= count

    try:
        wait_for(enough, TIMEOUT, f"{count} records of {topic}")
    finally:
        consumer.close()
    return values


def insync_replicas(status: ClusterStatus, topic: str) -> set[int]:
    """Return the brokers whose replica of partition 0 is in sync.

    None, where the broker that answers has not heard yet of a new topic.
    """
    admin = AdminClient({"bootstrap.servers": status.bootstrap_servers})
    partitions = admin.list_topics(topic, timeout=TIMEOUT).topics[topic].partitions
    return set(partitions[0].isrs) if partitions else set()


def kinesis_round_trip(endpoint: str | None, stream: str, data: bytes) -> bytes:
    """Create a stream, put a record, and return what comes back."""
    client = boto3.client(
        "kinesis",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",  # noqa: S106 - it takes any
    )
    try:
        client.create_stream(StreamName=stream, ShardCount=1)
        client.get_waiter("stream_exists").wait(
            StreamName=stream, WaiterConfig={"Delay": 1, "MaxAttempts": TIMEOUT}
        )
        put = client.put_record(StreamName=stream, Data=data, PartitionKey="key")
        iterator = client.get_shard_iterator(
            StreamName=stream,
            ShardId=put["ShardId"],
            ShardIteratorType="TRIM_HORIZON",
        )["ShardIterator"]
        return bytes(client.get_records(ShardIterator=iterator)["Records"][0]["Data"])
    finally:
        client.close()
