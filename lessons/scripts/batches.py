"""Reads a topic for a worker: `batches()` yields lists of up to 100 messages to its end."""

import json
import os
import sys

from confluent_kafka import Consumer, KafkaError

topic, group, place = sys.argv[1:]
settings = json.loads(os.environ["CONNECTION"])
settings |= {"group.id": group, "group.instance.id": "worker"}
settings |= {"auto.offset.reset": "earliest", "enable.auto.commit": False}
# The end of the topic comes as a message with an error.
settings |= {"session.timeout.ms": 6000, "enable.partition.eof": True}
consumer = Consumer(settings)
consumer.subscribe([topic])


def batches():
    while True:
        messages = consumer.consume(100, timeout=1)
        if good := [one for one in messages if not one.error()]:
            yield good
        errors = [one.error().code() for one in messages if one.error()]
        if KafkaError._PARTITION_EOF in errors:
            return
