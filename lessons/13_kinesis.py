# %% [markdown]
# # Kinesis
#
# At the end of this lesson you can
#
# - say what a stream, a shard, a partition key and a sequence number are, and what each is
#   called in Kafka;
# - tell which shard a record lands in, before you send it;
# - send many records at once, and see how much a shard takes;
# - find a hot shard, and mend it with a split.
#
# In the sections marked *Deeper* you also
#
# - send again what was refused, and no more than that;
# - see when no split can help.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view

lesson = begin("13_kinesis")

# %% [markdown]
# ## What is a stream made of?
#
# **Kinesis Data Streams** is AWS's own streaming service. You rent it: there are no brokers
# to start and none to kill. What Kafka calls a topic is a *stream* here, and what it calls a
# partition is a **shard**. You choose how many shards a stream has, and pay for each by the hour.
#
# On your machine an emulator answers. `boto3` is AWS's own client, and every call below
# is the one that you would make to AWS. A new stream is not there at once: it is `CREATING`
# for a while, then `ACTIVE`.
#
# You will make many streams, so a script does it. One of the same name is deleted first, so that
# you can run any cell again. A *waiter* of boto3 asks until it is gone.
#
# <!-- script: streams.py -->

# %%
import boto3
from lessons.scripts.streams import Streams

kinesis = boto3.client("kinesis")
streams = Streams(lesson, kinesis)
create = streams.create

# %%
departures = create("nyc.flight.departed", 4)
board = view.shards(departures)
board

# %% [markdown]
# This map is live. The four boxes are the shards. Together they cover all numbers from 0 to
# 2¹²⁸ less 1, the **hash range**, and each owns a quarter of it. What the range is for, you see next.
#
# (Kinesis tells nobody how many records a shard holds. The map reads every shard as a
# consumer would, and counts.)

# %% [markdown]
# ## Which shard does a record land in?
#
# `put_record` sends one record: bytes, and a **partition key**. In Kafka the key may be missing.
# Here it may not.

# %%
day = flights.day(8)
flight = day[0]
sent = kinesis.put_record(
    StreamName=departures, PartitionKey=flight.carrier, Data=flight.to_json()
)
flight.carrier, sent["ShardId"]

# %% [markdown]
# Kinesis takes the MD5 of the key. That is a number of 128 bits, always the same for the same key.
# The shard whose range holds that number gets the record. So you can compute it yourself.

# %%
import hashlib


def place(key):
    return int(hashlib.md5(key.encode()).hexdigest(), 16)


f"{place(flight.carrier) / 2**128:.1%} of the way through the range"

# %% [markdown]
# The ranges come from `list_shards`. A shard with an `EndingSequenceNumber` is closed, and takes
# nothing any more. For now all are open.


# %%
def ranges(stream):
    found = {}
    for shard in kinesis.list_shards(StreamName=stream)["Shards"]:
        if "EndingSequenceNumber" not in shard["SequenceNumberRange"]:
            keys = shard["HashKeyRange"]
            found[shard["ShardId"]] = (
                int(keys["StartingHashKey"]),
                int(keys["EndingHashKey"]),
            )
    return found


def shard_of(key, stream):
    own = ranges(stream).items()
    return next(shard for shard, (low, high) in own if low <= place(key) <= high)


# %%
assert shard_of(flight.carrier, departures) == sent["ShardId"]
{airport: shard_of(airport, departures) for airport in ("EWR", "JFK", "LGA")}

# %% [markdown]
# ![](../Images/shards.png)
#
# **What you saw.** Your own MD5 names the shard that Kinesis chose. The client has no part in it:
# here *every* client agrees, in whatever language. In Kafka the producer chooses, and lesson
# 07 showed two that disagree.
#
# An empty key would have no place, so the client does not even send it:

# %%
from botocore.exceptions import ParamValidationError

try:
    kinesis.put_record(StreamName=departures, PartitionKey="", Data=b"no key")
except ParamValidationError as error:
    print(error)

# %% [markdown]
# ## How do you send many?
#
# `put_record` is one request for one record. `put_records` takes up to **500 records**, and up to
# 10 MiB in all. One record may have 1 MiB with its key. (A stream may allow up to 10 MiB.) So a
# call has room for the first 500 departures of the day.


# %%
def entries(some, key):
    return [{"Data": one.to_json(), "PartitionKey": key(one)} for one in some]


rush = day[:500]


def send(stream, key):
    return kinesis.put_records(StreamName=stream, Records=entries(rush, key))["Records"]


# %% [markdown]
# Send them three times, with three keys. The aircraft of some cancelled flights is not known, so
# those take the flight's own id. A shard's name ends in its number, so `[-1]` is the number.


# %%
def origin(flight):
    return flight.origin


def carrier(flight):
    return flight.carrier


def aircraft(flight):
    return flight.tailnum or flight.id


# %%
predict("13.1")

# %%
from collections import Counter

spread = {}
for key in (origin, carrier, aircraft):
    counts = Counter(answer["ShardId"][-1] for answer in send(departures, key))
    spread[key.__name__] = [counts[number] for number in "0123"]
spread

# %%
reveal("13.1", sum(count > 0 for count in spread["origin"]))

# %% [markdown]
# **What you saw.** With as few keys as shards, some shard stays empty, and you pay for it.
# So have **many more partition keys than shards**. That makes no two shards equal (by aircraft
# the fullest here has half as much again as the emptiest), but none is empty, and no key is large.
# Look at the map: every tick is a key, and a taller one has more records.
#
# | key | values | spread |
# |---|---|---|
# | `origin` | 3 | a shard is empty |
# | `carrier` | 15 | all have some, but the largest key alone is nearly a fifth |
# | `aircraft` | 438 | all have some, and no key is large |

# %% [markdown]
# **Exercise 13.1.** Make a stream of four shards, and put **one record into each**: four
# records, with four partition keys of your choice. Let the keys do it, without
# `ExplicitHashKey`, which would overrule them. Begin your cell with
# `each = create("nyc.each.shard", 4)`.

# %% tags=["solution", "exercise-13.1"]
# Exercise 13.1
each = create("nyc.each.shard", 4)
keys = {}
for one in day:
    keys.setdefault(shard_of(one.carrier, each), one.carrier)
    if len(keys) == 4:
        break
for key in keys.values():
    kinesis.put_record(StreamName=each, PartitionKey=key, Data=b"here")

# %%
check("13.1")

# %% [markdown]
# ## Where is a record in its shard?
#
# Kafka counts: 0, 1, 2. Kinesis gives a **sequence number**. Send three records of one key to a
# stream of one shard.

# %%
gate = create("nyc.gate.called", 1)
numbers = [
    kinesis.put_record(StreamName=gate, PartitionKey="JFK", Data=call)["SequenceNumber"]
    for call in (b"boarding", b"last call", b"closed")
]
numbers

# %% [markdown]
# **What you saw.** The numbers grow, and that is all they promise. They have gaps, so you cannot
# subtract two of them, and there is no *end offset*: nobody can tell how many records lie between.
# They are text, since few languages have numbers so large.
#
# To read, you ask for a **shard iterator**: a place in one shard. Its type says which.


# %%
def iterator(stream, kind, **more):
    (shard,) = ranges(stream)
    told = kinesis.get_shard_iterator(
        StreamName=stream, ShardId=shard, ShardIteratorType=kind, **more
    )
    return told["ShardIterator"]


def read(iterator):
    return [one["Data"] for one in kinesis.get_records(ShardIterator=iterator)["Records"]]


# %%
second = {"StartingSequenceNumber": numbers[1]}
print("TRIM_HORIZON         ", read(iterator(gate, "TRIM_HORIZON")))
print("AT_SEQUENCE_NUMBER   ", read(iterator(gate, "AT_SEQUENCE_NUMBER", **second)))
print("AFTER_SEQUENCE_NUMBER", read(iterator(gate, "AFTER_SEQUENCE_NUMBER", **second)))

# %% [markdown]
# `TRIM_HORIZON` is the oldest record that is kept. `AT_TIMESTAMP` takes a time. The fifth is
# `LATEST`.

# %%
predict("13.2")

# %%
told = kinesis.get_records(ShardIterator=iterator(gate, "LATEST"))
first_read = len(told["Records"])
kinesis.put_record(StreamName=gate, PartitionKey="JFK", Data=b"gate change")
read(told["NextShardIterator"])

# %%
reveal("13.2", first_read)

# %% [markdown]
# **What you saw.** Each answer brings the iterator for the next read, and so you go on and on. An
# answer without records is not the end of the stream: on AWS it can even come while
# older records still wait. `MillisBehindLatest` tells how far behind you are, in time.
#
# - An iterator is good for **5 minutes**. After that: `ExpiredIteratorException`, and you ask for a
#   new one with the last sequence number that you have.
# - **Nobody remembers where you were.** Kinesis has no consumer groups and no committed offsets.
#   You, or a library such as the KCL, keep a checkpoint. That is lesson 14.
#
# Records stay for the **retention** period: 24 hours, unless you ask, and pay, for more.

# %%
kinesis.increase_stream_retention_period(StreamName=gate, RetentionPeriodHours=48)
told = kinesis.describe_stream_summary(StreamName=gate)["StreamDescriptionSummary"]
told["RetentionPeriodHours"]

# %%
from botocore.exceptions import ClientError

try:
    kinesis.decrease_stream_retention_period(StreamName=gate, RetentionPeriodHours=12)
except ClientError as error:
    print(error)

# %% [markdown]
# From a day to 8,760 hours, a year. Kafka keeps 7 days by default, or for ever, and by size as well
# (lesson 10).

# %% [markdown]
# ## How much does a shard take?
#
# A shard is the unit of throughput, and its limits are hard:
#
# | | records | bytes |
# |---|---|---|
# | in | 1,000 a second | **and** 1 MB a second |
# | out | 5 reads a second | 2 MB a second |
#
# You may meet "1 Mb per second *or* 1,000 requests". It is megabytes, it is records, and
# whichever comes first counts.
#
# **No emulator has these limits.** So this course applies them inside your client: what is too much does
# not leave it, and is answered as AWS answers. Your endpoint is also too slow to take
# 1,000 records a second into many shards. So you get **a tenth** of what AWS lets you write.
# (AWS itself, if you are attached to it, applies its own limits, whole. Ten times as much goes in.)
#
# From here on the cells above meet these limits, too. To run one of them again, run the cell that
# makes `kinesis` before it, and afterwards the next cell here.

# %%
lesson.apply_quotas(kinesis, writes=0.1)

# %%
predict("13.3")

# %%
narrow = create("nyc.one.shard", 1)
told = kinesis.put_records(StreamName=narrow, Records=entries(rush, aircraft))
told["ResponseMetadata"]["HTTPStatusCode"], told["FailedRecordCount"]

# %%
reveal("13.3", told["FailedRecordCount"])

# %% [markdown]
# Status 200, and no exception. Look at the answers: there is one for each record, in the same order.

# %%
refusal = told["Records"][-1]
print(refusal.get("ErrorCode"))
print(refusal.get("ErrorMessage"))

# %% [markdown]
# **What you saw.** `put_records` can fail **in part**. Whoever does not look at
# `FailedRecordCount` has just lost most of the flights, without any error. With a single
# `put_record` the same refusal is an exception, and boto3 sends that one again by itself, up to four
# times. It never does so for the failed part of a `put_records`.
#
# Reading is limited, too. This client tries once, so that you see it.

# %%
from botocore.config import Config

once = boto3.client("kinesis", config=Config(retries={"total_max_attempts": 1}))
lesson.apply_quotas(once, writes=0.1)
here = once.get_shard_iterator(
    StreamName=narrow, ShardId="shardId-000000000000", ShardIteratorType="LATEST"
)["ShardIterator"]

# %%
for reads in range(30):
    try:
        once.get_records(ShardIterator=here)
    except once.exceptions.ProvisionedThroughputExceededException as error:
        print(f"After {reads} reads: {error}")
        break

# %% [markdown]
# **What you saw.** After some five reads within a second, a shard has enough. All consumers of a shard
# share these five, so three consumers that poll twice a second are one too many. (If
# nothing was printed, your machine was too slow to read so often.)

# %% [markdown]
# ## Deeper: How do you lose nothing?
#
# AWS recommends to send again **only the records whose answer has an `ErrorCode`**, and to wait before
# that: longer after each refusal (*exponential backoff*), and a bit at random (*jitter*), so that many
# producers do not all come back in the same moment.

# %% [markdown]
# **Exercise 13.2.** Write `send_all(stream, records)`. It sends all records, 500 a call at most, until
# none is refused any more. Then make a stream, `complete = create("nyc.storm.complete", 4)`, and
# send `entries(day, aircraft)` into it. All 930 flights must be there, **each exactly once**.

# %% tags=["solution", "exercise-13.2"]
# Exercise 13.2
import random
import time


def send_all(stream, records):
    pause = 0.1
    while records:
        call, rest = records[:500], records[500:]
        answers = kinesis.put_records(StreamName=stream, Records=call)["Records"]
        both = zip(call, answers, strict=True)
        again = [one for one, told in both if "ErrorCode" in told]
        pause = min(2 * pause, 2) if again else 0.1
        time.sleep(pause * random.random() if again else 0)
        records = again + rest


complete = create("nyc.storm.complete", 4)
send_all(complete, entries(day, aircraft))

# %%
check("13.2")

# %% [markdown]
# What is sent again comes later, so a retry costs order. `put_records` promises none in any case.
# Where order counts, send one after the other with `put_record`, and give each the sequence
# number of the one before, as `SequenceNumberForOrdering`.
#
# **What this does not show.** A network that fails. There the answer itself may be lost: you send
# again what had arrived, and it is there twice. Kinesis has no idempotent producer as Kafka has.

# %% [markdown]
# ## What is a hot shard?
#
# A **hot shard** gets more than its part. Eight shards take 800 records a second here.
# Send 500 flights at once, by airline. The function returns which keys were refused.

# %%
import time


def refused(stream, key):
    time.sleep(1)  # so that every shard has a whole second's worth again
    both = zip(entries(rush, key), send(stream, key), strict=True)
    return Counter(one["PartitionKey"] for one, told in both if "ErrorCode" in told)


by_carrier = create("by.carrier", 8)
hot = view.shards(by_carrier)
hot

# %%
predict("13.4")

# %%
by_airline = refused(by_carrier, carrier)
by_airline

# %%
reveal("13.4", sum(by_airline.values()))

# %%
by_aircraft = create("by.aircraft", 8)
refused(by_aircraft, aircraft)

# %% [markdown]
# **What you saw.** The limit is each shard's own, and what others do not use helps nobody. By aircraft,
# the same 500 flights fit. By airline, shards 1 and 3 refuse: the map shows two large airlines in each.
# What now? Shards can be split. A **split** closes a shard, and two new ones share its range.
# Shard 3 owns 37.5 to 50 %. Split it in the middle.


# %%
def split(stream, shard, at):
    kinesis.split_shard(StreamName=stream, ShardToSplit=shard, NewStartingHashKey=str(at))
    streams.ready(stream)


# %%
full = "shardId-000000000003"
if full in ranges(by_carrier):  # in a second run it is closed already
    first, last = ranges(by_carrier)[full]
    split(by_carrier, full, (first + last + 1) // 2)

# %%
refused(by_carrier, carrier)

# %% [markdown]
# **What you saw.** B6 and US have a shard each, and are no longer refused. On the map, shard 3
# is closed: it takes nothing, and what it holds can be read until retention ends. The keys of all other
# shards stayed where they were. In Kafka, one more partition moves most keys (lesson 07).

# %% [markdown]
# **Exercise 13.3.** Now shard 1. It owns 12.5 to 25 %, and UA and AA are in it. Split it so that
# **neither** is refused any more. Look at the map before you choose the place. `split` helps, and if
# a split did not help, you can split a child again.

# %% tags=["solution", "exercise-13.3"]
# Exercise 13.3
between = (place("UA") + place("AA")) // 2
split(by_carrier, "shardId-000000000001", between)

# %%
check("13.3")

# %% [markdown]
# ### Deeper: And one hot key?
#
# By airport there are three keys, and each has more than 100 of the 500 flights. Split the shard
# of EWR right at its key, where no split can come nearer.

# %%
by_origin = create("by.origin", 8)
before = refused(by_origin, origin)
split(by_origin, shard_of("EWR", by_origin), place("EWR"))
after = refused(by_origin, origin)
before, after

# %% [markdown]
# **What you saw.** Nothing changed. All records of one key have *one* place in the range, and a place
# cannot be split. A **hot key** is cured at the producer: by a finer key, such as the aircraft,
# or by a *salted* one, such as `EWR-7`. Both give up the order of the old key.
#
# Next time you need no live servers to show it. This recording has a split that helps, one
# in the wrong place, and a merge.

# %%
view.recording("13_shards", speed=2)

# %% [markdown]
# **Exercise 13.4.** Send the 500 flights of `rush` with salted airports: every partition key
# begins with the flight's airport, and **no shard gets more than 100**, so nothing is refused. Begin your
# cell with `salted = create("by.salted.origin", 8)`, and send them with one `put_records`.

# %% tags=["solution", "exercise-13.4"]
# Exercise 13.4
salted = create("by.salted.origin", 8)
some = [
    {"Data": one.to_json(), "PartitionKey": f"{one.origin}-{number % 16}"}
    for number, one in enumerate(rush)
]
kinesis.put_records(StreamName=salted, Records=some)["FailedRecordCount"]

# %%
check("13.4")

# %% [markdown]
# ## Deeper: Kafka or Kinesis?
#
# The same flights with the same keys, into four partitions and four shards. (You have
# the answers of the four shards already: `departures` got them by aircraft.)

# %%
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

topic = lesson.topic("nyc.flight.departed")
admin = AdminClient(lesson.connection)
if topic not in admin.list_topics(timeout=10).topics:
    admin.create_topics([NewTopic(topic, 4, 3)])[topic].result()

# %%
producer, placed = Producer(lesson.connection), []
for one in rush:
    producer.produce(
        topic,
        one.to_json(),
        aircraft(one),
        on_delivery=lambda error, message: placed.append(message),
    )
producer.flush(30)

# %%
counts = Counter(message.partition() for message in placed)
print("Kafka, partitions  ", [counts[number] for number in range(4)])
print("Kinesis, shards    ", spread["aircraft"])
print("an offset          ", max(message.offset() for message in placed))
print("a sequence number  ", numbers[-1])

# %% [markdown]
# **What you saw.** Both spread many keys about evenly, by two different hashes. What you know
# of the one carries over to the other:
#
# | Kafka | Kinesis | carries over? |
# |---|---|---|
# | topic | stream | yes |
# | partition | shard | order and parallelism, yes; a shard has hard limits and a price |
# | key, may be missing; the producer hashes it | partition key, needed; the service takes MD5 | one key, one place |
# | offset: counts from 0 | sequence number: only grows | a place in the log; not the counting |
# | committed offset, consumer group | shard iterator, checkpoint of your own | no: the KCL or Lambda does it (lesson 14) |
# | lag in records | `MillisBehindLatest` | lag in time |
# | retention by time and size, compaction | 24 hours to 365 days | time only |
# | delivery report for each record | an answer for each record, with `ErrorCode` | look at each, yes |
# | idempotent producer | none | no: duplicates are the consumer's |
# | partitions only grow, most keys move | split and merge, the others stay | no |
# | brokers that you run | a service that you rent | |
#
# **What this does not show.** AWS itself. There every record is kept in three data centres before
# you get your answer, and a request takes milliseconds on its way.

# %% [markdown]
# ## What you know now
#
# - A stream is made of shards. The MD5 of the partition key says which shard, and you can compute it.
# - A shard takes 1 MB and 1,000 records a second, and gives 2 MB and 5 reads.
# - Have many more partition keys than shards.
# - A sequence number grows and does not count. An iterator is a place in one shard, for 5 minutes.
# - `put_records` may fail in part: look for an `ErrorCode` in each answer.
# - A split at the right place cools a hot shard.
#
# From the sections marked *Deeper*:
#
# - Send again what has an `ErrorCode`, and wait longer each time.
# - A hot key needs another key.

# %% [markdown] tags=["terms"]
# **New terms**: shard, partition key, hash range, sequence number, shard iterator, hot shard.

# %% [markdown]
# **Read next**: AWS's [quotas and
# limits](https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html) of
# Kinesis Data Streams, and the reference of
# [PutRecords](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html).

# %% tags=["cleanup"]
lesson.clean_up()
