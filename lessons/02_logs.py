# %% [markdown]
# # Append-only logs
#
# At the end of this lesson you can
#
# - build a log with offsets, an index and segments, and say why each is there;
# - compact a log by key;
# - find your own records in Kafka's files.
#
# In the sections marked *Deeper* you also
#
# - merge a log, and compact it by age;
# - read every byte of a record in Kafka's files;
# - see how databases use logs, and how their changes leave them as a stream.
#
# You need lesson 00's words, and no other lesson. The first part is plain Python and files. Then
# you open Kafka's. What is deeper goes on from there: three witnesses read one record, and the end
# is about databases.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view

lesson = begin("02_logs")

# %% [markdown]
# ## How do you keep what happened, in order?
#
# You write each event at the end of a file, and never change what stands there. That is
# an **append-only log**. `append` answers with the record's **offset**: how many records
# came before it.
#
# The simplest one is a text file with one line for each record. `lesson.folder` is a
# folder of this run, and `lesson.clean_up()` removes it in the end.


# %%
class Log:
    def __init__(self, path):
        self.path, self.end = path, 0
        path.write_bytes(b"")

    def append(self, value):
        with self.path.open("ab") as file:  # "a" writes at the end, always
            file.write(value + b"\n")
        self.end += 1
        return self.end - 1


# %% [markdown]
# Now write down 8 February 2013, the day of the blizzard.

# %%
log = Log(lesson.folder / "departures.log")
day = flights.day(8)
for flight in day:
    offset = log.append(flight.to_json())
offset

# %% [markdown]
# To read, you say from which offset.

# %%
from itertools import islice


def read(log, offset, count=1):
    with log.path.open("rb") as file:
        return [line.rstrip() for line in islice(file, offset, offset + count)]


# %%
read(log, 300, count=2)

# %% [markdown]
# **What you saw.** Records come out in the order in which they came in. Nobody sorts
# them: the place in the file *is* the order. That holds for one event a day and for a
# million a second. So the log is what lets an application trust the order of its events.
#
# Reading takes nothing away. A reader needs one number, the offset where it goes on, so
# a thousand readers do not disturb each other. An event that turns out to be wrong is not
# rubbed out: a newer one says what is right.
#
# This is all that a stream is. **Streams are append-only logs.**

# %% [markdown]
# ## Why not change records where they are?
#
# A file may also be changed in the middle: go to the place, write over it. You will write
# 20,000 records of 128 bytes both ways: once at the end of a file, once at random places
# of a file of 64 MB.

# %%
predict("2.1")

# %%
import os
import random
import time


def seconds(path, mode, places, buffering=-1):
    begun = time.perf_counter()
    with path.open(mode, buffering) as file:
        for place in places:
            if place is not None:
                file.seek(place)
            file.write(b"x" * 128)
        file.flush()
        os.fsync(file.fileno())  # wait for the disk
    return time.perf_counter() - begun


# %% [markdown]
# You measure a third way, too: it appends, but hands each record to the operating system
# by itself. Python's files otherwise gather 8 KB or more.

# %%
table, end = lesson.folder / "table", lesson.folder / "end"
table.write_bytes(bytes(64_000_000))
seconds(table, "r+b", [])  # let the disk finish first
places = [random.randrange(500_000) * 128 for _ in range(20_000)]

# %%
took = {
    "in place": seconds(table, "r+b", places),
    "appended": seconds(end, "ab", [None] * 20_000),
    "appended one by one": seconds(end, "ab", [None] * 20_000, buffering=0),
}

# %%
milliseconds = {name: round(1000 * value) for name, value in took.items()}
view.bars(
    milliseconds, title="20,000 records", unit="milliseconds", alt=f"{milliseconds}"
)

# %%
reveal("2.1", took["in place"] / took["appended"])

# %% [markdown]
# **What you saw.** The gain has two parts. From *appended one by one* to *appended* it is
# gathering: fewer calls. From *in place* to *appended one by one* it is the place: a disk
# writes whole blocks of 4 KB. A record at a random place costs a block; at the end, 32 records share one.
# Which of the two counts for more differs from machine to machine.
#
# **What this does not show.** This file is small and fits into memory, and your disk may be
# an SSD. A turning disk must move its head for each place, and loses far more. And only
# writing was measured: who asks for *one* record's newest state finds it at once in a
# table, while the log must be searched.

# %% [markdown]
# ## How do you find record 24,000?
#
# Your `read` goes through every line before the one it wants. Write down the whole month,
# and see what that costs.

# %%
month = Log(lesson.folder / "month.log")
for flight in flights.all_flights():
    month.append(flight.to_json())
month.end

# %%
# %timeit -n 20 read(month, 24_000)

# %% [markdown]
# An **index** says where in the file a record begins. It need not know every record. One
# entry for every 4,096 bytes makes it *sparse*: small enough to stay in memory, and near
# enough to the record.

# %%
index, position = [(0, 0)], 0
with month.path.open("rb") as file:
    for offset, line in enumerate(file):
        if position - index[-1][1] >= 4096:
            index.append((offset, position))
        position += len(line)
len(index), index[:3]

# %% [markdown]
# To read, take the last entry that is not beyond the offset, jump there, and walk on.

# %%
from bisect import bisect


def read_by_index(log, offset):
    known, position = index[bisect(index, (offset, float("inf"))) - 1]
    with log.path.open("rb") as file:
        file.seek(position)
        return next(islice(file, offset - known, None)).rstrip()


# %%
assert read_by_index(month, 24_000) == read(month, 24_000)[0]

# %%
# %timeit -n 1000 read_by_index(month, 24_000)

# %% [markdown]
# **What you saw.** A jump and a few lines, instead of 24,000 lines: a hundred times as fast,
# or more (µs is a millionth of a second, ms a thousandth). With a log twice as
# long, the way without an index takes twice as long, the way with it about the same.
#
# **What this does not show.** The file is still in the memory of your machine. For a log
# that is not, each block you pass over is one that no disk must read.

# %% [markdown]
# ## Must a log grow for ever?
#
# It may. Some logs are kept for ever, some for a time, some up to a size. To remove the old
# part of *one* file you would have to write the rest anew. So a log is cut into
# **segments**: when one is full, the log *rolls* to a new file. A file is named by
# the offset it begins with.
#
# Each line now carries its offset and a key, here the aircraft. You will see why.


# %%
def append_to(folder, offset, key, value, limit=1_000_000):
    segments = sorted(folder.glob("*.log"))
    if not segments or segments[-1].stat().st_size >= limit:
        segments.append(folder / f"{offset:020}.log")  # roll
    with segments[-1].open("ab") as file:
        file.write(f"{offset}\t{key}\t{value}\n".encode())


# %%
folder = lesson.folder / "segments"
folder.mkdir(exist_ok=True)
for old in folder.glob("*.log"):
    old.unlink()

# %%
for offset, flight in enumerate(flights.all_flights()):
    append_to(folder, offset, flight.tailnum, flight.to_json().decode())
sizes = {path.name: path.stat().st_size for path in sorted(folder.glob("*.log"))}
sizes

# %% [markdown]
# ### Compact it by key
#
# To *compact* a log is to remove records that are no longer wanted. Perhaps you want to
# know the last flight of each aircraft, and no older one. February has 24,951 flights.

# %%
predict("2.2")

# %%
newest = {}
for segment in sorted(folder.glob("*.log")):
    for line in segment.read_bytes().splitlines(keepends=True):
        offset, key, value = line.split(b"\t")
        newest[key] = int(offset), line
by_key = b"".join(line for _, line in sorted(newest.values()))
(lesson.folder / "by-key.log").write_bytes(by_key)
len(newest), by_key[:60]

# %%
reveal("2.2", 100 * len(by_key) / sum(sizes.values()))

# %% [markdown]
# **What you saw.** Offsets stay as they were, now with gaps. A record's offset is its name;
# if it changed, each reader would lose its place. With gaps, counting lines no longer
# works: that is why each line carries its offset.

# %% [markdown]
# ### Deeper: Compact it by age, and merge
#
# Segments make age simple: a file whose *newest* record is too old goes, whole. Nothing is
# rewritten. Here, what is older than 15 February may go.


# %%
def newest_day(segment):
    last = segment.read_bytes().splitlines()[-1]
    return flights.from_json(last.split(b"\t")[2]).day


for segment in sorted(folder.glob("*.log")):
    print(segment.name, "ends on day", newest_day(segment))
    if newest_day(segment) < 15:
        segment.unlink()

# %% [markdown]
# The first segment is gone, and the log no longer begins at offset 0. The second one stays,
# though most of it is old: its newest records are not. To **merge** is to join segments into one, so that
# many small files become few. Order is kept by writing the older one first.

# %%
older, *newer = sorted(folder.glob("*.log"))
with older.open("ab") as file:
    for segment in newer:
        file.write(segment.read_bytes())
        segment.unlink()
left = sum(path.stat().st_size for path in folder.glob("*.log"))

# %%
megabytes = {
    "everything": round(sum(sizes.values()) / 1e6, 2),
    "by age": round(left / 1e6, 2),
    "by key": round(len(by_key) / 1e6, 2),
}
view.bars(megabytes, title="What compaction leaves", unit="MB", alt=f"{megabytes}")

# %% [markdown]
# **What you saw.** By age, whole files go. By key, every file must be read and written anew.
#
# **Mind the words.** Many texts call both *compaction*. Kafka calls the first *retention*,
# and only the second compaction. Lesson 10 shows both at work.

# %% [markdown]
# **Exercise 2.1.** Two segments tell which flight has which gate. An empty value is a
# **tombstone**: it says that the key is gone. Merge and compact both into the file
# `lesson.folder / "gates.log"`: of each key only the newest record, in the order of
# offsets. A key that is gone leaves nothing. (Kafka lets a tombstone stay for a while, so
# that each reader hears of it.)

# %%
gates = lesson.folder / "gates"
gates.mkdir(exist_ok=True)
(gates / "00000000000000000000.log").write_bytes(
    b"0\tUA1496\tC71\n1\tB6725\t12\n2\tDL2119\tD4\n3\tUA1496\tC80\n4\tAA301\t8\n"
)
(gates / "00000000000000000005.log").write_bytes(
    b"5\tB6725\t14\n6\tDL2119\t\n7\tUA258\tC71\n8\tAA301\t9\n9\tEV4372\tA1\n"
)
sorted(file.name for file in gates.iterdir())

# %% tags=["solution", "exercise-2.1"]
# Exercise 2.1
latest = {}
for segment in sorted(gates.glob("*.log")):
    for line in segment.read_bytes().splitlines(keepends=True):
        offset, key, value = line.split(b"\t")
        latest[key] = int(offset), value, line
kept = sorted(one for one in latest.values() if one[1].strip())
(lesson.folder / "gates.log").write_bytes(b"".join(line for *_, line in kept))

# %%
check("2.1")

# %% [markdown]
# ## Does Kafka do the same?
#
# The topic gets two **partitions**, two logs side by side; lesson 07 tells what for. Each is
# kept in three copies. Kafka removes records by their time, after seven days if nothing
# else is said. Yours are from 2013, so the topic keeps them for ever: `retention.ms` is -1.
# (Run a cell that creates a topic a second time, and it ends in `TOPIC_ALREADY_EXISTS`.
# Nothing is broken then: go on.)

# %%
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

departed = lesson.topic("nyc.flight.departed")
admin = AdminClient(lesson.connection)
topic = NewTopic(departed, 2, 3, config={"retention.ms": "-1"})  # 2 partitions, 3 copies
admin.create_topics([topic])[departed].result()

# %% [markdown]
# You write the same day into partition 0, in batches of 20 records. Each record's time is
# the planned departure, in milliseconds since 1970. `enable.idempotence` keeps the order:
# without it, a batch that must be sent again may land behind the next one (lesson 05).
# `log_level` 3 silences notices, such as that a new cluster is not quite ready.

# %%
from datetime import datetime


def planned(flight):
    moment = f"2013-02-{flight.day:02}T{flight.scheduled}-05:00"
    return round(1000 * datetime.fromisoformat(moment).timestamp())


# %%
settings = {"batch.num.messages": 20, "enable.idempotence": True, "log_level": 3}
producer = Producer({**lesson.connection, **settings})
for one in day:
    record = {"key": one.tailnum, "value": one.to_json(), "timestamp": planned(one)}
    producer.produce(departed, partition=0, **record)
producer.flush(20)

# %% [markdown]
# A broker keeps each partition in a folder of its own. This is the broker that leads
# partition 0, and what lies in both folders.
# (Where somebody else runs the servers, cells that read a broker's disk are passed over.)

# %% needs="read files"
cluster = lesson.cluster
leader = admin.list_topics(departed, timeout=10).topics[departed].partitions[0].leader
for partition in (0, 1):
    print(cluster.partition_dir(departed, partition, leader).name)
    for file in cluster.segment_files(departed, partition, leader):
        print(f"  {file.name:30}{file.size:>12,} bytes")

# %% [markdown]
# **What you saw.** One folder for each partition, and in it the segment `.log`, named by
# its first offset, as yours are. `.index` finds an offset and `.timeindex` a time. Both are
# reserved at 10 MB while the segment grows. The two small files keep under which leader
# records were written (lesson 08), and the topic's id. Partition 1 got nothing and is empty.
#
# Is the log a text file, as you may read?

# %% needs="read files"
base = "00000000000000000000"
data = cluster.read_segment(departed, 0, leader, f"{base}.log")
data[:100]

# %% [markdown]
# It is not: these are numbers, byte by byte. But look for the aircraft N351JB.

# %% needs="read files"
at = data.find(b"N351JB")
at, data[at - 12 : at + 60]

# %% [markdown]
# Key and value are just the bytes you sent. Here they can be read because you sent text, and
# did not compress it. Around them stand a few strange bytes. What are they?

# %% [markdown]
# ## Deeper: What does each byte mean?
#
# Records are written as they came: in **batches**. A batch begins with 61 bytes of numbers.
# `struct` takes them apart. `>` means that the largest byte comes first; `q`, `i`, `h` and
# `b` are numbers of 8, 4, 2 and 1 bytes, and `I` is an `i` without a sign.

# %% needs="read files"
import struct
from collections import namedtuple

HEADER = struct.Struct(">qiibIhiqqqhii")
Header = namedtuple(
    "Header",
    "base_offset batch_length leader_epoch magic crc32c attributes last_offset_delta "
    "base_time max_time producer_id producer_epoch base_sequence count",
)
Header(*HEADER.unpack_from(data, 0))._asdict()

# %% [markdown]
# | field | what it is for |
# |---|---|
# | `base_offset` | the offset of the first record; `last_offset_delta` leads to the last |
# | `batch_length` | bytes that follow this field; so a reader can jump to the next batch |
# | `leader_epoch` | under which leader it was written (lesson 08) |
# | `magic` | the version of this format: 2 since 2017 |
# | `crc32c` | a checksum over all that follows, so that damaged bytes are noticed |
# | `attributes` | bits: how it is compressed, whose clock set the time |
# | `base_time`, `max_time` | milliseconds since 1970: of the first record, the latest of all |
# | `producer_id` … `base_sequence` | against duplicates and disorder (lesson 05) |
# | `count` | how many records follow |
#
# With `batch_length` you can walk from batch to batch and never look inside. 12 bytes
# come before the point from which it counts.


# %% needs="read files"
def batches(data, at=0):
    while at < len(data):
        header = Header(*HEADER.unpack_from(data, at))
        yield at, header
        at += 12 + header.batch_length


# %% needs="read files"
walk = list(batches(data))
for at, header in walk[:3]:
    print("byte", at, "offset", header.base_offset, "records", header.count)
len(walk)

# %% [markdown]
# Inside, space matters more. A record's numbers are **varints**: 7 bits in each byte, and
# the eighth says that more follow. To leave room for a sign, the number is doubled first.
# So 6, the length of a tail number, is stored as 12, in one byte instead of four. The odd
# numbers between are for the negative ones: -1 is stored as 1.


# %% needs="read files"
def varint(stream):
    number, shift = 0, 0
    while True:
        byte = stream.read(1)[0]
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return (number >> 1) ^ -(number & 1)  # halved again, with its sign


# %% [markdown]
# A record is: its length, one byte of attributes, time and offset as the difference to
# the batch's, the key with its length, the value with its length, and headers, none here.
# A length of -1 means that there is none.

# %% needs="read files"
import io


def sized(stream):
    return stream.read(max(0, varint(stream)))


# %% needs="read files"
def records(data, at, header):
    stream = io.BytesIO(data[at + HEADER.size :])
    for _ in range(header.count):
        varint(stream), stream.read(1), varint(stream)  # length, attributes, time
        offset = header.base_offset + varint(stream)
        key, value = sized(stream), sized(stream)
        varint(stream)  # how many headers
        yield offset, key, value


# %% needs="read files"
by_hand = {}
for at, header in batches(data):
    by_hand.update((offset, value) for offset, _, value in records(data, at, header))
by_hand[300]

# %% [markdown]
# ## Deeper: Did you read it right?
#
# Kafka has a tool that reads its own files. It is a Java program and takes some seconds.
# `!` runs a command of the system. The path is in quotes, since yours may have a space in it. This
# goes on from *What does each byte mean?*.

# %% needs="read files"
path = cluster.partition_dir(departed, 0, leader) / f"{base}.log"
dump = lesson.folder / "dump.txt"
# !kafka-dump-log --files "{path}" --print-data-log > "{dump}"
# !head -4 "{dump}" | cut -c1-95

# %% [markdown]
# The tool has also computed each batch's checksum anew: `isvalid: true` ends the batch's
# line, which is cut off here. Now compare three witnesses: your own log, your reading of
# Kafka's bytes, and Kafka's tool.

# %% needs="read files"
import re

lines = re.findall(r"\| offset: (\d+) .* payload: (.*)", dump.read_text("utf-8"))
by_tool = {int(offset): value.encode() for offset, value in lines}
own = dict(enumerate(read(log, 0, log.end)))
assert all(own[n] == by_hand[n] == by_tool[n] for n in own)
print(f"{len(own)} records agree, offset by offset.")

# %% [markdown]
# **What you saw.** A partition is your log, in a tighter format: offsets, order and values are
# the same. Kafka is a log of events. Its promise of order is that of a file, so it
# holds within one partition, and not across two.

# %% [markdown]
# ## Deeper: How does Kafka find an offset?
#
# `.index` is sparse, like yours. An entry has 8 bytes: an offset (counted from the
# segment's first), and the byte where its batch begins. After every 4,096 bytes of
# batches the next one gets an entry, filed under its *last* offset. `.timeindex` has
# entries of 12 bytes: the latest time so far, and its offset. What is reserved and not
# yet used is zero. (This goes on from *Did you read it right?*.)


# %% needs="read files"
from itertools import takewhile


def entries(kind, form):
    raw = cluster.read_segment(departed, 0, leader, f"{base}.{kind}")
    return list(takewhile(any, struct.iter_unpack(form, raw)))  # up to the zeros


# %% needs="read files"
offsets, moments = entries("index", ">ii"), entries("timeindex", ">qi")
offsets[:3], moments[:3]

# %% needs="read files"
ends = [(one.base_offset + one.last_offset_delta, at) for at, one in walk]


def near(pairs):
    pairs = [pair for pair in pairs if 540 < pair[0] < 700]
    return [offset for offset, _ in pairs], [at for _, at in pairs]


# %% needs="read files"
view.lines(
    {"batches": near(ends), "in the index": near(offsets)},
    title="Around offset 633",
    x="last offset of a batch",
    y="byte where it begins",
    alt=f"{len(offsets)} of {len(ends)} batches are in the index.",
)

# %% [markdown]
# A square lies on every second dot or so: the other batches are not in the index.

# %% [markdown]
# Does the tool see the same entries?

# %% needs="read files"
two = f"{path.with_suffix('.index')},{path.with_suffix('.timeindex')}"
# !kafka-dump-log --files "{two}" > "{dump}"
seen = re.findall(r": (\d+) \w+: (\d+)", dump.read_text("utf-8"))
assert [(int(a), int(b)) for a, b in seen] == offsets + moments
print(len(offsets), "entries by offset and", len(moments), "by time agree.")

# %% [markdown]
# **What you saw.** To read offset 633, Kafka takes the last entry not beyond it, jumps, and
# walks over batches, as your `read_by_index` did. To read from a time on, it looks up
# `.timeindex` first.
#
# **What this does not show.** Kafka keeps its index in memory, and sends what it finds to
# the consumer without unpacking it.
#
# **Exercise 2.2.** At which byte of the `.log` begins the batch that holds **offset 633**?
# Use `offsets` and `batches(data, …)`. Write the number to
# `lesson.folder / "position.txt"`.

# %% tags=["solution", "exercise-2.2"] needs="read files"
# Exercise 2.2
nearest = max(position for offset, position in offsets if offset <= 633)
holding = [at for at, one in batches(data, nearest) if one.base_offset <= 633]
(lesson.folder / "position.txt").write_text(str(holding[-1]))

# %%
check("2.2")

# %% [markdown]
# ## Deeper: How do databases use a log?
#
# Systems whose data lies in logs use **log-structured storage**. They have three things in
# common: they only append to files, there are many files, and now and then these are
# merged and compacted. You have built one.
#
# To find a *key* in it, you must search all of it. Databases mend that and still only
# append. New values go to a table in memory, the
# *memtable*. When it is full, it is written to disk at once, sorted by key: a *sorted run*.
# It is never changed again. This is called an LSM tree, for *log-structured merge*.

# %%
memtable, runs = {}, []


def put(key, value):
    memtable[key] = value
    if len(memtable) == 100:
        runs.append(sorted(memtable.items()))  # one file (here a list)
        memtable.clear()


# %%
for one in day:
    if one.tailnum and not one.cancelled:
        put(one.tailnum, one.dest)
len(runs), len(memtable)

# %% [markdown]
# Who looks for a key asks the memtable, and then the runs, the newest first. In a sorted
# run a key is found by halving, without reading all of it.

# %%
from bisect import bisect_left


def get(key):
    for run in [sorted(memtable.items()), *reversed(runs)]:
        at = bisect_left(run, (key,))
        if at < len(run) and run[at][0] == key:
            return run[at][1]
    return None


# %%
get("N351JB")

# %% [markdown]
# The more runs, the more places to look. So they are merged into one now and then, and
# compacted at the same time: of each key the newest value stays. Since the runs are sorted,
# real systems do this in one pass over the files.

# %%
before = sum(len(run) for run in runs)
runs[:] = [sorted(dict(pair for run in runs for pair in run).items())]
before, len(runs[0]), get("N351JB")

# %% [markdown]
# **What you saw.** Nothing was changed in place: each run is written once, as a whole, and
# old values go with the merge, which real systems do in the background. The price: values are written again with each merge, and take space until
# then.
#
# The idea is from the 1990s. Since then it has become the primary storage of many systems:
#
# | | first | in memory | on disk | merge and compaction |
# |---|---|---|---|---|
# | **HBase** | write-ahead log | MemStore | HFiles, sorted by row | minor: some files; major: all, and what was deleted goes |
# | **Cassandra** | commit log | memtable | SSTables, sorted by partition | newest write wins; tombstones stay 10 days by default |
# | **Kafka** | the segment | the system's file cache | segments, in order of arrival | old segments go, or newest of each key stays |
#
# Mind the difference. HBase and Cassandra write a log for safety: after a crash it is read
# again, and once the memtable is on disk it is thrown away. What lasts is sorted by key, so
# the order of arrival is lost. In Kafka the log *is* the storage.

# %% [markdown]
# ## Deeper: How do a database's changes become a stream?
#
# A table shows what is true now. What changed, and in which order, is gone. **Change data
# capture**, CDC, keeps each change as an event. Here the database is SQLite. A *trigger* is
# a statement that runs with every change; these write a log, the table `changes`.

# %%
import sqlite3

primary = sqlite3.connect(lesson.folder / "primary.db", isolation_level=None)
tables = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS aircraft (tailnum TEXT PRIMARY KEY, airport TEXT);
CREATE TABLE IF NOT EXISTS changes (seq INTEGER PRIMARY KEY, tailnum TEXT, airport TEXT);
"""

# %%
triggers = """
CREATE TRIGGER IF NOT EXISTS added AFTER INSERT ON aircraft BEGIN
  INSERT INTO changes (tailnum, airport) VALUES (new.tailnum, new.airport); END;
CREATE TRIGGER IF NOT EXISTS changed AFTER UPDATE ON aircraft BEGIN
  INSERT INTO changes (tailnum, airport) VALUES (new.tailnum, new.airport); END;
CREATE TRIGGER IF NOT EXISTS removed AFTER DELETE ON aircraft BEGIN
  INSERT INTO changes (tailnum, airport) VALUES (old.tailnum, NULL); END;
"""
made = primary.executescript(tables + triggers)

# %% [markdown]
# Each departure moves an aircraft to another airport. `upsert` inserts a row, or updates it
# if the key is there.

# %%
upsert = """INSERT INTO aircraft VALUES (?, ?)
ON CONFLICT (tailnum) DO UPDATE SET airport = excluded.airport"""
moves = [(one.tailnum, one.dest) for one in day if one.tailnum and not one.cancelled]
with primary:  # one transaction
    primary.execute("BEGIN")
    primary.executemany(upsert, moves)

# %%
for table in ("aircraft", "changes"):
    found = primary.execute(f"SELECT * FROM {table} WHERE tailnum = 'N351JB'")
    print(table, found.fetchall())

# %% [markdown]
# **What you saw.** The table has one row for the aircraft, its log has every move.

# %% [markdown]
# ## Deeper: How do the changes get out?
#
# A program reads the log and produces each change to a topic. In Kafka's words it is a
# **source**: a client that brings data in, from another store as a rule. The key is the
# row's key, so a topic with `cleanup.policy=compact` keeps the newest state of each row. (This
# goes on from *How do a database's changes become a stream?*.)

# %%
moved = lesson.topic("nyc.aircraft.moved")
topic = NewTopic(moved, 1, 3, config={"cleanup.policy": "compact"})
admin.create_topics([topic])[moved].result()


# %%
def carry(after):
    changes = primary.execute("SELECT * FROM changes WHERE seq > ?", (after,)).fetchall()
    for _, tailnum, airport in changes:
        producer.produce(moved, key=tailnum, value=airport)
    producer.flush(20)
    return after + len(changes)


# %%
carried = carry(0)  # the last change that was sent
carried

# %% [markdown]
# A **sink** is the other end: a client that takes data out, into another store as a rule.
# This one keeps a replica of the table. Its group remembers how far it has read, so
# each call of `news` goes on where the last one ended.

# %%
from confluent_kafka import Consumer


def news(count, group="replica"):
    place = {"group.id": lesson.group(group), "auto.offset.reset": "earliest"}
    sink = Consumer({**lesson.connection, **place})
    sink.subscribe([moved])
    messages = sink.consume(count, timeout=10)
    sink.close()
    return messages


# %%
replica = sqlite3.connect(lesson.folder / "replica.db", isolation_level=None)
made = replica.execute(
    "CREATE TABLE IF NOT EXISTS aircraft (tailnum TEXT PRIMARY KEY, airport TEXT)"
)


# %%
def apply(messages):
    with replica:
        replica.execute("BEGIN")
        for one in messages:
            replica.execute(upsert, (one.key().decode(), one.value().decode()))


# %%
def rows(database):
    return database.execute("SELECT * FROM aircraft ORDER BY tailnum").fetchall()


# %%
apply(news(carried))
assert rows(primary) == rows(replica)
print(len(rows(replica)), "rows are equal.")

# %%
predict("2.3")

# %%
again = news(carried, group="forgot")
apply(again)
reveal("2.3", rows(primary) == rows(replica))

# %% [markdown]
# A second sink needs nothing from the first, nor from the database. The group `forgot` has
# just read everything by itself. Count with it how often an aircraft left for Boston.

# %%
sum(one.value() == b"BOS" for one in again)

# %% [markdown]
# ## Deeper: Is that not just replication?
#
# You may read that CDC brings changes from a primary node to its replica nodes. That is
# *replication*, and databases have their own way for it. Its copies are of the same system,
# and alike to the last byte. Compare Kafka's three copies of your segment. (This goes on from
# *How do the changes get out?*.)

# %% needs="read files"
for broker in (1, 2, 3):
    copy = cluster.read_segment(departed, 0, broker, f"{base}.log")
    print("broker", broker, "holds the same bytes:", copy == data)

# %% [markdown]
# CDC carries changes to *other* systems: a search index, a cache, a warehouse, your counter.
# Equal rows, another form. A replica kept by CDC follows later, as you have seen, and is
# not what the database itself falls back on.
#
# Triggers are one way. They write everything twice and slow each change. Asking again and
# again for rows with a newer date is another; it misses deletions, and all but the last
# of two quick changes. The third way is in plain sight: the database has a log itself.

# %%
wal = lesson.folder / "primary.db-wal"
wal.stat().st_size, b"N351JB" in wal.read_bytes()

# %% [markdown]
# SQLite appends changes to this *write-ahead log* first, and to its table later.
# **Log-based CDC** reads such a log: Debezium, the best known, follows MySQL's
# binary log and PostgreSQL's write-ahead log, and produces to Kafka. No trigger, no load on
# the tables, no change missed. It needs the right to read that log, and begins with a
# snapshot, since the log does not reach back to the first day.
#
# **What this does not show.** A source that dies between `flush` and remembering `carried`
# sends changes twice. You have seen why that is no harm here.

# %% [markdown]
# **Exercise 2.3.** N351JB leaves the fleet. Delete its row in `primary`, and `carry` the
# change: a record with a key and no value, Kafka's **tombstone**. Then let the replica
# follow. `apply` cannot read a tombstone yet. In the end both tables are equal, and the
# replica has heard of it from the topic.

# %% tags=["solution", "exercise-2.3"]
# Exercise 2.3
primary.execute("DELETE FROM aircraft WHERE tailnum = 'N351JB'")
carried = carry(carried)
for one in news(1):
    if one.value() is None:
        replica.execute("DELETE FROM aircraft WHERE tailnum = ?", (one.key().decode(),))

# %%
check("2.3")

# %% [markdown]
# ## What you know now
#
# - A log only grows at its end. The place of a record is its order and its name, the offset.
# - An index makes reading from an offset quick; segments make forgetting quick.
# - Logs are kept for ever, for a time or up to a size. To compact by key keeps the newest
#   record of each key.
# - Kafka's logs are no text files: binary batches of records, one folder for each partition.
#
# From the sections marked *Deeper*:
#
# - To compact by age drops whole segments, and to merge joins files.
# - LSM storage sorts what it appends. HBase and Cassandra use it; Kafka keeps arrival order.
# - CDC makes a stream of a database's changes, for other systems. A source brings data into
#   Kafka, a sink takes it out. Replication copies within one system.

# %% [markdown] tags=["terms"]
# **New terms**: append-only log, index, segment, merge, compact, tombstone, record batch,
# varint, log-structured storage, memtable, sorted run, change data capture, source, sink.

# %% [markdown]
# **Read next**: Jay Kreps, *The Log: What every software engineer should know about real-time
# data's unifying abstraction*; in Kafka's documentation, *Message Format*.

# %% tags=["cleanup"]
lesson.clean_up()
