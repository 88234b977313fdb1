# %% [markdown]
# # Welcome
#
# At the end of this lesson you can
#
# - say which servers run on your machine, and stop and start each of them;
# - send one real flight through Kafka and read it back;
# - do the same with a Kinesis stream;
# - use predictions, exercises, hints and your progress.
#
# Run the cells from top to bottom with `Shift`+`Enter`. It runs the cell and goes on
# to the next one. If you ever restart the kernel, begin again with the first cell of code.

# %% [markdown]
# ## Is everything there?
#
# The next cell starts the servers if they do not run yet, which takes some seconds.
# If something is missing, it says what, and how to mend it.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, progress
from helpers import reset_progress, reveal, view

lesson = begin("00_welcome")

# %% [markdown]
# ## One flight
#
# On 8 February 2013 a blizzard reached New York. Here is the first departure of
# that day, as an **event**: a fact that has happened and will not change.

# %%
flight = flights.day(8)[0]
flight

# %% [markdown]
# It is flight US 1117 from Newark (EWR) to Charlotte (CLT), planned for 05:00. It left
# two minutes early. This whole course tells the story of that month.

# %% [markdown]
# ## Can Kafka carry it?
#
# Kafka keeps events in **topics**, one **record** for each event. You create a topic.
# `replication_factor=3` asks for three copies of each record. `num_partitions=1` keeps the
# topic in one piece; later lessons split it. `lesson.connection` says where Kafka listens.
#
# The four characters at the end of the name belong to this run, so that you never meet
# what an earlier run has left.

# %%
from confluent_kafka.admin import AdminClient, NewTopic

topic = lesson.topic("nyc.flight.departed")
admin = AdminClient(lesson.connection)
created = admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=3)])
created[topic].result()
topic

# %% [markdown]
# A **producer** sends the event as a record. The record's *value* is the flight, and its
# *key* says what it belongs to, here the airport. Both travel as bytes. `flush` waits until
# the servers have answered, and returns how many records still wait.

# %%
from confluent_kafka import Producer

producer = Producer(lesson.connection)
producer.produce(topic, key=flight.origin, value=flight.to_json())
producer.flush(10)

# %% [markdown]
# A **consumer** reads it back. `group.id` is a name for this reader. `earliest` asks for
# everything from the beginning; without it, a new reader sees only what arrives later.

# %%
from confluent_kafka import Consumer

consumer = Consumer(
    {
        **lesson.connection,
        "group.id": lesson.group("reader"),
        "auto.offset.reset": "earliest",
    }
)
consumer.subscribe([topic])
message = consumer.poll(20)
consumer.close()
message.value()

# %% [markdown]
# These are bytes again, with a `b` in front. Do they make the same flight?

# %%
assert flights.from_json(message.value()) == flight
print("The flight went through Kafka. Its offset is", message.offset())

# %% [markdown]
# The **offset** is the record's place in its topic. Counting begins at 0.

# %% [markdown]
# ## Can Kinesis carry it, too?
#
# Kinesis is the streaming service of AWS. What Kafka calls a topic, it calls a
# **stream**. On your machine an emulator answers in its place. `boto3` is AWS's own
# client: against AWS, the same lines would run.

# %%
import boto3

kinesis = boto3.client("kinesis")
stream = lesson.stream("departures")
created = kinesis.create_stream(StreamName=stream, ShardCount=1)
ready = kinesis.get_waiter("stream_exists")
ready.wait(StreamName=stream, WaiterConfig={"Delay": 1, "MaxAttempts": 20})

# %% [markdown]
# `PartitionKey` is what Kafka calls the key.

# %%
sent = kinesis.put_record(
    StreamName=stream, PartitionKey=flight.origin, Data=flight.to_json()
)
sent["ShardId"], sent["SequenceNumber"]

# %% [markdown]
# A stream is made of **shards**; this one has one. To read a shard, you ask for an
# iterator and follow it. `TRIM_HORIZON` is Kinesis's word for the oldest record.

# %%
iterator = kinesis.get_shard_iterator(
    StreamName=stream, ShardId=sent["ShardId"], ShardIteratorType="TRIM_HORIZON"
)["ShardIterator"]
record = kinesis.get_records(ShardIterator=iterator)["Records"][0]
record["Data"]

# %%
assert flights.from_json(record["Data"]) == flight
print("The flight went through Kinesis:", record["SequenceNumber"])

# %% [markdown]
# **What you saw.** One event went through two systems and came back byte for byte.
# Kafka called its place an *offset*, Kinesis a *sequence number*.
#
# **What this does not show.** One record says nothing about order, speed or loss.
# Later lessons measure those.

# %% [markdown]
# ## What runs on your machine?
#
# Three **brokers** store and serve Kafka's events. One **controller** keeps track of
# the brokers. Together they are a Kafka **cluster**. Each is a process of its own, and
# `pid` is the number under which your system knows it. The last one is Kinesis.
#
# The next cell opens a live board. In JupyterLab it stands beside the notebook and stays in
# view while you go on; elsewhere it is below its cell. Drag the line between the two to give
# it more room. Close its tab if you like: *Show it* or another run of the cell brings it back.
#
# Each broker *leads* some topics (a filled square each): it serves their producers and
# consumers. It *follows* others (an empty square): it keeps a copy and stands by. The lines
# below the cards tell what happens. If the board no longer moves, run its cell again.

# %%
board = view.nodes()
board

# %% [markdown]
# The buttons do what they say, to real processes: *Stop* ends a broker politely, *Kill* ends
# it at once, *Pause* freezes it until *Resume*, *Start* brings it back. In Kafka you can break
# nothing that *Start* does not mend. Kinesis is different here: its streams live in its memory
# and end with it.

# %% [markdown]
# ## What happens when a broker dies?
#
# A **prediction** comes before many results. Choose, and only then run the next cell.
# Your first choice is kept, and compared with what really happens. *Guess again* forgets
# it, for whoever comes next to this machine.

# %%
predict("0.1")

# %% [markdown]
# The next cell does what the *Kill* button of broker 2 does. Watch the board while you run
# it.

# %% needs="break nodes"
lesson.cluster.kill("broker", 2)

# %% [markdown]
# Now send the same flight again, and wait for the answer, 30 seconds at the most. A grey line
# may appear below: the client has lost broker 2. That is no failure of yours. A click on it
# shows what the client says.

# %%
producer.produce(topic, key=flight.origin, value=flight.to_json())
still_waiting = producer.flush(30)
still_waiting

# %%
reveal("0.1", still_waiting)

# %% [markdown]
# **What this does not show.** Three copies survive one death. How many deaths, and
# what is lost when, is lesson 08.

# %% [markdown]
# Where does the grey line come from? From the `logger` in `lesson.connection`. Here is a
# producer without one, which knows broker 2 alone.

# %% needs="break nodes"
dead = {"bootstrap.servers": lesson.bootstrap_servers.split(",")[1]}
with Producer(dead) as lonely:
    lonely.poll(1)

# %% [markdown]
# **What you saw.** In red, what any program of yours would write: `FAIL`, the address, and the
# reason. Nobody listens there, so the connection is refused. The client tries again and again,
# and says so up to twenty times a second, until the broker is back. In this course all that
# folds into one grey line. Whatever else a client has to say stays red: read it.
#
# Bring the broker back, here or with its *Start* button.

# %%
status = lesson.cluster.up()
status.all_running

# %% [markdown]
# ## Your turn
#
# **Exercise 0.1.** Send the *second* flight of 8 February to your topic.
#
# An **exercise** asks for an effect. Write your code in the cell below and run it. Then
# run the check: it looks at the servers, not at your code. If something is missing, it
# says what, and offers two hints and a solution.

# %% tags=["solution", "exercise-0.1"]
# Exercise 0.1
second = flights.day(8)[1]
producer.produce(topic, key=second.origin, value=second.to_json())
producer.flush(10)

# %%
check("0.1")

# %% [markdown]
# ## Where are you?
#
# Your progress is kept on your machine, over all lessons. `reset_progress()` forgets it, and
# `reset_progress("00_welcome")` forgets that of one lesson.

# %%
progress()

# %% [markdown]
# ## What you know now
#
# - An **event** is a fact that does not change. A **producer** sends it, a **consumer**
#   reads it.
# - Kafka's **brokers** keep events in **topics**. A **controller** watches the brokers.
# - Kinesis keeps events in **streams**, which are made of **shards**.
# - A record's place is its **offset** in Kafka, its **sequence number** in Kinesis.

# %% [markdown] tags=["terms"]
# **New terms**: event, producer, consumer, broker, controller, cluster, topic, offset,
# stream, shard, sequence number.

# %% [markdown]
# The last code cell removes the topic and the stream of this lesson. Your servers stop by
# themselves when you close Lab.

# %% tags=["cleanup"]
lesson.clean_up()
