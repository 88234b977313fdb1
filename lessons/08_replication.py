# %% [markdown]
# # Replication
#
# At the end of this lesson you can
#
# - say what leaders, followers and in-sync replicas do, and read them off a topic;
# - say what happens, and how fast, when a broker dies, and lead it back afterwards;
# - choose `acks`, replication factor and `min.insync.replicas` for records that must not
#   be lost.
#
# In the sections marked *Deeper* you also
#
# - see which acknowledged records can be lost all the same.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("08_replication")

# %% [markdown]
# You will kill brokers in this lesson, often. If you get lost, `lesson.cluster.up()` starts
# whatever does not run, and your topics stay. (The cell above begins a new run of the lesson.)
#
# A grey line under a cell says which brokers its clients have lost. Two settings make a client
# give up on a silent broker after 2 seconds, and try a dead one again at least twice a second.

# %%
import time

from confluent_kafka import ElectionType, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

timing = {"socket.timeout.ms": 2000, "reconnect.backoff.max.ms": 500}
brisk = {**lesson.connection, **timing}
admin = AdminClient(brisk)

# %% [markdown]
# ## Who answers for a partition?
#
# **Data replication** means that each partition is kept on several brokers. One copy is a
# **replica**, and the number of copies is the topic's **replication factor**. You choose it
# for each topic. In production it is **always at least 3**.
#
# One replica is the **leader**. Producers write to it and consumers read from it. The others
# are **followers**: each fetches from the leader all the time, as a consumer does, and appends
# what it gets to its own log.
#
# This topic has three partitions, three replicas, and one more setting.

# %%
departed = lesson.topic("nyc.flight.departed")
config = {"min.insync.replicas": "2"}
admin.create_topics([NewTopic(departed, 3, 3, config=config)])[departed].result()

# %%
servers = lesson.bootstrap_servers
# !kafka-topics --bootstrap-server {servers} --describe --topic {departed} | expand -t 1

# %% [markdown]
# **What you saw**, for each partition:
#
# - `Leader`: the broker that leads it. Each broker leads one of the three.
# - `Replicas`: every broker that shall hold it. The first one is the **preferred leader**.
# - `Isr`: the **in-sync replicas**, those that have kept up with the leader. The leader is
#   always one. The list belongs to a *partition*. A topic has no ISR.
# - `Elr`: the eligible leader replicas. It is empty while all is well. It comes later in
#   this lesson, and you will not need `LastKnownElr`.
#
# `min.insync.replicas` is the **min ISR**: a record with `acks=all` is taken only while that
# many replicas are in sync. `acks=all` waits for all that are in sync *now*, not for all
# replicas. So the min ISR says how many copies an acknowledgement stands for at least.
#
# Replication factor and min ISR are chosen for each topic. Other topics on the same brokers
# may have other values.
#
# This board shows the same, live.

# %%
board = view.replicas(departed)
board

# %% [markdown]
# From Python, you will often ask for the leader and the ISR of a partition: `look` returns the
# two. The question may go to a broker that has just died. Then `look` returns no leader and
# an empty ISR, and you ask again.


# %%
def look(topic, partition=0):
    try:
        found = admin.list_topics(topic, timeout=2).topics[topic].partitions[partition]
    except (KafkaException, KeyError):
        return None, set()
    return found.leader if found.leader >= 0 else None, set(found.isrs)


# %%
wait_for(lambda: all(len(look(departed, n)[1]) == 3 for n in range(3)), 20, "full ISRs")
baseline = {n: look(departed, n) for n in range(3)}
baseline

# %% [markdown]
# ## Deeper: What does a copy cost?
#
# Make three topics that differ in nothing but their replication factor.

# %%
copied = {n: lesson.topic(f"nyc.flight.copied-{n}") for n in (1, 2, 3)}
asked = admin.create_topics([NewTopic(name, 1, n) for n, name in copied.items()])
for future in asked.values():
    future.result()

# %% [markdown]
# Send the first half of February to each, and let every replica confirm (`acks=all`).

# %%
half = [flight.to_json() for day in range(1, 15) for flight in flights.day(day)]


def seconds_to_send(topic):
    producer = Producer({**brisk, "acks": "all"})
    producer.list_topics(topic, timeout=10)  # connects before the clock starts
    began = time.monotonic()
    for value in half:
        producer.produce(topic, value)
        producer.poll(0)
    assert producer.flush(60) == 0
    return time.monotonic() - began


# %%
seconds = {
    n: min(seconds_to_send(topic) for _ in range(5)) for n, topic in copied.items()
}
{n: f"{len(half) / took:,.0f} records a second" for n, took in seconds.items()}

# %% [markdown]
# And on disk? Each replica is a folder of its broker. Add up what their logs take. (On a
# cluster whose disks you cannot see, `kafka-log-dirs --describe` tells the same.)


# %% needs="read files"
def megabytes(topic):
    holders = admin.list_topics(topic, timeout=5).topics[topic].partitions[0].replicas
    folders = [lesson.cluster.partition_dir(topic, 0, broker) for broker in holders]
    return sum(log.stat().st_size for f in folders for log in f.glob("*.log")) / 1e6


{f"copies: {n}": f"{megabytes(topic):.1f} MB" for n, topic in copied.items()}

# %%
view.bars(
    {f"copies: {n}": round(took / seconds[1], 1) for n, took in seconds.items()},
    title="Time to send the same flights, compared with one copy",
    unit="times as long",
    alt=f"Sending took {seconds[3] / seconds[1]:.1f} times as long with three copies.",
)

# %% [markdown]
# **What you saw.** Bytes on disk grow exactly with the replication factor, and so do those on
# the network between brokers. The time grows too, mostly by less.
#
# **What this does not show.** Your three brokers share one machine and one disk. On three
# machines the copying is spread out, and each answer travels further. And all this took some
# hundredths of a second, so another program may make two bars change places: run it again.
#
# Can there be more copies than brokers? Ask for one too many.

# %%
too_many = lesson.topic("too.many.copies")
present = len(admin.list_topics(timeout=5).brokers)
try:
    admin.create_topics([NewTopic(too_many, 1, present + 1)])[too_many].result()
except KafkaException as error:
    print(error.args[0].name(), error.args[0].str(), sep="\n")

# %% [markdown]
# No: two copies on one broker would die together. So a cluster has at least as many brokers
# as its largest replication factor. With 1, a topic is gone while its broker is, perhaps for
# ever.

# %% [markdown]
# ## What happens when a leader dies?
#
# What `look` gave was the baseline. Next you will kill the broker that leads partition 0, with
# `kill -9`, as a crash would. It says goodbye to nobody. Each broker sends the controller a
# heartbeat. Here the controller gives a broker up when it has heard nothing for 3 seconds.
# (`broker.session.timeout.ms`; Kafka's default is 9 seconds.)

# %%
predict("8.1")

# %% [markdown]
# Run the cell, and watch the board. (Its buttons do the same, but do not press one
# now: a second dead broker would spoil the next results.)

# %% needs="break nodes"
victim = look(departed)[0]
killed = time.monotonic()
lesson.cluster.kill("broker", victim)
wait_for(lambda: look(departed)[0] not in (victim, None), 30, "a new leader")
election = time.monotonic() - killed

# %% needs="break nodes"
reveal("8.1", election)

# %%
{n: look(departed, n) for n in range(3)}

# %% [markdown]
# **What you saw.** Partition 0 has another leader, and the dead broker has left every ISR. It
# is still one of the `Replicas`: that list says where copies *should* be. (The board looks
# a few times a second, so its figure may be some tenths from yours.)
#
# Two of three are in sync, and the min ISR is 2. So writing goes on. This function sends one
# record and returns what became of it.


# %%
def send(topic, value, **settings):
    outcome = []
    producer = Producer({**brisk, "message.timeout.ms": 8000, **settings})
    producer.produce(
        topic, value, partition=0, on_delivery=lambda *told: outcome.append(told)
    )
    producer.flush(15)
    error, message = outcome[0]
    return error.name() if error else f"acknowledged, offset {message.offset()}"


# %%
send(departed, "one broker is dead", acks="all")

# %% [markdown]
# Now the broker comes back.

# %%
predict("8.2")

# %% needs="break nodes"
began = time.monotonic()
lesson.cluster.start("broker", victim)
wait_for(lambda: victim in look(departed)[1], 60, "the broker to be in sync")
took, leader = time.monotonic() - began, look(departed)[0]
f"in sync {took:.1f} s after its start was asked for"

# %% needs="break nodes"
reveal("8.2", leader == victim)

# %% [markdown]
# After a few such restarts, one broker may do all the work. A **preferred leader election**
# puts that right: the first of its replicas leads each partition, if that one is in sync.

# %% needs="break nodes"
partition = TopicPartition(departed, 0)
admin.elect_leaders(ElectionType.PREFERRED, [partition]).result()
wait_for(lambda: look(departed)[0] == victim, 20, "the preferred leader")
look(departed)

# %% [markdown]
# Kafka does this by itself, too: every 5 minutes it looks for brokers that lead too few
# (`auto.leader.rebalance.enable`). You need it by hand when you do not want to wait.
#
# Now break something with the board's buttons, if you like. At the end, press **Start**
# or **Resume** on everything that does not run.

# %% [markdown]
# ## Deeper: Can you see that again, slower?
#
# A recorded failover plays in the same board, at half the speed. No broker is needed. Pause
# it, and step through the 3 seconds in which nobody leads. Then close its tab: behind it is
# your own board.

# %%
view.recording("08_failover", speed=0.5)

# %% [markdown]
# ## Your turn
#
# This sends the flights of 8 February, and kills the leader of partition 0 half-way.

# %%
day = flights.day(8)


def send_through_a_kill(producer, topic):
    for number, flight in enumerate(day):
        if number == len(day) // 2:
            wait_for(lambda: look(topic)[0], 20, "a leader")
            lesson.cluster.kill("broker", look(topic)[0])
        producer.produce(topic, flight.to_json(), partition=0)
        producer.poll(0.001)
    return f"{producer.flush(30)} of {len(day)} wait for an answer"


# %% [markdown]
# **Exercise 8.1.** Create `lesson.topic("nyc.flight.guarded")` with one partition and make a
# producer, so that one dead broker neither stops the writing nor loses a record. Nor may a
# record be acknowledged that only one broker has. Then call `send_through_a_kill` with both.
# (Base your producer on `brisk`.) The check looks at the topic and counts its records. Before
# another try, call `lesson.cluster.up()`, and remove your topic with
# `admin.delete_topics([name])[name].result()`.

# %% tags=["solution", "exercise-8.1"] needs="break nodes"
# Exercise 8.1
guarded = lesson.topic("nyc.flight.guarded")
config = {"min.insync.replicas": "2"}
admin.create_topics([NewTopic(guarded, 1, 3, config=config)])[guarded].result()
send_through_a_kill(Producer({**brisk, "acks": "all"}), guarded)

# %%
check("8.1")

# %% [markdown]
# Start what is dead: on the board, or with this cell. `up` starts every node that does not
# run.

# %%
lesson.cluster.up()
wait_for(lambda: len(look(departed)[1]) == 3, 60, "a full ISR")

# %% [markdown]
# ## When is a replica no longer in sync?
#
# It need not be dead. A broker in a long pause (garbage collection, a slow disk) stops
# fetching. When a follower has not caught up for `replica.lag.time.max.ms`, its leader takes
# it off the ISR. Here that is 2 seconds, shorter than the 3 after which the controller gives
# the whole broker up. By default it is the other way round: 30 seconds, and 9.
#
# Pause a follower of partition 0, and write one record that it cannot fetch. (A follower that
# has everything is in sync however long it is silent, until the controller gives it up.)

# %% needs="break nodes"
leader, in_sync = look(departed)
slow = max(in_sync - {leader})
lesson.cluster.pause("broker", slow)
began = time.monotonic()
send(departed, "the slow one cannot see this", acks=1)

# %% needs="break nodes"
wait_for(lambda: 0 < len(look(departed)[1]) < 3, 20, "a shorter ISR")
shrank = time.monotonic() - began
known = slow in admin.list_topics(timeout=5).brokers
f"out of the ISR after {shrank:.1f} s; still one of the cluster's brokers: {known}"

# %% needs="break nodes"
lesson.cluster.resume("broker", slow)
began = time.monotonic()
wait_for(lambda: len(look(departed)[1]) == 3, 30, "a full ISR")
f"back in the ISR after {time.monotonic() - began:.1f} s"

# %% [markdown]
# **What you saw.** The ISR shrinks and grows with nobody dying. If the broker was still one of
# the cluster's, it was its *leader* who took it off, for its lag. If not, the controller was
# faster: the two limits are close here.
#
# While a slow follower is in the ISR, `acks=all` waits for it. Shrinking the list is what lets
# writing go on.

# %% [markdown]
# ## What if two of three are down?
#
# Two topics that differ in the min ISR alone. `replica_assignment` places their replicas by
# hand: the same three brokers in the same order, so one leader for both.

# %%
a, b, c = sorted(admin.list_topics(timeout=5).brokers)[:3]


def place(name, min_isr, order):
    topic = lesson.topic(name)
    config = {"min.insync.replicas": str(min_isr)}
    new = NewTopic(topic, 1, replica_assignment=[order], config=config)
    admin.create_topics([new])[topic].result()
    return topic


# %%
two, one = place("min-isr.two", 2, [a, b, c]), place("min-isr.one", 1, [a, b, c])
wait_for(lambda: len(look(two)[1]) == len(look(one)[1]) == 3, 20, "full ISRs")
[send(topic, "all is well", acks="all") for topic in (two, one)]

# %% [markdown]
# One follower crashes. When that is noticed, the other one is shut down in an orderly way, as
# for maintenance at the wrong moment.

# %% needs="break nodes"
lesson.cluster.kill("broker", c)
wait_for(lambda: look(two)[1] == look(one)[1] == {a, b}, 30, "ISRs of two")
lesson.cluster.stop("broker", b)
wait_for(lambda: look(two)[1] == look(one)[1] == {a}, 30, "ISRs of one")
look(two), look(one)

# %% [markdown]
# By default the client tries again and again, and in the end only says `_MSG_TIMED_OUT`. With
# `retries=0` you see the broker's own answer.

# %% needs="break nodes"
for topic, acks in ((two, "all"), (two, "1"), (one, "all")):
    print(f"min ISR {1 if topic == one else 2}, acks={acks}:", end=" ")
    print(send(topic, f"only {a} is left", acks=acks, retries=0))

# %% [markdown]
# **What you saw.** With min ISR 2 and `acks=all` the broker refuses: `NOT_ENOUGH_REPLICAS`.
# That is the guarantee at work. It will not say *done* for a record that one broker has.
# `acks=1` goes on, and so does `acks=all` where the min ISR is 1. There, *all* is one.
#
# Can a consumer read the record that `acks=1` wrote? It reads up to the **high watermark**,
# the offset below which enough replicas have every record.

# %%
from confluent_kafka import Consumer


def high_watermark(topic):
    reader = Consumer({**brisk, "group.id": lesson.group("look")})
    _, high = reader.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)
    reader.close()
    return high


high_watermark(two)

# %% [markdown]
# The high watermark is 1, so the acknowledged record at offset 1 is not readable yet. It will
# be when a second replica has it. So count records only after the ISR has recovered.

# %% [markdown]
# ## Deeper: Who may lead when all that were in sync are gone?
#
# Now the last one dies as well, and the one in maintenance comes back. It does not have what
# broker `a` acknowledged alone.

# %% needs="break nodes"
lesson.cluster.kill("broker", a)
lesson.cluster.start("broker", b)
wait_for(lambda: look(two)[0] == b, 60, "a leader with min ISR 2")
# !kafka-topics --bootstrap-server {servers} --describe --topic "{two}|{one}" 2>/dev/null | grep Partition: | expand -t 1

# %% [markdown]
# **What you saw.** With min ISR 2 a new leader was elected, though it was not in sync when it
# left. It came from the **eligible leader replicas**, the **ELR**. When the ISR falls below
# the min ISR, whoever leaves it goes on that list. Below the min ISR nothing is acknowledged
# to `acks=all`, so it has missed nothing that was promised.
#
# With min ISR 1 there is no leader: `none`. The broker that died had been alone in the ISR,
# and promised records that nobody else has. Kafka waits for it: it alone is in `Elr`. (The
# warnings are about brokers that are down.)
#
# A broker that *crashed* is struck off the ELR when it comes back, since a crash may have cost
# it records. Had both followers crashed, even min ISR 2 would have to wait for broker `a`.
#
# Min ISR can also be set for the whole cluster. With the ELR on, as here, such a value can be
# changed but not removed: *Cluster-level min.insync.replicas cannot be removed while ELR is
# enabled*. It outlives this lesson, and counts for each topic that has none of its own. So
# set it topic by topic, and if you have set it for all, set it back to the default, 1.
#
# You can decide not to wait. An **unclean leader election** takes any living replica. Kafka
# does so by itself only under `unclean.leader.election.enable=true`; the default is `false`.
# By hand it is a tool's call, `kafka-leader-election --election-type unclean`, or this:

# %% needs="break nodes"
answer = admin.elect_leaders(ElectionType.UNCLEAN, [TopicPartition(one, 0)]).result()
wait_for(lambda: look(one)[0], 20, "a leader with min ISR 1")
look(one)

# %% needs="break nodes"
lesson.cluster.up()
wait_for(lambda: len(look(two)[1]) == len(look(one)[1]) == 3, 60, "full ISRs")
for topic in (two, one):
    left = high_watermark(topic)
    print(f"min ISR {1 if topic == one else 2}: {left} of 2 acknowledged records left")

# %% [markdown]
# **What you saw.** Both topics lost a record. But look whose. With min ISR 2 it was one of
# `acks=1`: whoever sends so has agreed to that. With min ISR 1 it was acknowledged with
# `acks=all`. When broker `a` came back, it cut its own log to match the new leader's.

# %% [markdown]
# ## Deeper: Which acknowledged records are lost?
#
# A ledger will tell. Six topics, one for each pair of `acks` and min ISR, and six producers.
# Each sends the numbers 0, 1, 2, … and notes what it is told of each.

# %%
predict("8.3")

# %% [markdown]
# One broker crashes, one hangs, one crashes: who does what is drawn by lot. The one that
# crashes first leads all six topics. The one that fails last takes over from it.

# %%
import random

setups = [(acks, min_isr) for min_isr in (1, 2) for acks in ("0", "1", "all")]
first, hung, last = random.sample([a, b, c], 3)
ledgers = {s: place(f"ledger-{s[0]}-{s[1]}", s[1], [first, last, hung]) for s in setups}

# %%
sent = []
told = {setup: {} for setup in setups}  # number -> its error, or None
limits = {"message.timeout.ms": 4000, "linger.ms": 5}
producers = {s: Producer({**brisk, "acks": s[0], **limits}) for s in setups}


def send_number(number):
    sent.append(number)
    for setup, producer in producers.items():

        def note(error, _, notes=told[setup]):
            notes[number] = error

        producer.produce(ledgers[setup], str(number), on_delivery=note)
        producer.poll(0)


# %% [markdown]
# A thread sends until you stop it, at least 2,000 numbers. `wait` only sets the pace. It prints
# nothing: what a thread prints appears under whichever cell runs at that moment. It notes all
# in `sent` and `told`, to be printed by a later cell.

# %%
import threading
from itertools import count

stop = threading.Event()


def send_numbers():
    for number in count():
        if stop.is_set() and number >= 2000:
            break
        send_number(number)
        stop.wait(0.004)
    for producer in producers.values():
        producer.flush(10)


# %% [markdown]
# Then the failures, each at a random moment after the effect of the one before is seen. The
# last broker is alone for a moment. It dies when every producer that is content with one copy
# has been told *acknowledged* by it.


# %%
def all_ledgers(condition, what):
    wait_for(lambda: all(condition(*look(t)) for t in ledgers.values()), 60, what)


def acknowledged_after(number):
    answers = [dict(told[setup]) for setup in setups if setup != ("all", 2)]
    return all(any(n > number and not known[n] for n in known) for known in answers)


def fail_in_turn():
    stop.wait(random.uniform(0.1, 0.8))
    lesson.cluster.kill("broker", first)
    all_ledgers(lambda leader, isr: isr == {hung, last}, "ISRs of two")
    stop.wait(random.uniform(0.1, 0.8))
    lesson.cluster.pause("broker", hung)
    all_ledgers(lambda leader, isr: isr == {last}, "ISRs of one")
    alone = sent[-1]
    wait_for(lambda: acknowledged_after(alone), 60, "promises of one broker")
    lesson.cluster.kill("broker", last)


# %% [markdown]
# Last, the mending, as somebody on duty might do it: the broker that hung goes on, nobody
# knows when the others will be back, and whoever has no leader gets one by force. All of it
# takes about half a minute.


# %%
def mend():
    lesson.cluster.resume("broker", hung)
    clean = [topic for (_, min_isr), topic in ledgers.items() if min_isr == 2]
    wait_for(lambda: all(look(t)[0] == hung for t in clean), 60, "leaders from the ELR")
    stuck = [TopicPartition(t, 0) for t in ledgers.values() if t not in clean]
    admin.elect_leaders(ElectionType.UNCLEAN, stuck).result()
    lesson.cluster.up()
    all_ledgers(lambda leader, isr: len(isr) == 3, "full ISRs")


# %% needs="break nodes"
sender = threading.Thread(target=send_numbers)
all_ledgers(lambda leader, isr: len(isr) == 3, "full ISRs")
sender.start()
try:
    fail_in_turn()
    mend()
finally:
    stop.set()
    sender.join()

# %% [markdown]
# All brokers are back and every ISR is full. Now read what is there, and hold each number
# against what its producer was told. There are four outcomes, and a number may also be there
# twice.

# %%
from collections import Counter


def read(topic):
    reader = Consumer({**brisk, "group.id": lesson.group("count")})
    _, end = reader.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)
    reader.assign([TopicPartition(topic, 0, 0)])
    messages = reader.consume(end, timeout=20)
    reader.close()
    assert len(messages) == end
    return Counter(int(message.value()) for message in messages)


# %%
def outcome(error, is_there):
    if error is None:
        return "acknowledged, there" if is_there else "acknowledged, LOST"
    return "reported failed, there" if is_there else "refused, absent"


# %% needs="break nodes"
import pandas

table = {}
for setup, topic in ledgers.items():
    found = read(topic)
    row = Counter(outcome(error, n in found) for n, error in told[setup].items())
    row["there twice"] = sum(times > 1 for times in found.values())
    table["acks={}, min ISR {}".format(*setup)] = row
ledger = pandas.DataFrame(table).T.fillna(0).astype(int).sort_index(axis=1)
ledger

# %% needs="break nodes"
losers = [name for name, row in table.items() if row["acknowledged, LOST"]]
reveal("8.3", "; ".join(losers) or "nobody")

# %% needs="break nodes"
assert "acks=all, min ISR 2" not in losers

# %% [markdown]
# **What you saw.** Read the table line by line.
#
# - `acks=0` gets no answer, and calls everything it put on a connection *acknowledged*.
# - `acks=1` lost what the last broker alone had taken, under either min ISR.
# - `acks=all` with min ISR 1 lost some too. The last broker said *all*, and was alone. The
#   forced election made it a loss.
# - `acks=all` with min ISR 2 lost nothing that was acknowledged. It paid with *refused*.
# - *Reported failed, there*: an error does not mean that a record is absent. The broker wrote
#   it, but the answer did not come in time.
# - *There twice*: no answer came, so the client sent it again. `enable.idempotence` prevents
#   that (lesson 05).
#
# Another run has other numbers, and a column may be missing or 0: which records are under way
# when a broker dies is chance.
#
# **What this does not show.** `kill -9` ends a process, not a machine. What a broker has
# written stays in the operating system's **page cache** and gets to the disk. A power cut takes
# the page cache, too. Kafka does not wait for the disk before it acknowledges. It relies on
# copies on *other machines*, in other racks (`broker.rack`). Yours share one machine. And had
# the broker that hung crashed instead, a forced election could have cost even the last line
# its records.

# %% [markdown]
# ## Your turn again
#
# First a broken cluster. This kills two followers of partition 0 of `departed` and sends a
# record that is refused.

# %% needs="break nodes"
lesson.cluster.up()
leader, _ = look(departed)
for follower in {a, b, c} - {leader}:
    lesson.cluster.kill("broker", follower)
wait_for(lambda: look(departed)[1] == {leader}, 30, "an ISR of one")
refused = "UA1545 is cancelled"
send(departed, refused, acks="all", retries=0)

# %% [markdown]
# **Exercise 8.2.** Get the value of `refused` into partition 0 of `departed`, with what it was
# promised: two copies at least. Mend the cause. Do not lower the guarantee.

# %% tags=["solution", "exercise-8.2"] needs="break nodes"
# Exercise 8.2
lesson.cluster.start("broker", next(iter({a, b, c} - {leader})))
wait_for(lambda: len(look(departed)[1]) >= 2, 60, "two in sync")
send(departed, refused, acks="all")

# %%
check("8.2")

# %% [markdown]
# **Exercise 8.3.** Many brokers have died by now, and the leaders are where chance left them.
# Start every broker. Then bring *every* partition of `departed` back to its preferred leader.
# (`ELECTION_NOT_NEEDED` is no fault: that partition is there already. A preferred leader that
# is not in sync yet is `PREFERRED_LEADER_NOT_AVAILABLE`.)

# %% tags=["solution", "exercise-8.3"] needs="break nodes"
# Exercise 8.3
lesson.cluster.up()
wait_for(lambda: all(len(look(departed, n)[1]) == 3 for n in range(3)), 60, "full ISRs")
every = [TopicPartition(departed, n) for n in range(3)]
admin.elect_leaders(ElectionType.PREFERRED, every).result()

# %%
check("8.3")

# %% [markdown]
# ## What you know now
#
# - Replicas of a partition lie on different brokers: one leads, the others follow. More
#   replicas than brokers are refused.
# - The ISR belongs to a partition. It shrinks when a replica lags or its broker dies.
# - When a leader dies, another in-sync replica leads after the session's timeout. The old one
#   comes back as a follower, until a preferred election.
# - `acks=all` waits for the ISR, and min ISR says how small that may be. The usual choice
#   for data that counts: replication factor 3, min ISR 2, `acks=all`. In production you
#   always replicate.
#
# From the sections marked *Deeper*:
#
# - The ELR keeps leaders clean below the min ISR. An unclean election loses acknowledged
#   records, even those of `acks=all`.
# - A record reported failed may be there, and one that was sent again may be there twice.

# %% [markdown] tags=["terms"]
# **New terms**: data replication, replica, replication factor, leader, follower,
# in-sync replica, min ISR, preferred leader, preferred leader election, high watermark,
# eligible leader replica, unclean leader election.

# %% [markdown]
# **Read next**: *Replication* in the design chapter of Kafka's documentation, and KIP-966 on
# eligible leader replicas.

# %% tags=["cleanup"]
lesson.cluster.up()
lesson.clean_up()
