# %% [markdown]
# # Topics
#
# At the end of this lesson you can
#
# - create and describe topics from the command line and from Python, change and delete them;
# - name topics so that nobody has to guess;
# - say what Kafka refuses, and why.
#
# In the sections marked *Deeper* you also
#
# - make topics by a script, and choose their settings;
# - see what happens to a topic's files when you delete it.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("04_topics")

# %% [markdown]
# ## How do you make a place for departures?
#
# A **topic** is a named place for records of one kind, as a table is in a SQL
# database. You create it before anyone writes to it. Three things must be decided:
# its name, how many **partitions** it is split into, and how many **replicas**, copies
# on different brokers, each partition has.
#
# `AdminClient` is the client for this. It answers with a *future* for each topic, and
# `result()` waits for it.

# %%
from confluent_kafka.admin import AdminClient, NewTopic

servers = lesson.connection["bootstrap.servers"]
admin = AdminClient(lesson.connection)
departed = lesson.topic("nyc.flight.departed")
asked = admin.create_topics([NewTopic(departed, num_partitions=3, replication_factor=3)])
asked[departed].result()

# %% [markdown]
# No error: it is there. (The end of the name, such as `-7f3a`, belongs to this run.)
#
# `lesson.connection` holds the settings that every client begins with. Here they are two.
# `bootstrap.servers` names brokers as `host:port`. One would do: a client asks it for
# all the others. You give several, so that one may be down. `logger` folds what a client says
# of a broker that is down into one grey line.

# %%
servers

# %% [markdown]
# ## What did you make?
#
# Kafka's own tools ask the same question from the command line. A `!` runs a line
# in a shell, and `{departed}` puts Python's value in. In a terminal of this Lab the
# addresses are in the environment variable `KAFKA_BOOTSTRAP_SERVERS`.

# %%
# !kafka-topics --bootstrap-server {servers} --describe --topic {departed}

# %% [markdown]
# **What you saw.** One line for the topic, and one for each partition. `Leader` is the
# broker that serves a partition. `Replicas` are the brokers that hold it. `Isr` are
# the replicas that are up to date. (`Elr` comes in lesson 08, the rest in 08 and 10.)
#
# The board shows the same, live. A filled square is a partition that a broker leads, an empty
# one a partition of which it holds a copy; with many partitions there are only their numbers.
# Watch it while you go on.

# %%
board = view.nodes()
board

# %% [markdown]
# From Python, the cluster's *metadata* says the same.

# %%
metadata = admin.list_topics(departed, timeout=10)
{n: p.replicas for n, p in metadata.topics[departed].partitions.items()}

# %% [markdown]
# ## How does the command line create one?
#
# Each of the three decisions is a flag. A tool needs a moment: it starts a Java machine
# each time.

# %%
weather = lesson.topic("nyc.weather.observed")
# !kafka-topics --bootstrap-server {servers} --create --topic {weather} --partitions 2 --replication-factor 3

# %% [markdown]
# The warning about `.` and `_` comes with every dotted name; you will see its reason
# soon. Now list what there is. (`__consumer_offsets`, if you see it, is Kafka's own: it
# appears with the first consumer, such as that of a live view.)

# %%
# !kafka-topics --bootstrap-server {servers} --list

# %% [markdown]
# An address may also carry the name of the protocol, `PLAINTEXT` for one without
# encryption.

# %%
first = servers.split(",")[0]
# !kafka-topics --bootstrap-server PLAINTEXT://{first} --describe --topic {weather} | head -1

# %% [markdown]
# ## Deeper: What if a tutorial says `--zookeeper`?
#
# Many do. Kafka once kept its configuration in another system, ZooKeeper, and this flag
# gave its address. `kafka-topics` lost the flag in Kafka 3.0, and Kafka 4.0 did away with
# ZooKeeper itself. What does the tool say today?

# %%
# !kafka-topics --zookeeper localhost:2181 --list 2>&1 | head -1

# %% [markdown]
# The console producer's old flag for the brokers is gone, too.

# %%
# !kafka-console-producer --broker-list {first} --topic {weather} 2>&1 | head -1

# %% [markdown]
# **What replaced them.** `--bootstrap-server`, in every tool. It is the address of a
# broker, never that of ZooKeeper.

# %% [markdown]
# ## Deeper: Can there be more copies than brokers?
#
# You have three brokers.

# %%
predict("4.1")

# %%
from confluent_kafka import KafkaException

four = lesson.topic("four.copies")
asked = admin.create_topics([NewTopic(four, 1, replication_factor=4)])
try:
    asked[four].result()
    answer = "created"
except KafkaException as error:
    answer = error.args[0].name()
answer

# %%
reveal("4.1", answer)

# %% [markdown]
# ## Which names does Kafka take?
#
# A helper for the next experiments: it tries to create a topic with a name, and returns
# what Kafka says.


# %%
from confluent_kafka import KafkaException


def try_name(name):
    try:
        admin.create_topics([NewTopic(name, 1, 3)])[name].result()
    except KafkaException as error:
        return error.args[0].name(), error.args[0].str()
    return "created", name


# %% [markdown]
# Letters, digits, `.`, `_` and `-` are allowed. Everything else is not.

# %%
try_name("flights of february")

# %% [markdown]
# Length has a limit. You will often read that a name must be shorter than 256 characters.

# %%
predict("4.2")

# %%
for length in range(256, 200, -1):
    fill = "x" * (length - len(lesson.prefix + lesson.suffix))
    name = lesson.prefix + fill + lesson.suffix
    outcome, _ = try_name(name)
    if outcome == "created":
        break
print(length, outcome)
longest = length if outcome == "created" else None

# %%
reveal("4.2", longest)

# %% [markdown]
# ## Deeper: Why was there a warning about `.` and `_`?
#
# Kafka also names its own *metrics* after topics, and there a dot becomes an underscore.
# So two topics that differ only in that would share their metrics. What does Kafka do?

# %%
try_name(lesson.topic("delays.by.hour")), try_name(lesson.topic("delays_by_hour"))

# %% [markdown]
# **What you saw.** The second one is refused. It is not only a warning: whoever comes
# second cannot have the name at all. So use dots *or* underscores, and never both. A name
# such as `com.example.data_stream.result` mixes them and invites this.

# %% [markdown]
# ## How should you name yours?
#
# Kafka has no rule. What counts is that everyone uses the same one. A good one is
#
# `<domain>.<model>.<event_type>`
#
# as in `nyc.flight.departed`: whose data it is, what it is about, what happened. In the
# past tense, since an event has happened. Do not put the number of partitions or the
# name of a consumer into it: both change.
#
# A consistent name also lets a consumer subscribe to a *pattern*. It begins with `^`.

# %%
from confluent_kafka import Consumer

reader = Consumer(
    {
        **lesson.connection,
        "group.id": lesson.group("pattern"),  # a name for this reader
    }
)
reader.subscribe([rf"^{lesson.prefix}nyc\..*{lesson.suffix}$"])
reader.poll(5)
found = sorted({partition.topic for partition in reader.assignment()})
reader.close()
found

# %% [markdown]
# **What you saw.** One subscription, both topics. A third one that matches would be
# found later, when the client next refreshes its metadata.

# %% [markdown]
# ## Your turn
#
# **Exercise 4.1.** Cancellations are another event, so they need a topic of their own.
# Create one with **6 partitions** and **3 replicas**. Its name follows the convention: domain
# `nyc`, model `flight`, event type `cancelled`. As before, give the name to `lesson.topic(…)`,
# which adds the ending of this run.

# %% tags=["solution", "exercise-4.1"]
# Exercise 4.1
cancelled = lesson.topic("nyc.flight.cancelled")
admin.create_topics([NewTopic(cancelled, 6, 3)])[cancelled].result()

# %%
check("4.1")

# %% [markdown]
# ## Can you ask a topic a question?
#
# Send all departures of 8 February. A record is a **key** and a **value**, and to Kafka
# both are just bytes. The key here is the airport.

# %%
from confluent_kafka import Producer

producer = Producer(lesson.connection)
day = flights.day(8)
for flight in day:
    producer.produce(departed, key=flight.origin, value=flight.to_json())
producer.flush(20), len(day)

# %% [markdown]
# In SQL you would now write `WHERE tailnum = 'N351JB'`. Kafka has no such thing, because
# it cannot look into bytes. To find one aircraft, a consumer reads everything.

# %%
searcher = Consumer(
    {
        **lesson.connection,
        "group.id": lesson.group("search"),
        "auto.offset.reset": "earliest",
    }
)
searcher.subscribe([departed])
messages = searcher.consume(len(day), timeout=20)
searcher.close()

# %%
hits = [m for m in messages if flights.from_json(m.value()).tailnum == "N351JB"]
print(f"read {len(messages)} records to find {len(hits)}")

# %% [markdown]
# **What you saw.** The whole topic was read for a few hits. A topic is a log to follow,
# not a table to query. Systems that answer questions read the log once and keep tables.
#
# **What this does not show.** How long that takes with a billion records.

# %% [markdown]
# ## Deeper: What if the topic's name has a typo?
#
# Kafka can create a topic by itself when someone writes to it. Here that is off
# (`auto.create.topics.enable=false`), and so it should be in production. What does a typo
# do then? By default this client would wait 30 seconds before it tells you. You set 1 second.

# %%
results = []
hasty = Producer(
    {
        **lesson.connection,
        "topic.metadata.propagation.max.ms": 1000,
    }
)
typo = lesson.topic("nyc.flihgt.departed")
hasty.produce(typo, b"lost?", on_delivery=lambda error, _: results.append(error))
hasty.flush(20)
results[0].name(), results[0].str()

# %% [markdown]
# **What you saw.** An error, and no record lost in silence. With automatic creation the
# typo would now be a topic, with one partition and default settings. The consumer of the
# right topic would wait for ever, and nobody would be told.
#
# So code asks first whether a topic exists.

# %%
present = admin.list_topics(timeout=10).topics
departed in present, typo in present

# %% [markdown]
# ## Deeper: How do you create topics by a script?
#
# You *declare* what there should be, and a script makes it so. Run twice, it must not fail
# and not change anything: it is **idempotent**.

# %%
declared = {departed: 3, weather: 2, lesson.topic("nyc.airport.closed"): 1}


def apply(declared):
    present = admin.list_topics(timeout=10).topics
    missing = [NewTopic(n, parts, 3) for n, parts in declared.items() if n not in present]
    created = []
    for name, future in admin.create_topics(missing).items() if missing else ():
        try:
            future.result()
            created.append(name)
        except KafkaException as error:
            if error.args[0].name() != "TOPIC_ALREADY_EXISTS":
                raise
    return created


# %%
apply(declared), apply(declared)

# %% [markdown]
# The first run created what was missing, the second one nothing. Asking first is not
# enough: another script may be faster, and a broker may not yet know what another broker
# knows. So the code also takes *exists already* for an answer. From a shell,
# `kafka-topics --create --if-not-exists` does the same. Larger teams keep the declaration
# in Terraform, which has providers for Kafka, and review every change.

# %% [markdown]
# ## What can be changed later?
#
# `--alter` changes one thing only: the number of partitions. It can grow, never shrink.

# %%
# !kafka-topics --bootstrap-server {servers} --alter --topic {departed} --partitions 2

# %% [markdown]
# Settings are changed by another tool. `retention.ms`, for one, says how many milliseconds
# records are kept at least. The old way, through `kafka-topics`, is refused:

# %%
# !kafka-topics --bootstrap-server {servers} --alter --topic {departed} --config retention.ms=3600000 2>&1 | head -1

# %%
# !kafka-configs --bootstrap-server {servers} --alter --entity-type topics --entity-name {departed} --add-config retention.ms=3600000

# %% [markdown]
# **Exercise 4.2.** The topic `weather` gets too small. First send it one record, so that
# there is something to lose. Then let it grow to **4 partitions**. The record must
# still be there.

# %%
producer.produce(weather, key="JFK", value=b'{"hour": 17, "wind": 38}')
producer.flush(10)

# %% tags=["solution", "exercise-4.2"]
# Exercise 4.2
from confluent_kafka.admin import NewPartitions

admin.create_partitions([NewPartitions(weather, 4)])[weather].result()

# %%
check("4.2")

# %% [markdown]
# A word of warning: with more partitions, many keys move to another one. Lesson 07
# measures how many.

# %% [markdown]
# ## Deeper: How do you choose settings at creation?
#
# This topic keeps the newest record of each aircraft. Its settings say so.

# %%
aircraft = lesson.topic("nyc.aircraft.moved")
settings = {
    "cleanup.policy": "compact",  # keep the newest record of each key
    "compression.type": "lz4",  # how records are packed on disk
    "delete.retention.ms": "100",  # how long, at least, the mark of a deletion stays
    "file.delete.delay.ms": "100",  # how long a removed file stays on disk
}
admin.create_topics([NewTopic(aircraft, 1, 3, config=settings)])[aircraft].result()

# %%
# !kafka-configs --bootstrap-server {servers} --describe --entity-type topics --entity-name {aircraft} | sed "s/ sensitive.*//"

# %% [markdown]
# The other policy is `delete`, the default: it removes old *segments*, the files that a
# partition is made of. It does not delete topics. Lesson 10 shows both at work.
#
# A value that Kafka does not know is refused. `zstd` is a way to compress; this is not:

# %%
bad = lesson.topic("bad.codec")
try:
    admin.create_topics([NewTopic(bad, 1, 3, config={"compression.type": "ztsd"})])[
        bad
    ].result()
except KafkaException as error:
    print(error.args[0].name())

# %% [markdown]
# **Exercise 4.3.** Set `max.message.bytes` of `aircraft` to **2000000**. All other settings
# of the topic must stay as they are.

# %% tags=["solution", "exercise-4.3"]
# Exercise 4.3
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource

change = ConfigEntry(
    "max.message.bytes", "2000000", incremental_operation=AlterConfigOpType.SET
)
resource = ConfigResource("topic", aircraft, incremental_configs=[change])
admin.incremental_alter_configs([resource])[resource].result()

# %%
check("4.3")

# %% [markdown]
# ## Deeper: What if two kinds of event share a topic?
#
# Put weather into the topic of departures, and let a consumer work that was written for
# departures.

# %%
for hour in range(24):
    producer.produce(departed, key="JFK", value=b'{"hour": %d, "wind": 20}' % hour)
producer.flush(10)

# %%
worker = Consumer(
    {
        **lesson.connection,
        "group.id": lesson.group("worker"),
        "auto.offset.reset": "earliest",
    }
)
worker.subscribe([departed])
messages = worker.consume(len(day) + 24, timeout=20)
worker.close()

# %%
good, broken = 0, 0
for message in messages:
    try:
        flights.from_json(message.value())
        good += 1
    except ValueError:
        broken += 1
good, broken

# %% [markdown]
# **What you saw.** 24 records that this consumer cannot read (more, if you ran the cells
# twice: a log only grows). Without the `try` it would
# have stopped at the first one, for ever. Each further kind of event would force a change
# on each consumer. So: **one type of event per topic**.

# %% [markdown]
# ## Deeper: What happens to a deleted topic's files?
#
# Each partition is a folder on each broker that holds it. `aircraft` was made with a
# `file.delete.delay.ms` of 100 milliseconds, `departed` has Kafka's default of 60 seconds. (This
# goes on from *How do you choose settings at creation?*.)

# %% needs="read files"
folder = lesson.cluster.partition_dir(departed, 0, broker=1)
sorted(path.name for path in folder.iterdir())

# %%
predict("4.3")

# %% [markdown]
# Deleting from the command line takes `--delete`.

# %%
# !kafka-topics --bootstrap-server {servers} --delete --topic {departed}
# !kafka-topics --bootstrap-server {servers} --delete --topic {aircraft}


# %% needs="read files"
def left(topic):
    folders = lesson.cluster.replica_folders(broker=1)
    return [name for name in folders if name.startswith(f"{topic}-")]


def renamed():
    return all(name.endswith("-delete") for name in left(departed) + left(aircraft))


wait_for(renamed, 10, "the new names of what is left")
still = {"departed": left(departed), "aircraft": left(aircraft)}
still

# %% needs="read files"
reveal("4.3", " and ".join(name for name, folders in still.items() if folders))

# %% [markdown]
# **What you saw.** Each folder's name got a long ending and `-delete`. No client can reach
# it any more, and no tool brings it back.
#
# **What this does not show.** That the files go in the end. Run `left(departed)` in a
# minute. How records leave a topic that *stays* is lesson 10.

# %% [markdown]
# ## What you know now
#
# - A topic is created on purpose, with a name, a number of partitions and of replicas.
# - Kafka refuses names over 249 characters, and other characters than letters, digits, `.`,
#   `_` and `-`.
# - `kafka-topics --alter` adds partitions. `kafka-configs` changes settings.
# - A topic is a log of bytes. It cannot be queried.
#
# From the sections marked *Deeper*:
#
# - Kafka refuses more replicas than brokers, and names that differ only in `.` and `_`.
# - `--bootstrap-server` names a broker. `--zookeeper` and `--broker-list` are gone.
# - A topic holds one type of event.
# - A deleted topic is out of reach at once. Its files go a minute later.

# %% [markdown] tags=["terms"]
# **New terms**: topic, partition, replica, key, value, metadata, idempotent, segment.

# %% [markdown]
# **Read next**: *Topic configs* in Kafka's documentation lists every setting with its default.

# %% tags=["cleanup"]
lesson.clean_up()
