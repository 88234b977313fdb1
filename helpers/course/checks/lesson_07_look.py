"""What the checks of lesson 07 look at: where a topic's records lie."""

from helpers.course.lesson import Lesson
from helpers.kafka.records import Record, read_all
from helpers.kafka.topics import admin_client, describe
from helpers.waiting import WaitTimeout, wait_for

NEW_PRODUCER = (
    "Did you make a new `Producer` after `create`? One that knew an earlier topic of "
    "this name loses records."
)
"""Said where records are missing: librdkafka fails those for partitions it remembers."""

KNOWN_SECONDS = 2.0
"""How long a broker may take to hear of a topic that another one has just created."""


def partitions_of(lesson: Lesson, name: str) -> int | None:
    """Return how many partitions a topic has, or None if there is no such topic."""
    admin = admin_client(lesson.connection)
    try:
        facts = wait_for(lambda: describe(admin, name), KNOWN_SECONDS, name)
    except WaitTimeout:
        return None
    return facts.partitions if facts else None


def read(lesson: Lesson, base: str) -> list[Record]:
    """Return the records of one of this run's topics; none if there is no such topic."""
    name = lesson.topic(base)
    if partitions_of(lesson, name) is None:
        return []
    return read_all(lesson.connection, name)


def places(records: list[Record]) -> dict[bytes, set[int]]:
    """Return by key the partitions that hold its records."""
    found: dict[bytes, set[int]] = {}
    for one in records:
        if one.key:
            found.setdefault(one.key, set()).add(one.partition)
    return found
