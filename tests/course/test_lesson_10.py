"""Lesson 10: its exercises, right and wrong, on topics that expire and are compacted."""

from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, ConfigResource

from helpers import countdown, flights
from helpers.course.checks.lesson_10 import LATEST, SEAT, SEATS, WEATHER
from helpers.course.lesson import Lesson
from helpers.waiting import wait_for
from tests.course import students
from tests.course.students import passes, says

LESSON = "10_retention"
SECONDS = 60
CELLS = (
    "from confluent_kafka.admin import AdminClient\n",
    'small = {"segment_bytes"',
    "from confluent_kafka import Consumer, TopicPartition",
    "from confluent_kafka import OFFSET_BEGINNING",
    "from confluent_kafka.admin import AlterConfigOpType",
)
DAY = 24 * 60 * 60 * 1000
QUICK = {"segment.ms": "500", "min.cleanable.dirty.ratio": "0"}
Names = dict[str, Any]


@pytest.fixture
def names(lesson: Lesson) -> Iterator[Names]:
    """Give what the lesson's cells know."""
    known: Names = {"lesson": lesson, "flights": flights, "countdown": countdown}
    sources = students.cells(LESSON)
    for marker in CELLS:
        (source,) = [one for one in sources if one.startswith(marker)]
        # What stands behind the functions is the lesson's own experiment.
        exec(source.partition("\ncountdown(")[0], known)  # noqa: S102 - our own lesson
    known["producer"] = Producer({**lesson.connection, "log_level": 3})
    yield known
    known["asker"].close()


def send_month(known: Names, topic: str, key: str = "tailnum") -> None:
    for flight in flights.all_flights():
        value = flight.to_json()
        known["producer"].produce(topic, value, key=getattr(flight, key) or "unknown")
        known["producer"].poll(0)
    assert known["producer"].flush(SECONDS) == 0


def weather(lesson: Lesson, **config: object) -> None:
    """Create the topic of exercise 10.1 as the lesson does, with some settings."""
    settings = {key: str(value) for key, value in config.items()}
    students.create(
        lesson, lesson.topic(WEATHER), 1, 3, max_message_bytes="2000000", **settings
    )


def test_10_1_solution(names: Names, lesson: Lesson) -> None:
    weather(lesson)
    names["weather"] = lesson.topic(WEATHER)
    students.solve("10.1", names)
    wait_for(lambda: "✔ Exercise 10.1: passed" in says("10.1"), SECONDS, "the settings")


@pytest.mark.parametrize(
    ("kept", "roll"), [(30 * DAY, DAY // 24), (30 * DAY + DAY // 2, DAY // 2)]
)
def test_10_1_another_right_way(lesson: Lesson, kept: int, roll: int) -> None:
    weather(lesson, retention_ms=kept, retention_bytes=-1, segment_ms=roll)
    assert passes("10.1")


@pytest.mark.parametrize(
    ("config", "answer"),
    [
        ({"retention_ms": 30 * 86_400}, "43 minutes. You gave seconds."),
        ({"retention_ms": 3 * DAY}, "which is 3.0 days"),
        ({"retention_ms": -1}, "may stay longer than 31 days"),
        (
            {"retention_ms": 31 * DAY, "retention_bytes": -1, "segment_ms": DAY},
            "up to 32.0 days old",
        ),
        ({"retention_ms": 30 * DAY, "retention_bytes": 10**9}, "before their 30 days"),
        ({"retention_ms": 30 * DAY, "retention_bytes": -1}, "up to 37.0 days old"),
        ({"cleanup_policy": "compact"}, "then nothing goes by age"),
        ({"cleanup_policy": "compact,delete"}, "replaces one of the last 30 days"),
    ],
)
def test_10_1_mistakes(lesson: Lesson, config: dict[str, object], answer: str) -> None:
    weather(lesson, **config)
    card = says("10.1")
    assert "▷ Exercise 10.1: not yet" in card
    assert answer in card


def test_10_1_with_everything_else_reset(lesson: Lesson) -> None:
    assert f"There is no topic `{lesson.topic(WEATHER)}`" in says("10.1")
    weather(lesson)
    admin, name = AdminClient(lesson.connection), lesson.topic(WEATHER)
    whole = ConfigResource("topic", name, set_config={"retention.ms": str(30 * DAY)})
    with pytest.warns(DeprecationWarning, match="alter_configs"):
        admin.alter_configs([whole])[whole].result(SECONDS)
    wait_for(
        lambda: "the change has reset what it did not name" in says("10.1"),
        SECONDS,
        "the settings",
    )


def test_10_2_solution(names: Names) -> None:
    names["send_month"] = lambda topic: send_month(names, topic)
    students.solve("10.2", names)
    assert passes("10.2")


def test_10_2_from_a_wrong_policy_to_another_right_way(
    names: Names, lesson: Lesson
) -> None:
    latest = lesson.topic(LATEST)
    assert f"There is no topic `{latest}`" in says("10.2")
    students.create(lesson, latest, 1, 3)
    send_month(names, latest)
    assert "removes segments by age and size, whatever their keys" in says("10.2")
    students.configure(lesson, latest, {"cleanup.policy": "compact"})
    wait_for(
        lambda: "The active segment is never compacted" in says("10.2"),
        SECONDS,
        "the policy",
    )
    students.configure(lesson, latest, {"segment.ms": "500"})
    wait_for(
        lambda: "The cleaner waits until enough of the log is new" in says("10.2"),
        SECONDS,
        "the settings",
    )
    students.configure(lesson, latest, {"min.cleanable.dirty.ratio": "0.01"})
    wait_for(
        lambda: "A segment closes with a *write*" in says("10.2"), SECONDS, "settings"
    )

    def written_on() -> bool:
        students.send(lesson, latest, b"0", key="filler")
        return "✔ Exercise 10.2: passed" in says("10.2")

    wait_for(written_on, SECONDS, "the cleaner")


@pytest.mark.parametrize(
    ("policy", "key", "answer"),
    [
        ("compact", "carrier", "The aircraft is the key"),
        ("compact", None, "is empty. Send the month"),
        ("compact,delete", None, "Use `compact` alone"),
    ],
)
def test_10_2_mistakes(
    names: Names, lesson: Lesson, policy: str, key: str | None, answer: str
) -> None:
    latest = lesson.topic(LATEST)
    students.create(lesson, latest, 1, 3, **{"cleanup.policy": policy, **QUICK})
    if key:
        send_month(names, latest, key)
    card = says("10.2")
    assert "▷ Exercise 10.2: not yet" in card
    assert answer in card


def two_passengers(lesson: Lesson) -> str:
    seats = lesson.topic(SEATS)
    settings = {"cleanup.policy": "compact", **QUICK}
    students.create(lesson, seats, 1, 3, **settings)
    for passenger in (8, 9):
        students.send(lesson, seats, SEAT, key=f"passenger-{passenger}")
    return seats


def test_10_3_solution(names: Names, lesson: Lesson) -> None:
    names["seats"] = two_passengers(lesson)
    students.solve("10.3", names)
    assert passes("10.3")


def test_10_3_from_nothing_to_the_tombstone(names: Names, lesson: Lesson) -> None:
    assert "It may not be deleted" in says("10.3")
    seats = two_passengers(lesson)
    assert "Send a tombstone: the key, and no value" in says("10.3")
    students.send(lesson, seats, b"", key="passenger-8")
    assert "That is a value, and compaction keeps it for ever" in says("10.3")
    names["producer"].produce(seats, key="passenger-8", value=None)
    assert names["producer"].flush(SECONDS) == 0
    assert "The cleaner works on closed segments alone" in says("10.3")

    def cleaned() -> bool:
        students.send(lesson, seats, b"0", key="filler")
        return "Only the tombstone is left" in says("10.3")

    wait_for(cleaned, SECONDS, "the cleaner")


def test_10_3_with_a_tombstone_for_the_other(names: Names, lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(SEATS), 1, 3, **{"cleanup.policy": "compact"})
    for value in (b"seat 14C", None):
        names["producer"].produce(lesson.topic(SEATS), key="passenger-9", value=value)
    assert names["producer"].flush(SECONDS) == 0
    assert "`passenger-9` has a tombstone, and so goes, too" in says("10.3")


def test_10_3_with_the_topic_made_anew(lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(SEATS), 1, 3, **{"cleanup.policy": "compact"})
    students.send(lesson, lesson.topic(SEATS), b"seat 14C", key="passenger-9")
    assert "delete the *key*, not the topic" in says("10.3")


def test_10_3_with_both_passengers_gone(lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(SEATS), 1, 3, **{"cleanup.policy": "compact"})
    assert "`passenger-9` is gone, too" in says("10.3")
