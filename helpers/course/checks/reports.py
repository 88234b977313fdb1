"""What the checks of lesson 01 read: events about flights, and the newest of each."""

from collections.abc import Iterable

from helpers import flights
from helpers.course.lesson import Lesson
from helpers.flights import Flight
from helpers.kafka.records import Record, read_all
from helpers.kafka.topics import admin_client, topic_names

REPORTED = "nyc.flight.reported"
DAY = 8
CREATE_FIRST = "There is no topic `{}`. Run the cell that creates it."
_MANY = 100_000


def read_records(lesson: Lesson, base: str) -> list[Record] | None:
    """Return a topic's records; None if there is no such topic."""
    name = lesson.topic(base)
    if name not in topic_names(admin_client(lesson.connection)):
        return None
    return read_all(lesson.connection, name, _MANY)


def newest_of_each(records: Iterable[Record]) -> dict[bytes | None, Record]:
    """Return the last record of each key."""
    return {record.key: record for record in records}


def newest_reports(records: Iterable[Record]) -> list[Flight]:
    """Return the newest report of each flight."""
    found = map(flight_in, newest_of_each(records).values())
    return [flight for flight in found if flight is not None]


def flight_in(record: Record) -> Flight | None:
    """Return the flight in a record, or None if it holds something else."""
    try:
        return flights.from_json(record.value)
    except (ValueError, TypeError):
        return None
