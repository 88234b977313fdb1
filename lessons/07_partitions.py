# %% [markdown]
# # Partitions
#
# At the end of this lesson you can
#
# - say what a partition makes possible, and what it takes away;
# - tell which partition a record lands in;
# - find a hot key, and spread a topic's records without losing the order that counts;
# - say what goes wrong when you add partitions later.
#
# In the sections marked *Deeper* you also
#
# - see why two clients may disagree about a key;
# - work out how many partitions a topic needs.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("07_partitions")

# %% [markdown]
# ## What is a partition for?
#
# A **partition** is a log of its own: a topic is one or more of them. Each has a *leader*,
# the broker that producers write to and consumers read from. The other replicas copy it.
#
# ![](../Images/Kafka_partitions.png)
#
# Create a topic with three partitions. You will make many in this lesson, so a script does it.
# Each topic gets three replicas. One that is there already is deleted first. So you can run a
# cell again and begin with an empty topic.
#
# <!-- script: topics.py -->

# %%
from confluent_kafka.admin import AdminClient
from lessons.scripts import topics

servers = lesson.connection["bootstrap.servers"]
admin = AdminClient(lesson.connection)
create = topics.creator(lesson)

# %%
storm = create("nyc.storm.departed", 3)
board = view.partitions(storm)
board

# %% [markdown]
# This map is live: it shows who leads each partition, who follows, and how many records it
# holds. (★ marks the broker that Kafka would choose as leader first.) Now send the departures of
# 8 February, the day of the blizzard. The key is the aircraft, `tailnum`. Watch the map while the
# cell runs. (`enable.idempotence` is of lesson 05: what is sent again is neither doubled nor
# out of order.)

# %%
from confluent_kafka import Producer

day = flights.day(8)
# 3 logs errors only: fresh brokers may let a producer ask twice for what it needs.
safe = {**lesson.connection, "enable.idempotence": True, "log_level": 3}


def send(topic, key, **settings):
    producer = Producer({**safe, **settings})
    for flight in day:
        producer.produce(topic, flight.to_json(), key=key(flight))
    producer.flush(30)


send(storm, lambda flight: flight.tailnum)

# %% [markdown]
# **What you saw.** The three leaders are three brokers, and each took a part of the records.
# With one partition, one broker would have done all the work, and that is a bottleneck. Many
# producers can write at once to different brokers, and many consumers can read.
#
# **What this does not show.** More speed from more brokers. Yours share one machine.

# %% [markdown]
# ## How many can work at the same time?
#
# First you need the number of records in each partition. A consumer that reads nothing yet,
# only looks, can ask for the end offset of each. As nothing was removed, that is the number.

# %%
import time
from confluent_kafka import Consumer, TopicPartition

# With 50 ms, a broker that has nothing new says so soon.
settings = {
    **lesson.connection,
    "group.id": lesson.group("look"),
    "enable.auto.commit": False,
    "fetch.wait.max.ms": 50,
}
looker = Consumer({**settings, "log_level": 4})


# %%
def held(topic):
    partitions = looker.list_topics(topic, timeout=10).topics[topic].partitions
    places = [TopicPartition(topic, number) for number in sorted(partitions)]
    return [looker.get_watermark_offsets(place, timeout=10)[1] for place in places]


ends = held(storm)
ends

# %% [markdown]
# Suppose each record takes a consumer 3 ms of work. Each worker here reads the partitions that
# it is given, until it has had all their records. `assign` says which.


# %%
def work(partitions):
    worker = Consumer(settings)
    worker.assign([TopicPartition(storm, number, 0) for number in partitions])
    left = sum(ends[number] for number in partitions)
    while left:
        for _ in worker.consume(left, timeout=0.2):
            left -= 1
            time.sleep(0.003)  # the work
    worker.close()


# %% [markdown]
# Now one worker for all three partitions, then three with one each, then six. Each worker has
# a thread of its own.

# %%
from concurrent.futures import ThreadPoolExecutor

took = {}
for shares in ([[0, 1, 2]], [[0], [1], [2]], [[0], [1], [2], [], [], []]):
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(shares)) as pool:
        list(pool.map(work, shares))
    took[f"workers: {len(shares)}"] = round(time.perf_counter() - begun, 2)

# %%
view.bars(took, title="The same records, more workers", unit="seconds", alt=f"{took}")

# %% [markdown]
# **What you saw.** Three workers need about a third of the time. Six need no less: three
# of them have nothing to read. So the partition is the **unit of parallelism**. In
# a consumer group a partition is read by one member at a time. The number of partitions is
# the most members that can work.
#
# **What this does not show.** How a group shares partitions by itself. That is lesson 09.

# %% [markdown]
# ## In which order do records come?
#
# ![](../Images/topic_ordering.png)
#
# Send 3,000 numbers in order, without a key, to three partitions. One consumer reads all three.

# %%
predict("7.1")

# %%
counted = create("nyc.number.counted", 3)
# By default records without a key keep to one partition for 10 ms. 0 turns that off.
ordered = {**safe, "sticky.partitioning.linger.ms": 0}
producer = Producer(ordered)
for number in range(3000):
    producer.produce(counted, str(number))
producer.flush(30)


# %%
def read(topic):
    ends = held(topic)
    looker.assign([TopicPartition(topic, number, 0) for number in range(len(ends))])
    messages = looker.consume(sum(ends), timeout=20)
    looker.unassign()
    return messages


messages = read(counted)
len(messages)

# %% [markdown]
# A record is *overtaken* if one that was sent later came before it. Count those: they are
# smaller than the highest number so far.


# %%
def overtaken(messages):
    count, highest = 0, -1
    for number in (int(message.value()) for message in messages):
        count += number < highest
        highest = max(highest, number)
    return count


across = overtaken(messages)
within = [overtaken(m for m in messages if m.partition() == n) for n in range(3)]
across, within

# %%
mixed = across > 0, any(within)  # in the topic, in a partition
reveal("7.1", sum(mixed), across=across, within=sum(within))

# %% [markdown]
# **What you saw.** A partition is a log and keeps its order. Between partitions there
# is none: each is fetched by itself, from a broker of its own. Run the cells again,
# and the first number changes. The zeros stay.
#
# A partition keeps the order in which records *arrive*. The producer must keep it, too: without
# `enable.idempotence`, a batch that has to be sent again may be overtaken by the next one.
#
# A topic with *one* partition is in order as a whole. It also has one leader, and work for
# one consumer. Mostly you need less: the order of what belongs together, such as the events of
# one aircraft. For that, there are keys.

# %% [markdown]
# ## Which partition does a key land in?
#
# The producer decides. It **hashes** the key: it computes a large number from its bytes, always
# the same for the same bytes. The remainder by the number of partitions is the partition.
# `confluent_kafka` is built on the library librdkafka, whose hash is CRC32. Python knows it, too.

# %%
import zlib

{key: zlib.crc32(key.encode()) % 3 for key in ("EWR", "JFK", "LGA")}

# %% [markdown]
# **What you saw.** With three partitions, two of the three airports share one. A
# hash spreads *many* keys evenly. For few keys it promises nothing.
#
# How do 930 departures spread over **six** partitions? You try four keys: none, the airport
# (`origin`), the airline (`carrier`) and the aircraft (`tailnum`).

# %%
predict("7.2")

# %%
keys = {
    "no key": lambda flight: None,
    "origin": lambda flight: flight.origin,
    "carrier": lambda flight: flight.carrier,
    "tailnum": lambda flight: flight.tailnum,
}
topics, spread = {}, {}
for name, key in keys.items():
    topics[name] = create(f"by.{name.replace(' ', '.')}", 6)
    send(topics[name], key)
    spread[name] = held(topics[name])
    print(f"{name:8} {spread[name]}")

# %%
fullest = {name: max(counts) for name, counts in spread.items()}
view.bars(fullest, title="In the fullest of six", unit="records", alt=f"{fullest}")

# %%
reveal("7.2", sum(count > 0 for count in spread["origin"]))

# %% [markdown]
# **What you saw.** Even would be 155 in each. `origin` leaves three partitions empty. `carrier`
# has 15 values in February, but a few large airlines, and some of them meet in one partition.
# `tailnum` has 574 values that day, and spreads well: about 130 in each, and then there are the
# 161 cancelled flights of which no aircraft is known. They may lie in one partition, or in
# several. Their key is empty, and you will soon see what that does.
#
# Without a key you might expect six equal numbers. But librdkafka keeps to one partition for
# 10 ms, so that records fill larger batches, and this loop sends a lot in 10 ms. All 930 may
# lie in one partition. Over hours it evens out. It has a price: the events of one aircraft are
# no longer in order.
#
# | key | order | spread |
# |---|---|---|
# | none | of nothing | even, in the long run |
# | few values | of each value | poor |
# | many values | of each value | good |

# %% [markdown]
# ## What is a hot key?
#
# A **hot key** has so many records that its partition gets far more than the others.
# Look at the map of `carrier`: the shares, and which broker has to serve the largest.

# %%
hot = view.partitions(topics["carrier"])
hot

# %% [markdown]
# Will twice as many partitions help?

# %%
twelve = create("by.carrier.twelve", 12)
send(twelve, keys["carrier"])
for counts in (spread["carrier"], held(twelve)):
    times = max(counts) / (sum(counts) / len(counts))
    print(f"{len(counts)} partitions: the fullest has {times:.1f} times the average")

# %% [markdown]
# **What you saw.** It gets worse. One key is never split, so the largest airlines stay
# whole, while the average shrinks. One broker and one consumer stay the bottleneck. Two things help:
#
# - a finer key, such as the aircraft in place of the airline;
# - a *salted* key, such as `UA-0` to `UA-3`. It splits a key, and with it that key's order.

# %% [markdown]
# **Exercise 7.1.** Send the day into a new topic with six partitions, each of the 930 flights
# once, so that
#
# - no partition holds more than twice the average, and
# - all flights of one aircraft are in order.
#
# (For 161 cancelled flights no aircraft is known. Their order does not matter.) Begin your cell
# with `balanced = create("nyc.storm.balanced", 6)`. So each try begins with an empty topic. Make
# a new `Producer` after it: an old one may still believe in the topic that was deleted. Then it
# loses records, and only their delivery reports tell.

# %% tags=["solution", "exercise-7.1"]
# Exercise 7.1
balanced = create("nyc.storm.balanced", 6)
producer = Producer({**lesson.connection, "enable.idempotence": True})
for flight in day:
    producer.produce(balanced, flight.to_json(), key=flight.tailnum)
producer.flush(30)

# %%
check("7.1")

# %% [markdown]
# ## Deeper: What if the key is empty?
#
# An unknown aircraft has the tail number `""`. Is an empty key a key like any other? Then those
# 161 flights would all lie in one partition.

# %%
emptied = create("by.empty.key", 3)
producer = Producer(ordered)
for flight in day:
    producer.produce(emptied, flight.id, key="")
producer.flush(30)
held(emptied)

# %% [markdown]
# **What you saw.** They are everywhere: to librdkafka an empty key is no key. (This
# `producer` does not keep to one partition for 10 ms, so it shows at once. The one in `send`
# does, so there they lay in one or two partitions by chance.)

# %% [markdown]
# ## Deeper: Does a Java producer agree?
#
# Many teams write to one topic, and some use Java. Kafka's console producer is a real Java
# client. It reads a key, a tab and a value from each line. `parse.key` says so. (Older texts use
# `--property`; that is deprecated.)

# %%
file = lesson.folder / "lines.txt"
file.write_text("".join(f"{flight.tailnum}\t{flight.id}\n" for flight in day))
by_java = create("by.java", 3)
reading = f"--topic {by_java} --reader-property parse.key=true"

# %%
# !kafka-console-producer --bootstrap-server {servers} {reading} < "{file}"

# %% [markdown]
# The same keys from Python, to a topic with as many partitions. Then compare, aircraft by
# aircraft.

# %%
predict("7.3")

# %%
by_python = create("by.python", 3)
send(by_python, keys["tailnum"])


def places(topic):
    return {m.key(): m.partition() for m in read(topic) if m.key()}


java = places(by_java)


def as_java(topic):
    found = places(topic)
    return sum(found.get(key) == place for key, place in java.items()) / len(java)


same = as_java(by_python)

# %%
reveal("7.3", 100 * same, aircraft=len(java))

# %% [markdown]
# Java hashes keys with another function, murmur2. librdkafka knows that one, too. Its
# setting `partitioner` chooses: a **partitioner** is what picks a record's partition.

# %%
for name in ("consistent_random", "fnv1a_random", "murmur2_random"):
    tried = create(f"by.{name.replace('_', '.')}", 3)
    send(tried, keys["tailnum"], partitioner=name)
    print(f"{name:18} {as_java(tried):4.0%} as Java")

# %% [markdown]
# **What you saw.** `consistent_random` is librdkafka's default (CRC32), and `murmur2_random` agrees
# with Java for every key. Where both kinds write to one topic, set it. Else one aircraft
# has its events in two partitions, and their order is lost without any error.
#
# An empty key is different still. To Java it *is* a key:

# %%
from collections import Counter

Counter(m.partition() for m in read(by_java) if not m.key())

# %% [markdown]
# **Exercise 7.2.** A Java program writes departures to `by_java`. You write landings. Send one
# record for each aircraft in `java` (its keys are the aircraft), with any value, so that
# partition *n* of both topics has the same aircraft. Then one consumer can join the two topics
# partition by partition. Begin your cell with `landed = create("nyc.flight.landed", 3)` and a new
# `Producer`.

# %% tags=["solution", "exercise-7.2"]
# Exercise 7.2
landed = create("nyc.flight.landed", 3)
like_java = Producer({**lesson.connection, "partitioner": "murmur2_random"})
for aircraft in java:
    like_java.produce(landed, b"landed", key=aircraft)
like_java.flush(30)

# %%
check("7.2")

# %% [markdown]
# ## What happens to keys when you add partitions?
#
# Adding partitions is easy, at any time. No record moves. But the remainder changes: the
# hash is now divided by another number. Put all 3,071 aircraft of February into a topic of
# four partitions, and let it grow to five.

# %%
predict("7.4")

# %%
fleet = {flight.tailnum for flight in flights.all_flights()} - {""}


def place(topic):
    where = {}

    def keep(error, message):
        where[message.key()] = message.partition()

    client = Producer(lesson.connection)
    for key in fleet:
        client.produce(topic, b"seen", key, on_delivery=keep)
    client.flush(30)
    return where


# %% [markdown]
# New partitions need a leader before anyone can write to them, so `grow` waits for that.

# %%
from confluent_kafka.admin import NewPartitions


def led(topic):
    known = looker.list_topics(topic, timeout=10).topics[topic].partitions
    return sum(one.leader > 0 for one in known.values())


def grow(topic, partitions):
    admin.create_partitions([NewPartitions(topic, partitions)])[topic].result()
    wait_for(lambda: led(topic) == partitions, 30, "leaders of all partitions")


# %%
growing = create("nyc.aircraft.seen", 4)
placed = {4: place(growing)}
for partitions in (5, 8):
    grow(growing, partitions)
    placed[partitions] = place(growing)


# %%
def moved(partitions):
    before, after = placed[4], placed[partitions]
    return sum(after.get(key) != place for key, place in before.items()) / len(before)


reveal("7.4", 100 * moved(5))

# %% [markdown]
# In theory a key stays only if its hash has the same remainder by both numbers. For 4 and 5
# that holds for 4 of each 20 numbers, for 4 and 8 for 4 of each 8.

# %%
for partitions, stay in ((5, 4 / 20), (8, 4 / 8)):
    theory = f"in theory {1 - stay:.0%}"
    print(f"4 to {partitions}: {moved(partitions):.1%} of the keys moved, {theory}")

# %% [markdown]
# **What you saw.** Old records stayed where they were, new ones of the same key went
# elsewhere. A consumer may now read an aircraft's new event before its old one. Compacting
# does not help either: it works within a partition, so both stay.
#
# **What this does not show.** A producer that was running. It keeps to the old number until it
# next refreshes its metadata, by default after up to 5 minutes. All that time old and
# new clients disagree. (Here each call made a new client.)
#
# And the way back?

# %%
from confluent_kafka import KafkaException

try:
    admin.create_partitions([NewPartitions(growing, 4)])[growing].result()
except KafkaException as error:
    print(error.args[0].name(), "·", error.args[0].str())

# %% [markdown]
# Partitions never shrink: where would the records of the removed ones go, and in which order?

# %% [markdown]
# **Exercise 7.3.** `departed` has four partitions and gets too small. It must become six, and
# each aircraft's flights must stay in order, the old ones before all that will come.
# The way that works is a **new topic**: fill `wide` with all records of `departed`. Each keeps
# its key, its value, and its place among the records of its key. First run this cell, which
# makes the old topic. Then begin yours with `wide = create("nyc.flight.departed.wide", 6)` and a
# new `Producer`.

# %%
departed = create("nyc.flight.departed", 4)
producer = Producer(safe)
for flight in day:
    if flight.tailnum:
        producer.produce(departed, flight.to_json(), key=flight.tailnum)
producer.flush(30)

# %% tags=["solution", "exercise-7.3"]
# Exercise 7.3
wide = create("nyc.flight.departed.wide", 6)
producer = Producer({**lesson.connection, "enable.idempotence": True})
for message in read(departed):
    producer.produce(wide, message.value(), key=message.key())
producer.flush(30)

# %%
check("7.3")

# %% [markdown]
# In production you would stop the producers or let them write to the new topic, copy, and then
# move the consumers. It is work. So plan for growth when you create a topic with keys.

# %% [markdown]
# ## Deeper: How many partitions do you need?
#
# It depends most on one number: how many MB/s the topic must carry. Divide it by what *one
# partition* can do, once for writing and once for reading, and take the larger result:
#
# partitions = max(wanted ÷ MB/s of one producer to one partition,
# wanted ÷ MB/s of one consumer of one partition)
#
# So measure both. One producer first, to a topic with one partition.

# %%
rate = create("nyc.rate.measured", 1)
values = [flight.to_json() for flight in flights.all_flights()]
megabytes = sum(map(len, values)) / 1e6
producer = Producer(safe)

begun = time.perf_counter()
for value in values:
    producer.produce(rate, value, partition=0)
producer.flush(60)
write_rate = megabytes / (time.perf_counter() - begun)

# %% [markdown]
# Now one consumer. It does a little work: it turns the bytes back into a flight.

# %%
begun = time.perf_counter()
looker.assign([TopicPartition(rate, 0, 0)])
delays = [
    flights.from_json(message.value()).delay
    for message in looker.consume(len(values), timeout=60)
]
read_rate = megabytes / (time.perf_counter() - begun)
print(f"one producer {write_rate:.1f} MB/s, one consumer {read_rate:.1f} MB/s")

# %%
from math import ceil


def partitions_needed(wanted, producer_rate, consumer_rate):
    return ceil(max(wanted / producer_rate, wanted / consumer_rate))


partitions_needed(100, write_rate, read_rate)

# %% [markdown]
# **What you saw.** What *your* code on *your* machine needs for 100 MB/s. These records are small,
# and Python handles each by itself, so it is Python that sets the limit.
# Larger records, compression, another client or slower work change it. **What this does not
# show.** That three brokers on one machine would carry 100 MB/s: they would not.

# %% [markdown]
# ### An example that is often wrong
#
# You may meet this one: "100 MB/s are wanted. There are 3 producers and 5 consumers, each
# with 10 MB/s per partition: max(100 ÷ 30, 100 ÷ 50) = 3.3, so 4 partitions."

# %%
wrong = ceil(max(100 / (3 * 10), 100 / (5 * 10)))
right = partitions_needed(100, 10, 10)
for partitions in (wrong, right):
    readers = min(partitions, 5)
    print(
        f"{partitions} partitions: at most {partitions} readers and {partitions * 10} MB/s; "
        f"with 5 consumers {readers} read, {readers * 10} MB/s"
    )

# %% [markdown]
# **What you saw.** Four partitions feed four consumers, 40 MB/s; the fifth has nothing to do. The
# number of clients does not multiply the speed of a partition: it says how many
# *clients* you have, not how many *partitions* you need. The answer is **10**, and then ten consumers
# as well: five would read 50 MB/s.

# %% [markdown]
# **Exercise 7.4.** The topic `nyc.radar.measured` must carry **60 MB/s**. One producer writes
# 12 MB/s to one partition. One consumer stores what it reads in a database, and does 4 MB/s. Six
# producers and five consumers run today. Create the topic (`create("nyc.radar.measured", …)`) with
# as many partitions as it needs, and not more.

# %% tags=["solution", "exercise-7.4"]
# Exercise 7.4
create("nyc.radar.measured", partitions_needed(60, 12, 4))

# %%
check("7.4")

# %% [markdown]
# ## Deeper: Why not simply take a thousand?
#
# Each partition costs something, whether it is used or not. Make topics with 1, 10 and 50, and send
# the day into each.

# %%
cost = {}
for partitions in (1, 10, 50):
    begun = time.perf_counter()
    many = create(f"cost.of.{partitions}", partitions)
    send(many, keys["tailnum"])
    cost[f"{partitions} partitions"] = round(time.perf_counter() - begun, 2)
view.bars(cost, title="A topic made, a day sent", unit="seconds", alt=f"{cost}")

# %% [markdown]
# On the disk of one broker, each partition is a folder with files that stay open.


# %% needs="read files"
def folders():
    names = lesson.cluster.replica_folders(broker=1)
    return [name for name in names if name.startswith(f"{many}-")]


wait_for(lambda: len(folders()) == 50, 30, "the folders")
print(len(folders()), "folders on broker 1. In the first:")
for file in lesson.cluster.segment_files(many, 0, broker=1):
    print(f"{file.name:32} {file.size:>10,} bytes")

# %% [markdown]
# **What you saw.** More to create and more files. The two index files reserve 10 MB each
# as long as their segment is written to. (They are *sparse*: the disk gives room only
# for what is in them.) The same records lie in fifty small batches in place of a few
# large ones, so a client has more requests to make.
#
# There is more that this does not show, since your brokers are three and idle:
#
# - **Latency.** A record waits until its partition's batch is full or its time is over, and with more
#   partitions each batch fills more slowly. The replicas must copy every partition.
# - **Memory.** Producers and consumers keep a buffer for each partition, brokers their files' indexes.
# - **Unavailability.** When a broker dies, each partition that it led needs a new leader
#   (lesson 08). When a consumer comes or goes, the group shares the partitions anew, and readers
#   may wait: a **rebalance** (lesson 09).
#
# So the right number depends: on the throughput wanted, on what one partition does, on how
# many keys there are, and on how far the topic will grow. Take what the equation says, with room
# for a year or two. It is hard to change for topics with keys, and easy for those without.

# %% [markdown]
# ## What you know now
#
# - A partition is the unit of parallelism and the unit of order. Brokers share the load by leading
#   different partitions.
# - The key chooses the partition: its hash, divided by the number of partitions. Few keys or a hot key
#   spread badly.
# - Adding partitions moves most keys, and there is no way back. For keys, make a new topic.
#
# From the sections marked *Deeper*:
#
# - librdkafka hashes by CRC32, Java by murmur2. `partitioner=murmur2_random` makes them agree.
# - Partitions = wanted throughput ÷ throughput of *one* partition, for the slower side. The number
#   of clients does not multiply it.

# %% [markdown] tags=["terms"]
# **New terms**: partition, unit of parallelism, hash, hot key, partitioner.

# %% [markdown]
# **Read next**: Confluent's [considerations in choosing the number of
# partitions](https://www.confluent.io/blog/how-choose-number-topics-partitions-kafka-cluster).
# It is from 2015; since ZooKeeper went, clusters bear many more partitions, and the reasoning
# stays.

# %% tags=["cleanup"]
looker.close()
lesson.clean_up()
