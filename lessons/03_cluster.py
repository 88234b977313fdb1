# %% [markdown]
# # A Kafka cluster
#
# At the end of this lesson you can
#
# - say what brokers, controllers and clients do, and who talks to whom;
# - let a broker join, and say what it gets, and what changes when one ends;
# - say what a quorum is, what works without one, and how to mend it.
#
# In the sections marked *Deeper* you also
#
# - give a broker work, and let it leave without losing anything;
# - read what became of ZooKeeper.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("03_cluster")

# %% [markdown]
# ## What runs here?
#
# A Kafka server is called a **broker**. It stores records and serves those who write and
# read them. A **controller** keeps track of the brokers. All that work together are a
# **cluster**. It may be one broker, or thousands.
#
# Each of them is a **node**: one computer, as others see it. A node may be physical, a
# server in a data centre, or virtual, an instance in AWS, GCP or Azure. Yours are humbler:
# each is a process on this machine.

# %%
board = view.nodes()
board

# %% [markdown]
# The board is live. Of `leads` and `follows` more below. Each process has a `pid`, a port
# and memory of its own. What programs are they? (Where somebody else runs the servers, cells
# that look at processes or change nodes are passed over.)

# %% needs="add nodes"
import psutil

for node in lesson.cluster.status().nodes:
    print(node.role, node.id, node.pid, psutil.Process(node.pid).name())

# %% [markdown]
# **What you saw.** Kafka is written in Java and Scala. Such programs are compiled to
# bytecode, which the **JVM**, the Java virtual machine, runs on any system. Each broker and
# each controller is one JVM, called `java`. Kinesis is no part of Kafka; lesson 13 uses it.
#
# **What this does not show.** Separate machines. Yours share one disk and one power supply.
# In production each node has its own, often in another building.

# %% [markdown]
# ## Who talks to whom?
#
# ![](../Images/cluster_roles.png)
#
# **Clients**, your programs, talk to brokers only. It looks like a message queue: one call
# sends a record, another asks for the next ones. Behind it is a log that keeps them.
# A client is told one address, asks there for all brokers, and then goes to the right one.
#
# The figure shows three controllers, as in production. You have one now, and three later.

# %%
from confluent_kafka.admin import AdminClient

servers = lesson.connection["bootstrap.servers"]
one = servers.split(",")[0]
admin = AdminClient({**lesson.connection, "bootstrap.servers": one})
admin.list_topics(timeout=10).brokers

# %% [markdown]
# **What you saw.** You named one broker and learnt of all. No controller is in the list.
#
# Kafka is *distributed by default*: even a single broker is a cluster of one, and clients
# do not change when it grows.

# %% [markdown]
# ## Who decides?
#
# Somebody must know which brokers live, and name a **leader** for each partition: the
# broker that serves it. For years that was another system, **ZooKeeper**. You will
# meet it in books and tutorials. It
#
# - elected one broker as controller, which named the leaders;
# - kept the list of the brokers, so that they could join and leave;
# - kept the settings of topics;
# - kept the permissions: **access control lists** (ACLs), which say which user may read,
#   write or create what. Lesson 15 sets some.
#
# **KRaft** does all four today. Controllers keep one log of every such decision, the
# **metadata log**, and everyone else follows it. It became ready for production in 3.3
# (2022), beside ZooKeeper. Kafka 4.0 (2025) removed ZooKeeper.
#
# Kafka's tool for this log is `kafka-metadata-quorum`. Of its long answer you need
# `LeaderId`, `LeaderEpoch`, and the ids of the voters and observers.

# %%
# !kafka-metadata-quorum --bootstrap-server {servers} describe --status

# %% [markdown]
# **What you saw.** Those that decide are the **voters**. `LeaderId` is the **active
# controller**: of all voters, the one that decides now. (It leads this one log. The leaders of
# your partitions are brokers.) `LeaderEpoch` counts elections. The observers are the brokers:
# they copy the log, and have no vote.
#
# That log is kept as Kafka keeps all records: in a folder of binary files for each
# partition. (Lesson 02 opens such files. They are not text.)

# %% needs="read files"
[name for name in lesson.cluster.replica_folders(1) if "metadata" in name]

# %% [markdown]
# ## What does a broker get that joins?
#
# A topic first: six partitions with two copies of each, so 12 copies, and a day of
# departures. (The `0` says that no record is still on its way.)

# %%
from confluent_kafka import Producer
from confluent_kafka.admin import NewTopic

departed = lesson.topic("nyc.flight.departed")
admin.create_topics([NewTopic(departed, 6, 2)])[departed].result()
producer = Producer(lesson.connection)
for flight in flights.day(8):
    producer.produce(departed, key=flight.tailnum, value=flight.to_json())
producer.flush(20)

# %% [markdown]
# Where are the copies? For each partition, the brokers that hold one. The first in the list
# is the **preferred leader**: it leads whenever it can.


# %%
def placement(topic):
    found = admin.list_topics(topic, timeout=10).topics[topic].partitions
    return {number: one.replicas for number, one in sorted(found.items())}


placement(departed)

# %%
gained = None
predict("3.1")

# %% [markdown]
# `add` starts one more broker. All that broker needs is to know where the controllers are.
# Watch the board.

# %% needs="add nodes"
lesson.cluster.add("broker")

# %% needs="add nodes"
gained = sum(4 in brokers for brokers in placement(departed).values())
placement(departed)

# %%
reveal("3.1", gained)

# %% [markdown]
# **What you saw.** A broker joins in seconds. But "just add a node" is half of the work, and
# the rest is yours.

# %% [markdown]
# ## Deeper: How does it get work?
#
# By a **reassignment**. You write down, in JSON, *all* brokers that shall hold a partition.

# %%
import json


def write_plan(replicas):
    rows = [
        {"topic": departed, "partition": number, "replicas": brokers}
        for number, brokers in replicas.items()
    ]
    file = lesson.folder / "plan.json"
    file.write_text(json.dumps({"version": 1, "partitions": rows}))
    return file


plan = write_plan({0: [4, 1]})
print(plan.read_text())

# %% needs="add nodes"
# !kafka-reassign-partitions --bootstrap-server {servers} --reassignment-json-file "{plan}" --execute

# %% [markdown]
# The tool prints where all was before: keep that, it is your way back. The copying goes on
# after it has ended.

# %% needs="add nodes"
wait_for(lambda: sorted(placement(departed)[0]) == [1, 4], 30, "the move")
placement(departed)

# %% [markdown]
# **What you saw.** Broker 4 copied the partition, then the other copy was dropped: at no
# time were there fewer than two. (`--generate` proposes a plan for whole topics, `--verify`
# tells how far it is, and `--throttle` keeps a big move from filling the network.)
#
# **Exercise 3.1.** Give broker 4 a copy of **partition 1** as well. That partition
# must have two copies afterwards, as before. `write_plan` is yours to use.

# %% tags=["solution", "exercise-3.1"] needs="add nodes"
# Exercise 3.1
plan = write_plan({1: [4, 2]})
# !kafka-reassign-partitions --bootstrap-server {servers} --reassignment-json-file "{plan}" --execute

# %%
check("3.1")

# %% [markdown]
# ## Does it matter how a broker ends?
#
# A topic with three copies, so that somebody is always left, and a clock.

# %%
import time

steady = lesson.topic("steady")
admin.create_topics([NewTopic(steady, 1, 3)])[steady].result()


def seconds_to_write():
    began = time.monotonic()
    producer.produce(steady, b"still there?")
    assert producer.flush(30) == 0
    return round(time.monotonic() - began, 1)


def leader():
    return admin.list_topics(steady, timeout=10).topics[steady].partitions[0].leader


stopped = killed = None
seconds_to_write()

# %%
predict("3.2")

# %% [markdown]
# First the polite way. A **controlled shutdown**: the broker tells the controller that it
# is leaving, waits until others lead what it led, and ends. A grey line may say that the
# client has lost it; that is no failure of yours.

# %% needs="break nodes"
lesson.cluster.stop("broker", leader())
stopped = seconds_to_write()

# %% [markdown]
# Now the other way: whoever leads next is gone at once, as in a crash.

# %% needs="break nodes"
lesson.cluster.kill("broker", leader())
killed = seconds_to_write()
print(f"stopped: {stopped} s, killed: {killed} s")

# %%
reveal("3.2", killed)

# %% [markdown]
# **What you saw.** A clean stop costs next to nothing, so brokers can be updated one by one.
#
# **What this does not show.** A lost machine. `kill` leaves the disk, and all the system
# still had to write to it. Lesson 08 asks what is lost when.

# %% needs="break nodes"
lesson.cluster.up().all_running

# %% [markdown]
# ## Deeper: How does a broker leave for good?
#
# Stopping it is not enough. What it holds would have a copy less, for ever: Kafka waits for
# it to come back. So you move its partitions away first. That is called *draining*. (This goes on
# from *How does it get work?*.)
#
# **Exercise 3.2.** Drain broker 4: no partition of `departed` may have a copy there,
# and each must still have two. What it holds, `placement(departed)` tells.

# %% tags=["solution", "exercise-3.2"] needs="add nodes"
# Exercise 3.2
held = {n: brokers for n, brokers in placement(departed).items() if 4 in brokers}
plan = write_plan({n: [1, 2] for n in held})
# !kafka-reassign-partitions --bootstrap-server {servers} --reassignment-json-file "{plan}" --execute

# %%
check("3.2")

# %% [markdown]
# `remove` does the rest: it moves what is still there, stops the broker, strikes it from
# the controller's list (`kafka-cluster unregister`), and deletes its folder.

# %% needs="add nodes"
lesson.cluster.remove("broker", 4)
admin.list_topics(timeout=10).brokers

# %% [markdown]
# ## Is one controller enough?
#
# For learning. While it is away, brokers go on serving, but nobody names a new leader,
# and no topic can be made. If its disk is lost, so is the knowledge of what there was.
#
# In production there are three or five. They form a **quorum**: a decision counts once
# *more than half* of the voters have it in their log. Three can lose one, five can lose two.
# Two are no better than one: more than half of two is two.
#
# Let two more join.

# %% needs="add nodes"
lesson.cluster.add("controller", 2)

# %% [markdown]
# The same tool tells how far everybody has copied the log. `cut` keeps three of its seven
# columns: who, how many entries behind, and as what.

# %%
# !kafka-metadata-quorum --bootstrap-server {servers} describe --replication | cut -f 1,4,7

# %% [markdown]
# **What you saw.** One `Leader`, and two `Follower`s with a vote. (Broker 4 may still be in the
# list: who copied a moment ago.) A new controller first
# observes, until it has copied the log. Then it becomes a voter: by the tool's
# `add-controller`, as here, or by itself if its settings have
# `controller.quorum.auto.join.enable=true` (since 4.2).
#
# Brokers must know where to look if the active one is gone. They read the list
# `controller.quorum.bootstrap.servers` when they start, so it names *every* controller.

# %% [markdown]
# ## What if the active controller dies?


# %%
def active():
    found = (n.id for n in lesson.cluster.status().controllers if n.is_active)
    return next(found, None)


active()

# %% needs="add nodes"
first = active()
began = time.monotonic()
lesson.cluster.kill("controller", first)
successor = wait_for(active, 30, "a successor")
print(f"{first} died, {successor} decides after {time.monotonic() - began:.1f} s")

# %% [markdown]
# **What you saw.** The others no longer heard it, held an election, and one won. No
# record waited for that: records do not pass through controllers.
#
# **Exercise 3.3.** An operator wants to know who decides now. Ask with
# `kafka-metadata-quorum`. Then write the id and the epoch of the active controller
# as JSON, such as `{"id": 7, "epoch": 12}`, into the file `active.json` in `lesson.folder`.

# %% tags=["solution", "exercise-3.3"]
# Exercise 3.3
import json
import subprocess

command = ["kafka-metadata-quorum", "--bootstrap-server", servers, "describe", "--status"]
told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
told = dict(line.split(":", 1) for line in told.splitlines() if line)
answer = {"id": int(told["LeaderId"]), "epoch": int(told["LeaderEpoch"])}
(lesson.folder / "active.json").write_text(json.dumps(answer))

# %%
check("3.3")

# %% [markdown]
# ## What works without a majority?
#
# Two of three dead: the last one may not decide alone. If it might, two halves of a broken
# network could each decide something else.

# %%
made = None
predict("3.3")

# %% needs="add nodes"
lesson.cluster.kill("controller", active())
print(seconds_to_write(), "s for a record")

# %% needs="add nodes"
from confluent_kafka import KafkaException

late = lesson.topic("asked.meanwhile")
try:
    admin.create_topics([NewTopic(late, 1, 3)], request_timeout=5)[late].result()
    made = True
except KafkaException as error:
    made = False
    print(error.args[0].name())

# %%
reveal("3.3", made)

# %% [markdown]
# **What you saw.** What was decided stays valid, so a cluster without a quorum looks well
# for a while. Then a broker dies, and its partitions stay without a leader. (`_TIMED_OUT` is
# what you were told of the topic. Keep it in mind.)
#
# **Exercise 3.4.** Mend it: let the controllers have a majority again. Use
# `lesson.cluster.start`, or the board's buttons.

# %% tags=["solution", "exercise-3.4"] needs="add nodes"
# Exercise 3.4
lesson.cluster.start("controller", first)

# %%
check("3.4")

# %% [markdown]
# One more look. You asked for a topic, and were told that time was up. Is it there?

# %% needs="add nodes"
lesson.cluster.up()
print(late in admin.list_topics(timeout=10).topics)

# %% [markdown]
# **What you saw.** Both answers happen. `True`: the request had waited at a broker, and was
# done once there was a majority. `False`: it was dropped. A time-out is not a *no*. It means:
# I do not know. So ask, before you try again.

# %% [markdown]
# ## Deeper: Can one process be both?
#
# Yes: with `process.roles=broker,controller` a node is **combined**. That saves memory, and
# many tutorials do it. In production it is not advised. A busy broker slows the
# controller down, and one crash takes both. We tried three combined nodes here. With two of
# them dead the quorum was gone, too; leaders froze, and a record reported as failed was
# there after the restart. That is why your controller is a process of its own.

# %% [markdown]
# ## Deeper: Where does Kafka come from?
#
# LinkedIn built it for its own streams of events, and gave it away in 2011. Jay Kreps, one
# of its authors, named it after the writer Franz Kafka: he likes his books, and the system is
# *optimised for writing*. An event says what has happened; it does not ask anybody to do
# something.
#
# Kafka is a project of the **Apache Software Foundation**, one of its best known. No
# company owns it. Some of its authors founded Confluent in 2014, which sells a Kafka of its
# own and pays many who work on Apache's; IBM bought Confluent in March 2026. So read what
# a vendor says of Kafka as a vendor's word, and look for the rest at Apache.
#
# Uber, Apple and Airbnb are known users: at Uber the events of riders and drivers, the
# changes of databases and the logs of services go through it. It is also a common
# store for the stream processors Spark, Flink and Samza (lesson 12).
#
# Why so many? It grows from one node to thousands, because a topic's partitions are
# spread over brokers that work side by side (lesson 07). Records are ordered, within a
# partition. And it is made to lose a node without losing data: each partition can
# have copies on other brokers (lesson 08).

# %% [markdown]
# ## What you know now
#
# - Clients talk to brokers. Brokers follow the controllers' log.
# - A broker that joins gets nothing until you reassign.
# - A stopped broker hands over its leaders. A killed one is missed for some seconds.
# - A quorum decides by more than half. Without it records flow, and nothing changes.
#
# From the sections marked *Deeper*:
#
# - Before a broker leaves for good, drain it.
# - ZooKeeper is gone. KRaft does what it did.

# %% [markdown] tags=["terms"]
# **New terms**: broker, cluster, node, JVM, controller, leader, ZooKeeper, ACL, KRaft,
# metadata log, voter, observer, active controller, quorum, reassignment, controlled shutdown,
# draining, combined node.

# %% [markdown]
# Kafka's own pages on
# [KRaft](https://kafka.apache.org/documentation/#kraft) tell how to run a quorum.
#
# The last cell removes what this lesson made: its topics, and the controllers that joined.
# These leave one by one, so it takes some seconds.

# %% tags=["cleanup"]
lesson.clean_up()
