"""Exercise 7.1: a day spread evenly, each aircraft in order."""

import json
from collections import Counter
from collections.abc import Iterable

from helpers import flights
from helpers.course.checks import lesson_07_look as look
from helpers.course.exercises import Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.records import Record

BALANCED = "nyc.storm.balanced"
PARTITIONS = 6
DAY = 8
MOST = 2.0
"""How many times the average the fullest partition may hold."""
_CREATE = '`balanced = create("nyc.storm.balanced", 6)`'
_AGAIN = f"Your cell begins with {_CREATE}, to try again with an empty topic."


def balanced_storm(lesson: Lesson) -> Verdict:
    """Judge exercise 7.1: the whole day once, spread, each aircraft in order."""
    name = lesson.topic(BALANCED)
    count = look.partitions_of(lesson, name)
    if count is None:
        return not_yet(f"There is no topic `{name}` yet. Begin your cell with {_CREATE}.")
    if count != PARTITIONS:
        return not_yet(f"`{name}` has {count} partitions, and not 6. {_AGAIN}")
    records = look.read(lesson, BALANCED)
    wrong = _wrong_flights(records) or _wrong_keys(records) or _wrong_order(records)
    if wrong:
        return not_yet(f"`{name}`: {wrong}")
    return passed(
        f"The fullest partition has {_fullest(records)[1]:.1f} times the average, and "
        "every aircraft's flights are in order."
    )


def _wrong_flights(records: list[Record]) -> str:
    if not records:
        return "there is no record yet. Did you flush?"
    found = Counter(one.value for one in records)
    wanted = Counter(one.to_json() for one in flights.day(DAY))
    if twice := (found - wanted) & wanted:
        return f"{twice.total()} flights are there more than once. {_AGAIN}"
    if found - wanted:
        return (
            "some values are not those of the day. Send `flight.to_json()` of each "
            f"flight of `day`. {_AGAIN}"
        )
    if missing := wanted - found:
        return (
            f"{missing.total()} of {wanted.total()} flights are missing. "
            f"{look.NEW_PRODUCER} {_AGAIN}"
        )
    return ""


def _wrong_keys(records: list[Record]) -> str:
    """Return what is wrong with the spread, or with records that have no key at all."""
    if not any(one.key for one in records) and _split(records):
        return (
            "your records have no key. They may spread, but the flights of "
            f"{_split(records)} aircraft lie in several partitions, out of order. "
            f"{_AGAIN}"
        )
    partition, times = _fullest(records)
    if times <= MOST:
        return ""
    said = f"partition {partition} holds {times:.1f} times the average."
    return f"{said} {_why(records)} {_AGAIN}"


def _fullest(records: list[Record]) -> tuple[int, float]:
    counts = Counter(one.partition for one in records)
    partition, most = counts.most_common(1)[0]
    return partition, most * PARTITIONS / len(records)


def _why(records: list[Record]) -> str:
    keys = Counter(one.key for one in records if one.key)
    few = len(keys)
    if not few or few > PARTITIONS * PARTITIONS:
        return "Leave the choice of the partition to a key with many values."
    largest, count = keys.most_common(1)[0]
    return (
        f"You used {few} keys, and {largest.decode(errors='replace')} alone has "
        f"{count} records. What has many more values than there are partitions?"
    )


def _split(records: list[Record]) -> int:
    """Return how many aircraft have flights in more than one partition."""
    places: dict[str, set[int]] = {}
    for one in records:
        places.setdefault(_aircraft(one), set()).add(one.partition)
    return sum(len(found) > 1 for tail, found in places.items() if tail)


def _aircraft(record: Record) -> str:
    return str(json.loads(record.value)["tailnum"])


def _wrong_order(records: list[Record]) -> str:
    if split := _split(records):
        return (
            f"it is spread well, but {split} aircraft have flights in several "
            f"partitions. What is the same for all flights of one aircraft? {_AGAIN}"
        )
    planned = _in_turn(one.to_json() for one in flights.day(DAY))
    if _in_turn(one.value for one in records) != planned:
        return (
            "some aircraft's flights are not in the order of `day`. Send them in it, "
            f"with `producer`: it keeps the order when it must send again. {_AGAIN}"
        )
    return ""


def _in_turn(values: Iterable[bytes]) -> dict[str, list[bytes]]:
    """Return the flights of each known aircraft, in the order given."""
    found: dict[str, list[bytes]] = {}
    for value in values:
        found.setdefault(str(json.loads(value)["tailnum"]), []).append(value)
    found.pop("", None)
    return found
