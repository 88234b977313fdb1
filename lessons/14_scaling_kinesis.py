# %% [markdown]
# # Scaling and consuming Kinesis
#
# **55 minutes** · needs Kafka and Kinesis.
#
# At the end of this lesson you can
#
# - make a stream larger and smaller while it is in use, and say in which order its shards are read;
# - say what leases and checkpoints are for, and what a dead worker costs;
# - run a Lambda function on a stream, and get a broken record out of its way;
# - say what carries over from Kafka to Kinesis when you read and scale, and what does not.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("14_scaling_kinesis")

# %% [markdown]
# ## How does a stream grow and shrink?
#
# By splits and merges, which AWS calls **resharding**. Lesson 13 had one split. These are its
# tools, once more.

# %%
import boto3

kinesis = boto3.client("kinesis")


def ready(stream):
    def status():
        told = kinesis.describe_stream_summary(StreamName=stream)
        return told["StreamDescriptionSummary"]["StreamStatus"]

    wait_for(lambda: status() == "ACTIVE", 60, "the stream")


# %%
def create(name, shards):
    stream = lesson.stream(name)
    if stream in kinesis.list_streams(Limit=1000)["StreamNames"]:
        kinesis.delete_stream(StreamName=stream, EnforceConsumerDeletion=True)
        gone = kinesis.get_waiter("stream_not_exists")
        gone.wait(StreamName=stream, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    kinesis.create_stream(StreamName=stream, ShardCount=shards)
    ready(stream)
    return stream


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
# Two shards with half of the range each. These tell which ones are open, by their numbers.


# %%
def short(shard):
    return int(shard.rpartition("-")[2])


def opened(stream):
    told = kinesis.list_shards(StreamName=stream)["Shards"]
    taking = [
        one for one in told if "EndingSequenceNumber" not in one["SequenceNumberRange"]
    ]
    return [short(one["ShardId"]) for one in taking]


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

# %% [markdown]
# This lists the family: each shard with its parents, and whether it is open.


# %%
def family(stream):
    for one in kinesis.list_shards(StreamName=stream)["Shards"]:
        parents = one.get("ParentShardId"), one.get("AdjacentParentShardId")
        numbers = " and ".join(str(short(parent)) for parent in parents if parent)
        closed = "EndingSequenceNumber" in one["SequenceNumberRange"]
        state = "closed" if closed else "open"
        print(f"{short(one['ShardId']):2} {state:6}", numbers and f"child of {numbers}")


family(departures)

# %% [markdown]
# Read all three from their oldest record on, until a read brings nothing new.


# %%
def read(stream, shard):
    where = {"StreamName": stream, "ShardId": shard}
    told = kinesis.get_shard_iterator(**where, ShardIteratorType="TRIM_HORIZON")
    place, found = told["ShardIterator"], []
    while place:
        told = kinesis.get_records(ShardIterator=place)
        found += told["Records"]
        place = told.get("NextShardIterator")
        if not told["MillisBehindLatest"]:
            break
    return found, told


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
#
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
# ### Can AWS do it alone?
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
# The KCL's table is in DynamoDB, a database of AWS. Yours is an SQLite file, and you write the
# rest: two scripts, which run as real processes. `%%writefile` writes one anew, `-a` adds to it. So
# if you run the first cell of a script again, run its other cells again, too.

# %%
# %%writefile "{lesson.folder}/leases.py"
import sqlite3
from collections import namedtuple

Lease = namedtuple("Lease", "shard owner counter checkpoint parents")


def open_table(path):
    table = sqlite3.connect(path, timeout=10, isolation_level=None)
    columns = "shard TEXT PRIMARY KEY, owner, counter, checkpoint, parents"
    table.execute(f"CREATE TABLE IF NOT EXISTS leases ({columns})")
    return table


def read(table):
    rows = table.execute("SELECT * FROM leases ORDER BY shard")
    return {row[0]: Lease(*row) for row in rows}


# %% [markdown]
# All depends on these two. Each changes a row **only if** it is still as expected, in one step.
# If two workers want the same lease, one of them changes no row, and knows.


# %%
# %%writefile -a "{lesson.folder}/leases.py"
def take(table, lease, me):
    how = "UPDATE leases SET owner = ?, counter = counter + 1 WHERE "
    seen = "shard = ? AND counter = ?"
    changed = table.execute(how + seen, (me, lease.shard, lease.counter))
    return changed.rowcount == 1


def keep(table, shard, me, checkpoint):
    how = "UPDATE leases SET checkpoint = ?, counter = counter + 1 WHERE "
    changed = table.execute(how + "shard = ? AND owner = ?", (checkpoint, shard, me))
    return changed.rowcount == 1


# %% [markdown]
# The worker. First it puts a row into the table for each shard that is new. (It finds the
# endpoint in the same environment variables as this notebook.)

# %%
# %%writefile "{lesson.folder}/worker.py"
import sys, time
from collections import Counter
import boto3
import leases

stream, path, me, pause = sys.argv[1:]
kinesis, table = boto3.client("kinesis"), leases.open_table(path)
done = open(f"{path}.{me}", "a", buffering=1)  # noqa: SIM115 - open to the end


def discover():
    for shard in kinesis.list_shards(StreamName=stream)["Shards"]:
        parents = shard.get("ParentShardId"), shard.get("AdjacentParentShardId")
        row = shard["ShardId"], " ".join(filter(None, parents))
        new = "INSERT OR IGNORE INTO leases VALUES (?, NULL, 0, NULL, ?)"
        table.execute(new, row)


# %% [markdown]
# When may it take a lease? When every parent is at its end, and when nobody owns it or its
# counter has stood still for three seconds. Clocks of two machines are never compared: each
# worker takes its own.

# %%
# %%writefile -a "{lesson.folder}/worker.py"
seen = {}  # what a counter was, and since when


def expired(lease):
    if seen.get(lease.shard, (None, 0))[0] != lease.counter:
        seen[lease.shard] = lease.counter, time.monotonic()
    return lease.owner is None or time.monotonic() - seen[lease.shard][1] > 3


def due(lease, known):
    parents = [known[one] for one in lease.parents.split() if one in known]
    ended = all(one.checkpoint == "SHARD_END" for one in parents)
    return ended and lease.checkpoint != "SHARD_END"


# %% [markdown]
# It takes one more if it has less than its share: a free one, or else one of somebody who has two
# more than it has. That is called *stealing*, and the old owner learns of it when its next `keep`
# changes no row. (Its share is leases by workers, rounded up: `-(-7 // 2)` is 4.)


# %%
# %%writefile -a "{lesson.folder}/worker.py"
def take_one(known):
    todo = [one for one in known.values() if due(one, known)]
    free = [one for one in todo if one.owner != me and expired(one)]
    held = Counter({me: 0})
    held.update(one.owner for one in todo if one not in free)
    owner, most = held.most_common(1)[0]
    if free and held[me] < -(-len(todo) // len(held)):
        leases.take(table, free[0], me)
    elif most > held[me] + 1:
        leases.take(table, next(one for one in todo if one.owner == owner), me)


# %% [markdown]
# It reads on behind the checkpoint, 25 records at a time. Its work is to write a line for each.


# %%
# %%writefile -a "{lesson.folder}/worker.py"
def fetch(lease):
    place = {"ShardIteratorType": "TRIM_HORIZON"}
    if lease.checkpoint:
        place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER"}
        place["StartingSequenceNumber"] = lease.checkpoint
    told = kinesis.get_shard_iterator(StreamName=stream, ShardId=lease.shard, **place)
    return kinesis.get_records(ShardIterator=told["ShardIterator"], Limit=25)


def do(lease, record):
    time.sleep(float(pause))
    print(lease.shard, record["SequenceNumber"], time.time(), file=done)


# %%
# %%writefile -a "{lesson.folder}/worker.py"
def keep(lease, checkpoint):
    return leases.keep(table, lease.shard, me, checkpoint)


def work(lease, records):
    for record in records:
        do(lease, record)


def handle(lease, work):
    told = fetch(lease)
    work(lease, told["Records"])
    last = [lease.checkpoint, *(one["SequenceNumber"] for one in told["Records"])][-1]
    keep(lease, last if told.get("NextShardIterator") else "SHARD_END")


# %% [markdown]
# And the loop. `keep` before each batch renews the lease, and passes over a shard that was
# stolen.


# %%
# %%writefile -a "{lesson.folder}/worker.py"
def run(work):
    while True:
        discover()
        take_one(leases.read(table))
        known = leases.read(table)
        for lease in known.values():
            mine = lease.owner == me and due(lease, known)
            if mine and keep(lease, lease.checkpoint):
                handle(lease, work)
        time.sleep(0.2)


if __name__ == "__main__":
    run(work)

# %% [markdown]
# That is all. Here are a few functions to look at the table, and at the lines that the workers
# write. Of a checkpoint `show` prints the last 12 digits only.

# %%
import sqlite3, time
from contextlib import closing

workers = {}


def rows(file):
    with closing(sqlite3.connect(file, timeout=10)) as opened_file:
        return opened_file.execute("SELECT * FROM leases ORDER BY shard").fetchall()


def begun(file, *names):
    files = [file.with_name(f"{file.name}.{name}") for name in names]
    wait_for(lambda: all(one.exists() for one in files), 60, "the workers")


# %%
def owners():
    return Counter(row[1] for row in rows(table) if row[3] != "SHARD_END")


def show():
    print("shard owner counter checkpoint   parents")
    for shard, owner, counter, checkpoint, parents in rows(table):
        print(f"{short(shard):5} {owner or '-':5} {counter:7} ", end="")
        print((checkpoint or "-")[-12:].ljust(12), parents and short(parents))


# %% [markdown]
# Two workers share a stream of four shards. Nothing is in it yet. Each will need 10 milliseconds
# for a record.

# %%
for old_one in workers.values():
    old_one.kill()
live = create("nyc.flight.live", 4)
table = lesson.folder / f"leases-{time.time_ns()}.db"
workers = {name: lesson.start("worker.py", live, table, name, 0.01) for name in "AB"}
begun(table, *workers)
wait_for(lambda: owners() == {"A": 2, "B": 2}, 60, "two leases for each")
show()

# %% [markdown]
# Two leases for each. Next, 500 flights come, and in the middle of a batch A gets a `kill -9`. In
# the same moment one of its shards is split, and a hundred more come.

# %%
predict("14.3")


# %%
def lines(*names):
    files = [table.with_name(f"{table.name}.{name}") for name in names]
    # What follows the last line end is being written.
    whole = [line for file in files for line in file.read_text().split("\n")[:-1]]
    return [line.split() for line in whole]


def halve(stream, shard):
    told = kinesis.list_shards(StreamName=stream)["Shards"]
    keys = next(one["HashKeyRange"] for one in told if one["ShardId"] == shard)
    middle = (int(keys["StartingHashKey"]) + int(keys["EndingHashKey"]) + 1) // 2
    kinesis.split_shard(
        StreamName=stream, ShardToSplit=shard, NewStartingHashKey=str(middle)
    )
    ready(stream)


# %%
if workers["A"].alive:
    sent = send(live, rush)
    wait_for(lambda: len(lines("A")) > 30, 30, "A in its second batch", interval=0.01)
    workers["A"].kill()
    done_by_a = len(lines("A"))
    parent = next(row[0] for row in rows(table) if row[1] == "A")
    halve(live, parent)
    sent += send(live, day[500:600])
show()

# %% [markdown]
# A is dead, and the table still names it. Nobody reads its shards until B has seen their counters
# stand still for three seconds.


# %%
def found():
    return Counter((shard, number) for shard, number, _ in lines("A", "B"))


wait_for(lambda: set(sent) <= found().keys() and len(owners()) == 1, 60, "B to do all")
show()

# %%
times = found()
repeated = sum(count - 1 for count in times.values())
print(len(sent), "sent,", len(set(sent) - times.keys()), "lost,", repeated, "done twice")

# %%
reveal("14.3", repeated, done=done_by_a)

# %% [markdown]
# And the shard that was split? When was its last record done, and when the first one of a child?

# %%
parents = {row[0]: row[4] for row in rows(table)}
at = [(shard, float(moment)) for shard, _, moment in lines("A", "B")]
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
# **at most five** when it dies, and loses none. It takes `do`, `keep` and `run` from `worker.py`,
# has its own `work`, and ends with `run(work)`. The first line of the cell must stay. The check
# runs it on a stream of its own and kills it once, for some five seconds in all.

# %% tags=["solution", "exercise-14.2"]
# %%writefile "{lesson.folder}/mine.py"
# Exercise 14.2
from worker import do, keep, run


def work(lease, records):
    for number, record in enumerate(records, 1):
        do(lease, record)
        if number % 5 == 0:
            keep(lease, record["SequenceNumber"])


run(work)

# %%
check("14.2")

# %% [markdown]
# ## How does a Lambda function read a stream?
#
# With AWS Lambda there is no worker of yours. You give AWS a function, and an **event source
# mapping** calls it with batches of records. Here is such a function. It sends the alert of each
# cancelled flight on to another service, Kafka. What it needs comes from environment variables,
# as on AWS. (They are texts, so the `logger` of your clients stays here.)

# %%
import json, os

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

admin = AdminClient(lesson.connection)


def topic(name, partitions=1):
    made = lesson.topic(f"{name}.{time.time_ns()}")
    admin.create_topics([NewTopic(made, partitions, 3)])[made].result()
    lesson.wait_for_topic(made, partitions)  # until every broker knows it
    return made


os.environ["CONNECTION"] = json.dumps({**lesson.connection, "logger": None})
os.environ["TOPIC"] = topic("nyc.flight.alerted")

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
# And this is the event that it gets: the shape is that of AWS, where an *ARN* is the full name of
# a thing. (`context` would tell how much time is left. Here it is `None`.)


# %%
def as_event(stream, shard, records):
    arn = f"arn:aws:kinesis:us-east-1:000000000000:stream/{stream}"
    same = {"eventSource": "aws:kinesis", "eventSourceARN": arn, "eventVersion": "1.0"}
    same |= {"eventName": "aws:kinesis:record", "awsRegion": "us-east-1"}
    same |= {"invokeIdentityArn": "arn:aws:iam::000000000000:role/lambda"}
    ids = [f"{shard}:{one['SequenceNumber']}" for one in records]
    both = zip(ids, map(inner, records), strict=True)
    return {"Records": [{"eventID": id, "kinesis": one, **same} for id, one in both]}


def inner(one):
    return {
        "kinesisSchemaVersion": "1.0",
        "partitionKey": one["PartitionKey"],
        "sequenceNumber": one["SequenceNumber"],
        "data": base64.b64encode(one["Data"]).decode(),
        "approximateArrivalTimestamp": one["ApproximateArrivalTimestamp"].timestamp(),
    }


# %% [markdown]
# 64 cancelled flights in one shard, and among them one record that is no JSON: a poison record
# (lesson 06).

# %%
cancelled = [flight for flight in day if flight.cancelled][:64]
reported = create("nyc.flight.reported", 1)
send(reported, cancelled[:20])
kinesis.put_record(StreamName=reported, PartitionKey="gate 7", Data=b"\xff no JSON")
send(reported, cancelled[20:])
records, _ = read(reported, "shardId-000000000000")
as_event(reported, "shardId-000000000000", records[:1])

# %% [markdown]
# The mapping collects up to `size` records, but no longer than `window` seconds (`BatchSize`, 100
# by default, and `MaximumBatchingWindowInSeconds`, 0).


# %%
def gather(stream, shard, after, size, window):
    place = {"ShardIteratorType": "TRIM_HORIZON"}
    if after:
        place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER"}
        place["StartingSequenceNumber"] = after
    told = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, **place)
    following, records, end = told["ShardIterator"], [], time.monotonic() + window
    while following and len(records) < size and time.monotonic() <= end:
        told = kinesis.get_records(ShardIterator=following, Limit=size - len(records))
        records, following = records + told["Records"], told.get("NextShardIterator")
    return records


# %% [markdown]
# Then it calls the function. If that raises, it may halve the batch
# (`BisectBatchOnFunctionError`), or try the same again (`MaximumRetryAttempts`), or give up and
# write to a destination (`DestinationConfig`).

# %%
calls, destination, checkpoints = [], [], {}


def deliver(stream, shard, records, retries, bisect):
    calls[-1].append(len(records))
    try:
        handler(as_event(stream, shard, records), None)
    except Exception as error:
        if bisect and len(records) > 1:
            half = len(records) // 2
            for part in (records[:half], records[half:]):
                deliver(stream, shard, part, retries, bisect)
        elif retries:
            deliver(stream, shard, records, retries - 1, bisect)
        else:
            destination.append(discarded(shard, records, error))


# %%
def discarded(shard, records, error):
    first, last = records[0]["SequenceNumber"], records[-1]["SequenceNumber"]
    batch = {"shardId": shard, "batchSize": len(records)}
    batch |= {"startSequenceNumber": first, "endSequenceNumber": last}
    return {
        "requestContext": {"condition": "RetryAttemptsExhausted"},
        "responseContext": {"functionError": type(error).__name__},
        "KinesisBatchInfo": batch,
    }


# %% [markdown]
# `attempt` runs it over the whole stream, a checkpoint after each batch, with an empty topic for
# the alerts. It returns a list for each batch: how many records each call got.


# %%
def attempt(stream, retries, bisect, size=32, window=0.2):
    os.environ["TOPIC"] = topic("nyc.flight.alerted")
    for kept in (calls, destination, checkpoints):
        kept.clear()
    for one in kinesis.list_shards(StreamName=stream)["Shards"]:
        shard = one["ShardId"]
        while records := gather(stream, shard, checkpoints.get(shard), size, window):
            calls.append([])
            deliver(stream, shard, records, retries, bisect)
            checkpoints[shard] = records[-1]["SequenceNumber"]
    return calls


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
dead = lesson.topic("nyc.flight.dead")
if dead in admin.list_topics(timeout=10).topics:
    admin.delete_topics([dead])[dead].result()
    wait_for(lambda: dead not in admin.list_topics(timeout=10).topics, 10, "deletion")
admin.create_topics([NewTopic(dead, 1, 3)])[dead].result()

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
# ## What if many want to read?
#
# All consumers of a shard share its 2 MB and 5 reads a second. With **enhanced fan-out** each
# registered consumer has 2 MB a second of every shard for itself, and Kinesis *pushes* over
# HTTP/2. A stream has up to 20 such consumers (50 in a mode called On-demand Advantage). It costs
# extra. Register one:

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
# ## What if Kafka and Kinesis get the same flights?
#
# A consumer of Kafka at the pace of your worker, 20 milliseconds for a record. It commits each
# one.

# %%
# %%writefile "{lesson.folder}/reader.py"
import json, os, signal, sys, time
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

# %%
for old_one in workers.values():
    old_one.stop()
both, events = create("nyc.flight.both", 4), topic("nyc.flight.both", 4)
now = time.time_ns()
group, both_table = lesson.group(f"both-{now}"), lesson.folder / f"both-{now}.db"
workers = {"reader": lesson.start("reader.py", events, group, 0.02)}
workers["C"] = lesson.start("worker.py", both, both_table, "C", 0.02)
begun(both_table, "C")

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


def last_done():
    done = {row[0]: row[3] for row in rows(both_table)}
    return {shard: at for shard, at in done.items() if at and at != "SHARD_END"}


# %%
def iterator_age(shard, at=None):
    kind = {"ShardIteratorType": "TRIM_HORIZON"}
    if at:
        kind = {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": at}
    told = kinesis.get_shard_iterator(StreamName=both, ShardId=shard, **kind)
    told = kinesis.get_records(ShardIterator=told["ShardIterator"], Limit=1)
    return told["MillisBehindLatest"]


def milliseconds_behind():
    known = last_done()
    return max(iterator_age(row[0], known.get(row[0])) for row in rows(both_table))


# %% [markdown]
# This board has both sides, row for row. The last argument is a function that tells where your
# worker is: Kinesis cannot.


# %%
def checkpoints():
    return {row[0]: row[3] for row in rows(both_table)}


twin = view.twin(events, group, both, checkpoints)
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
# ## What does an emulator not do?
#
# Two emulators stand behind this course: the embedded endpoint, and LocalStack in the containers.
# Both keep what you write, and answer most calls as AWS does. What they answer otherwise was
# found by a test, which tries each of these on both. So a program that works here may still be
# refused there.
#
# <!-- engines -->
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
# <!-- /engines -->

# %% [markdown]
# ## What you know now
#
# - A split or a merge moves no record. Parents are drained before their children are read.
# - `UpdateShardCount` goes up to twice and down to half in one call. On-demand mode cures a hot
#   key only by ignoring the keys.
# - A lease says who reads a shard, a checkpoint how far it is. Both change only under a condition.
# - After a crash, what came after the last checkpoint is done again.
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
# Kinesis](https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html). The next lesson in
# order is 15, *Security and privacy*.

# %% tags=["cleanup"]
lesson.clean_up()
