"""Lesson 00: one exercise, to learn how exercises work."""

from helpers import flights
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.records import read_all
from helpers.kafka.topics import admin_client, topic_names

TOPIC = "nyc.flight.departed"
SENT_BY_THE_LESSON = 2
"""How often the lesson itself sends the first flight: before and after the kill."""


def two_flights(lesson: Lesson) -> Verdict:
    """Judge whether the first two flights of 8 February are in the topic."""
    topic = lesson.topic(TOPIC)
    if topic not in topic_names(admin_client(lesson.connection)):
        return not_yet(f"There is no topic `{topic}`. Run the cell that creates it.")
    values = [record.value for record in read_all(lesson.connection, topic)]
    first, second = flights.day(8)[:2]
    sent = sum(_flight(value) == second for value in values)
    if sent:
        return passed(
            f"`{topic}` holds {len(values)} records, and flight {second.carrier} "
            f"{second.number} is among them."
            + (f" It is there {sent} times: you sent it {sent} times." * (sent > 1))
        )
    return not_yet(_what_is_missing(topic, values, first, second))


def _flight(value: bytes) -> flights.Flight | None:
    """Return the flight in a value, however its JSON is written, or None."""
    try:
        return flights.from_json(value)
    except (ValueError, TypeError):
        return None


def _what_is_missing(
    topic: str, values: list[bytes], first: flights.Flight, second: flights.Flight
) -> str:
    wanted = f"{second.carrier} {second.number}"
    if any(value == str(second).encode() for value in values):
        return (
            f"The text of flight {wanted} is in `{topic}`, but not as JSON. A value is "
            "bytes, and a consumer must know how to read them: use `to_json()`."
        )
    if values.count(first.to_json()) > SENT_BY_THE_LESSON:
        return (
            f"`{topic}` holds flight {first.carrier} {first.number} once more, and not "
            f"{wanted}. Python counts from 0: which index has the second flight?"
        )
    other = _another_flight(values, first)
    if other:
        return (
            f"`{topic}` holds flight {other.carrier} {other.number}, and not {wanted}, "
            "the second of the day. Python counts from 0."
        )
    return (
        f"`{topic}` holds {len(values)} records, and flight {wanted} is not among them. "
        "`produce` only puts a record into the producer's queue: did you `flush`?"
    )


def _another_flight(values: list[bytes], first: flights.Flight) -> flights.Flight | None:
    known = {one.to_json(): one for one in flights.day(8)}
    return next((known[v] for v in values if v in known and known[v] != first), None)


EXERCISES = (
    Exercise(
        "0.1",
        two_flights,
        (
            "The second flight of the day is `flights.day(8)[1]`.",
            "Call `producer.produce(topic, key=…, value=….to_json())` as above, and then "
            "`producer.flush(10)`.",
        ),
    ),
)
