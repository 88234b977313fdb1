"""What the views of a topic and a stream cost the notebook around them, in a kernel."""

from bench.board import measure_view
from bench.figure import Figure

PARTITIONS = 12
_BEGIN = f"""
from confluent_kafka.admin import AdminClient, NewTopic
topic, admin = lesson.topic("bench"), AdminClient(lesson.connection)
admin.create_topics([NewTopic(topic, {PARTITIONS}, 3)])[topic].result(30)
"""
SHARDS = 12
_STREAM = f"""
import boto3
stream, kinesis = lesson.stream("bench"), boto3.client("kinesis")
kinesis.create_stream(StreamName=stream, ShardCount={SHARDS})
"""


def measure() -> list[Figure]:
    """Measure the views of a topic and of a stream, one after the other."""
    return [
        *measure_view(
            f"map of {PARTITIONS} partitions", "view.partitions(topic)", _BEGIN
        ),
        *measure_view("board of their replicas", "view.replicas(topic)", _BEGIN),
        *measure_view(f"map of {SHARDS} shards", "view.shards(stream)", _STREAM),
    ]
