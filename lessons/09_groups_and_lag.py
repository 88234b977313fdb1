# %% [markdown]
# # Consumer groups and lag
#
# At the end of this lesson you can
#
# - share a topic among several consumers, and say which of them work and which wait;
# - say how fast a dead member is noticed;
# - choose a rebalance protocol by what it stops, and restart a member without any;
# - measure lag in records and in seconds, and say what makes it grow.
#
# In the sections marked *Deeper* you also
#
# - see who decides which member gets what;
# - find out when a share group fits better, and what a message queue does not keep.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("09_groups_and_lag")

# %% [markdown]
# ## How do several consumers share a topic?
#
# One consumer may be too slow. Several can share the work if they give the same `group.id`: they
# are a **consumer group**, and each of them is a *member*. Here are the departures of 8 February
# in a topic of four partitions. (A script makes it anew, so you can run a cell again.)
#
# <!-- script: topics.py -->

# %%
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient
from lessons.scripts import topics

servers = lesson.bootstrap_servers
admin = AdminClient(lesson.connection)
producer = Producer(lesson.connection)
create = topics.creator(lesson)

# %%
day = flights.day(8)
departed = create("nyc.flight.departed", 4)
for flight in day:
    producer.produce(departed, flight.to_json(), flight.id)
producer.flush(10)

# %% [markdown]
# This makes a member. To `subscribe` is to say which topics it wants: its **topic subscription**.
# It may name several. Which *partitions* it gets is not its own choice. (A `client.id` is a name
# to show. The first two times come later in this lesson. `topic.metadata.refresh.interval.ms`
# says how often a member asks whether its topics have changed: every second here, every 5
# minutes by default.)


# %%
def join(group, name, topics, **more):
    settings = {"group.id": lesson.group(group), "client.id": name}
    timing = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 500}
    timing |= {"topic.metadata.refresh.interval.ms": 1000}
    consumer = Consumer({**lesson.connection, **settings, **timing, **more})
    consumer.subscribe(topics)
    return consumer


# %% [markdown]
# Joining needs `poll`. `settle` polls each member until all are in the group and every partition
# has an owner, and returns who has what: the name of each member and the numbers of its
# partitions. It asks the group's **group coordinator**, the one broker that knows its members, with
# `describe_consumer_groups`.
#
# <!-- script: groups.py -->
# <!-- script: describe.py -->

# %%
from lessons.scripts.groups import Groups

groups = Groups(lesson)
describe, settle = groups.describe, groups.settle

# %%
members = {name: join("boards", name, [departed]) for name in "AB"}
settle("boards", members.values(), 4)

# %% [markdown]
# Two each. Now four more join.

# %%
predict("9.1")

# %%
members |= {name: join("boards", name, [departed]) for name in "CDEF"}
six = settle("boards", members.values(), 4)
six

# %%
reveal("9.1", sum(map(bool, six.values())))

# %% [markdown]
# Now close one of those that work, and look who has what.

# %%
before = settle("boards", members.values(), 4)
working = next(name for name, held in before.items() if held)
members.pop(working).close()
after = settle("boards", members.values(), 4)
print("before:", before)
print("after: ", after)

# %% [markdown]
# **What you saw.** One that waited works now. The partitions were shared out anew among all that
# are left, so others may have changed hands, too.
#
# **What this does not show.** A partition is the unit of sharing, but not of load. One that holds
# twice the records keeps its owner twice as busy (lesson 07).
#
# Each group keeps offsets of its own. So another application takes another `group.id`, and gets
# *every* record, whatever the first one has read. Inside a group the work is shared. Between
# groups it is repeated.
#
# First the members of this one leave. A client that is given partitions in the very moment in
# which it closes may hang for ever. (That is a
# [fault of librdkafka](https://github.com/confluentinc/librdkafka/issues/4884), met once in some
# hundred rounds.) So close one at a time, and let the others settle.

# %%
while len(members) > 1:
    members.popitem()[1].close()
    settle("boards", members.values(), 4)
for consumer in members.values():
    consumer.close()

# %% [markdown]
# This other group subscribes to a second topic, too. Partitions of both are shared among its
# members.

# %%
cancelled = create("nyc.flight.cancelled", 1)
for flight in day:
    if flight.cancelled:
        producer.produce(cancelled, flight.to_json(), flight.id)
producer.flush(10)

# %%
from collections import Counter

both = [departed, cancelled]
archive = join("archive", "only", both, **{"auto.offset.reset": "earliest"})
written = len(day) + sum(flight.cancelled for flight in day)
messages = archive.consume(written, timeout=20)
archive.close()
Counter(message.topic() for message in messages)

# %% [markdown]
# **What you saw.** All records of both topics, from the first one on. (Run that cell again, and
# it waits for 20 seconds and gets none: now `archive` has committed, too.)

# %%
workers = []  # for the exercise

# %% [markdown]
# **Exercise 9.1.** Let six members *work*. Create `lesson.topic("nyc.flight.gates")` and let six
# consumers share it, in the group `lesson.group("gates")`. None may be idle. (`create`, `join`
# and `settle` do it. They take the short names, `"nyc.flight.gates"` and `"gates"`.)
# Leave them open for the check, in the list `workers`. Before another try, close the old ones:
# `groups.close("gates", workers)`.

# %% tags=["solution", "exercise-9.1"]
# Exercise 9.1
gates = create("nyc.flight.gates", 6)
workers = [join("gates", f"gate-{n}", [gates]) for n in range(6)]
settle("gates", workers, 6)

# %%
check("9.1")

# %% [markdown]
# ## Deeper: Who decides?
#
# For each group one broker is the coordinator. It knows the members, keeps the group's committed
# offsets, and tells each member what it owns.

# %% [markdown]
# Kafka's own tool asks it. (What follows the `|` only makes the lines narrower.)

# %%
gates_group = lesson.group("gates")
# !kafka-consumer-groups --describe --state --group {gates_group} --bootstrap-server {servers} 2>&1 | expand -t 1

# %% [markdown]
# No vote is needed for that. Offsets are records in the topic `__consumer_offsets`, and a hash of
# the group's name says in which partition. *The leader of that partition* is the coordinator.
# Java's hash of a text is easy to work out:


# %%
def java_hash(text):
    number = 0
    for character in text:
        number = (31 * number + ord(character)) % 2**32
    return number - 2**32 if number >= 2**31 else number


# %%
offsets = admin.list_topics(timeout=10).topics["__consumer_offsets"].partitions
leader = offsets[abs(java_hash(gates_group)) % len(offsets)].leader
leader, describe("gates")["coordinator"]

# %% [markdown]
# **What you saw.** The same broker. When it dies, that partition gets another leader (lesson 08).
# So the group has another coordinator, which finds the offsets in its own replica.
#
# Who works out the shares? Kafka has two protocols for groups: the *classic* one, which this client
# takes unless you say otherwise, and a new one since Kafka 4.0. Under the classic protocol the
# coordinator makes one member the **group leader**. That client gets the list of all members, runs
# the *assignor* (`partition.assignment.strategy`) and hands back the result. Under the new protocol
# there is no group leader: the coordinator itself assigns. Many texts know only the first.
#
# ![](../Images/consumer_group.png)

# %% [markdown]
# ## How is a dead member noticed?
#
# First close the members that the exercise has left open, one after the other, as above.

# %%
groups.close("gates", workers)

# %% [markdown]
# Three clocks run:
#
# - A thread of each client sends **heartbeats**, every 3 seconds (`heartbeat.interval.ms`).
# - If none comes for `session.timeout.ms`, 45 seconds by default, the member is dead to the
#   coordinator. Here it is 6 seconds.
# - Your own code must call `poll` within `max.poll.interval.ms`, 5 minutes by default. If not,
#   the client itself leaves the group: its heart beats, but it does no work.
#
# To see that, members must be processes. Each prints what happens to it. The client calls three
# functions of theirs, always from within `poll` or `close`: `assigned`, `revoked`, and `lost`,
# which means: taken away, because the group went on without you. A real program uses `revoked`
# to finish and commit what it has begun. What is not committed, the next owner does again.
#
# <!-- script: member.py -->
#
# Something must come all the time, too. Another script writes it.
#
# <!-- script: feeder.py -->

# %%
live = create("nyc.flight.live", 6)
feeder = lesson.start("feeder.py", live, 6)

# %% [markdown]
# `start(group, name, work)` starts a member of a group. `work` is the seconds that it needs for a
# record, and what follows are further settings of its client. `end` kills all members of some
# groups. `started.shared(timeline, groups, names, number)` waits until each of these members has
# that number of partitions.
#
# <!-- script: members.py -->

# %%
from lessons.scripts.members import Members

started = Members(lesson, live)
start, end = started.start, started.end

# %% [markdown]
# Two groups of two members. They differ in one thing: in the second, each member has a
# `group.instance.id`, a name that stays when it is started again. That is **static membership**.
#
# A third group has one member that needs a minute for a record, and may be away from `poll` for 6
# seconds only.

# %%
kinds = ("crash", "static")


def start_one(kind, name):
    more = {"group.instance.id": name} if kind == "static" else {}
    return start(kind, name, **more)


for kind in kinds:
    start_one(kind, "A")
victims = {kind: start_one(kind, "B") for kind in kinds}
start("stuck", "A", 60, **{"max.poll.interval.ms": 6000})
timeline = view.rebalances(*map(lesson.group, (*kinds, "stuck")), window=60)
timeline

# %% [markdown]
# Rows are members. A bar is a partition in its hands, or several neighbours. Hatched is a member
# that had to stop altogether.

# %%
started.shared(timeline, kinds, "AB", 3)

# %% [markdown]
# Now `kill -9` both members B. Something starts them again at once, as in any well-run system.

# %%
predict("9.2")

# %%
for kind in kinds:
    victims[kind].kill()
    victims[kind] = start_one(kind, "B")
crash = lesson.group("crash")
wait_for(lambda: len(timeline.holds(crash, "B")) < 3, 20, "the end of B to be seen")
started.shared(timeline, kinds, "AB", 3)
stopped = {kind: timeline.longest_stop(lesson.group(kind)) for kind in kinds}
{kind: f"{seconds:.1f} s" for kind, seconds in stopped.items()}

# %%
reveal("9.2", stopped["crash"])

# %% [markdown]
# **What you saw.** Look at the group `crash` on the board. The picture goes back a minute; the table
# below it keeps the last two changes of each group. *A stopped, too*. The new B asked to join, so
# all members had to come together, and A waited for one that was dead. With the default of 45
# seconds that would be 45.
#
# In the group `static`, B came back under its own name within its session, and got its partitions
# back. A has not noticed. So use static membership where members are restarted: a deployment, a
# restart of a container. Its price: who is gone for good is missed only when the session ends,
# even if it said good-bye.
#
# And the third group?

# %%
wait_for(lambda: not describe("stuck")["members"], 30, "the group to be empty")
timeline.holds(lesson.group("stuck"), "A"), describe("stuck")["members"]

# %% [markdown]
# Its member still believes that it owns six partitions. To Kafka the group is empty, and somebody
# else may own them by now. It is told in its next `poll`, after its minute of work, and a commit
# of that work would be refused. So keep the work between two polls short, or raise
# `max.poll.interval.ms`.

# %% [markdown]
# ## What does a rebalance stop?
#
# When a member comes or goes, or partitions are added, the partitions are shared out anew: a
# **rebalance**. Kafka has two protocols for it. In the *classic* one, an *assignor* works out who
# gets what, and you choose it by `partition.assignment.strategy`. In the new one the coordinator
# does that. So there are three ways:
#
# - *Eager*: the classic protocol with an assignor such as `range`, this client's default.
#   Everybody gives up everything, then everybody gets a share.
# - *Cooperative*: the classic protocol with the assignor `cooperative-sticky`. Only what must move
#   is given up, in a second round.
# - `group.protocol=consumer`, new with Kafka 4.0. Each member is told by the
#   coordinator, one by one, and nobody waits for the others. The brokers
#   have it. A client must ask for it. (It was proposed as KIP-848. A KIP is a *Kafka improvement
#   proposal*, and says in full what a change does and why.)
#
# Three groups read the same topic, one in each way. In each, A and B work, and B is slow: it
# needs 2 seconds for a record.

# %%
timeline.stop()
end()
protocols = {
    "eager": {"partition.assignment.strategy": "range"},
    "cooperative": {"partition.assignment.strategy": "cooperative-sticky"},
    "consumer": {"group.protocol": "consumer"},
}
for name, work in (("A", 0), ("B", 2)):
    for protocol, more in protocols.items():
        start(protocol, name, work, **more)

# %%
timeline = view.rebalances(*map(lesson.group, protocols), window=60)
timeline

# %%
started.shared(timeline, protocols, "AB", 3)

# %%
predict("9.3")

# %%
for protocol, more in protocols.items():
    start(protocol, "C", **more)
started.shared(timeline, protocols, "ABC", 2)

# %%
last = {protocol: timeline.last(lesson.group(protocol)) for protocol in protocols}
found = [protocol for protocol in protocols if last[protocol].pauses]
reveal("9.3", ", ".join(found) or "none")

# %% [markdown]
# Read the table below the bars. Each time was measured inside the member's own process, from its
# `revoked` to its next record.

# %%
for protocol, change in last.items():
    longest = max(gap.end - gap.begin for gap in change.stops)
    print(f"{protocol}: {len(change.stops)} of 6 partitions stood still, ", end="")
    print(f"{longest:.2f} s at most; stopped: {[gap.of for gap in change.pauses]}")

# %% [markdown]
# **What you saw.** *Eager*: all six partitions stood still, also those that stayed where they
# were. Who is ready first waits for the last one, so slow B mostly makes A wait. *Cooperative*
# and *consumer*: only the two that moved. They may stand still for as long, or for longer, since
# their old owner must first finish its record. But nobody else waits.
#
# **What this does not show.** How long: a few milliseconds if everybody is quick, minutes if
# hundreds of members have work to finish. And most of it was waiting: a member hears of a
# rebalance in the answer to its heartbeat. Here there is one every second, by default every 3.
#
# The same again, recorded, with C leaving at the end. Pause it, and step.

# %%
view.recording("09_rebalance", speed=0.5)

# %% [markdown]
# **Exercise 9.2.** Start three members in the group `lesson.group("smooth")`, with `start`. All
# three must have work. When a fourth joins, nobody must have to stop. And when one of them dies
# and is started again at once, the others must not notice. (Start those three alone: the check
# reads their settings. `start` takes the short name, `"smooth"`. Before another try, `end("smooth")`,
# and wait until the sessions of the dead are over: 6 seconds.)

# %% tags=["solution", "exercise-9.2"]
# Exercise 9.2
smooth = {"partition.assignment.strategy": "cooperative-sticky"}
for name in ("A", "B", "C"):
    start("smooth", name, **smooth, **{"group.instance.id": name})
two_each = {"A": 2, "B": 2, "C": 2}


def shares():
    return {name: len(held) for name, held in describe("smooth")["members"].items()}


wait_for(lambda: shares() == two_each, 60, "two partitions for each")

# %%
check("9.2")

# %% [markdown]
# ## How far behind is a group?
#
# Slow B has needed 2 seconds for each record. End all members, and ask Kafka how far its group
# has come.

# %%
timeline.stop()
end()
feeder.kill()
eager = lesson.group("eager")
# !kafka-consumer-groups --describe --group {eager} --bootstrap-server {servers} 2>&1 | cut -c 1-95 | expand -t 1

# %% [markdown]
# **Consumer lag** is the end of a partition minus what the group has committed there, in records.
# Partition 3 was slow B's all the time: none is further behind. Partition 2 is B's since C came.
# But the others have lag, too, though their owners kept up. A client commits every 5 seconds, and
# what it has done since then counts as not done.
#
# The number alone says little: a thousand records may be a second or a day. So ask three things.
# How many? How *old* is the oldest one that is not done? And does it grow? Watch that on a new
# topic.

# %%
morning = create("nyc.flight.morning", 4)
board = view.lag(lesson.group("delay-board"), morning)
board

# %% [markdown]
# The buttons start consumers, slow them down, remove or kill them. These cells do the same; let
# them go first. One consumer, with 100 milliseconds of work for each record.

# %%
slow = board.add()
board.throttle(slow, 100)
wait_for(lambda: board.snapshot.members, 60, "the first member")
slow

# %% [markdown]
# Now the morning peak of 8 February, the day of the storm: what left from five to eleven o'clock,
# in 5 seconds. The first flights are cancelled, and each passenger is to be told.

# %%
peak = flights.morning_peak()
predict("9.4", number=len(peak))


# %%
def written():
    return sum(row.end or 0 for row in board.snapshot.rows)


before = written()
board.replay_peak(seconds=5).wait(60)
wait_for(lambda: written() >= before + len(peak), 20, "all")
alone = board.snapshot
alone.total, f"{alone.behind:.1f} s"

# %%
reveal("9.4", alone.total, rate=len(peak) / 5)

# %% [markdown]
# **What you saw.** The lag grew in every second of the peak. *Behind* is the age of the oldest
# record that is not done: so late is the news to a passenger.
#
# When the peak is over, the lag shrinks by 10 a second, and in half a minute it is gone. So the
# same peak once more, with help: a second consumer, without the 100 milliseconds.

# %%
board.add()
wait_for(lambda: len(board.snapshot.members) == 2, 60, "the second member")
board.replay_peak(seconds=5).wait(60)
[(row.partition, row.owner, row.lag) for row in board.snapshot.rows]

# %% [markdown]
# What the second one owns is done as it comes, or nearly. The slow one is behind with the rest.
# If both waited
# for the same slow database, a second consumer would not help at all. Take the slowness away:

# %%
board.throttle(slow, 0)
wait_for(lambda: board.snapshot.total == 0, 60, "no lag")
delay_board = lesson.group("delay-board")
# !kafka-consumer-groups --describe --group {delay_board} --bootstrap-server {servers} 2>&1 | cut -c 1-95 | expand -t 1

# %% [markdown]
# At rest, board and tool agree. While consumers run, each of the two looks at committed offsets
# and at ends one after the other, so neither is exact to the record. (Now the buttons are yours:
# kill one in the middle of a peak, and look who reads its partitions, and when.)
#
# Here a third and a fourth consumer would have helped: the key is the aircraft, and the four
# partitions are filled evenly. With the airport as the key, one of them would hold 4 of 10
# records or more (lesson 07), and a partition has one owner. **Lag is not only a consumer's
# problem.** It grows when
#
# - more comes than before: a peak, or a producer that sends everything again;
# - each record takes longer: a slow database, a big record, a retry;
# - keys are uneven, so that one partition has most of the work;
# - members die, or rebalance again and again, and stop each time;
# - a broker is slow, or a partition has no leader;
# - a transaction hangs, and readers of committed records wait for it.
#
# And it has an end. When records reach the age or size at which a topic deletes them (lesson 10),
# those that were never read are gone, and the lag *falls*. So watch the lag against the
# retention.
#
# **What this does not show.** In production nobody looks at a board. A monitor asks for the lag,
# say every half minute, and calls somebody when it grows for several minutes, or when *behind* is
# more than you have promised.

# %% [markdown]
# The group `behind` has committed something, but not everywhere.

# %%
import json

from confluent_kafka import TopicPartition

board.stop()
clerk = Consumer({**lesson.connection, "group.id": lesson.group("behind")})
places = [TopicPartition(departed, 0, 100), TopicPartition(departed, 1, 200)]
clerk.commit(offsets=places, asynchronous=False)
clerk.close()

# %% [markdown]
# **Exercise 9.3.** How many records of `departed` has the group `behind` still to read, in each
# of the four partitions? It reads from the *earliest* record where it has committed nothing.
# Write a JSON object to `lesson.folder / "lag.json"`, such as `{"0": 12, ...}`. You know the two
# calls from lesson 06: `committed` and `get_watermark_offsets`. They are calls of a consumer of
# that group, so make one, as above.

# %% tags=["solution", "exercise-9.3"]
# Exercise 9.3
clerk = Consumer({**lesson.connection, "group.id": lesson.group("behind")})
lag = {}
for one in clerk.committed([TopicPartition(departed, n) for n in range(4)], timeout=10):
    begin_offset, end = clerk.get_watermark_offsets(one, timeout=10)
    lag[one.partition] = end - (one.offset if one.offset >= 0 else begin_offset)
clerk.close()
(lesson.folder / "lag.json").write_text(json.dumps(lag))

# %%
check("9.3")

# %% [markdown]
# ## Deeper: What if order does not matter?
#
# Then the rule "one owner for a partition" only costs you. A **share group** (KIP-932) has no
# owners: its members take single records from the same partitions, and confirm each one. Brokers
# offer it for production since 4.2. The client that you use here calls its own `ShareConsumer` a
# *preview*, so do not build on it yet.
#
# Sixty reports, in a topic with *one* partition. Each is a batch of its own
# (`batch.num.messages`), since a share group hands out whole batches where it can.

# %%
reported = create("nyc.flight.reported", 1)
single = Producer({**lesson.connection, "batch.num.messages": 1})
for flight in day[:60]:
    single.produce(reported, flight.to_json(), flight.id)
single.flush(10)

# %% [markdown]
# Where a share group begins is a setting of the *group*, kept by the brokers.

# %%
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource

desk = lesson.group("desk")
earliest = ConfigEntry(
    "share.auto.offset.reset", "earliest", incremental_operation=AlterConfigOpType.SET
)
resource = ConfigResource(ConfigResource.Type.GROUP, desk, incremental_configs=[earliest])
admin.incremental_alter_configs([resource])[resource].result()

# %% [markdown]
# Four members of the group `desk`. Each takes at most five records at a time, and says itself what
# became of each one: its acknowledgement is *explicit*. (`log_level` spares you a line which says
# that this is a preview.)

# %%
from confluent_kafka import AcknowledgeType, ShareConsumer


def clerk_of(name):
    settings = {"group.id": desk, "client.id": name, "max.poll.records": 5}
    settings |= {"share.acknowledgement.mode": "explicit", "log_level": 3}
    consumer = ShareConsumer({**lesson.connection, **settings})
    consumer.subscribe([reported])
    return consumer


clerks = {name: clerk_of(name) for name in ("A", "B", "C", "D")}

# %%
predict("9.5")

# %%
import time

done = {name: [] for name in clerks}
deadline = time.monotonic() + 30
while sum(map(len, done.values())) < 60 and time.monotonic() < deadline:
    for name, consumer in clerks.items():
        for message in consumer.poll(0.2):
            consumer.acknowledge(message)  # done: AcknowledgeType.ACCEPT
            done[name].append(message.offset())
done

# %%
reveal("9.5", sum(map(bool, done.values())))

# %% [markdown]
# **What you saw.** Every offset once, in some order: the second five may be done before the
# first. More consumers than partitions, and all at work.
#
# A record that was handed out is *locked* for its consumer, for 30 seconds by default (15 here).
# There are three answers to it: `ACCEPT`, done. `RELEASE`, not now: give it to somebody.
# `REJECT`, never again. No answer in time, or a consumer that dies, is a release.

# %%
for consumer in list(clerks.values())[1:]:
    consumer.close()
for text in ("good", "later", "poison"):
    single.produce(reported, text)
single.flush(10)
answers = {
    b"good": AcknowledgeType.ACCEPT,
    b"later": AcknowledgeType.RELEASE,
    b"poison": AcknowledgeType.REJECT,
}

# %%
seen, deadline = [], time.monotonic() + 30
while len(seen) < 4 and time.monotonic() < deadline:
    for message in clerks["A"].poll(0.5):
        times = message.delivery_count()
        answer = answers[message.value()] if times == 1 else AcknowledgeType.ACCEPT
        clerks["A"].acknowledge(message, answer)
        seen.append((message.value().decode(), times))
clerks["A"].close()
seen

# %% [markdown]
# **What you saw.** Only *later* came again, and its delivery count says that it is the second
# time. After five deliveries (`group.share.delivery.count.limit`) Kafka gives up on a record. So
# one poison record stops nobody, unlike in lesson 06. And a commit is not one offset any
# more: the brokers keep the state of each record.
#
# **What this does not show.** There is no order, not even by key. Do not give a share group
# records where a later one corrects an earlier one.

# %% [markdown]
# ### Is that a message queue, then?
#
# It looks like one. In **RabbitMQ** and **ActiveMQ**, consumers of one queue compete for its
# messages, and acknowledge each one. The difference is what is left. Delete the share group, and ask
# as a new consumer group for the same 63 records:
#
# <!-- script: delete.py -->

# %%
lesson.start("delete.py", desk).wait()
auditor = join("audit", "auditor", [reported], **{"auto.offset.reset": "earliest"})
again = auditor.consume(63, timeout=20)
auditor.close()
len(again)

# %% [markdown]
# All of them, also those that were accepted and rejected. A share group marks records. It does
# not remove any.
#
# | | Kafka: consumer group | Kafka: share group | a queue of RabbitMQ or ActiveMQ |
# |---|---|---|---|
# | a record goes to | the owner of its partition | any member | any consumer |
# | who moves it | the consumer pulls | the consumer pulls | the broker pushes, up to a limit |
# | what is confirmed | an offset: all before it | each record | each message |
# | after that it is | still in the log | still in the log | **deleted** |
# | a second application | another group, gets all | another group, gets all | a queue of its own, bound *before* |
# | replay | yes, while it is kept | by another group, or a reset | no: what is gone is gone |
# | order | by partition | none | by queue, with one consumer and no redelivery |
# | more consumers than | partitions: idle | partitions: fine | no such limit |
#
# A queue is good at what a log is not: priorities, a delay or an end of life for each message,
# routing by rules (RabbitMQ's *exchanges*), and an answer to each question. Those brokers know
# in-between forms, too. ActiveMQ's *topics* copy each message to every subscriber that is there,
# or has a durable subscription. RabbitMQ's *streams*, since 3.9, are logs with offsets, and can
# be replayed. This table is about their queues.

# %% [markdown]
# ## What you know now
#
# - A group shares the partitions of its subscription. Each partition has one owner; members
#   without one wait.
# - Heartbeats, session and `max.poll.interval.ms` say when a member is dead. Static membership
#   spares a rebalance at a restart.
# - Eager rebalances stop everybody. Cooperative ones and the new protocol stop what moves.
# - Lag: records, seconds, and whether it grows. More consumers help up to the number of
#   partitions, if the keys are even and the consumers are the reason.
#
# From the sections marked *Deeper*:
#
# - The coordinator is the leader of a partition of `__consumer_offsets`. Under the classic
#   protocol a member, the group leader, works out the shares; under the new one the coordinator
#   does.
# - A share group acknowledges single records, in no order. A log keeps what was read, a queue
#   does not.

# %% [markdown] tags=["terms"]
# **New terms**: consumer group, topic subscription, group coordinator, group leader, heartbeat,
# static membership, rebalance, consumer lag, share group.

# %% [markdown]
# **Read next**: *Consumer rebalance protocol* in Kafka's documentation, KIP-848, and KIP-932 on
# share groups; for queues, [RabbitMQ](https://www.rabbitmq.com/docs) and
# [ActiveMQ](https://activemq.apache.org/).

# %% tags=["cleanup"]
lesson.clean_up()
