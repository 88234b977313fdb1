# %% [markdown]
# # Consumer groups and lag

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("09_groups_and_lag")

# %%
# %%writefile "{lesson.folder}/member.py"
import json, os, signal, sys, time
from confluent_kafka import Consumer

topic, group, name, work, more = sys.argv[1:]
settings = json.loads(os.environ["CONNECTION"]) | json.loads(more)
settings |= {"group.id": group, "client.id": name}
new = set()


def tell(what, *partitions):
    line = {"at": time.monotonic(), "group": group, "member": name}
    print(json.dumps({**line, "what": what, "partitions": partitions}))


# %%
# %%writefile -a "{lesson.folder}/member.py"
def assigned(consumer, partitions):
    tell("assigned", *[one.partition for one in partitions])
    new.update(one.partition for one in partitions)


def revoked(consumer, partitions):
    tell("revoked", *[one.partition for one in partitions])


def lost(consumer, partitions):
    tell("lost", *[one.partition for one in partitions])


# %%
# %%writefile -a "{lesson.folder}/member.py"
def handle(message):
    if message.partition() in new:
        new.remove(message.partition())
        tell("reads", message.partition())
    time.sleep(float(work))


# %%
# %%writefile -a "{lesson.folder}/member.py"
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
consumer = Consumer(settings)
tell("started")
consumer.subscribe([topic], on_assign=assigned, on_revoke=revoked, on_lost=lost)
try:
    while True:
        message = consumer.poll(0.2)
        if message and not message.error():
            handle(message)
finally:
    tell("leaves")
    consumer.close()
