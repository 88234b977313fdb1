# %% [markdown]
# # Scaling and consuming Kinesis
#
# At the end of this lesson you can
#
# - make a stream larger and smaller while it is in use, and say in which order its shards are read;
# - say what leases and checkpoints are for, and what a dead worker costs.
#
# In the sections marked *Deeper* you also
#
# - run a Lambda function on a stream, and get a broken record out of its way;
# - see what carries over from Kafka to Kinesis when you read and scale, and what does not.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("14_scaling_kinesis")

# %% [markdown]
# ## How does a stream grow and shrink?
#
# By splits and merges, which AWS calls **resharding**. Lesson 13 had one split. These are its
# tools, once more.
#
# <!-- script: streams.py -->

# %%
import boto3
from lessons.scripts.streams import Streams

kinesis = boto3.client("kinesis")
streams = Streams(lesson, kinesis)
create, ready = streams.create, streams.ready

# %% [markdown]
# `send` takes up to 500 flights, keyed by aircraft. It returns where each record is: its shard
# and its sequence number.


# %%
def send(stream, some):
    records = [
        {"Data": one.to_json(), "PartitionKey": one.tailnum or one.id} for one in some
    ]
    told = kinesis.put_records(StreamName=stream, Records=records)
    assert told["FailedRecordCount"] == 0, "AWS refused some: wait, and run it again"
    return [(one["ShardId"], one["SequenceNumber"]) for one in told["Records"]]


# %%
day = flights.day(8)
rush = day[:500]
departures = create("nyc.flight.departed", 2)
before = send(departures, rush)
board = view.shards(departures)
board

# %% [markdown]
# Two shards with half of the range each. A few more tools: `opened` tells which shards are open,
# by their numbers, `family` lists each with its parents, and `read` reads one from its oldest
# record on, until a read brings nothing new.
#
# <!-- script: shards.py -->

# %%
from lessons.scripts.shards import Shards, short

shards = Shards(kinesis, streams)
opened, family, read = shards.opened, shards.family, shards.read
opened(departures)

# %% [markdown]
# Now split shard 0 in its middle. (The `if` lets you run the cell again.)

# %%
predict("14.1")

# %%
if 0 in opened(departures):
    kinesis.split_shard(
        StreamName=departures,
        ShardToSplit="shardId-000000000000",
        NewStartingHashKey=str(2**126),
    )
ready(departures)

# %%
family(departures)

# %% [markdown]
# Read all three.

# %%
old, last = read(departures, "shardId-000000000000")
children = [read(departures, f"shardId-00000000000{n}")[0] for n in (2, 3)]
len(old), [len(child) for child in children]

# %%
numbers = {number for _, number in before}
held = sum(one["SequenceNumber"] in numbers for child in children for one in child)
reveal("14.1", held / len(old))

# %% [markdown]
# And new records? Send a hundred more, and count them by shard.

# %%
from collections import Counter

Counter(short(shard) for shard, _ in send(departures, day[500:600]))

# %% [markdown]
# None for the closed shard 0. What would have been for it goes to its children now.
#
# And how does a reader learn of it? From the last answer of the parent:

# %%
last.get("NextShardIterator"), [one["ShardId"] for one in last["ChildShards"]]

# %% [markdown]
# **What you saw.** No next iterator: here the shard ends for good. It is *drained*, and its
# children are named. A key's older records are in the parent, its newer ones in a child. So
# whoever wants order reads **parents before children**.

# %% [markdown]
# ### And smaller?
#
# You may read that shards cannot be reduced easily. It is one call. A **merge** makes one shard
# of two *neighbours* in the hash range. Shards 2 and 1 are none:

# %%
from botocore.exceptions import ClientError


def merge(stream, lower, upper):
    kinesis.merge_shards(
        StreamName=stream,
        ShardToMerge=f"shardId-{lower:012}",
        AdjacentShardToMerge=f"shardId-{upper:012}",
    )
    ready(stream)


try:
    merge(departures, 2, 1)
except ClientError as error:
    print(error)

# %%
if 3 in opened(departures):
    merge(departures, 3, 1)
family(departures)

# %% [markdown]
# Shard 4 has two parents. Records stayed where they were, and nothing was stopped.
#
# Splits and merges one by one are work. `update_shard_count` does all of them for a number that
# you want.

# %%
predict("14.2")


# %%
def scale(stream, count):
    kinesis.update_shard_count(
        StreamName=stream, TargetShardCount=count, ScalingType="UNIFORM_SCALING"
    )
    ready(stream)


# %%
try:
    scale(departures, 5)
except ClientError as error:
    print(error)

# %%
reveal("14.2", len(opened(departures)))

# %%
scale(departures, 4)
up = len(opened(departures))
scale(departures, 2)
everything = kinesis.list_shards(StreamName=departures)["Shards"]
up, len(opened(departures)), len(everything)

# %% [markdown]
# **What you saw.** Four, then two again. The list has many more: all closed parents stay until
# their records are older than the retention period. On the map they are the last rows of the
# table.
#
# **What this does not show.** How long it takes. Here it is half a second; on AWS it is minutes,
# and more with many shards. AWS also allows `update_shard_count` only 10 times in 24 hours for a
# stream.

# %%
quiet = create("nyc.quiet.night", 4)
sent_at_night = send(quiet, day[:100])

# %% [markdown]
# **Exercise 14.1.** At night the stream `quiet` needs one shard only. Bring it from four open
# shards to **one**, and keep all 100 records. (To try again, run the cell above.)

# %% tags=["solution", "exercise-14.1"]
# Exercise 14.1
scale(quiet, 2)
scale(quiet, 1)

# %%
check("14.1")

# %% [markdown]
# ### Deeper: Can AWS do it alone?
#
# In **on-demand mode** it does. You name no number of shards, and pay by the volume. A stream may
# change its mode twice in 24 hours.

# %%
about = kinesis.describe_stream_summary(StreamName=departures)["StreamDescriptionSummary"]
mode = {"StreamMode": "ON_DEMAND"}
if about["StreamModeDetails"] != mode:
    kinesis.update_stream_mode(StreamARN=about["StreamARN"], StreamModeDetails=mode)
ready(departures)
len(opened(departures))

# %% [markdown]
# **What you saw.** Nothing, and an emulator shows no more: no shard is added under load here. On
# AWS such a stream takes up to twice the highest write rate of the last 30 days. If the load more
# than doubles within 15 minutes, writes are refused all the same. And it has shards, too: a
# single **hot key** is still one place in the range, in one shard with its 1 MB and 1,000 records
# a second (lesson 13).
#
# AWS has one cure, for on-demand streams alone: the
# [record distribution strategy](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamRecordDistributionStrategy.html)
# `AUTO`. Then Kinesis ignores your keys, and spreads all records evenly. The order of a key is gone
# with it, as with a salted key.

# %% [markdown]
# ## Who remembers where you were?
#
# Kinesis does not. There are no consumer groups and no committed offsets. Somebody has to decide
# who reads which shard, and to keep how far each has come. Most programs leave that to the
# **KCL**, the Kinesis Client Library. It keeps a table with one row for each shard:
#
# | column | is |
# |---|---|
# | shard | what the row is about |
# | owner | the **worker** that reads it now: it holds the **lease** |
# | counter | grows with each renewal |
# | checkpoint | the **checkpoint**: the last sequence number that is done, or `SHARD_END` |
# | parents | the shards that must be at their end before |
#
# The KCL's table is in DynamoDB, a database of AWS. Here it is an SQLite file:
#
# <!-- script: leases.py -->
#
# All depends on `take` and `keep` there. Each changes a row **only if** it is still as expected,
# in one step. If two workers want the same lease, one of them changes no row, and knows.

# %% [markdown]
# And this is a worker, which runs as a real process.
#
# <!-- script: worker.py -->
#
# Open it, and begin with `run`. Again and again it
#
# - puts a row into the table for each shard that is new (`discover`);
# - takes one lease more if it has less than its share (`take_one`): a free one, or else one of
#   somebody who has two more than it has. That is called *stealing*, and the old owner learns of it
#   when its next `keep` changes no row;
# - goes through its leases: it reads on behind the checkpoint, 25 records at a time, works, and
#   writes how far it is (`handle`). Its work is to write a line for each record.
#
# A lease is *free* when nobody owns it, or when its counter has stood still for three seconds.
# Clocks of two machines are never compared: each worker takes its own. And a shard is *due* only
# when every parent is at its end.
#
# The last script looks at the table, and at the lines that the workers write.
#
# <!-- script: lease_table.py -->

# %%
import time
from lessons.scripts.lease_table import LeaseTable

workers = {}

# %% [markdown]
# Two workers share a stream of four shards. Nothing is in it yet. Each will need 10 milliseconds
# for a record.

# %%
for old_one in workers.values():
    old_one.kill()
workers.clear()
live = create("nyc.flight.live", 4)
table = LeaseTable(lesson.folder / f"leases-{time.time_ns()}.db")
for name in "AB":
    workers[name] = lesson.start("worker.py", live, table.path, name, 0.01)
table.begun(*workers)
wait_for(lambda: table.owners() == {"A": 2, "B": 2}, 60, "two leases for each")
table.show()

# %% [markdown]
# Two leases for each. Next, 500 flights come, and in the middle of a batch A gets a `kill -9`. In
# the same moment one of its shards is split, and a hundred more come.

# %%
predict("14.3")

# %%
if workers["A"].alive:
    sent = send(live, rush)
    begun = "A in its second batch"
    wait_for(lambda: len(table.lines("A")) > 30, 30, begun, interval=0.01)
    workers["A"].kill()
    done_by_a = len(table.lines("A"))
    parent = next(row[0] for row in table.rows() if row[1] == "A")
    shards.halve(live, parent)
    sent += send(live, day[500:600])
table.show()

# %% [markdown]
# A is dead, and the table still names it. Nobody reads its shards until B has seen their counters
# stand still for three seconds.


# %%
def found():
    return Counter((shard, number) for shard, number, _ in table.lines("A", "B"))


def all_is_done():
    return set(sent) <= found().keys() and len(table.owners()) == 1


wait_for(all_is_done, 60, "B to do all")
table.show()

# %%
times = found()
repeated = sum(count - 1 for count in times.values())
print(len(sent), "sent,", len(set(sent) - times.keys()), "lost,", repeated, "done twice")

# %%
reveal("14.3", repeated, done=done_by_a)

# %% [markdown]
# And the shard that was split? When was its last record done, and when the first one of a child?

# %%
parents = {row[0]: row[4] for row in table.rows()}
at = [(shard, float(moment)) for shard, _, moment in table.lines("A", "B")]
parent_done = max(moment for shard, moment in at if shard == parent)
child_begun = min(moment for shard, moment in at if parents[shard] == parent)
workers["B"].stop()
f"{child_begun - parent_done:.2f} s later"

# %% [markdown]
# **What you saw.** Nothing is lost, some records are done twice: **at-least-once**, as in lesson
# 06. The child waited for its parent, though its records had been there since the kill. To steal a
# lease from somebody in the midst of a batch would cost the same.
#
# **What this does not show.** What the real KCL adds:
#
# - It keeps an iterator and does not ask for a new one each time. It renews leases in threads of
#   their own, and waits 10 seconds before a lease has expired.
# - Version 3 shares by the workers' CPU use, not by counting leases. It hands a lease over
#   *gracefully*: the old owner finishes and checkpoints first.
# - It writes metrics to CloudWatch, where AWS collects them, and removes rows of drained shards. It
#   reads by enhanced fan-out, which is below, and serves other languages than Java through a daemon.
# - Its DynamoDB tables cost money, and can be throttled as well.
#
# Version 1 has had no support since January 2026.

# %% [markdown]
# **Exercise 14.2.** Up to 25 records twice are too many. Write `mine.py`, a worker that repeats
# **at most five** when it dies, and loses none. It imports `do`, `keep` and `run` from `lessons.scripts.worker`,
# has its own `work`, and ends with `run(work)`. The first line of the cell must stay. The check
# runs it on a stream of its own and kills it once, for some five seconds in all.

# %% tags=["solution", "exercise-14.2"]
# %%writefile "{lesson.folder}/mine.py"
# Exercise 14.2
from lessons.scripts.worker import do, keep, run


def work(lease, records):
    for number, record in enumerate(records, 1):
        do(lease, record)
        if number % 5 == 0:
            keep(lease, record["SequenceNumber"])


run(work)

# %%
check("14.2")

# %% [markdown]
# ## Deeper: How does a Lambda function read a stream?
#
# With AWS Lambda there is no worker of yours. You give AWS a function, and an **event source
# mapping** calls it with batches of records. Here is such a function. It sends the alert of each
# cancelled flight on to another service, Kafka. What it needs comes from environment variables,
# as on AWS. (They are texts, so the `logger` of your clients stays here.)
#
# <!-- script: topics.py -->

# %%
import json, os

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions
from lessons.scripts import topics

admin = AdminClient(lesson.connection)
topic = topics.creator(lesson)

os.environ["CONNECTION"] = json.dumps({**lesson.connection, "logger": None})
os.environ["TOPIC"] = topic(f"nyc.flight.alerted.{time.time_ns()}")

# %% [markdown]
# This cell is what you would upload. A record's bytes come as *base64*, which writes any bytes as
# plain text. `eventID` is its name.

# %%
import base64, json, os
from confluent_kafka import Producer

producer = Producer(json.loads(os.environ["CONNECTION"]))


def handler(event, context):
    try:
        for record in event["Records"]:
            data = base64.b64decode(record["kinesis"]["data"])
            if json.loads(data)["delay"] is None:
                producer.produce(os.environ["TOPIC"], data, record["eventID"])
    finally:
        producer.flush(10)


# %% [markdown]
# A script stands for the mapping. It calls `handler` with an *event*, whose shape is that of AWS: an
# *ARN* is the full name of a thing. (`context` would tell how much time is left. Here it is `None`.)
#
# <!-- script: event_source.py -->

# %% [markdown]
# 64 cancelled flights in one shard, and among them one record that is no JSON: a poison record
# (lesson 06).

# %%
from lessons.scripts import event_source

cancelled = [flight for flight in day if flight.cancelled][:64]
reported = create("nyc.flight.reported", 1)
send(reported, cancelled[:20])
kinesis.put_record(StreamName=reported, PartitionKey="gate 7", Data=b"\xff no JSON")
send(reported, cancelled[20:])
records, _ = read(reported, "shardId-000000000000")
event_source.as_event(reported, "shardId-000000000000", records[:1])

# %% [markdown]
# The mapping collects up to `size` records, but no longer than `window` seconds (`BatchSize`, 100
# by default, and `MaximumBatchingWindowInSeconds`, 0). Then it calls the function. If that raises,
# it may halve the batch (`BisectBatchOnFunctionError`), or try the same again
# (`MaximumRetryAttempts`), or give up and write to a destination (`DestinationConfig`).
#
# `attempt` runs it over the whole stream, a checkpoint after each batch, with an empty topic for
# the alerts. It returns a list for each batch: how many records each call got.

# %%
mapping = event_source.EventSourceMapping(kinesis, handler)
calls, destination = mapping.calls, mapping.destination


def attempt(stream, retries, bisect):
    os.environ["TOPIC"] = topic(f"nyc.flight.alerted.{time.time_ns()}")
    return mapping.run(stream, retries, bisect)


# %%
def alerts():
    settings = {"group.id": lesson.group("look"), "enable.auto.commit": False}
    settings |= {"enable.partition.eof": True}
    reader, found = Consumer({**lesson.connection, **settings}), Counter()
    reader.assign([TopicPartition(os.environ["TOPIC"], 0, 0)])
    while not (message := reader.poll(20)).error():
        found[message.key()] += 1
    reader.close()
    return found


# %% [markdown]
# First without halving. By default AWS retries **until the records expire**, a day or more.
# Here it is nine times.

# %%
attempt(reported, retries=9, bisect=False)

# %%
told = alerts()
print("alerts sent:", sum(told.values()), "for", len(told), "of 64 flights")
print("discarded:", [one["KinesisBatchInfo"]["batchSize"] for one in destination])

# %% [markdown]
# **What you saw.** One bad record blocked its shard: the same batch ten times, and nothing behind
# it was read meanwhile. The 20 flights in front of it were told ten times each. Then the *whole
# batch* was discarded, and the good ones behind it were never told. (The last call has one record, since
# no other came within the window.)

# %%
predict("14.4")

# %%
attempt(reported, retries=2, bisect=True)

# %%
reveal("14.4", len(calls[0]))

# %%
told = alerts()
print("alerts sent:", sum(told.values()), "for", len(told), "of 64 flights")
destination

# %% [markdown]
# **What you saw.** All 64 are told, and one record alone was discarded. Some were told more than
# once: what stands before the poison goes out again with each failed call. `eventID` is the key
# to do it once. Halving spends no retry.
#
# The destination got no record, only where it is. So it is with a queue (SQS) and a topic (SNS).
# In an S3 bucket AWS writes the records, too.

# %% [markdown]
# **Exercise 14.3.** Somebody wants to see the broken record, and in a day it will have gone. Use
# what `destination[0]` tells, fetch that **one** record from `reported`, and send its bytes to
# `dead`, a topic of Kafka. Its key is the record's `eventID`, as above.

# %%
dead = topic("nyc.flight.dead")

# %% tags=["solution", "exercise-14.3"]
# Exercise 14.3
batch = destination[0]["KinesisBatchInfo"]
place = kinesis.get_shard_iterator(
    StreamName=reported,
    ShardId=batch["shardId"],
    ShardIteratorType="AT_SEQUENCE_NUMBER",
    StartingSequenceNumber=batch["startSequenceNumber"],
)["ShardIterator"]
(broken,) = kinesis.get_records(ShardIterator=place, Limit=1)["Records"]
producer.produce(dead, broken["Data"], f"{batch['shardId']}:{broken['SequenceNumber']}")
producer.flush(10)

# %%
check("14.3")

# %% [markdown]
# **What this does not show.** What the real mapping adds. It polls each shard once a second, all
# shards at the same time, and each up to ten batches at a time (`ParallelizationFactor`; a key
# stays in order). It drops records that a filter does not want, or that are too old. A function
# may name the first record that failed (`ReportBatchItemFailures`), and then only the rest comes
# again. It can hand a state from call to call (*tumbling windows*). And your function runs in
# many copies, each with a time limit.

# %% [markdown]
# ## Deeper: What if many want to read?
#
# All consumers of a shard share its 2 MB and 5 reads a second. With **enhanced fan-out** each
# registered consumer has 2 MB a second of every shard for itself, and Kinesis *pushes* over
# HTTP/2. A stream has up to 20 such consumers (50 in a mode called On-demand Advantage). It costs
# extra. Register one. (This goes on from *How does a Lambda function read a stream?*.)

# %%
about = kinesis.describe_stream_summary(StreamName=reported)
arn = about["StreamDescriptionSummary"]["StreamARN"]


def consumers():
    told = kinesis.list_stream_consumers(StreamARN=arn)["Consumers"]
    return {one["ConsumerName"]: one for one in told}


if "alerts" not in consumers():
    kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="alerts")
wait_for(lambda: consumers()["alerts"]["ConsumerStatus"] == "ACTIVE", 60, "it")
list(consumers())

# %% [markdown]
# And subscribe it to a shard. Does *your* endpoint do that?


# %%
from contextlib import closing


def subscribe(shard):
    told = kinesis.subscribe_to_shard(
        ConsumerARN=consumers()["alerts"]["ConsumerARN"],
        ShardId=shard,
        StartingPosition={"Type": "TRIM_HORIZON"},
    )["EventStream"]
    with closing(told):
        return len(next(iter(told))["SubscribeToShardEvent"]["Records"])


try:
    print(subscribe("shardId-000000000000"), "records were pushed")
except Exception as error:
    print(f"{type(error).__name__}: {error}")

# %% [markdown]
# **What you saw.** `ResponseParserError`, if yours is the embedded endpoint: it registers
# consumers, but boto3 does not understand what it pushes. Or a number, if it is LocalStack or AWS:
# records came without being asked for.

# %% [markdown]
# ## Deeper: What if Kafka and Kinesis get the same flights?
#
# A consumer of Kafka at the pace of your worker, 20 milliseconds for a record. It commits each
# one. (This goes on from *How does a Lambda function read a stream?*.)
#
# <!-- script: reader.py -->

# %%
for old_one in workers.values():
    old_one.stop()
now = time.time_ns()
both, events = create("nyc.flight.both", 4), topic(f"nyc.flight.both.{now}", 4)
group = lesson.group(f"both-{now}")
both_table = LeaseTable(lesson.folder / f"both-{now}.db")
workers = {"reader": lesson.start("reader.py", events, group, 0.02)}
workers["C"] = lesson.start("worker.py", both, both_table.path, "C", 0.02)
both_table.begun("C")

# %% [markdown]
# How far behind is each? Kafka counts records: the end of each partition less what is committed.
# Kinesis gives a time: `MillisBehindLatest`, asked at each checkpoint. AWS calls it the
# **iterator age**.


# %%
def records_behind():
    parts = [TopicPartition(events, number) for number in range(4)]
    with Consumer({**lesson.connection, "group.id": group}) as looker:
        done = [max(0, one.offset) for one in looker.committed(parts, timeout=10)]
        ends = [looker.get_watermark_offsets(one, timeout=10)[1] for one in parts]
    return sum(ends) - sum(done)


# %%
def iterator_age(shard, at=None):
    kind = {"ShardIteratorType": "TRIM_HORIZON"}
    if at:
        kind = {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": at}
    told = kinesis.get_shard_iterator(StreamName=both, ShardId=shard, **kind)
    told = kinesis.get_records(ShardIterator=told["ShardIterator"], Limit=1)
    return told["MillisBehindLatest"]


def milliseconds_behind():
    done = both_table.checkpoints().items()
    return max(iterator_age(shard, at) for shard, at in done if at != "SHARD_END")


# %% [markdown]
# This board has both sides, row for row. The last argument is a function that tells where your
# worker is: Kinesis cannot.

# %%
twin = view.twin(events, group, both, both_table.checkpoints)
twin

# %% [markdown]
# The same flights go into both, with the same keys.


# %%
def send_both(some):
    for flight in some:
        key = flight.tailnum or flight.id
        producer.produce(events, flight.to_json(), key)
        kinesis.put_record(StreamName=both, PartitionKey=key, Data=flight.to_json())
    producer.flush(10)


send_both(rush[:150])
for _ in range(30):
    behind, late = records_behind(), milliseconds_behind()
    print(f"Kafka {behind:3} records, Kinesis {late:4} ms")
    if behind == late == 0:
        break
    time.sleep(0.5)

# %% [markdown]
# **What you saw.** Two measures of one thing. Records say how much work is left, milliseconds how
# late the news is. With Kafka you compute the second from timestamps (lesson 09); with Kinesis
# nobody tells the first.
#
# **What this does not show.** Here the time is that from the checkpoint's record to the newest
# one. On AWS it is the time until now, and grows while nobody reads.
#
# Now make both wider.

# %%
if len(opened(both)) == 4:
    scale(both, 8)
    admin.create_partitions([NewPartitions(events, 8)])[events].result()
for one in workers.values():
    one.stop()
family(both)

# %% [markdown]
# Eight and eight: the board has them, too, with the closed parents. In Kafka the four old
# partitions go on, and many keys are sent elsewhere from now on. Nothing says that a key's older
# records lie in another partition, and must be read first. In Kinesis the table of shards says it.
#
# You can show this without any server. In the recording the stream's reader is slowed, and is
# behind; then a shard is split, and a partition is added.

# %%
view.recording("14_twin")

# %% [markdown]
# What carries over, then, when you read and when you scale?
#
# | Kafka | Kinesis | carries over? |
# |---|---|---|
# | the coordinator shares out partitions | workers take leases, in a table of their own | one owner for each, yes |
# | heartbeat, `session.timeout.ms` | counter of the lease, 10 seconds in the KCL | a dead one is noticed late, yes |
# | committed offset: the *next* record | checkpoint: the *last* one that is done | yes, but for that one |
# | rebalance | a lease is taken over or stolen | the others read on, as with cooperative |
# | new partitions have no parents | children wait for their parents | no: order over a change is Kinesis's |
# | a group more costs nothing | consumers share 2 MB a second, or pay for fan-out | no |
# | a connector, or a loop of your own | event source mapping | at-least-once, yes |
# | dead-letter topic: the record | destination: where the record is | no: fetch it in time |

# %% [markdown]
# ## Deeper: What does an emulator not do?
#
# Two emulators stand behind this course: the embedded endpoint, and LocalStack in the containers.
# Both keep what you write, and answer most calls as AWS does. What they answer otherwise was
# found by a test, which tries each of these on both. So a program that works here may still be
# refused there.
#
# <!-- emulators -->
# | | AWS | embedded | LocalStack |
# |---|---|---|---|
# | a consumer with enhanced fan-out reads through boto3 | 1 record arrives ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html)) | `ResponseParserError` | 1 record arrives |
# | 5 MiB go into one shard at once | `ProvisionedThroughputExceededException` ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html)) | works | works |
# | a shard is read 20 times in a row | `ProvisionedThroughputExceededException` ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html)) | works | works |
# | a stream is described 20 times in a row | `LimitExceededException` ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html)) | works | works |
# | a record of 1 MiB, and its key on top | refused ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html)) | works | works |
# | a record of 2 MiB, after `UpdateMaxRecordSize` | works ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateMaxRecordSize.html)) | works | `AccessDeniedException` |
# | a record of 10 MiB, after `UpdateMaxRecordSize` | works ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateMaxRecordSize.html)) | works | `AccessDeniedException` |
# | `UpdateMaxRecordSize` to 11 MiB | `ValidationException` ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateMaxRecordSize.html)) | `InvalidArgumentException` | `AccessDeniedException` |
# | 501 records in a call | refused ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html)) | works | works |
# | 11 records of nearly 1 MiB in a call | refused ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html)) | works | works |
# | a read with an iterator that Kinesis never gave | refused ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html)) | HTTP 500 | HTTP 500 |
# | `MillisBehindLatest` a moment later, when nothing new has come | grows ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html)) | stays | stays |
# | a split of a closed shard | `InvalidArgumentException` ([page](https://github.com/mhart/kinesalite/issues/109)) | `ResourceInUseException` | `ResourceInUseException` |
# | a split at the first hash key of a shard | `InvalidArgumentException` ([page](https://github.com/getmoto/moto/pull/4540)) | works | works |
# | `UpdateShardCount` from 2 to 3 | 3 equal shards, 0 without a parent ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html)) | 3 unequal shards, 1 without a parent | 3 unequal shards, 1 without a parent |
# | `UpdateShardCount` of an on-demand stream | `ValidationException` ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html)) | works | works |
# | a merge on an on-demand stream | `ValidationException` ([page](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_MergeShards.html)) | works | works |
#
# Embedded is kinesis-local 0.6.2, LocalStack is 4.14.0 with kinesis-local 0.5.2. AWS itself was not tried: its column is what its pages say.
#
# <details><summary>These 22 are answered alike.</summary>
#
# - a consumer with enhanced fan-out registers
# - 20 register at once, and five may be in the making
# - a record of 1 MiB, key included
# - a record whose data alone are a byte above 1 MiB
# - an empty partition key, which boto3 by itself does not send
# - an explicit hash key of 2¹²⁸
# - a read with an iterator of an hour ago
# - `MillisBehindLatest` after the first of two records
# - a closed shard is read to its end
# - a split
# - a split at a hash key of the next shard
# - a merge
# - a merge of two shards with another between them
# - `UpdateShardCount` from 2 to 4
# - `UpdateShardCount` to more than double
# - `UpdateShardCount` to less than half
# - retention below 24 hours
# - retention above 8,760 hours
# - a stream that is not there is deleted
# - a stream that is there is created
# - metrics of each shard are switched on
# - a stream gets 51 tags
#
# </details>
# <!-- /emulators -->

# %% [markdown]
# ## What you know now
#
# - A split or a merge moves no record. Parents are drained before their children are read.
# - `UpdateShardCount` goes up to twice and down to half in one call.
# - A lease says who reads a shard, a checkpoint how far it is. Both change only under a condition.
# - After a crash, what came after the last checkpoint is done again.
#
# From the sections marked *Deeper*:
#
# - On-demand mode cures a hot key only by ignoring the keys.
# - Iterator age is lag in time. Kinesis has none in records.
# - A poison record blocks its shard. Halving finds it; the destination tells where it was.
# - Enhanced fan-out gives each consumer 2 MB a second of its own.

# %% [markdown] tags=["terms"]
# **New terms**: resharding, on-demand mode, KCL, lease, checkpoint, event source mapping,
# enhanced fan-out, iterator age.

# %% [markdown]
# **Read next**: AWS on
# [resharding](https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-resharding.html),
# on the [KCL](https://docs.aws.amazon.com/streams/latest/dev/kcl.html), and on [Lambda with
# Kinesis](https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html).

# %% tags=["cleanup"]
lesson.clean_up()
