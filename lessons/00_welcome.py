# %% [markdown]
# # Welcome
#
# **10 minutes** · needs Kafka and Kinesis, which the first cell starts for you.
#
# At the end of this lesson you can
#
# - say which servers run on your machine, and see each as a process;
# - send one real flight through Kafka and read it back;
# - do the same with a Kinesis stream.
#
# Run the cells from top to bottom with `Shift`+`Enter`.

# %% [markdown]
# ## Is everything there?
#
# The next cell starts the servers if they do not run yet. The first time takes
# some seconds. If something is missing, it says what, and how to mend it.

# %%
from helpers import begin, flights

lesson = begin("00_welcome")

# %% [markdown]
# ## What runs on your machine now?
#
# Three **brokers** store and serve events. One **controller** keeps track of them.
# Together they are a Kafka **cluster**. The last line is a **Kinesis** endpoint,
# which speaks the protocol of the streaming service of AWS.

# %%
print(lesson.nodes())

# %% [markdown]
# Each line is a process of its own, with its own memory. `pid` is the number under
# which your system knows it. All of them listen on `127.0.0.1` only: no other
# machine can reach them.

# %% [markdown]
# ## One flight
#
# On 8 February 2013 a blizzard reached New York. Here is the first departure of
# that day, as an **event**: a fact that has happened and will not change.

# %%
flight = flights.day(8)[0]
flight

# %% [markdown]
# ## Through Kafka
#
# Kafka keeps events in **topics**. You create one, with three copies of each
# record, one on each broker. The number at the end of its name is there so that
# you never meet the topic of an earlier run.

# %%
from confluent_kafka.admin import AdminClient, NewTopic

topic = lesson.topic("nyc.flight.departed")
admin = AdminClient({"bootstrap.servers": lesson.bootstrap_servers})
created = admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=3)])
created[topic].result(timeout=10)
topic

# %% [markdown]
# A **producer** sends the event. Key and value are bytes. `flush` waits until the
# brokers have answered, and returns how many records are still on their way.

# %%
from confluent_kafka import Producer

producer = Producer({"bootstrap.servers": lesson.bootstrap_servers})
producer.produce(topic, key=flight.origin, value=flight.to_json())
producer.flush(10)

# %% [markdown]
# A **consumer** reads it back. It asks for everything from the beginning of the
# topic, because by default it would only see what arrives later.

# %%
from confluent_kafka import Consumer

consumer = Consumer(
    {
        "bootstrap.servers": lesson.bootstrap_servers,
        "group.id": topic,
        "auto.offset.reset": "earliest",
    }
)
consumer.subscribe([topic])
message = consumer.poll(20)
consumer.close()
message.key(), message.value()

# %% [markdown]
# The same bytes came back. Is it the same flight?

# %%
assert flights.from_json(message.value()) == flight
print("The flight went through Kafka: offset", message.offset())

# %% [markdown]
# ## Through Kinesis
#
# Kinesis calls it a **stream**. This is `boto3`, the client of AWS itself: on AWS
# the same lines would run.

# %%
import boto3

kinesis = boto3.client("kinesis")
stream = lesson.stream("departures")
kinesis.create_stream(StreamName=stream, ShardCount=1)
kinesis.get_waiter("stream_exists").wait(
    StreamName=stream, WaiterConfig={"Delay": 1, "MaxAttempts": 20}
)
stream

# %%
sent = kinesis.put_record(
    StreamName=stream, PartitionKey=flight.origin, Data=flight.to_json()
)
sent["ShardId"], sent["SequenceNumber"]

# %% [markdown]
# To read, you ask a **shard** for an iterator and follow it. `TRIM_HORIZON` means:
# from the oldest record that is still there.

# %%
iterator = kinesis.get_shard_iterator(
    StreamName=stream, ShardId=sent["ShardId"], ShardIteratorType="TRIM_HORIZON"
)["ShardIterator"]
record = kinesis.get_records(ShardIterator=iterator)["Records"][0]
record["Data"]

# %%
assert flights.from_json(record["Data"]) == flight
print("The flight went through Kinesis: sequence number", record["SequenceNumber"])

# %% [markdown]
# **What you saw.** One event went through two real systems and came back byte for
# byte. Kafka called its place an *offset*, Kinesis a *sequence number*.
#
# **What this does not show.** One record says nothing about order, speed or loss.
# The next lessons measure those.

# %% [markdown]
# ## Tidy up
#
# Topics and streams stay until someone removes them. You remove yours.

# %%
admin.delete_topics([topic])[topic].result(timeout=10)
kinesis.delete_stream(StreamName=stream)
