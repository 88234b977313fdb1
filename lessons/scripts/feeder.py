"""Writes up to a hundred numbers a second, to one partition after the other."""

import json
import os
import sys
from itertools import count

from confluent_kafka import Producer

topic, partitions = sys.argv[1], int(sys.argv[2])
producer = Producer(json.loads(os.environ["CONNECTION"]))
for number in count():
    producer.produce(topic, str(number), partition=number % partitions)
    producer.poll(0.01)
