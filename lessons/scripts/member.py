"""A member of a group: it works, and prints what happens to it as lines of JSON."""

import json
import os
import signal
import sys
import time

from confluent_kafka import Consumer

# `work` is how many seconds it needs for a record, `more` further settings of its client.
topic, group, name, work, more = sys.argv[1:]
settings = json.loads(os.environ["CONNECTION"]) | json.loads(more)
settings |= {"group.id": group, "client.id": name}
new = set()


def tell(what, *partitions):
    line = {"at": time.monotonic(), "group": group, "member": name}
    print(json.dumps({**line, "what": what, "partitions": partitions}))


# The client calls these three functions, always from within `poll` or `close`.
def assigned(consumer, partitions):
    tell("assigned", *[one.partition for one in partitions])
    new.update(one.partition for one in partitions)


def revoked(consumer, partitions):
    tell("revoked", *[one.partition for one in partitions])


def lost(consumer, partitions):
    tell("lost", *[one.partition for one in partitions])


def handle(message):
    if message.partition() in new:  # its first record since it came
        new.remove(message.partition())
        tell("reads", message.partition())
    time.sleep(float(work))


signal.signal(signal.SIGTERM, lambda *_: sys.exit())
consumer = Consumer(settings)
tell("started")
consumer.subscribe([topic], on_assign=assigned, on_revoke=revoked, on_lost=lost)
try:
    while True:
        message = consumer.poll(0.2)
        if message and message.error():
            print(message.error(), file=sys.stderr)
        elif message:
            handle(message)
finally:
    tell("leaves")
    consumer.close()
