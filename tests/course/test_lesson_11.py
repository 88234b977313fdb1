"""Lesson 11: its exercises, right and wrong, and what the registry keeps for a run."""

import functools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from confluent_kafka.schema_registry import (
    Schema,
    SchemaRegistryError,
    header_schema_id_serializer,
)
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from msgspec.structs import asdict

from helpers import flights
from helpers.course import errors
from helpers.course.checks.lesson_11 import DEAD, DEPARTED, FOUND
from helpers.course.lesson import Lesson
from tests.course import students
from tests.course.students import passes, says

LESSON = "11_serialization"
run = functools.partial(students.run, LESSON)
Names = dict[str, Any]
MARKERS = (
    "departed = create",
    "producer = Producer(",
    "as_json = ",
    "flight_v1 = {",
    "def to_avro",
    "def read_int",
    "def read_text",
    "registry = lesson.registry",
    "serialize = AvroSerializer(registry",
    "deserialize = AvroDeserializer",
    "found = serialize",
    "def attempt",
    "good = asdict",
)
WANTED = asdict(flights.day(9)[-1])
UNKNOWN = b"\x00\x00\x01\x86\x9f"


@pytest.fixture
def names(lesson: Lesson) -> Iterator[Names]:
    """Give what the lesson's cells know, after those cells have run."""
    known: Names = {"lesson": lesson, "flights": flights}
    run(known, *MARKERS)
    lesson.wait_for_topic(lesson.topic(DEPARTED), 1)
    yield known
    # The cells' functions hold their names, and so a producer, in a circle.
    known.clear()


def with_gate(lesson: Lesson, schema: dict[str, Any], gate: object = "C21") -> None:
    """Send one flight with a gate, written with a schema."""
    topic = lesson.topic(DEPARTED)
    write = AvroSerializer(lesson.registry, json.dumps(schema))
    value = {**asdict(flights.day(8)[0]), "gate": gate}
    students.send(
        lesson, topic, write(value, SerializationContext(topic, "value")) or b""
    )


def test_11_1_solution(names: Names) -> None:
    assert "holds no record" in says("11.1")
    students.solve("11.1", names)
    assert "All 930 flights of 8 February can be read" in says("11.1")


def test_11_1_with_a_schema_of_the_students_own(lesson: Lesson, names: Names) -> None:
    schema = {**names["flight_v1"], "fields": names["flight_v1"]["fields"][::-1]}
    write = AvroSerializer(lesson.registry, json.dumps(schema))
    context = SerializationContext(lesson.topic(DEPARTED), MessageField.VALUE)
    values = [write(asdict(one), context) or b"" for one in flights.day(8)]
    students.send(lesson, lesson.topic(DEPARTED), *values)
    assert passes("11.1")


@pytest.mark.parametrize(
    ("make", "answer"),
    [
        (lambda names, one: one.to_json(), "JSON, as `to_json()` makes it"),
        (
            lambda names, one: names["to_avro"](asdict(one), names["flight_v1"]),
            "Avro without its frame",
        ),
        (
            lambda names, one: (
                UNKNOWN + names["to_avro"](asdict(one), names["flight_v1"])
            ),
            "not known to `lesson.registry`",
        ),
    ],
)
def test_11_1_mistakes(
    lesson: Lesson, names: Names, make: Callable[..., bytes], answer: str
) -> None:
    values = [make(names, one) for one in flights.day(8)]
    students.send(lesson, lesson.topic(DEPARTED), *values)
    card = says("11.1")
    assert "▷ Exercise 11.1: not yet. 930 of" in card.replace("\n", ". ")
    assert answer in card


def test_11_1_with_another_day(lesson: Lesson, names: Names) -> None:
    values = [
        names["serialize"](asdict(one), names["context"]) for one in flights.day(9)[:5]
    ]
    students.send(lesson, lesson.topic(DEPARTED), *values)
    assert "flights of day 9" in says("11.1")


def test_11_1_with_values_lost(lesson: Lesson, names: Names) -> None:
    students.send(lesson, lesson.topic(DEPARTED), b"", key="framed")
    assert "Its records have no value" in says("11.1")
    late = [{**asdict(one), "delay": 0} for one in flights.day(8)]
    values = [names["serialize"](one, names["context"]) for one in late]
    students.send(lesson, lesson.topic(DEPARTED), *values)
    assert "Some have other values" in says("11.1")


def test_11_2_solution(names: Names) -> None:
    assert "There is no file `found.json`" in says("11.2")
    students.solve("11.2", names)
    assert passes("11.2")


def test_11_2_with_the_deserializer(lesson: Lesson, names: Names) -> None:
    value = names["deserialize"](names["found"], names["context"])
    (lesson.folder / FOUND).write_text(json.dumps(value, indent=2))
    assert passes("11.2")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (str(WANTED), "is not JSON"),
        (json.dumps([WANTED]), "must be one object with the fields"),
        (json.dumps({**WANTED, "day": 18}), "the last bit of a number is its sign"),
        (json.dumps({**WANTED, "number": str(WANTED["number"])}), "it is a number"),
        (json.dumps({**WANTED, "day": 0}), "The first five bytes are the frame"),
        (json.dumps({**WANTED, "delay": 7}), "0 for null, 1 for an int"),
        (json.dumps({**WANTED, "dest": "BOS"}), "look at where it begins"),
    ],
)
def test_11_2_mistakes(lesson: Lesson, text: str, answer: str) -> None:
    (lesson.folder / FOUND).write_text(text)
    card = says("11.2")
    assert "▷ Exercise 11.2: not yet" in card
    assert answer in card


def test_11_3_solution(lesson: Lesson, names: Names) -> None:
    students.send(lesson, lesson.topic(DEPARTED), names["framed"])
    assert "Run the cell that sends it" in says("11.3")
    run(names, "dead = create")
    assert "Did you `flush`?" in says("11.3")
    students.solve("11.3", names)
    assert passes("11.3")


def test_11_3_mistakes(lesson: Lesson, names: Names) -> None:
    students.send(lesson, lesson.topic(DEPARTED), names["framed"])
    run(names, "dead = create")
    dead = lesson.topic(DEAD)
    students.send(lesson, dead, names["as_json"], b"late")
    assert "An empty value is a value" in says("11.3")
    students.send(lesson, dead, b"")
    assert "that raises `SchemaRegistryError`" in says("11.3")
    students.send(lesson, dead, UNKNOWN + names["as_avro"], b"'late'")
    assert "which never was a value of `departed`" in says("11.3")
    students.send(lesson, dead, names["framed"])
    assert "1 records in `dead` can be read" in says("11.3")
    assert "run the one that creates `dead` again, then yours" in says("11.3")


STRANGE = (("AVRO", '"string"'), ("AVRO", '["null"]'), ("PROTOBUF", "message A {}"))


def strange_values(lesson: Lesson) -> list[bytes]:
    """Return framed values of schemas that are of no flight; the first can be read."""
    made = []
    for kind, text in STRANGE:
        subject = f"{lesson.topic('strange')}-value"
        number = lesson.registry.register_schema(subject, Schema(text, kind))
        made.append(b"\0" + number.to_bytes(4, "big") + b"\x02a")
    return made


def test_what_is_no_flight_but_can_be_read_is_not_dead(
    lesson: Lesson, names: Names
) -> None:
    students.solve("11.1", names)
    run(names, "dead = create")
    students.send(lesson, lesson.topic(DEPARTED), *strange_values(lesson))
    assert passes("11.1")
    students.solve("11.3", names)
    assert passes("11.3")
    assert "a field too many is dropped" in says("11.4")


@pytest.mark.parametrize("text", ["[" * 100_000, None])
def test_11_2_with_what_is_no_text(lesson: Lesson, text: str | None) -> None:
    file = lesson.folder / FOUND
    file.write_text(text) if text else file.mkdir()
    assert "is not JSON" in says("11.2") or "There is no file" in says("11.2")


@pytest.mark.parametrize(
    ("gate", "value"),
    [
        ({"type": "int", "default": 0}, 5),
        ({"type": "string", "default": ""}, ""),
        ({"type": ["null", "string"], "default": None}, None),
    ],
)
def test_11_4_with_what_is_no_gate(
    lesson: Lesson, names: Names, gate: dict[str, Any], value: object
) -> None:
    old = names["flight_v1"]
    students.send(lesson, lesson.topic(DEPARTED), names["framed"])
    with_gate(
        lesson, {**old, "fields": [*old["fields"], {"name": "gate", **gate}]}, value
    )
    assert f"has {value!r} there. A gate is a text" in says("11.4")


def test_11_4_with_another_name(lesson: Lesson, names: Names) -> None:
    old, gate = names["flight_v1"], {"name": "gate", "type": "string", "default": ""}
    students.send(lesson, lesson.topic(DEPARTED), names["framed"])
    with_gate(lesson, {**old, "name": "Other", "fields": [*old["fields"], gate]})
    assert "The record is called `Other` in your schema" in says("11.4")
    in_a_space = {**old, "name": "nyc.FlightDeparted"}
    with_gate(lesson, {**in_a_space, "fields": [*old["fields"], gate]})
    assert passes("11.4")


def test_11_4_solution(lesson: Lesson, names: Names) -> None:
    assert "Do exercise 11.1" in says("11.4")
    students.send(lesson, lesson.topic(DEPARTED), names["framed"])
    run(names, "def can_read", "def compare", "def with_field")
    students.solve("11.4", names)
    assert passes("11.4")


def test_11_4_with_null_for_no_gate(lesson: Lesson, names: Names) -> None:
    students.send(lesson, lesson.topic(DEPARTED), names["framed"])
    gate = {"name": "gate", "type": ["null", "string"], "default": None}
    schema = names["flight_v1"]
    with_gate(lesson, {**schema, "fields": [gate, *schema["fields"]]})
    assert passes("11.4")


def test_11_4_mistakes(lesson: Lesson, names: Names) -> None:
    old = names["flight_v1"]
    students.send(lesson, lesson.topic(DEPARTED), names["framed"])
    assert "a field too many is dropped" in says("11.4")
    gate = {"name": "gate", "type": "string", "default": ""}
    new = {**old, "fields": [*old["fields"][1:], gate]}
    lesson.registry.register_schema(
        f"{lesson.topic(DEPARTED)}-value", Schema(json.dumps(new), "AVRO")
    )
    assert "no flight in `departed` was written with it" in says("11.4")


@pytest.mark.parametrize(
    ("left_out", "gate", "answer"),
    [
        ((), {"name": "gate", "type": "string"}, "Give the field a default"),
        (
            ("tailnum",),
            {"name": "gate", "type": "string", "default": ""},
            "Did you change or remove another field?",
        ),
    ],
)
def test_11_4_with_a_change_that_breaks(
    lesson: Lesson,
    names: Names,
    left_out: tuple[str, ...],
    gate: dict[str, str],
    answer: str,
) -> None:
    old = names["flight_v1"]
    students.send(lesson, lesson.topic(DEPARTED), names["framed"])
    fields = [one for one in old["fields"] if one["name"] not in left_out]
    with_gate(lesson, {**old, "fields": [*fields, gate]})
    assert answer in says("11.4")
    with_gate(lesson, {**old, "fields": [*old["fields"], {**gate, "default": ""}]})
    assert passes("11.4"), "the newest one counts"


def test_what_the_lesson_says_of_headers(lesson: Lesson, names: Names) -> None:
    schema, headers = json.dumps(names["flight_v1"]), list[tuple[str, bytes]]()
    conf = {"schema.id.serializer": header_schema_id_serializer}
    write = AvroSerializer(lesson.registry, schema, conf=conf)
    topic = lesson.topic(DEPARTED)
    context = SerializationContext(topic, MessageField.VALUE, headers=headers)
    assert write(asdict(flights.day(8)[0]), context) == names["as_avro"]
    ((_, name),) = context.headers
    assert (name[0], len(name)) == (1, 17)


def test_the_schemas_of_a_run_go_with_it_and_those_of_others_stay(
    lesson: Lesson, names: Names
) -> None:
    schema = Schema(json.dumps(names["flight_v1"]), "AVRO")
    lesson.registry.register_schema("somebody.else-value", schema)
    assert len(lesson.registry.get_subjects()) == 2
    lesson.clean_up()
    assert lesson.registry.get_subjects() == ["somebody.else-value"]


def test_a_registry_that_does_not_answer_keeps_nothing_else(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    topic = lesson.topic("kept.by.nobody")
    students.create(lesson, topic, 1, 1)
    nobody = "http://127.0.0.1:9"
    monkeypatch.setattr("helpers.servers.schema_registry.address", lambda _: nobody)
    lesson.clean_up()
    whole, schemas = capsys.readouterr().out.splitlines()
    assert whole == "Removed the topics, groups and files of this run."
    assert f"registry of schemas at {nobody} cannot be asked ([Err" in schemas
    lesson.wait_for_topic(topic, 0)


@pytest.mark.parametrize(
    ("data", "says_what"),
    [
        (b"{}{}{}{}", "Whoever wrote them used no registry: put them aside. (Inv"),
        (b"late", "Whoever wrote them used no registry: put them aside. (Exp"),
        (UNKNOWN + b"\x10\x10", "Do you ask the one that the writer used? (Schema"),
    ],
)
def test_bytes_that_cannot_be_read_end_in_a_sentence(
    names: Names, data: bytes, says_what: str
) -> None:
    with pytest.raises(Exception, match=r".") as raised:
        names["deserialize"](data, names["context"])
    assert says_what in errors.sentence(raised.value)


def test_a_schema_that_does_not_fit_ends_in_a_sentence() -> None:
    refused = SchemaRegistryError(409, 409, "Incompatible")
    assert "would no longer understand each other" in errors.sentence(refused)
