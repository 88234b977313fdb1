"""What the views of topics, groups and streams cost the notebook around them."""

from bench.board import measure_view
from bench.figure import Figure

PARTITIONS = 12
_GROUP = 'lesson.group("bench")'
_BEGIN = f"""
from confluent_kafka.admin import AdminClient, NewTopic
topic, admin = lesson.topic("bench"), AdminClient(lesson.connection)
admin.create_topics([NewTopic(topic, {PARTITIONS}, 3)])[topic].result(30)
"""
# All of it is on the board when it is there, and most of it is drawn.
_DAY = f"""{_BEGIN}
from confluent_kafka import Producer
from helpers import flights
producer = Producer(lesson.connection)
for flight in flights.day(8):
    producer.produce(topic, value=flight.to_json())
producer.flush(30)
"""
SHARDS = 12
_STREAM = f"""
import boto3
stream, kinesis = lesson.stream("bench"), boto3.client("kinesis")
kinesis.create_stream(StreamName=stream, ShardCount={SHARDS})
"""


def measure() -> list[Figure]:
    """Measure every view that a lesson shows but the nodes', one by one."""
    return [
        *measure_view(
            f"map of {PARTITIONS} partitions", "view.partitions(topic)", _BEGIN
        ),
        *measure_view("board of their replicas", "view.replicas(topic)", _BEGIN),
        *measure_view("board of the segments of one", "view.segments(topic)", _BEGIN),
        *measure_view(
            "recorded timeline of three groups",
            'view.recording("09_rebalance", speed=0.1).view',
        ),
        *measure_view("board of the windows of a day", "view.windows(topic)", _DAY),
        *measure_view("board of a group's lag", f"view.lag({_GROUP}, topic)", _BEGIN),
        *measure_view(f"map of {SHARDS} shards", "view.shards(stream)", _STREAM),
        *measure_view(
            "board of both side by side",
            f"view.twin(topic, {_GROUP}, stream, dict)",
            _BEGIN + _STREAM,
        ),
    ]
