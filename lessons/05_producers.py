# %% [markdown]
# # Producers
#
# At the end of this lesson you can
#
# - send records and know what became of each;
# - choose what a record waits for, and how records are gathered;
# - say why a record is sometimes there twice, and stop it.
#
# In the sections marked *Deeper* you also
#
# - choose how records are packed;
# - send keys, headers and times, and read what Kafka refuses.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("05_producers")

# %% [markdown]
# ## When is a record sent?
#
# A **producer** is a program that sends records to topics. It uses a client library; there
# are some for Java, Python, Go, C, C++, C#, JavaScript, Rust and more. Yours is
# `confluent_kafka`, which is Python around the C library *librdkafka*. A producer
# that brings in another store's data is also called a **source**. (The deeper part of lesson 02
# has one, for the changes of a database.)
#
# You will need many topics, so a script makes them. A topic of that name is deleted first, so
# you can run every cell again. Each has one partition; lesson 07 shows what more of them do.
#
# <!-- script: topics.py -->

# %%
from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient
from lessons.scripts import topics

admin = AdminClient(lesson.connection)
create = topics.creator(lesson)

# %% [markdown]
# Now send the first departure of 8 February. `on_delivery` names a function that hears what
# became of the record: its **delivery report**.

# %%
departed = create("nyc.flight.departed")
day = flights.day(8)
reports = []


def report(error, message):
    reports.append((error, message.offset()))


# %%
producer = Producer(lesson.connection)
producer.produce(departed, day[0].to_json(), on_delivery=report)
len(producer), reports

# %% [markdown]
# One record in the queue, no report. `produce` puts a record into a queue in your own
# process, and returns. A thread of the library sends it soon. `flush` waits until the queue
# is empty, 10 seconds at most, and says how many are left.

# %%
producer.flush(10), reports

# %% [markdown]
# **What you saw.** Nothing is left. The report has no error, so the record is stored, at
# offset 0. A program that ends without `flush` loses what is still in its queue.
#
# Your function was called *by* `flush`, on your own thread. `poll` does that, too:
# it waits for something to report, calls your functions, and says how many reports there
# were. A program that goes on for days calls `poll` between its records.

# %%
producer.produce(departed, day[1].to_json(), on_delivery=report)
producer.poll(10), reports

# %% [markdown]
# This is the whole way. The rest of the lesson goes along it, from left to right and back.
#
# ![](../Images/producer.png)

# %% [markdown]
# ## Wait for each record, or go on?
#
# **Synchronous production** sends one record and waits for the answer before it does
# anything else. **Asynchronous production** goes on, and hears the answers later. Send 500
# departures both ways.

# %%
predict("5.1")

# %%
import time


def seconds(wait_for_each):
    begun = time.perf_counter()
    for flight in day[:500]:
        producer.produce(departed, flight.to_json())
        if wait_for_each:
            producer.flush(10)
    producer.flush(30)
    return time.perf_counter() - begun


# %%
took = {"synchronous": seconds(True), "asynchronous": seconds(False)}
rates = {name: round(500 / one) for name, one in took.items()}
view.bars(rates, title="500 departures", unit="records a second", alt=f"{rates}")

# %%
reveal("5.1", took["synchronous"] / took["asynchronous"])

# %% [markdown]
# **What you saw.** Who waits for each record pays a whole round trip for each: there
# to the leader, from it to the followers, and back.
#
# **What this does not show.** A real network. Here a round trip never leaves your machine;
# between cities it takes tens of milliseconds. Synchronous production slows down with that,
# asynchronous hardly.
#
# Waiting is right where the next step depends on it, such as telling a customer "saved".
# Going on is right for streams, and then the delivery report is the only place where you
# hear of a failure.

# %% [markdown]
# ## What if you are faster than the brokers?
#
# Then the queue fills. It holds 100,000 records, or 1 GB. This one holds 100.

# %%
small = Producer({**lesson.connection, "queue.buffering.max.messages": 100})
try:
    for flight in day:
        small.produce(departed, flight.to_json())
except BufferError as error:
    print(f"{error}, after {len(small)} records")

# %% [markdown]
# By now the brokers have these 100. Does the queue take the next one?

# %%
try:
    small.produce(departed, day[100].to_json())
except BufferError as error:
    print("still:", error)
small.poll(1)
len(small)

# %% [markdown]
# **What you saw.** A record counts until its report is taken, and only `poll` and `flush`
# take it. If you never poll, the queue is full in the end, however fast the brokers are.
#
# The record for which `produce` raised is *not* in the queue. Nobody will send it, unless
# you do.

# %% [markdown]
# **Exercise 5.1.** Send all 930 departures of `day` to the topic `counted` through `small`,
# whose queue has room for 100 and no more. Each must be there exactly once.
#
# Run the next cell before each try. It makes `small` anew as well: a producer that knew an
# earlier topic of the same name may fail.

# %%
counted = create("nyc.flight.counted")
small = Producer({**lesson.connection, "queue.buffering.max.messages": 100})

# %% tags=["solution", "exercise-5.1"]
# Exercise 5.1
for flight in day:
    while True:
        try:
            small.produce(counted, flight.to_json())
            break
        except BufferError:
            small.poll(1)  # makes room; then the same record again
small.flush(20)

# %%
check("5.1")

# %% [markdown]
# ## Whose answer do you wait for?
#
# The setting **acks** says when a record counts as delivered.
#
# | `acks` | delivered is what … | offset known |
# |---|---|---|
# | `0` | was handed to the network | no |
# | `1` | the partition's leader has written | yes |
# | `all` | every replica that is in sync has, too | yes |
#
# You may read that it is the number of brokers that must answer, and that the producer stands
# still until then. It knows these three values only, and an asynchronous producer goes
# on. `all` is the default, here and in the Java client. How long does each take?

# %%
from statistics import median, quantiles


def waits(acks):
    one, found = Producer({**lesson.connection, "acks": acks}), []
    for flight in day[:200]:
        one.produce(
            departed,
            flight.to_json(),
            on_delivery=lambda _, sent: found.append(1000 * sent.latency()),
        )
        one.flush(10)
    return found[20:]  # the first ones also open connections


# %%
latency = {}
for acks in ("0", "1", "all"):
    found = waits(acks)
    latency[f"acks {acks}, half"] = round(median(found), 3)
    latency[f"acks {acks}, 95 %"] = round(quantiles(found, n=20)[-1], 3)
title = "Half, and 95 %, of the records took no longer than"
view.bars(latency, title=title, unit="milliseconds", alt=f"{latency}")

# %% [markdown]
# **What you saw.** `0` waits for nobody, `1` for the leader, `all` for the slowest of three.
# Compare the halves. The slowest few also tell what else your machine was doing.
#
# **What this does not show.** What `1` risks: a leader that dies before its followers have
# copied. Lesson 08 counts those records. What `0` risks you can see at once. This topic
# takes no batch above 100 bytes, and one with a single departure has more.

# %%
narrow = create("nyc.flight.narrow", max_message_bytes=100)
for acks in (0, 1, 2):
    one = Producer({**lesson.connection, "acks": acks})
    one.produce(narrow, day[0].to_json(), on_delivery=report)
    one.flush(10)
    error, offset = reports[-1]
    print(f"acks {acks}: {error or 'no error'} · offset {offset}")

# %% [markdown]
# **What you saw.** With `0` a refused record looks like a delivered one. The broker cannot
# answer, so it closes the connection: a grey line may say that the client has lost the broker.
# Your report says nothing of it. And `acks` of 2 does not exist.

# %% [markdown]
# ## How many records travel together?
#
# The producer gathers records of one partition into a *batch*. Two settings say when it
# goes:
#
# - **linger**, `linger.ms`: how long a record may wait for others. 5 by default.
# - **batch size**, `batch.size`: at how many *bytes* a batch is full. By default 1,000,000 in
#   librdkafka, 16,384 in Java. Some texts call it a number of records. That is a further
#   setting, which only librdkafka has: `batch.num.messages`, 10,000.
#
# To measure, you ask the producer itself. Every 100 milliseconds it reports its *statistics*
# as JSON. From them come the requests it has made, and the bytes it has sent. A first
# record opens the connections before the clock starts; its request is not counted.


# %%
def opened(topic, settings, stats):
    watch = {"statistics.interval.ms": 100, "stats_cb": stats.append}
    one = Producer({**lesson.connection, **watch, **settings})
    one.produce(topic, b"open")
    one.flush(20)
    return one


# %%
import json


def own_account(producer, stats):
    stats.clear()  # old news
    wait_for(lambda: producer.poll(0.1) and stats, 10, "the producer's statistics")
    brokers = json.loads(stats[-1])["brokers"].values()
    requests = sum(one["req"].get("Produce", 0) for one in brokers) - 1
    sent = sum(one["txbytes"] for one in brokers)
    return {"requests": requests, "kB sent": round(sent / 1000)}


# %% [markdown]
# `send` does one experiment: it sends values to a topic, and says what it measured.


# %%
def send(topic, values, settings, pause=0):
    waited, stats = [], []
    one = opened(topic, settings, stats)
    begun = time.perf_counter()
    for value in values:
        one.produce(topic, value, on_delivery=lambda _, m: waited.append(m.latency()))
        one.poll(pause)
    one.flush(60)
    rate = round(len(values) / (time.perf_counter() - begun))
    half = round(1000 * median(waited), 2)
    account = own_account(one, stats)
    return {"records a second": rate, "half waited, ms": half, **account}


# %% [markdown]
# These are the values to send, all of February and the week of the storm; and a chart of
# several experiments.

# %%
month = [flight.to_json() for flight in flights.all_flights()]
week = [flight.to_json() for flight in flights.all_flights() if 4 <= flight.day <= 10]


def compare(found, measure, title):
    bars = {
        f"{name:,}: {one['requests']:,} requests": one[measure] for name, one in found
    }
    return view.bars(bars, title=title, unit=measure, alt=f"{bars}")


len(month), len(week)

# %% [markdown]
# First a trickle: `poll` waits up to 5 milliseconds between two records.

# %%
trickle = [
    (linger, send(create(f"linger.{linger}"), month[:150], {"linger.ms": linger}, 0.005))
    for linger in (0, 20, 200)
]
compare(trickle, "half waited, ms", "linger.ms")

# %% [markdown]
# **What you saw.** Without linger each record travels alone. With 200 milliseconds dozens
# share a request, and wait for one another.
#
# On a machine that is busy, the first bar may be longer than the second: requests that stand
# in a line cost more than a little patience does. In Java the default was 0 until Kafka 4.0,
# and is 5 since.
#
# Now a burst, the week of the storm at once. Here a record never has to wait for others, so
# only the size counts.

# %%
burst = [
    (size, send(create(f"size.{size}"), week, {"batch.size": size}))
    for size in (1_000, 10_000, 100_000, 1_000_000)
]
compare(burst, "records a second", "batch.size, in bytes")

# %% [markdown]
# **What you saw.** Six departures fill 1,000 bytes (the client reckons with more for each than
# it needs), so a thousand requests are made for what a handful can carry. Each costs a header of 61 bytes, a round trip and work at three
# brokers. Among the larger sizes the order may change from run to run.
#
# **What this does not show.** Your own best number. It depends on your records, your network
# and on how late a record may be. You will try some below.

# %% [markdown]
# ## Deeper: How small can the records get?
#
# A producer can compress each batch as a whole: `compression.type` is `none` (the default),
# `gzip`, `snappy`, `lz4` or `zstd`. The month's departures are 2.9 MB, and 3.15 MB as records.

# %%
predict("5.2")

# %%
codecs = ("none", "gzip", "snappy", "lz4", "zstd")
packing = {codec: {"compression.type": codec, "linger.ms": 100} for codec in codecs}
packed = {
    codec: send(create(f"codec.{codec}"), month, settings)
    for codec, settings in packing.items()
}

# %%
reveal("5.2", 100 * packed["zstd"]["kB sent"] / packed["none"]["kB sent"])

# %% [markdown]
# And on the disk? The broker keeps a batch as it came. These are the segments of the
# partition at its leader.


# %% needs="read files"
def on_disk(topic):
    leader = admin.list_topics(topic, timeout=10).topics[topic].partitions[0].leader
    files = lesson.cluster.segment_files(topic, 0, leader)
    return round(sum(file.size for file in files if file.name.endswith(".log")) / 1000)


stored = {codec: on_disk(lesson.topic(f"codec.{codec}")) for codec in codecs}
view.bars(stored, title="A month of departures on disk", unit="kB", alt=f"{stored}")

# %% [markdown]
# Compressing costs time, and sending fewer bytes saves some. Here is the better of two
# rounds for each.

# %%
rates = {codec: one["records a second"] for codec, one in packed.items()}
for codec, settings in packing.items():
    again = send(create(f"again.{codec}"), month, settings)
    rates[codec] = max(rates[codec], again["records a second"])
view.bars(rates, title="The same month", unit="records a second", alt=f"{rates}")

# %% [markdown]
# **What you saw.** `gzip` and `zstd` leave a seventh, `snappy` and `lz4` about a quarter.
# The disk has what was sent: compressed once, stored three times, and unpacked by the
# consumer.
#
# **What this does not show.** A network's price. Inside one machine bytes cost nothing, and
# client and brokers share its processors, so the rates jump from run to run. Run the cell
# again before you believe an order. And departures are alike; photos would not shrink.

# %% [markdown]
# A topic has a `compression.type`, too. There it also knows `producer` (the default: keep
# what came) and `uncompressed`. With any other value the *broker* packs anew what came
# otherwise.

# %% needs="read files"
repacked = create("nyc.flight.repacked", compression_type="zstd")
sent = send(repacked, month, {"linger.ms": 100})["kB sent"]
print(f"{sent:,} kB sent, {on_disk(repacked):,} kB on disk")

# %% [markdown]
# You may meet the spelling `ztsd`. In a topic it is `INVALID_CONFIG` (lesson 04). In a
# producer the message names the setting `compression.codec`, as librdkafka calls it, too:

# %%
try:
    Producer({**lesson.connection, "compression.type": "ztsd"})
except KafkaException as error:
    print(error.args[0].name(), "·", error.args[0].str())

# %% [markdown]
# **Exercise 5.2.** These settings waste. Find better ones, and send `month` with them to the
# topic `tight`. On disk it shall take at most **17 %** of the bytes that the values have.
# All of them must be there, once. Write the loop yourself, or take `send`. Run the next cell
# before each try.

# %%
tight = create("nyc.flight.tight")
settings = {"compression.type": "lz4", "batch.num.messages": 10}

# %% tags=["solution", "exercise-5.2"]
# Exercise 5.2
settings = {"compression.type": "zstd", "linger.ms": 200}
packer = Producer({**lesson.connection, **settings})
for value in month:
    packer.produce(tight, value)
packer.flush(60)

# %%
check("5.2")

# %% [markdown]
# ## Deeper: What is best for you?
#
# Try it. Each press of *Run* sends the week of the storm to a fresh topic, for real, and adds
# a row. (This goes on from *How small can the records get?*.) Find the settings that
#
# - send the most records a second;
# - make the fewest requests;
# - send the fewest bytes;
# - make the records wait least. Are they the fastest, too?
#
# With the keyboard: Tab goes from one to the next, the arrows change it.


# %%
def experiment(linger_ms=5, batch_size=1_000_000, acks="all", compression_type="none"):
    settings = {"linger.ms": linger_ms, "batch.size": batch_size}
    settings |= {"acks": acks, "compression.type": compression_type}
    return send(create("nyc.flight.panel"), week, settings)


# %%
panel = view.panel(
    experiment,
    linger_ms=[0, 5, 50, 500],
    batch_size=[1_000, 16_384, 100_000, 1_000_000],
    acks=["0", "1", "all"],
    compression_type=codecs,
)
panel

# %% [markdown]
# **What to look for.** A burst waits in a line, so what sends most also lets records wait
# least. Under a trickle the two part, as you saw. Compare within your own table only: another
# machine, or the same one an hour later, gives other numbers.

# %% [markdown]
# ## What if no answer comes?
#
# Then the producer sends again: it **retries**. By default it does so 2,147,483,647 times. So
# the number means nothing; what ends it is time. After `message.timeout.ms`, 5
# minutes by default, the record is reported as failed. (In Java it is
# `delivery.timeout.ms`, 2 minutes.)
#
# Let a broker freeze for two seconds, as a Java program may while it cleans up its memory. Your
# producer waits half a second for an answer, `socket.timeout.ms` (a minute by default), and
# then sends again. The topic has a single replica, so that no other broker can step in.


# %% needs="break nodes"
from contextlib import contextmanager


@contextmanager
def frozen(topic):
    def known():  # by the broker that answers, which may have been frozen before
        return admin.list_topics(topic, timeout=10).topics[topic].partitions

    leader = wait_for(known, 10, "the topic")[0].leader
    lesson.cluster.pause("broker", leader)
    try:
        yield
    finally:
        lesson.cluster.resume("broker", leader)


# %% [markdown]
# The first record goes through. The others meet the pause.

# %% needs="break nodes"
from collections import Counter


def send_into_a_pause(topic, values, settings):
    hasty = {**lesson.connection, "socket.timeout.ms": 500, **settings}
    one, errors = Producer(hasty), []
    one.produce(topic, values[0], on_delivery=lambda error, _: errors.append(error))
    one.flush(10)
    with frozen(topic):
        for value in values[1:]:
            one.produce(topic, value, on_delivery=lambda error, _: errors.append(error))
        one.flush(2)
    one.flush(60)
    return Counter(error.name() if error else "delivered" for error in errors)


# %% [markdown]
# To count what is there, read the topic from its beginning to its end.

# %%
from confluent_kafka import Consumer, TopicPartition


def values_in(topic):
    reader = Consumer({**lesson.connection, "group.id": lesson.group("reader")})
    first, end = reader.get_watermark_offsets(TopicPartition(topic, 0), 10)
    reader.assign([TopicPartition(topic, 0, first)])
    messages = reader.consume(end - first, timeout=10)
    reader.close()
    return [int(message.value()) for message in messages]


# %% [markdown]
# A hundred numbered records. The broker freezes after the first.

# %%
predict("5.3")

# %% needs="break nodes"
values = [str(number) for number in range(100)]
paused = create("nyc.flight.paused", replicas=1)
send_into_a_pause(paused, values, {})

# %% needs="break nodes"
there = values_in(paused)
reveal("5.3", len(there))

# %% needs="break nodes"
there[96:105]

# %% [markdown]
# **What you saw.** The order has suffered as well: after 99 comes 1. A producer that retries
# delivers **at least once**.
#
# Would fewer retries help? And a shorter time?


# %% needs="break nodes"
def give_up(settings):
    topic = create("nyc.flight.given.up", replicas=1)
    outcome = send_into_a_pause(topic, values, settings)
    wait_for(lambda: len(values_in(topic)) >= 100, 20, "what the broker had received")
    print(settings, dict(outcome), len(values_in(topic)), "are there")


give_up({"retries": 0})
give_up({"message.timeout.ms": 1000})

# %% [markdown]
# **What you saw.** 99 records are reported as failed, *and they are there*. `_MSG_TIMED_OUT`
# means that nobody knows. Who sends them again now makes duplicates by hand.
#
# The way out is **idempotence**. With `enable.idempotence` the producer gets an id from the
# broker, and numbers its batches. A broker that sees a number again does not write it again,
# and it accepts no gap, so the order stays. It needs `acks=all` and retries. In librdkafka
# it is *off* by default; in the Java client it is on, since Kafka 3.0.
#
# **What this does not show.** Its limit. The id belongs to one `Producer` object. A program
# that crashes, starts again and sends the same day once more is a new producer to the broker,
# and its records are new.

# %% [markdown]
# **Exercise 5.3.** Send `values` into the same pause once more, to the topic `once`. In the
# end each of the hundred is there once, and in order. Run the next cell before each try.

# %% needs="break nodes"
once = create("nyc.flight.once", replicas=1)

# %% tags=["solution", "exercise-5.3"] needs="break nodes"
# Exercise 5.3
send_into_a_pause(once, values, {"enable.idempotence": True})

# %%
check("5.3")

# %% [markdown]
# ## Deeper: What else does a record carry?
#
# Besides its value a record has
#
# - a **key**: decides the partition (lesson 07), and what compaction keeps (lesson 10);
# - **headers**: names with bytes, for what a reader should know without opening the value,
#   such as where it comes from, or the id of a trace;
# - a **timestamp**: whole milliseconds since 1970. If you give none, it is the moment of
#   `produce`.
#
# Retention goes by the timestamp. Records of 2013 would be removed at once from a
# topic that keeps seven days. This one keeps all.

# %%
stamped = create("nyc.flight.stamped", retention_ms=-1)
producer = Producer(lesson.connection)
flight = day[300]
producer.produce(
    stamped,
    key=flight.tailnum,
    value=flight.to_json(),
    headers={"source": b"bts.gov", "schema": b"1"},
    timestamp=round(1000 * flight.happened.timestamp()),
)
producer.flush(10)

# %%
reader = Consumer({**lesson.connection, "group.id": lesson.group("reader")})
reader.assign([TopicPartition(stamped, 0, 0)])
(message,) = reader.consume(1, timeout=10)
reader.close()
message.key(), message.headers(), message.timestamp()

# %% [markdown]
# Headers come back as a list, since one name may stand there twice. The 1 before the
# time says that the producer has set it. With `message.timestamp.type=LogAppendTime` a topic
# takes the time at which the broker appends, and says 2.
#
# **Exercise 5.4.** Send the departures of `day` that were cancelled (`flight.cancelled` is
# true) to the topic `cancelled`. Each has its carrier as key, a header `reason` that is
# `blizzard`, and its planned departure, `flight.planned`, as timestamp. Again, run the next
# cell before each try. (It may say *Producer terminating*, too.)

# %%
cancelled = create("nyc.flight.cancelled", retention_ms=-1)
producer = Producer(lesson.connection)

# %% tags=["solution", "exercise-5.4"]
# Exercise 5.4
for flight in day:
    if flight.cancelled:
        producer.produce(
            cancelled,
            key=flight.carrier,
            value=flight.to_json(),
            headers={"reason": b"blizzard"},
            timestamp=round(1000 * flight.planned.timestamp()),
        )
producer.flush(20)

# %%
check("5.4")

# %% [markdown]
# ## Deeper: Can you produce from the command line?
#
# `kafka-console-producer` makes a record of each line that it reads. By default the line is
# the value, and there is no key. To have keys, you set *reader properties*.
#
# Older texts write `--property`. That still works, with a warning.
#
# Without keys, lines that come fast share a batch, and a batch goes to one partition. Pipe 300
# lines into a topic of three partitions, and one partition gets them all. Of three consumers
# in a group one then reads every line, and nothing is wrong with the other two.

# %%
gates = create("nyc.gate.assigned")
to = f"--bootstrap-server {lesson.connection['bootstrap.servers']} --topic {gates}"
keyed = "--reader-property parse.key=true --reader-property key.separator=:"
# !printf 'UA1496:C80\nB6725:14\n' | kafka-console-producer {to} {keyed}
older = keyed.replace("--reader-property", "--property")
# !printf 'DL2119:D4\n' | kafka-console-producer {to} {older} 2>&1 | head -1

# %%
keys = "--formatter-property print.key=true"
# !kafka-console-consumer {to} {keys} --from-beginning --max-messages 3 --timeout-ms 10000 2>/dev/null

# %% [markdown]
# ## Deeper: What is refused?
#
# A record that is too large, for one. This one has 1.1 MB: about 9,500 departures as one.

# %%
large = b"".join(month)[:1_100_000]
try:
    producer.produce(departed, large)
except KafkaException as error:
    print(error.args[0].name(), "·", error.args[0].str())

# %% [markdown]
# The text says *Broker*, but no broker has seen it: `produce` itself has raised. librdkafka
# has a limit of its own, `message.max.bytes`, 1,000,000. Raise that to 2,000,000, and the
# brokers' limit counts, 1,048,588.

# %%
predict("5.4")


# %%
def answer_to(value, codec):
    answers = []
    settings = {"message.max.bytes": 2_000_000, "compression.type": codec}
    bold = Producer({**lesson.connection, **settings})
    bold.produce(departed, value, on_delivery=lambda error, _: answers.append(error))
    bold.flush(20)
    return answers[0]


plain, compressed = answer_to(large, "none"), answer_to(large, "zstd")
plain, compressed

# %%
reveal("5.4", compressed is None, plain=plain.str())

# %% [markdown]
# A topic that is not there is an error, too. `produce` cannot know yet; the report tells.
# librdkafka waits 30 seconds for a topic that may just be on its way; here one.

# %%
answers = []
hasty = Producer({**lesson.connection, "topic.metadata.propagation.max.ms": 1000})
typo = lesson.topic("nyc.flihgt.departed")
hasty.produce(typo, b"lost?", on_delivery=lambda error, _: answers.append(error))
hasty.flush(20)
answers[0].name(), answers[0].str()

# %% [markdown]
# **What you saw.** An error can come at two places: `produce` raises, or the delivery report
# carries it. A producer that loses nothing looks at both.

# %% [markdown]
# ## What you know now
#
# - `produce` only fills a queue. `flush` and `poll` hand you the delivery reports, and a full
#   queue raises `BufferError`.
# - Asynchronous production is fast because records travel together. `linger.ms` and
#   `batch.size`, in bytes, say how many.
# - `acks`: `0` waits for nobody and hears nothing, `1` for the leader, `all` for every replica
#   in sync.
# - Retries end by time, not by number. Without idempotence they can double records, and
#   *failed* means *unknown*.
#
# From the sections marked *Deeper*:
#
# - Compression works on whole batches, at the producer. The broker stores what came.
# - The client's limit is 1,000,000 bytes, the broker's 1,048,588 after compression.

# %% [markdown] tags=["terms"]
# **New terms**: producer, delivery report, synchronous production, asynchronous production,
# acks, batch size, linger, retries, idempotent producer, header, timestamp.

# %% [markdown]
# **Read next**: *Producer Configs* in Kafka's documentation, and librdkafka's *Configuration
# properties*: compare the defaults of the two.

# %% tags=["cleanup"]
lesson.clean_up()
