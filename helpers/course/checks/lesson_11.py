"""Lesson 11: records in framed Avro, one by hand, the unreadable aside, a safe change."""

import io
import json
import struct
from collections import Counter
from typing import Any, NamedTuple

from confluent_kafka.schema_registry import SchemaRegistryError
from fastavro import parse_schema, schemaless_reader
from msgspec.structs import asdict, astuple

from helpers import flights
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.records import Record, read_all
from helpers.kafka.topics import admin_client, topic_names

DEPARTED = "nyc.flight.departed"
DEAD = "nyc.flight.departed.dead"
FOUND = "found.json"
NEW_FIELD = "gate"
FIELDS = flights.Flight.__struct_fields__
_ANEW = (
    " What is in a topic stays there: mend your cell, run the one that creates `dead` "
    "again, then yours."
)
_UNREADABLE = object()
FRAME = struct.Struct(">bI")


class _Written(NamedTuple):
    """A flight in Avro: its writer's schema, its bytes, and what they mean."""

    schema: dict[str, Any]
    data: bytes
    flight: dict[str, Any]


def framed_flights(lesson: Lesson) -> Verdict:
    """Judge exercise 11.1: every flight of 8 February, as framed Avro."""
    records = _records(lesson, DEPARTED)
    if not records:
        return not_yet(
            f"`{lesson.topic(DEPARTED)}` holds no record. Run the cell that creates it; "
            "and did you `flush`?"
        )
    read = [_decode(lesson, one.value) for one in records]
    found = Counter(tuple(map(one.get, FIELDS)) for one in read if _is_flight(one))
    wanted = Counter(map(astuple, flights.day(8)))
    if missing := sum((wanted - found).values()):
        return not_yet(_why_missing(lesson, records, read, missing))
    return passed(f"All {wanted.total()} flights of 8 February can be read by their ids.")


def _why_missing(lesson: Lesson, records: list[Record], read: list[Any], n: int) -> str:
    unread = [
        one.value
        for one, value in zip(records, read, strict=True)
        if value is _UNREADABLE
    ]
    text = f"{n} of the 930 flights of 8 February cannot be read from the topic. "
    if not any(one.value for one in records):
        return text + "Its records have no value: send the framed bytes as `value`."
    if any(value.startswith(b"{") for value in unread):
        return text + (
            "There are values that begin with `{`: JSON, as `to_json()` makes it. "
            "`serialize(asdict(one), context)` makes framed Avro."
        )
    if any(value[:1] not in (b"\x00", b"") for value in unread):
        return text + (
            "There are values whose first byte is not 0: Avro without its frame, as "
            "`to_avro` makes it. `serialize` puts five bytes before it."
        )
    return text + _which_flights(read)


def _which_flights(read: list[Any]) -> str:
    days = Counter(one["day"] for one in read if _is_flight(one))
    if others := sorted(days.keys() - {8}):
        return f"There are flights of day {others[0]}: send `flights.day(8)`."
    if days[8] >= len(flights.day(8)):
        return "Some have other values, or are there twice: send each as it is."
    if days:
        return "Did you send all of them, and `flush`?"
    return "Their schema ids are not known to `lesson.registry`."


def found_flight(lesson: Lesson) -> Verdict:
    """Judge exercise 11.2: one record decoded into a file."""
    file = lesson.folder / FOUND
    if not file.is_file():
        return not_yet(f"There is no file `{FOUND}` in `lesson.folder`. Write it there.")
    try:
        told = json.loads(file.read_text("utf-8-sig"))
    except (ValueError, RecursionError):
        return not_yet(
            f"`{FOUND}` is not JSON. Write it with `json.dumps`: a Python dictionary as "
            "text has other quotes."
        )
    wanted = asdict(flights.day(9)[-1])
    if not isinstance(told, dict) or set(told) != set(wanted):
        fields = ", ".join(wanted)
        return not_yet(f"`{FOUND}` must be one object with the fields {fields}.")
    wrong = [name for name in wanted if told[name] != wanted[name]]
    if wrong:
        return not_yet(_why_wrong(wrong[0], told, wanted))
    return passed(f"It is {wanted['carrier']} {wanted['number']} to {wanted['dest']}.")


def _why_wrong(name: str, told: dict[str, Any], wanted: dict[str, Any]) -> str:
    said = f"`{name}` is not {told[name]!r}. "
    right = wanted[name]
    if isinstance(right, int) and told[name] == 2 * right:
        return said + "That is twice the value: the last bit of a number is its sign."
    if str(told[name]) == str(right):
        return said + f"In the schema it is a number, and you wrote {told[name]!r}."
    if name == "day":
        return said + "Did you begin at byte 0? The first five bytes are the frame."
    if name == "delay":
        return said + "It begins with a number that says which: 0 for null, 1 for an int."
    return said + "The fields before it are right, so look at where it begins."


def unreadable_aside(lesson: Lesson) -> Verdict:
    """Judge exercise 11.3: what cannot be read is in the dead-letter topic, unchanged."""
    bad = Counter(
        one.value
        for one in _records(lesson, DEPARTED)
        if not one.tombstone and _decode(lesson, one.value) is _UNREADABLE
    )
    if not bad:
        return not_yet("Nothing bad is in `departed`. Run the cell that sends it.")
    there = Counter(one.value for one in _records(lesson, DEAD))
    if not there:
        return not_yet(f"`{lesson.topic(DEAD)}` is empty. Did you `flush`?")
    good = [value for value in there if _decode(lesson, value) is not _UNREADABLE]
    if good:
        return not_yet(
            f"{len(good)} records in `dead` can be read. Only what raises belongs there."
            + _ANEW
        )
    strange = [value for value in there if value not in bad]
    if strange:
        return not_yet(
            f"`dead` holds {strange[0][:40]!r}, which never was a value of `departed`. "
            "Send `message.value()` as it is: whoever mends it needs the same bytes."
            + _ANEW
        )
    missing = [value for value in bad if value not in there]
    if missing:
        return not_yet(_why_left(missing))
    return passed(f"{len(bad)} unreadable values are aside, each byte as it was.")


def _why_left(missing: list[bytes]) -> str:
    said = f"{missing[0][:20]!r} is not in `dead`. "
    if missing[0][:1] == b"\x00":
        return said + (
            "It has a frame, but no registry gave its id: that raises "
            "`SchemaRegistryError`, not `SerializationError`. Catch both."
        )
    if missing[0] == b"":
        return said + "An empty value is a value. `if message.value()` passes it over."
    return said + "Read the topic to its end, from offset 0."


def safe_change(lesson: Lesson) -> Verdict:
    """Judge exercise 11.4: a new field that old and new readers both survive."""
    subject = f"{lesson.topic(DEPARTED)}-value"
    records = [one.value for one in _records(lesson, DEPARTED)]
    old, new = _first_with(lesson, records, False), _first_with(lesson, records, True)
    if old is None:
        return not_yet(
            "`departed` has no flight of the first schema. Do exercise 11.1 first."
        )
    if new is None:
        return not_yet(_why_no_gate(lesson, subject))
    if said := _why_broken(old, new):
        return not_yet(said)
    gate = new.flight[NEW_FIELD]
    if not isinstance(gate, str) or not gate:
        return not_yet(
            f"The newest flight with the field `{NEW_FIELD}` has {gate!r} there. A gate "
            'is a text, such as "C21": send a flight that has one.'
        )
    return passed("Old readers read new flights, and new readers read old ones.")


def _why_broken(old: _Written, new: _Written) -> str:
    """Return who cannot read what; empty if all can read all."""
    before, after = (one.schema["name"].rpartition(".")[2] for one in (old, new))
    if before != after:
        return (
            f"The record is called `{after}` in your schema, and `{before}` in the first "
            "one. Another name is another type to old readers: keep it."
        )
    if said := _refused(old.schema, new.schema, old.data):
        return (
            f"With your schema the old flights cannot be read: {said}. What does a new "
            "reader take for a gate where there is none? Give the field a default, and "
            "send one more flight: the newest one counts."
        )
    if said := _refused(new.schema, old.schema, new.data):
        return (
            f"With the first schema your flights cannot be read: {said}. Did you change "
            "or remove another field?"
        )
    return ""


def _why_no_gate(lesson: Lesson, subject: str) -> str:
    try:
        latest = lesson.registry.get_latest_version(subject).schema.schema_str or ""
    except SchemaRegistryError:
        latest = ""
    if f'"{NEW_FIELD}"' in latest:
        return (
            f"A schema with `{NEW_FIELD}` is registered, but no flight in `departed` was "
            "written with it. Send one, and `flush`."
        )
    return (
        f"No flight in `departed` has a `{NEW_FIELD}`. With `serialize` of version 1 a "
        "field too many is dropped: make a serializer with your own schema."
    )


def _first_with(lesson: Lesson, values: list[bytes], new: bool) -> _Written | None:
    """Return the newest readable record that has the new field, or has it not."""
    for value in reversed(values):
        schema, flight = _schema_of(lesson, value), _decode(lesson, value)
        if _is_flight(flight) and (NEW_FIELD in flight) is new:
            return _Written(schema, value[FRAME.size :], flight)
    return None


def _refused(written: dict[str, Any], read: dict[str, Any], data: bytes) -> str:
    try:
        schemaless_reader(io.BytesIO(data), parse_schema(written), parse_schema(read))
    except Exception as error:  # whatever fastavro raises is the answer
        return str(error)
    return ""


def _records(lesson: Lesson, base: str) -> list[Record]:
    name = lesson.topic(base)
    present = name in topic_names(admin_client(lesson.connection))
    return read_all(lesson.connection, name) if present else []


def _schema_of(lesson: Lesson, value: bytes) -> Any:  # noqa: ANN401 - of every type
    """Return the Avro schema that a frame names; None if there is none."""
    if len(value) <= FRAME.size or value[0] != 0:
        return None
    _, schema_id = FRAME.unpack_from(value)
    try:
        schema = lesson.registry.get_schema(schema_id)
    except SchemaRegistryError:
        return None
    # The registry keeps Protobuf and JSON Schema, too.
    is_avro = schema.schema_type in (None, "AVRO")
    return json.loads(schema.schema_str or "null") if is_avro else None


def _decode(lesson: Lesson, value: bytes) -> Any:  # noqa: ANN401 - Avro has every type
    """Return what a value means by its frame, or that nobody can tell."""
    schema = _schema_of(lesson, value)
    if schema is None:
        return _UNREADABLE
    try:
        data = io.BytesIO(value[FRAME.size :])
        return schemaless_reader(data, parse_schema(schema), None)
    except Exception:  # bytes of any kind make fastavro raise errors of any kind
        return _UNREADABLE


def _is_flight(value: object) -> bool:
    return isinstance(value, dict) and {"carrier", "number", "day"} <= set(value)


EXERCISES = (
    Exercise(
        "11.1",
        framed_flights,
        (
            "`serialize(asdict(flight), context)` made the framed bytes of one flight.",
            "For each of `flights.day(8)`: `producer.produce(departed, "
            "value=serialize(asdict(one), context))`. Then `flush`.",
        ),
    ),
    Exercise(
        "11.2",
        found_flight,
        (
            "The frame takes bytes 0 to 4, so begin with `at = 5`. The order of the "
            "fields is that of `flight_v1`.",
            "`AvroDeserializer(registry)(found, context)` tells what you should find. "
            'Then `(lesson.folder / "found.json").write_text(json.dumps(…))`.',
        ),
    ),
    Exercise(
        "11.3",
        unreadable_aside,
        (
            "Put `deserialize(message.value(), context)` into a `try`. Which errors did "
            "you see above? There is more than one class.",
            "In `except Exception:` send it on: `producer.produce(dead, "
            "key=message.key(), value=message.value())`. Then `flush`.",
        ),
    ),
    Exercise(
        "11.4",
        safe_change,
        (
            "You saw two ways to add a field, and one of them broke new readers.",
            '`with_field(name="gate", type="string", default="")` is the schema. Make an '
            '`AvroSerializer` with it, and send `{**good, "gate": "C21"}`.',
        ),
    ),
)
