# %% [markdown]
# # Consumer groups and lag
#
# **60 minutes** · needs Kafka.
#
# At the end of this lesson you can
#
# - share a topic among several consumers, and say which of them work and which wait;
# - say who decides that, and how fast a dead member is noticed;
# - choose a rebalance protocol by what it stops, and restart a member without any;
# - measure lag in records and in seconds, and say what makes it grow;
# - say when a share group fits better, and what a message queue does not keep.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("09_groups_and_lag")

# %% [markdown]
# ## How do several consumers share a topic?
#
# One consumer may be too slow. Several can share the work if they give the same `group.id`:
# they are a **consumer group**, and each of them is a *member*. Here are the departures of
# 8 February in a topic of four partitions.

# %%
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

servers = lesson.bootstrap_servers
admin = AdminClient(lesson.connection)
producer = Producer(lesson.connection)


def create(base, partitions):
    topic = lesson.topic(base)
    admin.create_topics([NewTopic(topic, partitions, 3)])[topic].result()
    return topic


# %%
day = flights.day(8)
departed = create("nyc.flight.departed", 4)
for flight in day:
    producer.produce(departed, flight.to_json(), flight.id)
producer.flush(10)

# %% [markdown]
# This makes a member. To `subscribe` is to say which topics it wants: its **topic
# subscription**. It may name several. Which *partitions* it gets is not its own choice. (A
# `client.id` is a name to show. The heartbeats come later.)


# %%
def join(group, name, topics, **more):
    settings = {"group.id": lesson.group(group), "client.id": name}
    timing = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 500}
    consumer = Consumer({**lesson.connection, **settings, **timing, **more})
    consumer.subscribe(topics)
    return consumer


# %% [markdown]
# `describe_consumer_groups` asks Kafka who is in a group and who has what.


# %%
def describe(group):
    name = lesson.group(group)
    return admin.describe_consumer_groups([name])[name].result()


def shares(group):
    members = describe(group).members
    held = {one.client_id: one.assignment.topic_partitions for one in members}
    return {name: [one.partition for one in held[name]] for name in sorted(held)}


# %% [markdown]
# Joining needs `poll`. So poll each until all are members and every partition has an owner.


# %%
def settle(group, consumers, partitions):
    def settled():
        for consumer in consumers:
            consumer.poll(0.1)
        held = shares(group).values()
        return len(held) == len(consumers) and sum(map(len, held)) == partitions

    wait_for(settled, 60, "every partition to have an owner", interval=0)
    return shares(group)


# %%
members = [join("boards", name, [departed]) for name in ("A", "B")]
settle("boards", members, 4)

# %% [markdown]
# Two each. Now four more join.

# %%
predict(
    "9.1",
    "Six members share four partitions. How many of them get records?",
    choices=["Four", "Six"],
)

# %%
members += [join("boards", name, [departed]) for name in ("C", "D", "E", "F")]
six = settle("boards", members, 4)
six

# %%
reveal(
    "9.1",
    {4: "Four", 6: "Six"}.get(sum(map(bool, six.values()))),
    "A partition has one owner in a group, so that its records stay in order. Who has none waits.",
)

# %% [markdown]
# **What you saw.** More members than partitions: the rest are idle. They are not useless. Close
# one that works, and one of them takes over:

# %%
working = next(name for name, held in six.items() if held)
leaver = members.pop(list("ABCDEF").index(working))
leaver.close()
working, settle("boards", members, 4)

# %% [markdown]
# **What this does not show.** A partition is the unit of sharing, but not of load. One that holds
# twice the records keeps its owner twice as busy (lesson 07).
#
# Each group keeps offsets of its own. So another application takes another `group.id`, and gets
# *every* record, whatever the first one has read. Inside a group the work is shared. Between groups
# it is repeated.

# %%
for consumer in members:
    consumer.close()
other = join("archive", "only", [departed], **{"auto.offset.reset": "earliest"})
messages = other.consume(len(day), timeout=20)
other.close()
f"{len(messages)} of {len(day)}"

# %% [markdown]
# **Exercise 9.1.** Let six members *work*. Create `lesson.topic("nyc.flight.gates")` and let
# six consumers share it, in the group `lesson.group("gates")`. None may be idle. (`create`,
# `join` and `settle` do it.) Leave them open for the check.

# %% tags=["solution", "exercise-9.1"]
# Exercise 9.1
gates = create("nyc.flight.gates", 6)
workers = [join("gates", f"gate-{n}", [gates]) for n in range(6)]
settle("gates", workers, 6)

# %%
check("9.1")

# %% [markdown]
# ## Who decides?
#
# For each group one broker is the **group coordinator**. It knows the members, keeps the group's
# committed offsets, and tells each member what it owns.

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


offsets = admin.list_topics(timeout=10).topics["__consumer_offsets"].partitions
leader = offsets[abs(java_hash(gates_group)) % len(offsets)].leader
leader, describe("gates").coordinator.id

# %% [markdown]
# **What you saw.** The same broker. When it dies, that partition gets another leader (lesson 08).
# So the group has another coordinator, which finds the offsets in its own replica.
#
# Who works out the shares? Under the *classic* protocol the coordinator makes one member the
# **group leader**. That client gets the list of all members, runs the *assignor*
# (`partition.assignment.strategy`) and hands back the result. Under the new protocol there is no
# group leader: the coordinator itself assigns. Many texts know only the first.
#
# ![](../Images/consumer_group.png)

# %%
for worker in globals().get("workers", []):
    worker.close()

# %% [markdown]
# ## How is a dead member noticed?
#
# Three clocks run:
#
# - A thread of each client sends **heartbeats**, every 3 seconds (`heartbeat.interval.ms`).
# - If none comes for `session.timeout.ms`, 45 seconds by default, the member is dead to the
#   coordinator. Here it is 6 seconds.
# - Your own code must call `poll` within `max.poll.interval.ms`, 5 minutes by default. If not, the
#   client itself leaves the group: its heart beats, but it does no work.
#
# To see that, members must be processes. This is one. It *tells* of what happens to it: it prints a
# line of JSON with the time. `work` is how many seconds it needs for a record, `more` further
# settings of its client.

# %%
# %%writefile "{lesson.folder}/member.py"
import json, os, signal, sys, time
from confluent_kafka import Consumer

topic, group, name, work, more = sys.argv[1:]
settings = json.loads(os.environ["CONNECTION"]) | json.loads(more)
settings |= {"group.id": group, "client.id": name}


def tell(what, *partitions):
    line = {"at": time.monotonic(), "group": group, "member": name}
    print(json.dumps({**line, "what": what, "partitions": partitions}))


# %% [markdown]
# The client calls these three functions, always from within `poll` or `close`. `lost` means:
# taken away, because the group went on without you. A real program uses `revoked` to finish and
# commit what it has begun. What is not committed, the next owner does again.

# %%
# %%writefile -a "{lesson.folder}/member.py"
new = set()


def assigned(consumer, partitions):
    tell("assigned", *[one.partition for one in partitions])
    new.update(one.partition for one in partitions)


def revoked(consumer, partitions):
    tell("revoked", *[one.partition for one in partitions])


def lost(consumer, partitions):
    tell("lost", *[one.partition for one in partitions])


# %%
# %%writefile -a "{lesson.folder}/member.py"
def handle(message):
    if message.partition() in new:  # its first record since it came
        new.remove(message.partition())
        tell("reads", message.partition())
    time.sleep(float(work))


signal.signal(signal.SIGTERM, lambda *_: sys.exit())
consumer = Consumer(settings)
tell("started")

# %%
# %%writefile -a "{lesson.folder}/member.py"
consumer.subscribe([topic], on_assign=assigned, on_revoke=revoked, on_lost=lost)
try:
    while True:
        message = consumer.poll(0.2)
        if message and not message.error():
            handle(message)
finally:
    tell("leaves")
    consumer.close()

# %% [markdown]
# And somebody has to write all the time: about a hundred numbers a second, to one partition after
# the other.

# %%
# %%writefile "{lesson.folder}/feeder.py"
import json, os, sys, time
from itertools import count
from confluent_kafka import Producer

topic, partitions = sys.argv[1], int(sys.argv[2])
producer = Producer(json.loads(os.environ["CONNECTION"]))
for number in count():
    producer.produce(topic, str(number), partition=number % partitions)
    producer.poll(0.01)

# %%
import json

live = create("nyc.flight.live", 6)
feeder = lesson.start("feeder.py", live, 6)
classic = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 1000}


def start(group, name, work=0, **more):
    # The new protocol leaves both times to the brokers, and refuses them here.
    settings = more if "group.protocol" in more else {**classic, **more}
    arguments = live, lesson.group(group), name, work, json.dumps(settings)
    return lesson.start("member.py", *arguments)


# %% [markdown]
# Two groups of two members. They differ in one thing: in the second, each member has a
# `group.instance.id`, a name that stays when it is started again. That is **static membership**.
# A third group has one member that needs a minute for a record, and may be away from `poll` for
# 6 seconds only.

# %%
kinds = {"crash": {}, "static": {"group.instance.id": "B"}}
for kind in kinds:
    start(kind, "A", **{key: "A" for key in kinds[kind]})
victims = {kind: start(kind, "B", **more) for kind, more in kinds.items()}
stuck = start("stuck", "A", 60, **{"max.poll.interval.ms": 6000})
timeline = view.rebalances(*map(lesson.group, (*kinds, "stuck")))
timeline

# %% [markdown]
# Rows are members. A bar is a partition in its hands, or several neighbours. Hatched is a member
# that had to stop altogether.


# %%
def has(group, name, number):
    return len(timeline.holds(lesson.group(group), name)) == number


def shared(groups, names, number):
    wait_for(
        lambda: all(has(group, name, number) for group in groups for name in names),
        60,
        f"{number} partitions for each of {names}",
    )


shared(kinds, "AB", 3)

# %% [markdown]
# Now `kill -9` both members B. Something starts them again at once, as in any good operation.

# %%
predict(
    "9.2",
    "In the group `crash`, for how long does nobody read what the killed member had?",
    unit="seconds",
)

# %%
for kind, more in kinds.items():
    victims[kind].kill()
    start(kind, "B", **more)
wait_for(lambda: not has("crash", "B", 3), 20, "the end of B to be seen")
shared(kinds, "AB", 3)
stopped = {kind: timeline.longest_stop(lesson.group(kind)) for kind in kinds}
{kind: f"{seconds:.1f} s" for kind, seconds in stopped.items()}

# %%
reveal(
    "9.2",
    round(stopped["crash"], 1),
    "The coordinator waits for the dead one until its session ends. The new B is a stranger.",
)

# %% [markdown]
# **What you saw.** Look at the group `crash` above: *A stopped, too*. The new B asked to join, so all
# members had to come together, and A waited for one that was dead. With the default of 45 seconds
# that would be 45.
#
# In the group `static`, B came back under its own name within its session, and got its partitions
# back. A has not noticed. So use static membership where members are restarted: a deployment, a
# restart of a container. Its price: who is gone for good is missed only when the session ends, even if
# it said good-bye.
#
# And the third group?

# %%
wait_for(lambda: not describe("stuck").members, 30, "the group to be empty")
timeline.holds(lesson.group("stuck"), "A"), describe("stuck").members

# %% [markdown]
# Its member still believes that it owns six partitions. To Kafka the group is empty, and somebody else
# may own them by now. It is told in its next `poll`, after its minute of work, and a commit of that work would
# be refused. So keep the work between two polls short, or raise `max.poll.interval.ms`.

# %% [markdown]
# ## What does a rebalance stop?
#
# When a member comes or goes, or partitions are added, the partitions are shared out anew: a **rebalance**.
# There are three ways to do it.
#
# - *Eager*, classic and the default of this client (`range`): everybody gives up everything,
#   then everybody gets a share.
# - *Cooperative*, classic with `cooperative-sticky`: only what must move is given up, in a
#   second round.
# - `group.protocol=consumer`, new with Kafka 4.0 (KIP-848): each member is told by the
#   coordinator, one by one, and nobody waits for the others. It is there on the brokers. A client must ask for it.

# %%
for member in (*lesson_members(), stuck):
    member.kill()
