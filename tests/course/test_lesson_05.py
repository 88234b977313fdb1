"""Lesson 05: its exercises, right and wrong, on records that producers have left."""

import functools
from collections.abc import Iterable
from typing import Any

import pytest
from confluent_kafka import Producer

from helpers import flights
from helpers.course import current
from helpers.course.checks.lesson_05 import CANCELLED, COUNTED
from helpers.course.checks.once import ONCE
from helpers.course.checks.packed import TIGHT
from helpers.course.lesson import Lesson
from helpers.flights import Flight
from helpers.kafka import batches
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.waiting import wait_for
from tests.course import students
from tests.course.students import passes, says

LESSON = "05_producers"
run = functools.partial(students.run, LESSON)
Names = dict[str, Any]

DAY = [flight.to_json() for flight in flights.day(8)]
MONTH = [flight.to_json() for flight in flights.all_flights()]
NUMBERS = [str(number).encode() for number in range(100)]
GONE = [flight for flight in flights.day(8) if flight.cancelled]


@pytest.fixture
def lesson(cluster: EmbeddedCluster) -> Lesson:
    """Enter a lesson whose names are this test's own; they go with the servers."""
    entered = students.lesson_at(cluster)
    current.enter(entered)
    return entered


@pytest.fixture
def names(lesson: Lesson) -> Names:
    """Give what the lesson's cells know."""
    known = {"lesson": lesson, "flights": flights, "wait_for": wait_for}
    known |= {"day": flights.day(8), "month": MONTH, "values": NUMBERS}
    run(known, "create = topics.creator(")
    return known


def made(lesson: Lesson, base: str) -> str:
    """Create a topic with one partition; return its name."""
    name = lesson.topic(base)
    students.create(lesson, name, 1, 3)
    return name


def send(
    lesson: Lesson, topic: str, values: Iterable[bytes], **settings: str | int
) -> None:
    """Send values with settings in which ``_`` stands for a dot."""
    dotted = {key.replace("_", "."): value for key, value in settings.items()}
    producer = Producer({**lesson.connection, **dotted})
    for value in values:
        producer.produce(topic, value)
    assert producer.flush(60) == 0


def test_5_1_solution(lesson: Lesson, names: Names) -> None:
    counted = made(lesson, COUNTED)
    small = Producer({**lesson.connection, "queue.buffering.max.messages": 100})
    students.solve("5.1", {**names, "counted": counted, "small": small})
    assert "930 departures, each exactly once" in passes("5.1")


def test_5_1_done_another_way(lesson: Lesson) -> None:
    """Who flushes after each hundred never meets a full queue."""
    topic = made(lesson, COUNTED)
    small = Producer({**lesson.connection, "queue.buffering.max.messages": 100})
    for number, value in enumerate(DAY):
        small.produce(topic, value)
        if number % 100 == 99:
            small.flush(10)
    small.flush(10)
    assert passes("5.1")


def test_5_1_while_the_topic_fills_up(lesson: Lesson) -> None:
    topic = made(lesson, COUNTED)
    answers = [
        ([], "▷ Exercise 5.1: not yet"),
        ([], "is empty. Did you `flush`?"),
        (DAY[:100], "all after the first 100"),
        (DAY[100:870], "60 of 930 departures are missing, the last ones"),
        (DAY[870:], "✔ Exercise 5.1: passed"),
        (DAY[:100], "has 100 too many"),
        (DAY[100:], "has each departure more than once"),
    ]
    for values, answer in answers:
        send(lesson, topic, values)
        assert answer in says("5.1")


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        (DAY[:300] + DAY[320:], "the first of them number 300. A record for which"),
        ([str(value).encode() for value in DAY], "none is a departure of the day"),
    ],
)
def test_5_1_mistakes(lesson: Lesson, values: list[bytes], answer: str) -> None:
    send(lesson, made(lesson, COUNTED), values)
    card = says("5.1")
    assert "▷ Exercise 5.1: not yet" in card
    assert answer in card


@pytest.mark.usefixtures("lesson")
def test_without_a_topic_the_answer_says_which_cell_to_run() -> None:
    for exercise_id in ("5.1", "5.2", "5.3", "5.4"):
        assert "There is no topic `nyc.flight." in says(exercise_id)


def test_5_2_solution(lesson: Lesson, names: Names) -> None:
    students.solve("5.2", {**names, "tight": made(lesson, TIGHT)})
    assert "packed with zstd" in passes("5.2")


@pytest.mark.parametrize(
    ("codec", "answer"),
    [("gzip", "✔ Exercise 5.2: passed"), ("lz4", "These are made to be quick")],
)
def test_5_2_with_the_lessons_own_function(
    lesson: Lesson, names: Names, codec: str, answer: str
) -> None:
    """It sends a first record by itself, which no codec makes smaller."""
    topic = made(lesson, TIGHT)
    run(names, "import time", "import median", "def opened", "import json", "def send(")
    names["send"](topic, MONTH, {"compression.type": codec, "linger.ms": 200})
    card = says("5.2")
    assert answer in card
    assert f"packed with {codec}" in card
    assert "none" not in card


@pytest.mark.parametrize(
    ("chosen", "answer"),
    [
        ({}, "Not all of it is compressed"),
        (
            {"compression_type": "zstd", "batch_num_messages": 90},
            "A batch is packed by itself",
        ),
        # As the lesson gives them; the last batch holds one record.
        (
            {"compression_type": "lz4", "batch_num_messages": 10},
            "A batch is packed by itself",
        ),
    ],
)
def test_5_2_mistakes(lesson: Lesson, chosen: dict[str, str], answer: str) -> None:
    send(lesson, made(lesson, TIGHT), MONTH, **chosen)
    card = says("5.2")
    assert "▷ Exercise 5.2: not yet" in card
    assert answer in card


def test_5_2_part_of_the_month_and_more_than_the_month(lesson: Lesson) -> None:
    topic = made(lesson, TIGHT)
    send(lesson, topic, MONTH[:-51], compression_type="zstd", linger_ms=200)
    assert "lacks 51 of 24,951 departures" in says("5.2")
    send(lesson, topic, MONTH[-60:])
    assert "holds an earlier try, too" in says("5.2")


def once(lesson: Lesson) -> str:
    """Create the topic of exercise 5.3, with a single replica as in the lesson."""
    name = lesson.topic(ONCE)
    students.create(lesson, name, 1, 1)
    return name


def test_5_3_solution(lesson: Lesson, names: Names) -> None:
    run(names, "def frozen", "def send_into_a_pause")
    students.solve("5.3", {**names, "once": once(lesson)})
    assert "100 records, each once and in order" in passes("5.3")


def test_5_3_without_idempotence(lesson: Lesson, names: Names) -> None:
    run(names, "def frozen", "def send_into_a_pause")
    outcomes = names["send_into_a_pause"](once(lesson), NUMBERS, {"acks": "all"})
    assert outcomes == {"delivered": 100}
    card = says("5.3")
    assert "▷ Exercise 5.3: not yet" in card
    assert "has 199 records, and 100 are asked for. None came" in card


def test_5_3_once_by_luck(lesson: Lesson) -> None:
    send(lesson, once(lesson), NUMBERS)
    assert "once, but by luck" in says("5.3")


def test_5_3_sent_by_two_producers(lesson: Lesson) -> None:
    topic = once(lesson)
    for _ in range(2):
        send(lesson, topic, NUMBERS, enable_idempotence="true")
    assert "two producers are two ids" in says("5.3")


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        (NUMBERS[1:], "1 of 100 records are missing"),
        (NUMBERS[::-1], "98 comes after 99"),
    ],
)
def test_5_3_mistakes(lesson: Lesson, values: list[bytes], answer: str) -> None:
    send(lesson, once(lesson), values, enable_idempotence="true")
    assert answer in says("5.3")


def test_5_4_solution(lesson: Lesson, names: Names) -> None:
    names |= {"producer": Producer(lesson.connection), "cancelled": cancelled(lesson)}
    students.solve("5.4", names)
    assert "472 cancelled departures" in passes("5.4")


def cancelled(lesson: Lesson) -> str:
    """Create the topic of exercise 5.4, which keeps records of 2013."""
    name = lesson.topic(CANCELLED)
    students.create(lesson, name, 1, 3, retention_ms="-1")
    return name


def describe(flight: Flight) -> dict[str, Any]:
    """Return a record as exercise 5.4 asks for it, in another way of writing it."""
    return {
        "key": flight.carrier.encode(),
        "value": flight.to_json(),
        "headers": [("trace", b"1"), ("reason", "blizzard")],
        "timestamp": int(flight.planned.timestamp()) * 1000,
    }


def send_described(lesson: Lesson, some: Iterable[Flight], **instead: object) -> None:
    """Send flights to the topic of exercise 5.4, with some parts replaced."""
    topic, producer = lesson.topic(CANCELLED), Producer(lesson.connection)
    for flight in some:
        parts = {**describe(flight), **instead}
        producer.produce(topic, **{k: v for k, v in parts.items() if v is not None})
    assert producer.flush(30) == 0


def test_5_4_while_the_topic_fills_up(lesson: Lesson) -> None:
    """What passes in between is written in another way than the solution."""
    cancelled(lesson)
    answers = [
        ([], "is empty: did you `flush`?"),
        (GONE[1:], "1 of 472 cancelled departures are missing"),
        (GONE[:1], "✔ Exercise 5.4: passed"),
        (GONE[:1], "has 473 records, and 472 are asked for"),
        (flights.day(8), "It looks like the whole day"),
    ]
    for some, answer in answers:
        send_described(lesson, some)
        assert answer in says("5.4")


@pytest.mark.parametrize(
    ("instead", "answer"),
    [
        ({"timestamp": None}, "has the time at which it was sent"),
        ({"headers": None}, "has the headers []"),
        ({"headers": {"Reason": b"blizzard"}}, "has the headers [('Reason'"),
        ({"key": "EWR"}, "has the key b'EWR', not its carrier"),
        ({"value": b"cancelled"}, "are no departures as `flight.to_json()` writes them"),
    ],
)
def test_5_4_mistakes(lesson: Lesson, instead: dict[str, Any], answer: str) -> None:
    cancelled(lesson)
    send_described(lesson, GONE, **instead)
    card = says("5.4")
    assert "▷ Exercise 5.4: not yet" in card
    assert answer in card


def test_5_4_time_in_seconds(lesson: Lesson) -> None:
    topic, producer = cancelled(lesson), Producer(lesson.connection)
    for flight in GONE:
        parts = {**describe(flight), "timestamp": int(flight.planned.timestamp())}
        producer.produce(topic, **parts)
    producer.flush(30)
    assert "that is in seconds, and so in January 1970" in says("5.4")


def test_a_batch_that_is_still_being_written_is_left_out(lesson: Lesson) -> None:
    topic = made(lesson, COUNTED)
    send(lesson, topic, DAY[:10], batch_num_messages=5, compression_type="gzip")
    admin = batches.admin_client(lesson.connection)
    leader = admin.list_topics(topic).topics[topic].partitions[0].leader
    data = lesson.cluster.read_segment(topic, 0, leader, f"{0:020}.log")
    found = batches.parsed(data)
    assert [one.codec for one in found] == ["gzip", "gzip"]
    assert sum(one.size for one in found) == len(data)
    assert batches.parsed(data[:-1]) == found[:1]
    assert batches.parsed(b"") == []
