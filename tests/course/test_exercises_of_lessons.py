"""Each exercise: the lesson's own solution passes, and each mistake gets its answer."""

import json

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from helpers import flights
from helpers.course.checks.lesson_00 import TOPIC
from helpers.course.checks.lesson_04 import (
    AIRCRAFT,
    AIRCRAFT_SETTINGS,
    CANCELLED,
    WEATHER,
    WEATHER_RECORD,
)
from helpers.course.lesson import Lesson
from tests.course import students
from tests.course.students import passes, says

FIRST, SECOND, THIRD = flights.day(8)[:3]


def test_0_1_solution(lesson: Lesson) -> None:
    topic = lesson.topic(TOPIC)
    students.create(lesson, topic, 1, 3)
    producer = Producer(lesson.connection)
    names = {"flights": flights, "producer": producer, "topic": topic}
    students.solve("0.1", names)
    assert passes("0.1")


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ([], "did you `flush`?"),
        ([FIRST.to_json()], "did you `flush`?"),
        ([FIRST.to_json()] * 2, "did you `flush`?"),
        ([FIRST.to_json()] * 3, "Python counts from 0"),
        ([FIRST.to_json()] * 2 + [THIRD.to_json()], "Python counts from 0"),
        ([FIRST.to_json()] * 2 + [str(SECOND).encode()], "but not as JSON"),
    ],
)
def test_0_1_mistakes(lesson: Lesson, values: list[bytes], answer: str) -> None:
    topic = lesson.topic(TOPIC)
    students.create(lesson, topic, 1, 3)
    students.send(lesson, topic, *values)
    card = says("0.1")
    assert "▷ Exercise 0.1: not yet" in card
    assert answer in card
    assert topic in card


def test_0_1_sent_twice_passes_and_says_so(lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(TOPIC), 1, 3)
    students.send(lesson, lesson.topic(TOPIC), SECOND.to_json(), SECOND.to_json())
    assert "you sent it 2 times" in passes("0.1")


def test_0_1_json_written_otherwise_passes(lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(TOPIC), 1, 3)
    values = sorted(json.loads(SECOND.to_json()).items(), reverse=True)
    students.send(
        lesson, lesson.topic(TOPIC), json.dumps(dict(values), indent=1).encode()
    )
    assert passes("0.1")


def test_0_1_without_the_topic(lesson: Lesson) -> None:
    assert f"There is no topic `{lesson.topic(TOPIC)}`" in says("0.1")


def test_4_1_solution(lesson: Lesson) -> None:
    names = {"lesson": lesson, "admin": _admin(lesson), "NewTopic": students.NewTopic}
    students.solve("4.1", names)
    lesson.wait_for_topic(lesson.topic(CANCELLED), 6)
    assert passes("4.1")


@pytest.mark.parametrize(
    ("base", "partitions", "replicas", "answer"),
    [
        (CANCELLED, 6, 1, "Partitions split a topic, replicas copy it"),
        (CANCELLED, 3, 2, "the second argument is the partitions"),
        (CANCELLED, 8, 3, "can grow, but not shrink"),
        (CANCELLED, 4, 3, "4 partitions, and 6 are asked for. Delete it"),
        ("nyc_flight_cancelled", 6, 3, "Compare the names, part by part"),
        ("nyc.flight.Cancelled", 6, 3, "Compare the names, part by part"),
    ],
)
def test_4_1_mistakes(
    lesson: Lesson, base: str, partitions: int, replicas: int, answer: str
) -> None:
    students.create(lesson, lesson.topic(base), partitions, replicas)
    card = says("4.1")
    assert "▷ Exercise 4.1: not yet" in card
    assert answer in card


def test_4_1_with_the_clusters_own_replication_factor(lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(CANCELLED), 6, -1)
    assert passes("4.1")


def test_4_1_with_a_name_that_belongs_to_no_run(lesson: Lesson) -> None:
    students.create(lesson, CANCELLED, 6, 3)
    try:
        assert "without the ending of this run" in says("4.1")
    finally:
        students.delete(lesson, CANCELLED)


def test_4_1_with_nothing_done(lesson: Lesson) -> None:
    assert "Have you created it?" in says("4.1")


def test_4_2_solution(lesson: Lesson) -> None:
    weather = lesson.topic(WEATHER)
    students.create(lesson, weather, 2, 3)
    students.send(lesson, weather, WEATHER_RECORD, key="JFK")
    assert "still has 2 partitions" in says("4.2")
    students.solve("4.2", {"admin": _admin(lesson), "weather": weather})
    lesson.wait_for_topic(weather, 4)
    assert passes("4.2")


@pytest.mark.parametrize(
    ("partitions", "values", "answer"),
    [
        (4, [], "Did you delete the topic and create it anew"),
        (6, [WEATHER_RECORD], "not how many to add"),
        (2, [WEATHER_RECORD], "still has 2 partitions"),
        (3, [WEATHER_RECORD], "has 3 partitions, and 4 are asked for"),
    ],
)
def test_4_2_mistakes(
    lesson: Lesson, partitions: int, values: list[bytes], answer: str
) -> None:
    students.create(lesson, lesson.topic(WEATHER), 2, 3)
    students.send(lesson, lesson.topic(WEATHER), *values, key="JFK")
    if partitions != 2:
        students.grow(lesson, lesson.topic(WEATHER), partitions)
    assert answer in says("4.2")


def test_4_2_with_a_new_topic_in_place_of_the_old(lesson: Lesson) -> None:
    weather = lesson.topic(WEATHER)
    students.create(lesson, weather, 4, 3)
    students.send(lesson, weather, WEATHER_RECORD, key="JFK")
    assert "lies in partition 3" in says("4.2")


def test_4_2_with_the_topic_deleted(lesson: Lesson) -> None:
    assert "Growing needs no deletion" in says("4.2")


def test_4_3_solution(lesson: Lesson) -> None:
    aircraft = lesson.topic(AIRCRAFT)
    students.create(lesson, aircraft, 1, 3, **AIRCRAFT_SETTINGS)
    assert "is not set on the topic" in says("4.3")
    students.solve("4.3", {"admin": _admin(lesson), "aircraft": aircraft})
    assert passes("4.3")


@pytest.mark.parametrize(
    ("own_config", "answer"),
    [
        ({"max.message.bytes": "2000000"}, "`alter_configs` replaces all settings"),
        ({**AIRCRAFT_SETTINGS, "max.message.bytes": "2000"}, "is 2000, and 2000000"),
        (
            {**AIRCRAFT_SETTINGS, "cleanup.policy": "delete"},
            "is delete now, and was compact",
        ),
    ],
)
def test_4_3_mistakes(lesson: Lesson, own_config: dict[str, str], answer: str) -> None:
    students.create(lesson, lesson.topic(AIRCRAFT), 1, 3, **own_config)
    assert answer in says("4.3")


def test_4_3_set_on_another_topic(lesson: Lesson) -> None:
    departed = lesson.topic("nyc.flight.departed")
    students.create(lesson, departed, 1, 3, **{"max.message.bytes": "2000000"})
    students.create(lesson, lesson.topic(AIRCRAFT), 1, 3, **AIRCRAFT_SETTINGS)
    assert f"You have set it on `{departed}`" in says("4.3")


def test_4_3_without_the_topic(lesson: Lesson) -> None:
    assert "Run the cell that creates it" in says("4.3")


def _admin(lesson: Lesson) -> AdminClient:
    return AdminClient(lesson.connection)
