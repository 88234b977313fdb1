# %% [markdown]
# # Consumers
#
# At the end of this lesson you can
#
# - read a topic from its end or from its beginning;
# - say what a committed offset is, and who commits it, and when;
# - say what a crash loses or doubles, and write a consumer to which it does neither.
#
# In the sections marked *Deeper* you also
#
# - read from a moment in time, and move a group from the command line;
# - get past a record that nobody can read;
# - find out what "exactly once" covers, and what it does not.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("06_consumers")

# %% [markdown]
# ## What does a new consumer get?
#
# First, something to read: the 930 departures of 8 February, the day of the storm. Each
# record carries the time of its event as its *timestamp*, in milliseconds since 1970.
# The records look old to Kafka, which keeps them for seven days by default. A
# `retention.ms` of `-1` means: keep them for ever. As in lesson 05, a topic of that name is
# deleted first, so you can run a cell twice.
#
# <!-- script: topics.py -->

# %%
from lessons.scripts import topics

servers = lesson.connection["bootstrap.servers"]
create = topics.creator(lesson)

# %%
from confluent_kafka import Producer

producer = Producer({**lesson.connection, "log_level": 3})  # 3: print errors only


def send(topic, events):
    for flight in sorted(events, key=lambda one: one.happened):
        when = int(flight.happened.timestamp() * 1000)
        producer.produce(topic, flight.to_json(), flight.id, timestamp=when)
    producer.flush(10)


# %%
departed = create("nyc.flight.departed", partitions=3, retention_ms=-1)
day = flights.day(8)
send(departed, day)

# %% [markdown]
# A **consumer** is a program that reads records from topics. It names a *group* by its
# `group.id`. To Kafka a group is one reader: it remembers how far the group has come. A group
# may have several consumers, and shares the partitions among them (lesson 09).
#
# So a consumer that is not closed keeps its partitions, and the next one of its group waits
# for them. This function closes the one that an earlier run of a cell has left.

# %%
from confluent_kafka import Consumer

opened = {}


def open_consumer(name, **settings):
    if name in opened:
        opened[name].close()
    group = {"group.id": lesson.group(name)}
    opened[name] = Consumer({**lesson.connection, **group, **settings})
    return opened[name]


# %%
predict("6.1")

# %% [markdown]
# A consumer *subscribes* to the topic. Joining the group takes a moment, and `poll`, which asks for one
# record, does the work of it. Then `assignment()` says which partitions it has. `consume` asks
# for many records, and returns what has come when the time is over.

# %%
consumer = open_consumer("first")
consumer.subscribe([departed])
wait_for(lambda: consumer.poll(0.2) or consumer.assignment(), 20, "its partitions")
early = consumer.consume(len(day), timeout=2)
len(early)

# %%
reveal("6.1", len(early))

# %% [markdown]
# It is not broken. It waits for what comes *next*. One more flight, the first of 9 February:

# %%
send(departed, flights.day(9)[:1])
message = consumer.poll(10)
consumer.close()
message.partition(), message.offset(), message.key(), message.timestamp()

# %% [markdown]
# **What you saw.** By default a new consumer gets what is sent after it began. History is
# there, but you must ask for it. (The last number is the record's timestamp. The `1` before it
# means that the producer has set it.)
#
# **What this does not show.** "New" means a group of which Kafka remembers no place yet. One that
# has a place goes on there. You will see.

# %% [markdown]
# ## Who moves the records?
#
# The consumer does: it **pulls**. `poll` asks *is there something for me?*, and gives one of
# three answers: a record; `None`, nothing came in time; or a message with an `error()`.
# (In the background, the client fetches ahead in batches.) A broker never pushes. So a slow
# consumer is not flooded, and it slows nobody.
#
# A real program polls for ever, in a **poll loop**. It ends when somebody asks it to:
#
# ```python
# running = True
# signal.signal(signal.SIGTERM, stop)  # `stop` sets running to False
# try:
#     while running:
#         message = consumer.poll(1)
#         if message is None:
#             continue
#         if message.error():
#             raise KafkaException(message.error())
#         work(message)
# finally:
#     consumer.close()
# ```
#
# `close` says good-bye to the group, so that others take over at once. And the loop must come
# round: who does not poll for five minutes (`max.poll.interval.ms`) is thrown out.
#
# In a notebook such a cell would never end. Here each loop has a bound: a number of records
# and a deadline. This one reads from the beginning, with `earliest`, as many as there are:
# `get_watermark_offsets` tells the first offset of a partition and the next one to be written.


# %%
def reader(name, **more):
    return open_consumer(name, **{"auto.offset.reset": "earliest"}, **more)


seen = []

# %%
from confluent_kafka import TopicPartition

consumer = reader("second")
consumer.subscribe([departed])
parts = [TopicPartition(departed, number) for number in range(3)]
there = sum(consumer.get_watermark_offsets(part, timeout=10)[1] for part in parts)

# %%
import time

deadline = time.monotonic() + 20
while len(seen) < there and time.monotonic() < deadline:
    message = consumer.poll(1)
    if message and not message.error():
        seen.append(message)
len(seen)

# %% [markdown]
# All of them. `consume(number, timeout)` does such a loop in one call. (Run the last two cells
# again, and they find nothing new. The next section says why.)

# %% [markdown]
# ## Where does the group go on?
#
# A group remembers one number for each partition, its **consumer offset**. To write it down
# is to *commit*. The client does that now and then, and when it is closed.

# %%
last = max(message.offset() for message in seen if message.partition() == 0)
predict("6.2", last=last)

# %% [markdown]
# Close it, and let `kafka-consumer-groups` show what the group has committed.

# %%
consumer.close()
second = lesson.group("second")
# !kafka-consumer-groups --describe --group {second} --bootstrap-server {servers} 2>&1 | cut -c 1-120

# %% [markdown]
# `CURRENT-OFFSET` is what the group has committed, `LOG-END-OFFSET` the offset that the next
# record will get, `LAG` the difference. (*No active members*: its one consumer is closed.) From
# Python:


# %%
def committed(group, topic, partitions=3):
    asked = [TopicPartition(topic, number) for number in range(partitions)]
    settings = {**lesson.connection, "group.id": lesson.group(group)}
    with Consumer(settings) as looker:  # `with` closes it at the end
        return [one.offset for one in looker.committed(asked, timeout=10)]


committed("second", departed)

# %%
reveal("6.2", committed("second", departed)[0])

# %% [markdown]
# ![](../Images/offsets.png)
#
# The figure says *position* for what `poll` hands out next, committed or not. Many texts call
# the offset the last message seen. Whoever follows such a text and sets offsets by hand reads
# one record twice.
#
# The console consumer knows groups, too. Without one it makes up a new name each time, and
# so it begins at the end. `--from-beginning` is its word for `earliest`.

# %%
# !kafka-console-consumer --from-beginning --max-messages 2 --topic {departed} --bootstrap-server {servers} 2>/dev/null

# %% [markdown]
# You will read that `--from-beginning` gives all records of a topic. Ask in the name of a
# group that has read them:

# %%
# !kafka-console-consumer --from-beginning --timeout-ms 2000 --topic {departed} --group {second} --bootstrap-server {servers} 2>&1 | tail -1

# %% [markdown]
# **What you saw.** None. `--from-beginning` and `earliest` hold only where the group has
# *no* committed offset.
#
# **What this does not show.** Offsets of a group without members expire after seven days
# (`offsets.retention.minutes`). Then `auto.offset.reset` decides again.

# %% [markdown]
# ## Who commits, and when?
#
# By default the client does, *automatically*: every five seconds
# (`auto.commit.interval.ms`), and in `close`. Which records does it mean? Ask for a hundred,
# do nothing with them, and wait. (Half a second is enough here.)


# %%
def offset_sum(group, topic, partitions=3):
    return sum(max(0, offset) for offset in committed(group, topic, partitions))


# %%
before = offset_sum("eager", departed)
eager = reader("eager", **{"auto.commit.interval.ms": 500})
eager.subscribe([departed])
handed = before + len(eager.consume(100, timeout=20))
wait_for(lambda: offset_sum("eager", departed) == handed, 20, "the automatic commit")
eager.close()
before, handed

# %% [markdown]
# **What you saw.** 100 more than before: all that you were *handed* is committed, though you have
# worked on none. If your program dies now, its successor goes on behind them.
#
# *By hand*, you say when. `enable.auto.commit` is off, and `commit` waits for the broker's
# answer if it is not `asynchronous`. It takes no `timeout`: if no broker answers, it gives up
# after `session.timeout.ms`, 45 seconds.

# %%
careful = reader("careful", **{"enable.auto.commit": False})
careful.subscribe([departed])
*rest, tenth = careful.consume(10, timeout=20)
careful.commit(message=tenth, asynchronous=False)
careful.close()
committed("careful", departed)

# %% [markdown]
# It commits `tenth.offset() + 1`, for the partition of that record only. (`-1001` means
# *nothing committed*.) `commit()` without a message commits all that you were handed.
#
# There is a way in between: leave the automatic commit on, set `enable.auto.offset.store` to
# false, and call `store_offsets` for what is done.

# %% [markdown]
# ## What does a crash do?
#
# The 472 cancelled flights. A worker tells the passengers of each. You will kill it, as a
# real process, in the midst of its work, and start it again.
#
# Its script does not run in this notebook's process, so it is a file. `%%writefile` in the first
# line of a cell writes it, and runs nothing. You will write two such workers. They share what they
# import from two files that are there already. The first connects and subscribes when it is
# imported, with what `lesson.start` hands it, and its `batches()` gives up to 100 messages at a
# time. The second has `tell`, which tells the passengers of one flight. (You will see below what
# `group.instance.id` and `session.timeout.ms` are for.)
#
# <!-- script: batches.py -->
# <!-- script: passengers.py -->

# %%
cancelled = create("nyc.flight.cancelled", retention_ms=-1)
send(cancelled, [flight for flight in day if flight.cancelled])

# %% [markdown]
# The two workers differ in one thing: one commits first, the other works first.

# %%
# %%writefile "{lesson.folder}/commit_first.py"
from lessons.scripts.batches import batches, consumer
from lessons.scripts.passengers import tell

for messages in batches():
    consumer.commit(asynchronous=False)
    for message in messages:
        tell(message)

# %%
# %%writefile "{lesson.folder}/work_first.py"
from lessons.scripts.batches import batches, consumer
from lessons.scripts.passengers import tell

for messages in batches():
    for message in messages:
        tell(message)
    consumer.commit(asynchronous=False)

# %%
predict("6.3")

# %% [markdown]
# `lesson.start` starts a script as a process. `kill` is `kill -9`: the process can do nothing
# more, not even say good-bye. `crash` kills it in its third batch, starts it again, and counts how
# often each flight was told.

# %%
from collections import Counter


def crash(script):
    run = f"{script}-{time.time_ns()}"  # a group and a file of its own
    told = lesson.folder / f"{run}.txt"
    told.touch()
    arguments = script, cancelled, lesson.group(run), told
    worker = lesson.start(*arguments)
    wait_for(lambda: len(told.read_text().split()) > 220, 30, "the third batch")
    worker.kill()
    lesson.start(*arguments).wait(30)
    return Counter(told.read_text().split())


# %%
total = sum(flight.cancelled for flight in day)
outcome = {}
for script in ("commit_first.py", "work_first.py"):
    times = crash(script)
    outcome[f"{script}: never told"] = total - len(times)
    outcome[f"{script}: told twice"] = sum(number > 1 for number in times.values())

# %%
view.bars(
    outcome,
    title="What did one crash do to 472 cancelled flights?",
    unit="flights",
    alt="; ".join(f"{name}: {number}" for name, number in outcome.items()),
)

# %%
ends = "told twice", "never told"
happened = [end for end in ends if outcome[f"commit_first.py: {end}"]]
reveal("6.3", happened[0] if happened else None)

# %% [markdown]
# **What you saw.** The first one loses and never doubles: **at-most-once**. The second one
# doubles and never loses: **at-least-once**. No third order exists, because a commit and a
# line in a file are two steps, and a crash can come between. The automatic commit may do
# either: it comes at any time. You saw it commit before any work was done. Had the worker died
# between its work and the next commit, it would have doubled.
#
# **What this does not show.** The successor took over at once because both had the name
# `group.instance.id`. Without it, the group first waits until the dead one has been silent for
# `session.timeout.ms`: six seconds here, 45 by default (lesson 09).

# %% [markdown]
# ### Your turn
#
# At-least-once is what most programs choose. Then they make their work *idempotent*: to do
# it twice does no harm. (Compare the idempotent producer of lesson 05.)
#
# **Exercise 6.1.** Write `mine.py`, a worker that tells a database. `place`, its third argument,
# is now the path of an SQLite file. It imports `batches`, `consumer` and `place`
# from `lessons.scripts.batches`, reads `batches()` like `work_first.py`, and puts a row for
# each message into the table `told`, which it creates. The table's one column is `flight`, the
# flight's id, which is the message's key. Whatever dies when, each flight must be there **once**.
# The first line of the cell must stay.
#
# Such a program is a **sink**: it takes data out of Kafka into another store.
#
# The check runs `mine.py` three times, some five seconds in all. The first process is killed just
# *before* its third commit to Kafka, the second just *after* its second, the third may end.

# %% tags=["solution", "exercise-6.1"]
# %%writefile "{lesson.folder}/mine.py"
# Exercise 6.1
import sqlite3
from lessons.scripts.batches import batches, consumer, place

database = sqlite3.connect(place)
database.execute("CREATE TABLE IF NOT EXISTS told (flight TEXT PRIMARY KEY)")
for messages in batches():
    rows = [(message.key().decode(),) for message in messages]
    database.executemany("INSERT OR IGNORE INTO told VALUES (?)", rows)
    database.commit()
    consumer.commit(asynchronous=False)

# %%
check("6.1")

# %% [markdown]
# Another way: keep the offset in the *same* database, in the same transaction as the rows, and
# begin there after a crash. Then the two steps are one.

# %% [markdown]
# ## Deeper: How do you read from a moment in time?
#
# What happened from noon on? `offsets_for_times` answers with the first offset at or after a
# time. You hand it partitions that have the time, in milliseconds, where an offset belongs.

# %%
from datetime import datetime

noon = datetime(2013, 2, 8, 12, tzinfo=flights.NEW_YORK)
moment = int(noon.timestamp() * 1000)
looker = reader("look", **{"enable.auto.commit": False})
asked = [TopicPartition(departed, number, moment) for number in range(3)]
found = looker.offsets_for_times(asked, timeout=10)
[one.offset for one in found]

# %% [markdown]
# `assign` takes partitions at an offset, without asking the group. (So nobody shares them with
# you, either.)

# %%
looker.assign([found[0]])
message = looker.poll(10)
message.offset(), flights.from_json(message.value()).happened.isoformat()

# %% [markdown]
# `seek` moves a consumer that already reads: here back to the first record. That is a **replay**.

# %%
looker.seek(TopicPartition(departed, 0, 0))
message = looker.poll(10)
message.offset(), flights.from_json(message.value()).happened.isoformat()

# %% [markdown]
# And a time after the last record?

# %%
later = TopicPartition(departed, 0, moment + 30 * 24 * 3600 * 1000)
(answer,) = looker.offsets_for_times([later], timeout=10)
answer.offset

# %% [markdown]
# **What you saw.** One answer for each partition, found through the time index that you opened in
# lesson 02. `-1` means *the end*: no such record yet. `seek` moved the reader and committed
# nothing, since its automatic commit is off.
#
# **What this does not show.** Where events arrive out of order, earlier ones may lie behind that
# offset, too.

# %% [markdown]
# **Exercise 6.2.** The group of `reader("night")` shall read all of `departed` from **16:00** in
# New York on 8 February. Commit its start for each of the three partitions. Read no record:
# `commit` also takes `offsets=`, a list of `TopicPartition`.

# %% tags=["solution", "exercise-6.2"]
# Exercise 6.2
four = int(datetime(2013, 2, 8, 16, tzinfo=flights.NEW_YORK).timestamp() * 1000)
night = reader("night")
asked = [TopicPartition(departed, number, four) for number in range(3)]
start = night.offsets_for_times(asked, timeout=10)
night.commit(offsets=start, asynchronous=False)
night.close()

# %%
check("6.2")

# %% [markdown]
# ## Deeper: How do you move a group from the command line?
#
# With `kafka-consumer-groups --reset-offsets`. `--dry-run` shows what would be, `--execute` does
# it. One of these says where to: `--to-earliest`, `--to-latest`, `--to-offset`, `--to-datetime`,
# `--by-duration` (back from now), `--shift-by` (on from where the group is; a number below 0 goes
# back). Somebody still works in the group `second`:

# %%
busy = reader("second")
busy.subscribe([departed])
wait_for(lambda: busy.poll(0.2) or busy.assignment(), 20, "its partitions")
len(busy.assignment())

# %%
# !kafka-consumer-groups --reset-offsets --to-earliest --execute --group {second} --topic {departed} --bootstrap-server {servers} 2>&1 | head -2

# %% [markdown]
# Refused. A member would overwrite the new offsets with its next commit. It has to stop first.

# %%
busy.close()
# !kafka-consumer-groups --reset-offsets --to-datetime 2013-02-08T12:00:00.000-05:00 --dry-run --group {second} --topic {departed} --bootstrap-server {servers}
committed("second", departed)

# %% [markdown]
# The offsets of noon. But it was a dry run: the last line shows that nothing has
# changed.

# %% [markdown]
# **Exercise 6.3.** What `second` did with its last records was lost. Move the group so that it
# reads the last **20** records of *each* partition of `departed` again, from the command line or from
# Python. It has read all, so each partition goes back by 20.

# %% tags=["solution", "exercise-6.3"]
# Exercise 6.3
# !kafka-consumer-groups --reset-offsets --to-latest --execute --group {second} --topic {departed} --bootstrap-server {servers}
# !kafka-consumer-groups --reset-offsets --shift-by=-20 --execute --group {second} --topic {departed} --bootstrap-server {servers}

# %%
check("6.3")

# %% [markdown]
# ## Deeper: What if nobody can read a record?
#
# Sixty reports, and among them three that are broken: no text, half an object, an object without
# most fields. Such a one is a **poison record**. (The other two topics are for later.)

# %%
if "checker" in opened:  # after a try at exercise 6.4
    opened["checker"].close()
    producer = Producer({**lesson.connection, "log_level": 3})
kinds = ("reported", "checked", "dead")
reported, checked, dead = [
    create(f"nyc.flight.{kind}", retention_ms=-1) for kind in kinds
]
good = [(flight.id, flight.to_json()) for flight in day[:60]]
broken = [("X-1", b"\xff\xfe\x00"), ("X-2", b'{"day": 8'), ("X-3", b'{"day": 8}')]
records = [*good[:20], *broken, *good[20:]]
for key, value in records:
    producer.produce(reported, value, key)
producer.flush(10)

# %% [markdown]
# A worker that is careful: it commits each record after its work. It returns where it died, and
# of what.


# %%
def work_through(group):
    worker = reader(group, **{"enable.auto.commit": False})
    worker.subscribe([reported])
    try:
        while message := worker.poll(10):
            flights.from_json(message.value())
            worker.commit(message=message, asynchronous=False)
    except ValueError as error:
        return message.offset(), type(error).__name__
    finally:
        worker.close()


# %%
predict("6.4")

# %%
stops = [work_through("naive") for _ in range(3)]
stops

# %%
reveal("6.4", len({stop[0] for stop in stops if stop}))

# %% [markdown]
# (`InputError` is a kind of `ValueError`.) One record stops all that come after it. Skipping it
# silently would lose it. So it goes to a topic of its own, a **dead-letter topic**, as it is, with
# a header that says why. Somebody looks there later, and the rest flows on.
#
# **Exercise 6.4.** Read all of `reported`, `len(records)` of them, with
# `reader("checker", **{"enable.auto.commit": False})`. What `flights.from_json` can read goes to
# `checked`, key and value as they are. What it cannot goes to `dead`, key and value as they are,
# with a header `why`: `produce` takes `headers=[("why", b"...")]`, bytes or text. Commit when all
# are delivered, and close `checker`. Run the cell that begins with `if "checker"` before each
# further try.

# %% tags=["solution", "exercise-6.4"]
# Exercise 6.4
checker = reader("checker", **{"enable.auto.commit": False})
checker.subscribe([reported])
for message in checker.consume(len(records), timeout=20):
    try:
        flights.from_json(message.value())
        producer.produce(checked, message.value(), message.key())
    except ValueError as error:
        why = [("why", repr(error).encode())]
        producer.produce(dead, message.value(), message.key(), headers=why)
producer.flush(10)
checker.commit(asynchronous=False)
checker.close()

# %%
check("6.4")

# %% [markdown]
# Not every error is the record's fault. If the *database* is down, each record fails, and all of
# them would end as dead letters. Then stop, wait, and try the same one again.

# %% [markdown]
# ## Deeper: Can many writes count as one?
#
# In a **transaction** they can: all of its records become visible, or none, even in several
# topics. The producer needs a name that stays the same when it is started again, the
# `transactional.id`. `init_transactions` announces it, and aborts what an earlier producer of that
# name has left open.

# %%
alerted = create("nyc.flight.alerted", retention_ms=-1)
name = lesson.topic("alerts")
writer = Producer({**lesson.connection, "transactional.id": name, "log_level": 3})
writer.init_transactions(20)

# %% [markdown]
# Begin one, send three records, and call it off. (`flush` makes sure that they have arrived.)

# %%
writer.begin_transaction()
for flight in day[:3]:
    writer.produce(alerted, flight.to_json(), flight.id)
writer.flush(10)
writer.abort_transaction(20)

# %%
predict("6.5")


# %% [markdown]
# A consumer says by its `isolation.level` what it wants to see: records of committed transactions
# only, or all. (Records sent without a transaction count as committed.) Count both.


# %%
def visible(level):
    more = {"enable.auto.commit": False, "enable.partition.eof": True}
    looker = reader("look", **{"isolation.level": level}, **more)
    looker.assign([TopicPartition(alerted, 0, 0)])
    found = 0
    while not looker.poll(20).error():  # the end of the partition comes as an error
        found += 1
    looker.close()
    return found


# %%
shown = {level: visible(level) for level in ("read_committed", "read_uncommitted")}
shown

# %%
reveal("6.5", shown["read_uncommitted"] > shown["read_committed"])

# %% [markdown]
# Beware of the default. This client reads committed records only. Java's clients, the console
# consumer among them, read all of them unless told otherwise
# (`--isolation-level read_committed`).

# %%
# !kafka-console-consumer --from-beginning --max-messages 3 --topic {alerted} --bootstrap-server {servers} 2>/dev/null | cut -c 1-70

# %% [markdown]
# A committed offset is also a record in a topic, `__consumer_offsets`. So it can be *part* of the
# transaction: read, transform, write, and commit where you are, all as one. Here nothing is
# changed on the way, and `end` is how the transaction shall end.


# %%
def transform(end):
    source = reader("alerts", **{"enable.auto.commit": False})
    source.subscribe([cancelled])
    writer.begin_transaction()
    for message in source.consume(100, timeout=20):
        writer.produce(alerted, message.value(), message.key())
    places = source.position(source.assignment())
    writer.send_offsets_to_transaction(places, source.consumer_group_metadata(), 20)
    end(20)
    source.close()


# %% [markdown]
# First it ends badly: the transaction is aborted after everything was sent. Then it is run
# again, and ends well.

# %%
transform(writer.abort_transaction)
print(committed("alerts", cancelled, 1), visible("read_committed"))
transform(writer.commit_transaction)
print(committed("alerts", cancelled, 1), visible("read_committed"))

# %% [markdown]
# **What you saw.** After the abort there is no offset, and no record to be seen. After the second
# try there are the offset 100 and a hundred records: nothing lost, nothing doubled.

# %% [markdown]
# ### What does **exactly-once** cover?
#
# What you have just seen: from Kafka, through one application, into Kafka, for readers of
# committed records. It does **not** cover
#
# - *anything outside*: the e-mail that you send, the row in a database, a file. A transaction of
#   Kafka cannot take them back. There it is at-least-once and idempotent work, as in 6.1;
# - *what comes in*: an event that its source sent twice is two records;
# - *readers of uncommitted records*, who see what was aborted;
# - *time*: readers of committed records wait until the transaction ends, and behind one that hangs
#   they wait up to its timeout, a minute by default.
#
# (Brokers of today also know a second version of the protocol of transactions. This client still
# speaks the first.)

# %% [markdown]
# ## What you know now
#
# - A consumer pulls, in a poll loop. A new group begins at the end unless it says `earliest`.
# - The committed offset is the next one to read. `--from-beginning` counts only without one.
# - Commit, then work: at-most-once. Work, then commit: at-least-once. Make the work idempotent.
#
# From the sections marked *Deeper*:
#
# - `offsets_for_times`, `seek` and `--reset-offsets` move a reader. The last is refused while the
#   group is in use.
# - A poison record stops all behind it. A dead-letter topic lets them pass.
# - A transaction makes writes and offsets one. "Exactly once" ends where Kafka ends.

# %% [markdown] tags=["terms"]
# **New terms**: consumer, poll loop, consumer offset, at-most-once, at-least-once, sink, replay,
# poison record, dead-letter topic, transaction, exactly-once.

# %% [markdown]
# **Read next**: [message delivery semantics](https://kafka.apache.org/documentation/#semantics)
# in Kafka's documentation. What happens when a group has several members is lesson 09.

# %% tags=["cleanup"]
lesson.clean_up()
