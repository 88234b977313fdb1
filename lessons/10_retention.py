# %% [markdown]
# # Retention and compaction
#
# At the end of this lesson you can
#
# - say how long a record stays, by time and by size, and how long at most;
# - watch segments close, expire and go, and say what a late reader then finds;
# - keep the newest record of each key, and delete a key.
#
# In the sections marked *Deeper* you also
#
# - find out what compaction promises, and what it does not;
# - forget a person whose data are in a log.

# %% tags=["setup"]
from helpers import begin, check, countdown, flights, predict, reveal, view

lesson = begin("10_retention")

# %% [markdown]
# ## How long does a record stay?
#
# Reading takes nothing out of a topic. So something else must, or the disk fills up. The rule
# for it is **data retention**: for a time, `retention.ms`, or up to a size, `retention.bytes`.
# That records leave by this rule is **data expiration**.
#
# You will make a topic for each experiment. One that is there already is deleted first, so
# you can run a cell again. (A setting such as `retention.ms` is given as `retention_ms`.)
#
# <!-- script: topics.py -->

# %%
from confluent_kafka.admin import AdminClient
from lessons.scripts import topics

admin = AdminClient(lesson.connection)
create = topics.creator(lesson)

# %% [markdown]
# You create this topic without a word on retention. Which settings hold for it? The command
# asks for all of them, and `grep` keeps those of this lesson.

# %%
plain = create("nyc.plain")
servers = lesson.bootstrap_servers
# !kafka-configs --bootstrap-server {servers} --describe --all --entity-type topics --entity-name {plain} | grep -E "^  (retention|segment.(bytes|ms)|cleanup.policy|file.delete)" | sed "s/ sensitive.*//"

# %% [markdown]
# **What you saw.** `cleanup.policy` is `delete`, and `retention.ms` is 604,800,000
# milliseconds: 7 days, Kafka's default. Size has no limit by default (-1). On the workbook's
# own brokers it has one, so that a forgotten topic cannot fill your disk.
#
# A log is a row of **segments**, as you saw in lesson 02: files named by their first offset.
# The last one is the **active segment**, and only it is written to. All others are closed.
# Retention removes whole segments. So when you read that the policy `delete` "deletes old
# topics", it means old segments: the topic stays.
#
# ![](../Images/retention.png)

# %% [markdown]
# ## Deeper: How small can a segment be?
#
# By default a segment is closed at 1 GiB, on the workbook's own brokers at 64 MiB. To see some
# close, you want small ones. Ask for a round million bytes.

# %%
from confluent_kafka import KafkaException

try:
    create("nyc.tiny", segment_bytes=1_000_000)
except KafkaException as error:
    print(error.args[0].str())

# %% [markdown]
# The smallest is 1 MiB (1,048,576 bytes) since Kafka 4.0. Before, 14 bytes were enough, so you
# may meet old examples with tiny segments. They are refused now.

# %% [markdown]
# ## What goes when a log gets too large?
#
# This topic may hold 2,000,000 bytes. `file.delete.delay.ms` is how long a file stays on the
# disk when its segment is removed: 3 seconds here, a minute by default.

# %%
small = {"segment_bytes": 1_048_576, "file_delete_delay_ms": 3000}
sized = create("nyc.flight.sized", retention_bytes=2_000_000, **small)

# %% [markdown]
# The board shows the files of one partition, on the broker that leads it.

# %% needs="read files"
board = view.segments(sized)
board

# %% [markdown]
# You will send the month: 24,951 departures, 3.3 MB. (A batch is never split between two
# segments. So batches are kept small here, and fill the segments evenly.)

# %%
predict("10.1")

# %%
from confluent_kafka import Producer

careful = {"enable.idempotence": True, "batch.num.messages": 500, "log_level": 3}
producer = Producer({**lesson.connection, **careful})


def send_month(topic):
    for flight in flights.all_flights():
        producer.produce(topic, flight.to_json(), key=flight.tailnum or "unknown")
        producer.poll(0)
    producer.flush(30)


send_month(sized)

# %% [markdown]
# The broker looks once a second for what may go (`log.retention.check.interval.ms`; Kafka's
# default is 5 minutes). You wait until the **log start offset**, the first offset that is
# still there, has moved. `get_watermark_offsets` asks for it and for the end offset. Watch the
# board, too.

# %%
from confluent_kafka import Consumer, TopicPartition

asker = Consumer({**lesson.connection, "group.id": lesson.group("asker")})


def reach(topic):
    return asker.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)


countdown(lambda: reach(sized)[0] > 0, 2, "the first segment to go")
start, end = reach(sized)
start, end

# %% [markdown]
# Now the files, with their sizes. A file is named by its first offset in 20 digits. You wait
# until the removed ones end in `.deleted`, and add up the others.


# %% needs="read files"
def logs(topic):
    leader = admin.list_topics(topic, timeout=10).topics[topic].partitions[0].leader
    files = lesson.cluster.segment_files(topic, 0, leader)
    return {one.name: one.size for one in files if one.name.endswith(".log")}


def marked():
    return min(logs(sized)) == f"{reach(sized)[0]:020}.log"


countdown(marked, 1, "the ending .deleted")
left = sum(logs(sized).values())

# %% needs="read files"
reveal("10.1", left)

# %% [markdown]
# **What you saw.** The oldest segment was marked `.deleted`, all at once. The log start
# offset moved to the base offset of the next segment. Its records could not be read from that
# moment on (you will try it next), though the file stayed 3 seconds longer.
#
# You may read that size removes data "once a topic reaches a certain age". It has nothing to
# do with age, and the limit is for each *partition*. With 6 partitions and 3 replicas this
# topic could take 18 times 3 MB.

# %% [markdown]
# ## What if a reader comes too late?
#
# Retention waits for no reader. Suppose a group read up to offset 100 and has been away
# since. Its place is gone now. `auto.offset.reset` says what happens then: you know it as the
# setting for a group without a place, and this is its other use.
#
# `assign` puts a reader where that group was. With `enable.partition.eof` the client reports
# the end of the partition, instead of waiting there for more.


# %%
def go_on_at_100(reset):
    place = {"group.id": lesson.group("late"), "auto.offset.reset": reset}
    reader = Consumer(
        {**lesson.connection, **place, "enable.partition.eof": True, "log_level": 2}
    )
    reader.assign([TopicPartition(sized, 0, 100)])
    message = reader.poll(30)
    reader.close()
    error = message.error()
    return (message.offset(), error.name() if error else "a record")


# %%
{reset: go_on_at_100(reset) for reset in ("earliest", "latest", "error")}

# %% [markdown]
# **What you saw.** Three answers to the same gap.
#
# - `earliest` goes on at the log start offset. What lay between is skipped, without a word.
# - `latest`, the default, goes on at the end, and so the report is `_PARTITION_EOF`. That
#   skips what is still there, too.
# - `error` stops at 100 and reports `_AUTO_OFFSET_RESET`. Choose it where a gap must not pass
#   unnoticed.
#
# So retention must be longer than the longest time a reader can be away: a weekend, or the
# days until somebody mends it.

# %% [markdown]
# ## And by time?
#
# This topic keeps records for 4 seconds, and its size has no limit. After the month is sent,
# one segment is active and not full, and nothing more is written.

# %%
timed = create("nyc.flight.timed", retention_ms=4000, retention_bytes=-1, **small)

# %% needs="read files"
board = view.segments(timed)
board

# %%
predict("10.2")

# %%
import time

began = time.monotonic()
send_month(timed)
countdown(lambda: reach(timed)[0] == reach(timed)[1], 5, "the end of it")
lasted = time.monotonic() - began

# %%
start, end = reach(timed)
reveal("10.2", end - start, lasted=lasted)

# %% [markdown]
# **What you saw.** The offsets go on. A new segment is named by the end offset, and nothing
# is ever counted from 0 again.
#
# A segment expires when its *newest* record does. So the first record of a segment stays as
# long as the last one needs: at most `retention.ms` + `segment.ms`, which is 7 + 7 days by
# default, plus the wait for the check and for the file. If you must not keep data
# longer than 30 days, count both.
#
# **Which limit counts?** Both, always: whichever is reached first. `sized` had 7 days as
# well, and size came first.

# %% [markdown]
# ## Deeper: Which clock decides?
#
# The producer's: it writes a timestamp into each record. This topic keeps records for 7 days.
# The producer says that this one is from 8 February 2013.

# %%
lonely = create("nyc.flight.lonely")
producer.produce(lonely, "UA1545 is cancelled", timestamp=1_360_299_600_000)
producer.flush(10)
countdown(lambda: reach(lonely)[0] == 1, 2, "the record of 2013 to go")
reach(lonely)

# %% [markdown]
# The log begins and ends at offset 1: the record was there for a moment, and is gone. If you
# load old data into a topic, you can lose it that way. And a record from the future would keep
# its whole segment. So Kafka refuses one:

# %%
results = []
in_two_hours = int(1000 * (time.time() + 7200))
producer.produce(
    lonely,
    "?",
    timestamp=in_two_hours,
    on_delivery=lambda error, _: results.append(error),
)
producer.flush(10)
results[0].name()

# %% [markdown]
# An hour ahead is allowed (`message.timestamp.after.max.ms`). With
# `message.timestamp.type=LogAppendTime` the broker's clock counts, and yours does not.

# %% [markdown]
# ## Your turn
#
# `configure` sets some of a topic's settings and leaves the others as they are.

# %%
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource


def configure(topic, **config):
    set_to = {"incremental_operation": AlterConfigOpType.SET}
    settings = {key.replace("_", "."): str(value) for key, value in config.items()}
    entries = [ConfigEntry(key, value, **set_to) for key, value in settings.items()]
    resource = ConfigResource("topic", topic, incremental_configs=entries)
    admin.incremental_alter_configs([resource])[resource].result()


# %% [markdown]
# **Exercise 10.1.** `weather` must keep every record for **30 days**, however large the topic
# gets. And no record may stay longer than **31 days** (give or take the check). Set that on the
# topic. Its other settings, such as `max.message.bytes`, must stay as they are.

# %%
weather = create("nyc.weather.observed", max_message_bytes=2_000_000)

# %% tags=["solution", "exercise-10.1"]
# Exercise 10.1
DAY = 24 * 60 * 60 * 1000
configure(weather, retention_ms=30 * DAY, retention_bytes=-1, segment_ms=DAY)

# %%
check("10.1")

# %% [markdown]
# ## What if only the newest record of a key counts?
#
# Where is each aircraft now? Its newest flight tells you. Older ones are of no use, and the
# newest must stay, however old it is. That is the policy `compact`: **compaction** by key. (In
# other stores the word often means that the oldest data goes. Here age does not matter.)
#
# To compare before and after, the topic begins with `delete`. Its segments close after a second,
# and the ratio of 0 lets compaction begin at once. More on both below.

# %%
moved = create(
    "nyc.aircraft.moved", min_cleanable_dirty_ratio=0, segment_ms=1000, **small
)
send_month(moved)

# %% [markdown]
# `read` returns all records, from the beginning to the present end. The client reports that
# end as an error, `_PARTITION_EOF`, and there the loop stops.

# %%
from confluent_kafka import OFFSET_BEGINNING

to_the_end = {"group.id": "any", "enable.partition.eof": True, "fetch.wait.max.ms": 50}


def read(topic):
    reader = Consumer({**lesson.connection, **to_the_end})
    reader.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
    found = []
    while (message := reader.poll(10)) is not None and not message.error():
        found.append(message)
    reader.close()
    return found


# %%
before = read(moved)
keys = {message.key() for message in before}
len(before), len(keys)

# %% needs="read files"
board = view.segments(moved)
board

# %%
predict("10.3")

# %% [markdown]
# Now change the policy. (`delete.retention.ms` is for a later step: how you delete a key.)

# %%
configure(moved, cleanup_policy="compact", delete_retention_ms=2000)

# %% [markdown]
# The *cleaner*, a thread of the broker, looks every second here for logs that have something
# to compact (`log.cleaner.backoff.ms`; 15 seconds by default).

# %%
countdown(lambda: len(read(moved)) < reach(moved)[1], 2, "the cleaner")
after = read(moved)
len(after), len({message.key() for message in after})

# %%
reveal("10.3", len(after))

# %% [markdown]
# The older records of a key are gone where the cleaner was. What became of order and offsets?

# %%
offsets = [message.offset() for message in after]
offsets[:8], offsets == sorted(offsets)

# %% [markdown]
# And is the newest record of each key the same one as before?


# %%
def newest(messages):
    return {one.key(): (one.offset(), one.value()) for one in messages}


same = newest(before) == newest(after)
same

# %%
view.bars(
    {"sent": len(before), "after compaction": len(after), "keys": len(keys)},
    title="Records in the topic",
    unit="records",
    alt=f"{len(before)} sent, {len(after)} after compaction, {len(keys)} keys.",
)

# %% [markdown]
# **What you saw.** The newest record of every key is there, at the offset it always had. The
# order is as before, and the offsets have gaps. On the board, closed segments got smaller: the cleaner
# writes each anew and marks the old file `.deleted`, so a base offset is there twice for 3
# seconds. Later it may join small neighbours into one.
#
# ![](../Images/compaction.png)
#
# **What this does not show.** When. The cleaner takes a log only when enough of it is new: half
# by default (`min.cleanable.dirty.ratio`, here 0). So "the old message is deleted" is true
# some day: between two cleanings, readers see several records of a key.

# %% [markdown]
# ## Deeper: Why must each record have a key?
#
# Without one, there is nothing to tell what replaces what.

# %%
results = []
producer.produce(moved, "no key", on_delivery=lambda error, _: results.append(error))
producer.flush(10)
results[0].name()

# %% [markdown]
# ## How do you delete a key?
#
# N351JB leaves the fleet. No newer flight will ever replace its last one. A **tombstone** says
# that the key is gone: a record with a key and no value. `None` is no value. An empty text
# or `"null"` is one. (A trap: the length of a `message` is that of its value. So Python takes a
# tombstone for false, and `if message:` passes over it. `read` says `is not None`.)

# %%
gone = b"N351JB"


def records_of_it():
    return [(one.offset(), one.value()) for one in read(moved) if one.key() == gone]


producer.produce(moved, key=gone, value=None)
producer.flush(10)
len(records_of_it()), records_of_it()[-1]

# %% [markdown]
# The tombstone is in the active segment. A segment closes with a *write*: one that finds it
# full, or older than `segment.ms`, 1 second here. Without one it stays open. (Retention closed
# one without a write, above. That takes the policy `delete`.) So you write on: as long as the
# older flights are there, `or` goes on to `write_on()`.


# %%
def write_on():
    producer.produce(moved, key="filler", value="0")
    producer.flush(10)


def only_the_tombstone():
    return len(records_of_it()) <= 1 or write_on()


countdown(only_the_tombstone, 4, "the flights of N351JB to go")
records_of_it()

# %% [markdown]
# Only the tombstone is left. It must stay for a while: a reader that is slow has to hear of
# it, or it would keep the aircraft for ever. `delete.retention.ms` says how long: 2 seconds
# here, a day by default.

# %%
predict("10.4")

# %%
quiet_since = time.monotonic()
countdown(lambda: time.monotonic() - quiet_since > 4, 4, "twice delete.retention.ms")
reveal("10.4", bool(records_of_it()))

# %%
countdown(lambda: not records_of_it() or write_on(), 3, "the tombstone to go")
records_of_it()

# %% [markdown]
# **What you saw.** New records brought the next cleaning, and the tombstone went. You may read
# that `delete.retention.ms` is "how long until deletion". It is the time that a tombstone stays
# *at least*. A reader that takes longer than that from the beginning to the end of the log may
# miss it.

# %% [markdown]
# ## Deeper: Both at once?
#
# A compacted topic has no limit of time or size: the newest record of each key stays for ever.
# If you do not want that, name both policies. Then keys that nobody renews go, too.

# %%
configure(moved, cleanup_policy="compact,delete", retention_ms=1000)
countdown(lambda: reach(moved)[0] == reach(moved)[1], 2, "an empty log")
len(read(moved))

# %% [markdown]
# **What you saw.** With `compact,delete` the limits apply again. Even a key's newest record
# goes when it is too old.

# %% [markdown]
# ## Deeper: What does compaction promise?
#
# | it promises | it does not promise |
# |---|---|
# | the newest record of each key stays | one record for each key |
# | order stays as it was | a moment at which old records are gone |
# | a record's offset never changes | offsets without gaps |
# | a reader that is at the end in time sees every tombstone | tombstones for a slower reader |
# | | anything about the active segment |
#
# So it is for state: the last position, the profile, the price. Kafka keeps its own consumer
# offsets in a compacted topic. For *events*, all of which count, choose `delete` with a long
# time, or -1 for ever.
#
# **Exercise 10.2.** Make the topic `nyc.aircraft.latest`: every aircraft's newest flight, and
# not much else. Create it (`create` is there), send the month (`send_month` is there), and see
# to it that at most **3,100 records** stay.

# %% tags=["solution", "exercise-10.2"]
# Exercise 10.2
config = {"cleanup_policy": "compact", "min_cleanable_dirty_ratio": 0}
latest = create("nyc.aircraft.latest", segment_ms=1000, **config, **small)
send_month(latest)


def few():
    producer.produce(latest, key="filler", value="0")  # closes the active segment
    producer.flush(10)
    return len(read(latest)) <= 3100


countdown(few, 4, "the cleaner to be done")

# %%
check("10.2")

# %% [markdown]
# ## Deeper: Must you be able to forget a person?
#
# Privacy laws such as the GDPR in Europe and the CCPA in California give people the right to
# have their data erased. A log cannot change what is written. There are three ways.
#
# 1. **Short retention.** What is gone after 30 days needs no deletion. Count `segment.ms`, too.
# 2. **A tombstone**, if the person is the record's key. Mind what you have seen: the moment is
#    not promised. `max.compaction.lag.ms` puts a limit on it.
# 3. **Crypto-shredding**: encrypt each person's data with a secret of their own, an *encryption
#    key*, and keep it in a database. To forget them, delete that secret. What is in the log, in
#    its three replicas and in every backup is noise from then on.
#
# Here is the third in a few lines; `vault` stands for the database. (A random secret as long as
# the text, and used once, makes a sound cipher. In production you take AES-GCM from a library.)

# %%
import secrets

name = b"Ada, seat 14C"
vault = {"passenger-7": secrets.token_bytes(len(name))}


def cipher(text, key):
    return bytes(a ^ b for a, b in zip(text, key, strict=True))


# %%
seats = create("nyc.seat.taken")
producer.produce(seats, cipher(name, vault["passenger-7"]), key="passenger-7")
producer.flush(10)
written = read(seats)[0].value()
cipher(written, vault["passenger-7"])

# %%
del vault["passenger-7"]
read(seats)[0].value()

# %% [markdown]
# **What you saw.** The record is still there, for ever if you like. Nobody can read it.
#
# **What this does not show.** That no copy of the secret, or of the text, is elsewhere: in a
# backup, a log line, another topic.
#
# **Exercise 10.3.** The next cell makes a new `seats` with two passengers. See to
# it that **passenger-8** is forgotten: no record of theirs may be left in `seats`, not even the
# tombstone. Passenger 9 must stay, and you must not delete the topic.

# %%
seats = create("nyc.seat.state", cleanup_policy="compact", segment_ms=500, **small)
producer = Producer(lesson.connection)  # one that knew an earlier `seats` may fail
for passenger in (8, 9):
    producer.produce(seats, key=f"passenger-{passenger}", value=b"seat 14C")
producer.flush(10)
[one.key() for one in read(seats)]

# %% tags=["solution", "exercise-10.3"]
# Exercise 10.3
configure(seats, delete_retention_ms=1000, min_cleanable_dirty_ratio=0)
producer.produce(seats, key="passenger-8", value=None)


def forgotten():
    producer.produce(seats, key="filler", value="0")  # brings the next cleaning
    producer.flush(10)
    return all(one.key() != b"passenger-8" for one in read(seats))


countdown(forgotten, 5, "passenger 8 to be forgotten")

# %%
check("10.3")

# %% [markdown]
# ## What you know now
#
# - Retention removes whole segments: when their newest record is older than `retention.ms`, or
#   while the log is larger than `retention.bytes` by a segment. Whichever comes first.
# - The active segment is closed before it goes. The log start offset moves; offsets go on.
# - A late reader finds its place gone. `auto.offset.reset` decides what it skips.
# - Compaction keeps the newest record of each key, in closed segments, some time later.
# - A tombstone deletes a key. It stays at least `delete.retention.ms`, and goes with a cleaning
#   that new records bring.
#
# From the sections marked *Deeper*:
#
# - `compact,delete` does both. To forget a person, delete the secret that their data needs.

# %% [markdown] tags=["terms"]
# **New terms**: data retention, data expiration, active segment, log start offset,
# log cleaner, crypto-shredding.

# %% [markdown]
# More on this: *Log Compaction* in the design chapter of Kafka's documentation. On servers whose
# files you cannot read, this shows what the board does:

# %%
view.recording("10_retention", speed=2)

# %% tags=["cleanup"]
asker.close()
lesson.clean_up()
