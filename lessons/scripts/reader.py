"""Reads a topic in a group, at a pace, and commits each record."""

import json
import os
import signal
import sys
import time

from confluent_kafka import Consumer

topic, group, pause = sys.argv[1:]
settings = json.loads(os.environ["CONNECTION"]) | {"group.id": group}
settings |= {"auto.offset.reset": "earliest", "enable.auto.commit": False}
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
consumer = Consumer(settings)
consumer.subscribe([topic])
try:
    while True:
        message = consumer.poll(0.2)
        if message and not message.error():
            time.sleep(float(pause))
            consumer.commit(message=message, asynchronous=False)
finally:
    consumer.close()  # so that it leaves its group
