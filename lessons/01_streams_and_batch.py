# %% [markdown]
# # Streams and batch
#
# At the end of this lesson you can
#
# - say what an event, a stream and real time are;
# - answer the same question with a batch job and with a stream, and say how old each
#   answer is;
# - correct an event that cannot be changed;
# - replay a stream after a bug.
#
# In the sections marked *Deeper* you also
#
# - find out which events Kafka refuses, and what it promises of the others;
# - deal with an event that comes late;
# - choose between batch and stream, or use both.
#
# You need the words of lesson 00: topic, record, producer, consumer, offset. The question of
# the whole lesson is how old an answer is; its chart is in *How old is each answer?*.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, replay, reveal, view

lesson = begin("01_streams_and_batch")

# %% [markdown]
# ## What is an event?
#
# An **event** is a fact: something has happened, at a time. Here is one of 8 February
# 2013, the day on which a blizzard reached New York's three airports.

# %%
flight = flights.day(8)[0]
flight.id, flight.happened.isoformat(), flight.to_json()

# %% [markdown]
# A *request* is something else. It asks somebody to do something, and waits for an answer.
# An event asks nobody. Who reports it does not know who will read it, or what for. So you
# name it in the past tense: *reported*, not *report this*.
#
# A fact does not change either. Such data is **immutable**. This object behaves like that:

# %%
try:
    flight.delay = 0
except AttributeError as error:
    print(type(error).__name__, "·", error)

# %% [markdown]
# A **stream** is a sequence of such events that has no end: tomorrow there will be more.
#
# One assumption, for the whole lesson. A departure is known when the aircraft leaves,
# which is the plan plus the delay, in New York's time: this is `happened`. The data does
# not say when a flight was *cancelled*. We take the planned time: by then, everyone knows.

# %% [markdown]
# ## What does a nightly job know?
#
# The question for today: **how late are flights, and how many are cancelled, for each
# airport and hour?** The usual way to answer is a **batch** job. It runs on a schedule, here
# every night at 02:00. It reads all there is and writes a table.
#
# A file holds the 24,951 flights of February. The week of the storm, from the 4th to the
# 10th, has 6,104 of them.

# %%
import pandas as pd

table = pd.read_csv(flights.DATA / "flights-2013-02.csv.gz")
week_table = table[table.day.between(4, 10)]
len(table), len(week_table)

# %%
batch = week_table.groupby(["origin", "day", "hour"]).agg(
    departed=("dep_delay", "count"),  # a cancelled flight has no delay
    minutes=("dep_delay", "sum"),
    planned=("dep_delay", "size"),
)
batch["cancelled"] = batch.planned - batch.departed
batch.loc["JFK", 7].tail(3)

# %% [markdown]
# This is the evening of 7 February at JFK, as the job of that night wrote it. (Minutes below
# zero: they left early.) Now it is 8 February, and the snow comes.

# %%
predict("1.1")

# %% [markdown]
# ## What does a stream know?
#
# The same week, as a stream. It gets a topic, in three copies, as in the welcome. One
# **partition** means that the topic is one piece, and so all events keep one order. What
# happens with three pieces you will see further down.
#
# A topic is created once. If you run such a cell a second time, it ends in
# `TOPIC_ALREADY_EXISTS`; nothing is broken then, so go on. To begin anew, run all cells from
# the first one on: each run has topics of its own.

# %%
from confluent_kafka.admin import AdminClient, NewTopic

admin = AdminClient(lesson.connection)


# %%
def create(base, partitions=1):
    name = lesson.topic(base)
    admin.create_topics([NewTopic(name, partitions, 3)])[name].result()
    lesson.wait_for_topic(name, partitions)  # until every broker knows it
    return name


# %% [markdown]
# A consumer reads it. It keeps no table of flights. It keeps three sums for each airport, day
# and planned hour, in a dictionary: its **state**. Each event changes one entry, and
# the answer is new. This is **stream processing**: a calculation that never ends.


# %%
def take_in(totals, flight):
    place = flight.origin, flight.day, flight.planned.hour
    sums = totals.setdefault(place, [0, 0, 0])
    if flight.cancelled:
        sums[2] += 1
    else:
        sums[0] += 1
        sums[1] += flight.delay


# %% [markdown]
# As in the welcome, `group.id` names the reader, and `earliest` asks for everything from the
# beginning. All readers of one name are a **consumer group**; here each group has one.

# %%
from confluent_kafka import Consumer


def reader(topic, group, **more):
    settings = {**lesson.connection, "group.id": lesson.group(group)}
    consumer = Consumer({**settings, "auto.offset.reset": "earliest", **more})
    consumer.subscribe([topic])
    return consumer


# %% [markdown]
# So that you can measure, note each flight, and the seconds from `produce` to here: the
# producer puts its clock's time into each record, in milliseconds.

# %%
import time

totals, received, seconds_taken = {}, [], []


# %%
def consume(most, timeout):
    for message in consumer.consume(most, timeout):
        flight = flights.from_json(message.value())
        take_in(totals, flight)
        received.append(flight)
        seconds_taken.append(time.time() - message.timestamp()[1] / 1000)


# %% [markdown]
# The producer gets a setting, too: `enable.idempotence` keeps events in order even when
# some must be sent again (lesson 05). `log_level` 3 silences its notices.
#
# A consumer needs some seconds to join its group. Wait for that, or the first events
# would wait, and you would measure it.

# %%
from confluent_kafka import Producer

settings = {"enable.idempotence": True, "log_level": 3}
producer = Producer({**lesson.connection, **settings})
week = [flight for flight in flights.all_flights() if 4 <= flight.day <= 10]

# %%
reported = create("nyc.flight.reported")
consumer = reader(reported, "aggregates")
deadline = time.time() + 30
while not consumer.assignment() and time.time() < deadline:
    consumer.poll(0.1)  # nothing is there yet

# %% [markdown]
# `replay` lets the week pass in six seconds. Every ten minutes of that week it gives you
# the time and what has happened since. You produce that, and consume up to 500 events that
# have come, without waiting for more. `poll` lets the producer take in the brokers' answers.

# %%
for _, reports in replay(week, seconds=6):
    for flight in reports:
        producer.produce(reported, key=flight.id, value=flight.to_json())
    producer.poll(0)
    consume(500, timeout=0)

producer.flush(10)
consume(len(week) - len(received), timeout=20)
consumer.close()
len(received)

# %% [markdown]
# The week is over. How long did an event take from the producer into the state?

# %%
import statistics
from datetime import datetime, timedelta

lag = timedelta(seconds=statistics.median(seconds_taken))
print(f"half of them within {lag / timedelta(milliseconds=1):.0f} ms")

# %% [markdown]
# Is that **real time**? The word means that an event is processed almost as soon as it is
# produced. It has no fixed limit, and people argue about one. For a camera that steers a car, 1 millisecond may be
# the limit, for a data team 30 seconds. In this course we mean *within seconds*.

# %% [markdown]
# ## How old is each answer?
#
# An answer is as old as the newest event in it. Ask both, every half hour of 8 February.
# The batch has read until its last run at 02:00. The stream has read until now, less the
# time that you have just measured.

# %%
happened = [one.happened for one in received]
midnight = datetime(2013, 2, 8, tzinfo=flights.NEW_YORK)
times = [midnight + timedelta(minutes=30 * number) for number in range(48)]


# %%
def last_run(now):
    return (now - timedelta(hours=2)).replace(hour=2, minute=0)


def hours_old(now, read_until):
    newest = max(when for when in happened if when <= read_until)
    return (now - newest) / timedelta(hours=1)


# %%
batch_age = [hours_old(now, last_run(now)) for now in times]
stream_age = [hours_old(now, now - lag) for now in times]

# %%
hours = [number / 2 for number in range(48)]
view.lines(
    {"nightly batch, 02:00": (hours, batch_age), "stream": (hours, stream_age)},
    title="How old is the answer on 8 February?",
    x="time of day (hours)",
    y="age of the answer (hours)",
    every=6,
    mark=(12, "noon"),
    alt=f"The batch's answer is {max(batch_age):.1f} hours old before 02:00, "
    f"{batch_age[24]:.1f} at noon and {batch_age[-1]:.1f} in the end. The stream's is "
    f"{60 * stream_age[24]:.0f} min old at noon, and {max(stream_age):.1f} hours at most.",
)

# %% [markdown]
# What could each have told you at noon? Its newest answer is about the last day of which it
# had read anything: how many flights are cancelled, and how late the others left.


# %%
def told(day, read_until):
    known = [one for one in received if one.day == day and one.happened <= read_until]
    delays = [one.delay for one in known if not one.cancelled]
    return len(known) - len(delays), round(pd.Series(delays).mean(), 1)


# %%
noon = times[24]
at_noon = [told(7, last_run(noon)), told(8, noon - lag)]
columns = ["cancelled", "mean delay (minutes)"]
pd.DataFrame(at_noon, ["batch, on 7 February", "stream, on 8 February"], columns)

# %% [markdown]
# And how many cancellations of the 8th did each know of, every three hours?

# %%
answers = {
    f"{now:%H:%M}": (told(8, last_run(now))[0], told(8, now - lag)[0])
    for now in times[12::6]
}
pd.DataFrame(answers, ["batch", "stream"])

# %%
in_batch, _ = answers["21:00"]
reveal("1.1", in_batch)

# %% [markdown]
# **What you saw.** At noon the batch told you of a quiet Thursday. The stream told you of
# this morning, and you would have been warned. Its answer ages, too, while nothing
# happens: at night no aircraft leaves. (Before 02:00 the batch's answer is the one of the
# night before, so its line begins high and falls at 02:00.)
#
# **What this does not show.** A batch may run each hour or each minute. Then its answer is
# younger, and it does its work each time. And a stream is only as quick as whoever
# reports: an airline that cancels in the morning what is planned for the evening could
# tell it hours before our assumption.

# %% [markdown]
# ## Do they agree in the end?
#
# After the week, both have read everything. The sums must be equal, one by one.

# %%
columns = batch[["departed", "minutes", "cancelled"]].astype(int)
by_batch = {place: list(row) for place, *row in columns.itertuples()}
assert by_batch == totals
sum(sums[2] for sums in totals.values()), "cancelled, say both"

# %% [markdown]
# The same numbers, to the last minute of delay. What does each have to keep for them?

# %%
predict("1.2")

# %%
import pickle

sizes = len(pickle.dumps(totals)), len(pickle.dumps(week_table))
print(f"stream: {len(totals):5} entries {sizes[0]:9,} bytes")
print(f"batch:  {len(week_table):5} rows    {sizes[1]:9,} bytes")

# %%
reveal("1.2", len(totals))

# %% [markdown]
# To be as fresh as the stream, the batch would have to run at each event. Compare one run
# with one event. (`%timeit` prints how long a line takes: ms is a thousandth of a second,
# μs a millionth. If it adds a line on the slowest run, your machine was busy.)

# %%
# %timeit -n 1 -r 3 pd.read_csv(flights.DATA / "flights-2013-02.csv.gz").groupby("origin").dep_delay.mean()

# %%
# %timeit -n 1000 -r 3 take_in({}, flight)

# %% [markdown]
# **What you saw.** Equal answers, a small state, and little work for each event.
#
# **What this does not show.** The table can answer questions that nobody has asked yet:
# which aircraft was late, what the median is. The sums cannot. And they grow, too, by some
# fifty entries a day. So a stream's answers are mostly about a limited time, such as the
# last day, and old entries are dropped.
#
# Your batch was quick, since its table is small. In general:
#
# | | batch | stream |
# |---|---|---|
# | runs | on a schedule | whenever an event comes |
# | a run takes | minutes or hours | a moment |
# | looks at | all of history at once, if need be | the newest events, a limited time |
# | keeps | tables, mostly in a SQL-like store | aggregates in memory |
# | its data | may be changed | is immutable |
# | its result | is written to a store | may be events again, without any store |

# %% [markdown]
# ## Deeper: How much comes in, and when?
#
# A batch knows how many rows it will read. A stream takes what comes. You have the week,
# so count the reports of each hour of the 8th.

# %%
from collections import Counter

per_hour = Counter(one.happened.replace(minute=0) for one in received)
counts = [per_hour[midnight + timedelta(hours=hour)] for hour in range(24)]

# %%
view.lines(
    {"reports": (range(24), counts)},
    title="How many reports come in on 8 February?",
    x="time of day (hours)",
    y="reports per hour",
    every=6,
    alt=f"None from 1 to 4 at night, up to {max(counts)} an hour in the morning.",
)

# %% [markdown]
# And which minute of the whole week was the busiest?

# %%
when, most = Counter(happened).most_common(1)[0]
print(f"{most} in one minute, at {when:%H:%M on %d %b}")

# %% [markdown]
# **What you saw.** The **throughput** of a stream varies a lot: from nothing for hours to
# many in a minute. You build for the peak.
#
# **What this does not show.** Real peaks: all of that minute's flights were cancelled, and
# come together because we assume the planned time. And extremes. A weather station sends
# one or two records an hour. The clicks of a large web site are tens of thousands a second.
# Both are streams.

# %% [markdown]
# ## What if an event was wrong?
#
# Airports announce how late a flight will be, and change their mind. In a table, you would
# **update** the row. Take two flights of that evening.

# %%
first, second = [one for one in flights.day(8) if one.scheduled >= "18:00"][:2]
first.id, second.id

# %%
import sqlite3

sql = sqlite3.connect(":memory:")
sql.execute("CREATE TABLE estimates (flight TEXT PRIMARY KEY, delay INTEGER)")
sql.execute("INSERT INTO estimates VALUES (?, 30)", [first.id])
sql.execute("UPDATE estimates SET delay = 95 WHERE flight = ?", [first.id])
sql.execute("SELECT * FROM estimates").fetchall()

# %% [markdown]
# 95, and nobody will ever know that it was 30 before. A stream has no update. You send
# another event **with the same key**, and it *supersedes* the earlier one. (These two
# flights are real, their estimates are invented.)

# %%
estimated = create("nyc.flight.estimated")

# %%
from msgspec.structs import replace  # makes a copy with a field changed

for flight, delay in ((first, 30), (second, 15), (first, 95)):
    guess = replace(flight, delay=delay)
    producer.produce(estimated, key=flight.id, value=guess.to_json())
producer.flush(10)


# %% [markdown]
# Now look at the whole log. A group notes how far it has read; that is to *commit*. This
# `read` must not, so that it begins at the first record each time.


# %%
def read(topic, count, timeout=20):
    consumer = reader(topic, "look", **{"enable.auto.commit": False})
    messages = consumer.consume(count, timeout)
    consumer.close()
    return messages


# %%
messages = read(estimated, 3)
for message in messages:
    print(message.offset(), message.key(), flights.from_json(message.value()).delay)

# %% [markdown]
# All three are there. Whoever wants the newest state keeps the last value of each key. The
# one with the higher **offset** is later.

# %%
latest = {message.key(): flights.from_json(message.value()) for message in messages}
{key: flight.delay for key, flight in latest.items()}

# %% [markdown]
# **What you saw.** The answer is right, and its history is still there.
#
# **What this does not show.** Sums alone cannot do this. To take back the 30, a consumer
# must remember it: one entry for each flight, instead of one for each hour.

# %% [markdown]
# ### Your turn
#
# **Exercise 1.1.** The airport gives up: the flight `second` is cancelled. Say so in
# `estimated`, so that a reader that keeps the newest event of each flight finds `first`
# delayed by 95 minutes and `second` cancelled, as it really was. A cancelled flight has the
# delay `None`.

# %% tags=["solution", "exercise-1.1"]
# Exercise 1.1
gone = replace(second, delay=None)
producer.produce(estimated, key=second.id, value=gone.to_json())
producer.flush(10)

# %%
check("1.1")

# %% [markdown]
# ## Deeper: How large may an event be?
#
# Events are small: typically well under 1 MB (ours have about 115 bytes). Somebody wants to
# send a picture of the snow, 1.1 million bytes.

# %%
predict("1.3")

# %%
import os
from confluent_kafka import KafkaException

pictured = create("nyc.runway.pictured")
picture = os.urandom(1_100_000)

# %%
try:
    producer.produce(pictured, value=picture)
    raised = False
except KafkaException as error:
    raised = True
    print(error.args[0].name(), "·", error.args[0].str())

# %%
reveal("1.3", raised)

# %% [markdown]
# The text says *Broker*, but none has seen the picture. `produce` only puts a record into
# the client's queue, and that is what failed (*unable to produce*). The client has a limit
# of its own: 1,000,000 bytes. Raise it:

# %%
results = []
bold = Producer({**lesson.connection, "message.max.bytes": 2_000_000})
bold.produce(pictured, value=picture, on_delivery=lambda error, _: results.append(error))
bold.flush(10)
results[0]

# %% [markdown]
# **What you saw.** Two refusals with the same name. The first came from the client at once. The
# second came as a *delivery report*: that is what a broker has answered.
#
# **What this does not show.** The broker's limit counts bytes *after compression* (lesson
# 05). Limits can be raised; but large events slow everyone. Keep the picture in a store
# for files, and send an event with its address.

# %% [markdown]
# ## Deeper: What does the store promise?
#
# A **streaming data store** holds all the events. You will read that it promises three
# things: it keeps events in the order in which they were produced, it hands them out in the
# order in which it received them, and they cannot change. Is that so? Send the day into a
# topic of *three* partitions. A key decides which partition a record goes to.

# %%
spread = create("nyc.flight.spread", partitions=3)
for flight in sorted(flights.day(8), key=lambda one: one.happened):
    producer.produce(spread, key=flight.id, value=flight.to_json())
producer.flush(10)

# %%
predict("1.4")

# %%
from itertools import pairwise


def steps_back(messages):
    times = [flights.from_json(message.value()).happened for message in messages]
    return sum(later < earlier for earlier, later in pairwise(times))


# %%
messages = read(spread, len(flights.day(8)))
within = [steps_back(m for m in messages if m.partition() == one) for one in range(3)]
steps_back(messages), within

# %%
mixed = steps_back(messages) > 0, any(within)  # in the topic, in a partition
reveal("1.4", sum(mixed))

# %%
assert not any(within)

# %% [markdown]
# **What you saw.** `steps_back` counts how often an event is older than the one before:
# where the consumer goes on to another partition, never within one. So the promise is:
# **ordered within a partition**.
#
# It is also the order of *arrival* there, which need not be that of the facts. And
# immutable? An admin can cut off the oldest records of a partition. No client has a call that
# changes one.
#
# Not each store promises that much. There are two families:
#
# - like a **message queue**: Kafka, and further off RabbitMQ and ActiveMQ. Those two are
#   made to hand a message to one worker and then forget it; Kafka keeps it for all.
# - like a **SQL store**: Cassandra. It has tables and rows. It promises neither: rows come
#   back in the order of their clustering columns, not of arrival, and writing a key again
#   replaces what was there. Immutable is what *you* never overwrite.

# %% [markdown]
# ## What if your code had a bug?
#
# Here is a second application on the same topic, which nobody had in mind when the events
# were sent: the mean delay of each airport on 8 February. It publishes its result as
# events again. It has a bug. Do you see it?


# %%
from collections import Counter


def mean_delays(consumer):
    minutes, departed = Counter(), Counter()
    for message in consumer.consume(len(week), timeout=20):
        flight = flights.from_json(message.value())
        if flight.day == 8:
            minutes[flight.origin] += flight.delay or 0
            departed[flight.origin] += 1
    consumer.close()
    return {one: round(minutes[one] / departed[one], 2) for one in sorted(departed)}


# %%
averaged = create("nyc.delay.averaged")
means = mean_delays(reader(reported, "averages"))
for airport, mean in means.items():
    producer.produce(averaged, key=airport, value=str(mean))
producer.flush(10)
means

# %% [markdown]
# And the batch?

# %%
table[table.day == 8].groupby("origin").dep_delay.mean().round(2).to_dict()

# %% [markdown]
# The stream has half of it. The job counts a cancelled flight as one that left on time. A
# wrong result is published, and the events have long been read. Say that you have mended the
# code, and start it again, in the same group.

# %%
predict("1.5")

# %%
again = reader(reported, "averages")
count = len(again.consume(len(week), timeout=3))
again.close()
count

# %%
len(read(reported, len(week)))

# %%
reveal("1.5", count)

# %% [markdown]
# **What you saw.** Reading takes nothing away. A new group begins at the beginning: it can
# **replay** everything that has happened, in the same order, with better code. It also
# lets you find out *how* a result came about.
#
# **What this does not show.** Kafka keeps events for a set time, seven days by default.
# You can replay what is still there.

# %% [markdown]
# ### Your turn
#
# **Exercise 1.2.** Mend the mean: cancelled flights do not count. Replay `reported`, and
# publish the right mean of 8 February for each airport to `averaged`, as above: the airport
# is the key, the mean the value. The wrong results cannot be deleted. Must they be?

# %% tags=["solution", "exercise-1.2"]
# Exercise 1.2
delays = {}
for message in read(reported, len(week)):
    flight = flights.from_json(message.value())
    if flight.day == 8 and not flight.cancelled:
        delays.setdefault(flight.origin, []).append(flight.delay)
for airport, minutes in delays.items():
    producer.produce(averaged, key=airport, value=f"{statistics.fmean(minutes):.2f}")
producer.flush(10)

# %%
check("1.2")

# %% [markdown]
# ## Deeper: What if an event comes late?
#
# An event has two times. The **event time** is when it happened. The **arrival time** is
# when you hear of it. Mostly they are close. Let one line fail: LaGuardia's flight DL 2285
# leaves at 12:08, 308 minutes late, and its report arrives an hour later.

# %%
lga = [one for one in flights.day(8) if one.origin == "LGA" and not one.cancelled]
(held,) = [one for one in lga if (one.carrier, one.number) == ("DL", 2285)]
held.happened.isoformat()


# %%
def arrives(flight):
    return flight.happened + timedelta(hours=1 if flight == held else 0)


# %%
late = create("nyc.flight.late")
for flight in sorted(lga, key=arrives):
    producer.produce(late, key=flight.id, value=flight.to_json())
producer.flush(10)

# %% [markdown]
# A consumer publishes the mean delay of each hour, by event time. When is an hour complete?
# It waits for an event of a later hour, plus some hours of patience. Look at the hour from
# 12 to 13, first without patience and then with one hour of it.


# %%
def hourly_means(arrived, patience):
    delays, published = {}, {}
    for flight in arrived:
        hour = flight.happened.hour
        delays.setdefault(hour, []).append(flight.delay)
        complete = hour - patience - 1
        if complete in delays and complete not in published:
            published[complete] = round(statistics.fmean(delays[complete]), 1)
    return published


# %%
arrived = [flights.from_json(message.value()) for message in read(late, len(lga))]
{patience: hourly_means(arrived, patience)[12] for patience in (0, 1)}

# %% [markdown]
# **What you saw.** Without patience, the mean of the hour from 12 to 13 was out before the
# late event came, and it stays too low. With an hour of patience it is right, and an hour
# older. No answer is both complete and young.
#
# **What this does not show.** How much patience is enough. One sure way out you know: when
# the late event comes, publish the hour again, with the same key. Lesson 12 has more.

# %% [markdown]
# ## Deeper: Must you choose?
#
# No. **Batch can feed a stream**: the nightly job also sends its result as events.

# %%
nightly = week_table.groupby("origin").agg(
    flights=("dep_delay", "size"), departed=("dep_delay", "count")
)

# %%
summarized = create("nyc.airport.summarized")
for airport, row in nightly.iterrows():
    producer.produce(summarized, key=airport, value=row.to_json())
producer.flush(10)

# %%
[(message.key(), message.value()) for message in read(summarized, 3)]

# %% [markdown]
# Everyone who follows this topic hears of the result the moment it is there, and nobody has
# to ask the job's database.
#
# And **a stream can feed a batch**: a consumer writes what it hears to a file or a table,
# and a job reads that at night. This time, you write it.
#
# **Exercise 1.3.** Write all reports of flights planned for 8 February (`flight.day`) that
# `reported` holds into the file `collected`, as CSV: a first line `origin,scheduled,delay`,
# then one line for each report. pandas takes an empty delay for a missing one.

# %%
collected = lesson.folder / "collected.csv"

# %% tags=["solution", "exercise-1.3"]
# Exercise 1.3
import csv

with collected.open("w", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["origin", "scheduled", "delay"])
    for message in read(reported, len(week)):
        flight = flights.from_json(message.value())
        if flight.day == 8:
            rows.writerow([flight.origin, flight.scheduled, flight.delay])

# %%
check("1.3")

# %% [markdown]
# ## Deeper: What is all this built from?
#
# You wrote your **stream processing application** by hand. In general there are two
# components: a streaming *data store*, and downstream of it applications, mostly built
# with a **stream processing framework**, a set of tools for them. An application reads one or more streams. It
# aggregates, joins, and finds differences, and mostly writes a stream again.
#
# | framework | what it is |
# |---|---|
# | Kafka Streams | a Java library, part of Kafka, in your own process |
# | Faust | a Python library, in your own process |
# | ksqlDB (formerly KSQL) | a server to which you send SQL |
# | Apache Flink | an engine: a cluster that runs your jobs |
# | Apache Spark Structured Streaming | an engine, stream on top of batch |
# | Apache Samza | an engine on a cluster manager, or embedded |
#
# Lesson 12 lets several of them answer today's question.

# %% [markdown]
# ## Deeper: Who works like this, and why?
#
# - **Logs.** Dozens of small services each write messages, more than anyone can read.
#   Together they show a pattern, and a failure before it happens, or the cause after it. New Relic's APM watches applications
#   this way.
# - **Web analytics.** Clicks and page views, as Mixpanel follows them while users are there.
# - **Prices of rides.** Demand and supply now, the weather, a match that ends at ten: a model
#   sets the price from all of it.
# - **Finance.** Buying and selling on prices, news, and the mood of social media.
#
# What they gain:
#
# - *Fast on recent data*: you saw minutes against hours.
# - *Decoupling*: reporters do not know their readers. Think of the events first, and
#   not of where they shall flow.
# - *Uses not foreseen*: the mean per airport was a second reader of the same log.
# - *Replay*: recover from an error, and see what came in which order.
# - *Scale*: the store spreads over many machines (lessons 03 and 07).
#
# What they pay: late events, state, a job that never ends and must be watched. If the answer
# is needed once a day, a batch is simpler.

# %% [markdown]
# ## What you know now
#
# - Stream processing has no schedule. It works when events come.
# - Its answers come in real time, seconds after the fact. A nightly batch is up to a day
#   behind, and in the end both agree.
# - It is built on events: small, immutable, of general use. One that was wrong is superseded.
#
# From the sections marked *Deeper*:
#
# - A stream processing solution is a **data store** for streams and an application, mostly
#   with a **framework**.
# - Order holds within a partition. A late event needs patience or a correction.
# - Batch and stream live together, and feed each other.

# %% [markdown] tags=["terms"]
# **New terms**: event, immutable data, stream, stream processing, batch processing, real-time,
# data store, stream processing application, stream processing framework, state, throughput,
# replay, event time, arrival time.

# %% [markdown]
# **Read next**: the documentation of RabbitMQ and of ActiveMQ, to see what a queue does
# differently.

# %% tags=["cleanup"]
lesson.clean_up()
