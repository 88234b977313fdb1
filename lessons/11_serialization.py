# %% [markdown]
# # Serialization and schemas
#
# At the end of this lesson you can
#
# - say what JSON and Avro cost in bytes;
# - take a record with a schema's id apart, byte by byte;
# - change a schema so that running programs survive, and say why another change kills them;
# - put bytes aside that nobody can read.
#
# In the sections marked *Deeper* you also
#
# - measure what JSON and Avro cost in time, and what compression leaves of the difference;
# - see who stops you from making a change that breaks others, and who does not.

# %% tags=["setup"]
from helpers import begin, check, flights, predict, reveal, view, wait_for

lesson = begin("11_serialization")

# %% [markdown]
# ## What does Kafka carry?
#
# Bytes, and nothing else. A flight in your program is an object. What if you send it as it
# is? First a topic of one partition. As before, one of that name is deleted first, so you can run
# a cell twice.
#
# <!-- script: topics.py -->

# %%
from confluent_kafka.admin import AdminClient
from lessons.scripts import topics

admin = AdminClient(lesson.connection)
create = topics.creator(lesson)
departed = create("nyc.flight.departed")

# %%
from confluent_kafka import Producer

producer = Producer(lesson.connection)
flight = flights.day(8)[0]
try:
    producer.produce(departed, value=flight)
except TypeError as error:
    print(error)

# %% [markdown]
# **What you saw.** The client takes only text or bytes. To turn a program's values into
# bytes is **serialization**, and the way back is **deserialization**. Both ends must agree
# how. It is the same for every pair of programs that talk over a network: Kafka's clients
# speak Kafka's own protocol over TCP, others speak HTTP, and both carry only bytes.
#
# So far your records were **JSON**: text that anyone can read.

# %%
as_json = flight.to_json()
as_json, len(as_json)

# %% [markdown]
# ## How much of that is the flight?
#
# The names `day`, `scheduled`, `carrier` … stand in each record, 24,951 times for one month.
# **Avro** leaves them out. A **schema** holds names and types, once. Both ends have it. It is JSON
# itself: a *record* with a list of fields. The last field may be one of two types.

# %%
import json

flight_v1 = {
    "type": "record",
    "name": "FlightDeparted",
    "namespace": "nyc",
    "fields": [
        {"name": "day", "type": "int"},
        {"name": "scheduled", "type": "string"},
        {"name": "carrier", "type": "string"},
        {"name": "number", "type": "int"},
        {"name": "tailnum", "type": "string"},
        {"name": "origin", "type": "string"},
        {"name": "dest", "type": "string"},
        {"name": "delay", "type": ["null", "int"]},  # null: it was cancelled
    ],
}

# %%
predict("11.1")

# %% [markdown]
# `fastavro` writes a value by a schema. `schemaless` means that the schema itself does not go
# into the bytes.

# %%
import io
from fastavro import parse_schema, schemaless_reader, schemaless_writer
from msgspec.structs import asdict  # makes a dictionary of a flight


def to_avro(value, schema):
    buffer = io.BytesIO()
    schemaless_writer(buffer, parse_schema(schema), value)
    return buffer.getvalue()


as_avro = to_avro(asdict(flight), flight_v1)
as_avro

# %%
reveal("11.1", len(as_avro))

# %% [markdown]
# ## Deeper: Where is the carrier in there?
#
# Avro writes the fields one after the other, in the schema's order. A number is written as in
# Kafka's own batches (lesson 02): seven bits to a byte, as few bytes as it can, the lowest ones
# first. Its last bit is the sign: 0, -1, 1, -2, 2 become 0, 1, 2, 3, 4. So the first byte,
# `\x10`, is 16, and means 8: the day. A text begins with its length, written in the same way:
# `\n` is the byte 10, and `05:00` has 5 letters. Both functions return what they have read, and
# where the next field begins.


# %%
def read_int(data, at):
    value, shift = 0, 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift  # seven bits of the number
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # without the eighth bit it was the last byte
            return (value >> 1) ^ -(value & 1), at


# %%
def read_text(data, at):
    size, at = read_int(data, at)
    return data[at : at + size].decode(), at + size


day, at = read_int(as_avro, 0)
scheduled, at = read_text(as_avro, at)
carrier, at = read_text(as_avro, at)
number, at = read_int(as_avro, at)
day, scheduled, carrier, number

# %% [markdown]
# **What you saw.** Without the schema you would not know that a number comes first, nor that
# it is the day. Bytes in Avro mean nothing by themselves.

# %% [markdown]
# ## Deeper: Which one is faster?
#
# Write and read the whole month with both. The seconds depend on your machine and on what else it
# does, so compare figures of one run only.

# %%
from time import perf_counter

month = [asdict(flight) for flight in flights.all_flights()]
schema = parse_schema(flight_v1)


def timed(job, values):
    start = perf_counter()
    done = [job(value) for value in values]
    return perf_counter() - start, done


# %%
def as_text(value):  # without spaces, as to_json() writes it
    return json.dumps(value, separators=(",", ":")).encode()


json_write, in_json = timed(as_text, month)
avro_write, in_avro = timed(lambda value: to_avro(value, schema), month)
json_read, _ = timed(json.loads, in_json)
avro_read, _ = timed(lambda data: schemaless_reader(io.BytesIO(data), schema), in_avro)

# %%
size = sum(map(len, in_json)), sum(map(len, in_avro))
print(
    f"bytes:            JSON {size[0]:,}, Avro {size[1]:,}, {size[0] / size[1]:.1f} : 1"
)
print(f"seconds to write: JSON {json_write:.2f}, Avro {avro_write:.2f}")
print(f"seconds to read:  JSON {json_read:.2f}, Avro {avro_read:.2f}")

# %% [markdown]
# **What you saw.** Avro takes a quarter of the bytes. But neither is clearly faster: run the last
# two cells again, and the seconds change as much as they differ. (Both libraries are compiled.)
#
# **What this does not show.** Other languages and libraries, which differ more than the formats.

# %% [markdown]
# ## Deeper: What is left of it on the disk?
#
# Producers can compress (lesson 05), and names that come back in each record compress well. (This
# goes on from *Which one is faster?*.)

# %%
predict("11.2")


# %%
def store(topic, values, codec):
    packer = Producer({**lesson.connection, "compression.type": codec, "linger.ms": 50})
    for value in values:
        packer.produce(topic, value)
        packer.poll(0)
    packer.flush(30)


# %%
stored = {}
for form, values in {"json": in_json, "avro": in_avro}.items():
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        stored[form, codec] = create(f"stored.{form}.{codec}")
        store(stored[form, codec], values, codec)

# %% [markdown]
# The size of a topic is the size of its `.log` files.


# %% needs="read files"
def on_disk(topic):
    leader = admin.list_topics(topic, timeout=10).topics[topic].partitions[0].leader
    files = lesson.cluster.segment_files(topic, 0, leader)
    return sum(file.size for file in files if file.name.endswith(".log"))


# %% needs="read files"
sizes = {pair: on_disk(topic) for pair, topic in stored.items()}
largest, smallest = max(sizes.values()), min(sizes.values())
view.bars(
    {f"{form}, {codec}": round(size / 1000) for (form, codec), size in sizes.items()},
    title="24,951 flights on one broker's disk",
    unit="kB",
    alt=f"Ten bars, from {largest / 1000:,.0f} kB down to {smallest / 1000:,.0f} kB.",
)

# %% needs="read files"
reveal("11.2", sizes["json", "zstd"] / sizes["avro", "zstd"])

# %% [markdown]
# **What you saw.** (Each record has some bytes of its own, besides its value.) Compression takes
# away most of the difference. Size alone is no strong
# reason for Avro if you compress.
#
# **What this does not show.** A producer that sends one record at a time. Compression works on
# a batch, and a batch of one has nothing that comes back.

# %% [markdown]
# ## How does a reader find the schema?
#
# The stronger reason is the schema itself: someone must keep it, and each record must say
# which one it was written with. A **schema registry** is a server that keeps schemas and
# gives each an id. Clients speak HTTP to it. `lesson.registry` is such a client. For which one?

# %%
registry = lesson.registry
lesson.registry_url

# %% [markdown]
# If it begins with `mock://`, it is a registry in the client's own memory, which comes with
# `confluent_kafka`. Another client knows nothing of its ids, so use this one all through the
# lesson; the checks do, too. And it gives a schema an id for each subject, where a real registry
# gives it one everywhere.
#
# **A real one.** `docker compose --profile registry up --wait` starts Apicurio, and in compose
# mode this lesson then uses it. In attached mode, `WORKBOOK_SCHEMA_REGISTRY_URL` names yours.
#
# A *serializer* takes a value and a *context*: the topic it is meant for, and whether it is the
# record's key or its value.

# %%
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

serialize = AvroSerializer(registry, json.dumps(flight_v1))
context = SerializationContext(departed, MessageField.VALUE)
framed = serialize(asdict(flight), context)
framed

# %% [markdown]
# Five bytes came before the ones that you know. They are the *frame*, and these records are
# *framed*.

# %%
import struct

magic, schema_id = struct.unpack(">bI", framed[:5])  # one byte, then four, largest first
print("byte  0     magic byte:", magic)
print("bytes 1-4   schema id: ", schema_id)
print("bytes 5-    Avro:      ", framed[5:] == as_avro)

# %% [markdown]
# The **magic byte** is 0 and stands for this layout. The **schema id** leads to the schema:

# %%
registry.get_subjects(), registry.get_schema(schema_id).schema_str[:60]

# %% [markdown]
# **What you saw.** The serializer registered the schema under a **subject**, the topic's name
# and `-value`. A subject has versions, 1, 2, 3 …, and each schema has an id. The
# reader takes the id from the record, asks the registry once, and remembers.

# %%
deserialize = AvroDeserializer(registry)
deserialize(framed, context)

# %% [markdown]
# **Exercise 11.1.** Send all flights of **8 February** to `departed`, in framed Avro with
# `flight_v1`. The check reads the topic with the ids in its records.

# %% tags=["solution", "exercise-11.1"]
# Exercise 11.1
for one in flights.day(8):
    producer.produce(departed, key=one.origin, value=serialize(asdict(one), context))
producer.flush(20)

# %%
check("11.1")

# %% [markdown]
# ### Deeper: Can you read it by hand?
#
# **Exercise 11.2.** The next cell makes the framed bytes of one flight. Which flight is it? Write
# it as JSON, one object with all eight fields, into `lesson.folder / "found.json"`. Try it with
# `read_int` and `read_text`. A field that may be one of two types begins with a number: 0 for the
# first, null, and 1 for the second. (This goes on from *Where is the carrier in there?*.)

# %%
found = serialize(asdict(flights.day(9)[-1]), context)
found.hex(" ")

# %% tags=["solution", "exercise-11.2"]
# Exercise 11.2
readers = {"int": read_int, "string": read_text}
at, values = 5, {}
for field in flight_v1["fields"]:
    kind = field["type"]
    if isinstance(kind, list):
        branch, at = read_int(found, at)
        kind = kind[branch]
    values[field["name"]], at = (None, at) if kind == "null" else readers[kind](found, at)
(lesson.folder / "found.json").write_text(json.dumps(values))

# %%
check("11.2")

# %% [markdown]
# ## What does the writer's side refuse?
#
# To go on after an error, this helper tries something, and returns the result or the error.


# %%
def attempt(job, *arguments):
    try:
        return job(*arguments)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


# %% [markdown]
# Four mistakes: a text for a number, a missing field, a field too many, a schema that is none.

# %%
good = asdict(flight)
no_dest = {name: value for name, value in good.items() if name != "dest"}
print(attempt(serialize, {**good, "number": "UA1117"}, context))
print(attempt(serialize, no_dest, context))
print(attempt(serialize, {**good, "gate": "C21"}, context))
print(attempt(parse_schema, {"type": "recrd", "name": "Flight"}))

# %% [markdown]
# **What you saw.** The four lines are the four answers. The third one is no error: the gate was
# dropped, and nobody was told. A strict serializer tells.

# %%
strict = AvroSerializer(registry, json.dumps(flight_v1), conf={"validate.strict": True})
print(attempt(strict, {**good, "gate": "C21"}, context))

# %% [markdown]
# ## What does the reader meet?
#
# JSON where Avro should be, an id that no registry gave, a record cut off, and no frame.

# %%
print(attempt(deserialize, as_json, context))
print(attempt(deserialize, b"\x00\x00\x01\x86\x9f" + as_avro, context))
print(attempt(deserialize, framed[:-4], context))
print(attempt(deserialize, b"late", context))

# %% [markdown]
# **What you saw.** The first byte of JSON is `{`, and the magic byte is 0. That is all that
# *Invalid magic byte* means. The third record ended too soon. Each is a *poison record* (lesson
# 06): a consumer that does not catch these errors stops at the same one each time it starts.

# %% [markdown]
# **Exercise 11.3.** The next cell sends four bad records to `departed`. Read the topic from offset
# 0 to its end, which `get_watermark_offsets` tells. Send each record that cannot be read to `dead`,
# with its **value unchanged**, and no other.

# %%
from confluent_kafka import Consumer, TopicPartition

dead = create("nyc.flight.departed.dead")
for value in (as_json, b"late", b"", b"\x00\x00\x01\x86\x9f" + as_avro):
    producer.produce(departed, key="JFK", value=value)
producer.flush(10)

# %% tags=["solution", "exercise-11.3"]
# Exercise 11.3
sorter = Consumer({**lesson.connection, "group.id": lesson.group("sorter")})
sorter.assign([TopicPartition(departed, 0, 0)])
_, end = sorter.get_watermark_offsets(TopicPartition(departed, 0), timeout=10)
for message in sorter.consume(end, timeout=20):
    try:
        deserialize(message.value(), context)
    except Exception:
        producer.produce(dead, key=message.key(), value=message.value())
sorter.close()
producer.flush(10)

# %%
check("11.3")

# %% [markdown]
# ## Which changes break whom?
#
# Next month each flight gets a gate. Old records stay in the log, old programs go on for a
# while. So two questions come with each change:
#
# - **backward compatible**: can a reader with the *new* schema read *old* records?
# - **forward compatible**: can a reader with the *old* schema read *new* records?
#
# **Full compatibility** is both. Avro reads with two schemas, the writer's and the reader's. It
# finds fields by name, and fills what the writer did not have with the reader's **default**.


# %%
example = {**good, "gate": "C21"}


def can_read(written_with, read_with, value=example):
    data = io.BytesIO(to_avro(value, written_with))
    schemas = parse_schema(written_with), parse_schema(read_with)
    read = attempt(schemaless_reader, data, *schemas)
    return "yes" if isinstance(read, dict) else read


# %%
def compare(old, new):
    print("backward (new reads old):", can_read(old, new))
    print("forward  (old reads new):", can_read(new, old))


# %% [markdown]
# First, simply add the field.

# %%
predict("11.3")


# %%
def with_field(**field):
    return {**flight_v1, "fields": [*flight_v1["fields"], field]}


required = with_field(name="gate", type="string")
compare(flight_v1, required)

# %%
pairs = {"old": (required, flight_v1), "new": (flight_v1, required)}
cannot = [
    who for who, (written, reader) in pairs.items() if can_read(written, reader) != "yes"
]
reveal("11.3", " and ".join(cannot) or "nobody")

# %% [markdown]
# **Mended**: a default, so that new readers have a value for old records.

# %%
optional = with_field(name="gate", type="string", default="")
compare(flight_v1, optional)

# %% [markdown]
# Now remove a field. This is the other way round: forward breaks.


# %%
def without(name):
    left = [field for field in flight_v1["fields"] if field["name"] != name]
    return {**flight_v1, "fields": left}


compare(flight_v1, without("tailnum"))

# %% [markdown]
# **Mended**: only a field that has had a default can go. Give it one first, let everyone take
# that version, and then remove the field.


# %%
def change(name, **news):
    fields = [{**f, **news} if f["name"] == name else f for f in flight_v1["fields"]]
    return {**flight_v1, "fields": fields}


compare(change("tailnum", default=""), without("tailnum"))

# %% [markdown]
# Change a type. Text for a number cannot be read, whichever way.

# %%
text = change("number", type="string")
print("backward:", can_read(flight_v1, text))
print("forward: ", can_read(text, flight_v1, {**example, "number": "1117"}))

# %% [markdown]
# A wider number, `long` for `int`, breaks only old readers.

# %%
compare(flight_v1, change("number", type="long"))

# %% [markdown]
# **Mended**: leave the old field as it is, and add a new one with a default. In the same way a
# new *name* is a field gone and a field added; `aliases` in the reader's schema tell the old
# name.

# %% [markdown]
# ## Deeper: Who stops you from making such a change?
#
# The registry, if you tell it. Each subject has a level: `NONE`, `BACKWARD`, `FORWARD`,
# `FULL`, each also as `…_TRANSITIVE`, which means against all versions, not only the last.
# Confluent's registry begins with `BACKWARD`, Apicurio with `NONE`.

# Try it with a subject of its own: the first version, the level, then the field without a default.

# %%
from confluent_kafka.schema_registry import ConfigCompatibilityLevel, Schema, ServerConfig

level = ServerConfig(compatibility=ConfigCompatibilityLevel.FULL)
subject = f"{lesson.topic('nyc.flight.tried')}-value"
v1, bad = (Schema(json.dumps(one), "AVRO") for one in (flight_v1, required))
registry.register_schema(subject, v1)
registry.set_config(subject, level)
attempt(registry.register_schema, subject, bad)

# %% [markdown]
# **What you saw.** With a real registry: *Incompatible*, and 409, which is HTTP's word for a
# conflict. The schema was not taken. With `mock://`: a number, the new id. **The mock does
# not check**, whatever level you set.
#
# A test in your own build finds it earlier. `can_read` is one.
#
# **Exercise 11.4.** Add a text field `gate` to flights so that old and new readers both go on.
# Send at least one flight with a gate to `departed`, written with your schema. The flights of
# 11.1 must stay.

# %% tags=["solution", "exercise-11.4"]
# Exercise 11.4
flight_v2 = with_field(name="gate", type="string", default="")
serialize_v2 = AvroSerializer(registry, json.dumps(flight_v2))
producer.produce(departed, value=serialize_v2({**good, "gate": "C21"}, context))
producer.flush(10)

# %%
check("11.4")

# %% [markdown]
# ## Deeper: What happens to a program that is running?
#
# Two consumers of one topic stay open while its schema changes, each with a way of its own to
# read. `careful` takes the writer's schema by the id in each record, and reads with its own,
# version 1. `hasty` knows version 1 by heart and skips the five bytes.

# %%
here = SerializationContext(lesson.topic("nyc.flight.live"), MessageField.VALUE)
with_v1 = AvroDeserializer(registry, json.dumps(flight_v1))
ways = {
    "careful": lambda data: with_v1(data, here),
    "hasty": lambda data: schemaless_reader(io.BytesIO(data[5:]), schema),
}

# %%
live = create("nyc.flight.live")
consumers = {}
for name in ways:
    settings = {**lesson.connection, "group.id": lesson.group(name)}
    consumers[name] = Consumer({**settings, "enable.auto.commit": False})
    consumers[name].assign([TopicPartition(live, 0, 0)])

# %% [markdown]
# Send a record, let both read it, and show where they say that the flight goes.


# %%
def route(data, way):
    read = way(data)
    return f"{read['origin']} to {read['dest']}"


def send_live(schema, value):
    producer.produce(live, AvroSerializer(registry, json.dumps(schema))(value, here))
    producer.flush(10)
    for name, consumer in consumers.items():
        message = consumer.poll(20)
        print(f"{name:8}", attempt(route, message.value(), ways[name]))


send_live(flight_v1, good)

# %% [markdown]
# Now somebody tidies up, and puts `dest` before `origin`. It is fully compatible: Avro finds
# fields by name.

# %%
order = (0, 1, 2, 3, 4, 6, 5, 7)  # `dest`, number 6, before `origin`
swapped = {**flight_v1, "fields": [flight_v1["fields"][n] for n in order]}
send_live(swapped, good)

# %% [markdown]
# **What you saw.** `careful` did not notice anything. To `hasty` the flight now leaves from
# CLT and goes to EWR. It did not stop, and that is worse than an error: wrong answers that look
# right.
#
# Now a change that is not forward compatible: the tail number goes.

# %%
send_live(without("tailnum"), good)

# %% [markdown]
# `careful` says what it misses. A consumer without a `try` would be dead now, and dead
# again after each start. `hasty` took the next field for the tail number, went on a field
# too early, and came to the end of the bytes before the end of its schema. Mend `careful`
# while it is open: a default in *its own* schema.

# %%
mended = AvroDeserializer(registry, json.dumps(change("tailnum", default="")))
ways["careful"] = lambda data: mended(data, here)
send_live(without("tailnum"), good)

# %% [markdown]
# **What you saw.** `careful` reads on, in the same process, from the same place.
#
# **Which one first?** Backward compatible change: new *readers* first, then writers. Forward
# compatible: *writers* first. Full: in any order, which is why teams like it.
#
# **What this does not show.** Old records. A consumer that reads from the beginning meets every
# version that there ever was. That is what `…_TRANSITIVE` is for.

# %% [markdown]
# ## Deeper: Can weather go into the same topic?
#
# The subject is the topic's. To the registry, weather would be the next version of a flight.

# %%
weather = {
    "type": "record",
    "name": "WeatherObserved",
    "namespace": "nyc",
    "fields": [{"name": "hour", "type": "int"}, {"name": "wind", "type": "int"}],
}
data = io.BytesIO(to_avro({"hour": 17, "wind": 38}, weather))
print(attempt(schemaless_reader, data, parse_schema(weather), schema)[:39], "…")

# %% [markdown]
# **What you saw.** No reader of flights can read it, and a registry that checks would refuse
# it. So a schema enforces what lesson 04 asked for: **one type of event per topic**. (Other
# *subject name strategies* allow more than one. Every consumer must then know all of them.)
#
# **Other formats.** The same registry and the same frame also carry JSON Schema, which
# describes JSON and keeps its size, and Protobuf, which numbers its fields and whose
# programs are generated from the schema. Newer clients can also put the schema's name, 16 bytes
# that are the same in every registry, into a *header* of the record, and leave the value as it is.

# %% [markdown]
# ## What you know now
#
# - Kafka carries bytes. Serialization makes them, deserialization reads them.
# - Avro is several times smaller than JSON.
# - The frame is a 0 and four bytes with the schema's id. A registry keeps the schemas.
# - Backward: new readers, old records. Forward: old readers, new records. A default mends most.
# - A reader that ignores the writer's schema does not fail. It lies.
#
# From the sections marked *Deeper*:
#
# - Compression takes away most of what Avro saves. In Python it is not clearly faster.
# - The mock registry checks nothing; a real one refuses with 409.

# %% [markdown] tags=["terms"]
# **New terms**: serialization, deserialization, Avro, schema, schema registry, magic byte, subject, backward compatibility, forward compatibility, full compatibility.

# %% [markdown]
# **Read next**: [schema
# resolution](https://avro.apache.org/docs/current/specification/#schema-resolution) in Avro's
# specification has every rule.

# %% tags=["cleanup"]
lesson.clean_up()
