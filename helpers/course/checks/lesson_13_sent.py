"""Lesson 13: what was sent against quotas, counted in the stream."""

from collections import Counter, defaultdict

from helpers import flights
from helpers.course.checks.lesson_13_look import client, records, shards
from helpers.course.exercises import Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.flights import Flight
from helpers.kinesis.records import StreamRecord

COMPLETE, SALTED = "nyc.storm.complete", "by.salted.origin"
COMPLETE_SHARDS, SALTED_SHARDS = 4, 8
AT_ONCE = 500
LIMIT = 100
"""What a shard takes in one go at a tenth of AWS's rate."""


def complete_storm(lesson: Lesson) -> Verdict:
    """Judge exercise 13.2: each flight of the day once, though much was refused."""
    name, day = lesson.stream(COMPLETE), flights.day(8)
    found, wrong = _found(name, COMPLETE, COMPLETE_SHARDS, day)
    if wrong:
        return not_yet(wrong)
    late = _overtaken(found, day)
    return passed(
        f"All {len(day)} flights are in `{name}`, each once. What it cost: {late} "
        "aircraft have a flight behind a later one, since what is sent again comes later."
    )


def salted_storm(lesson: Lesson) -> Verdict:
    """Judge exercise 13.4: keys that begin with the airport, and no shard too full."""
    name, some = lesson.stream(SALTED), flights.day(8)[:AT_ONCE]
    found, wrong = _found(name, SALTED, SALTED_SHARDS, some)
    origins = {flight.to_json(): flight.origin for flight in some}
    ours = [one for one in found if one.data in origins]
    other = [one for one in ours if not one.key.startswith(origins[one.data])]
    if other:
        return not_yet(
            f"`{name}`: the partition key `{other[0].key}` does not begin with its "
            "flight's airport. A salted key is the old key with something behind it."
        )
    counts, keys = Counter(one.shard for one in found), {one.key for one in found}
    most = max(counts.values(), default=0)
    once = len({one.data for one in ours}) == len(found)
    # A client with quotas lets no shard go much above the limit: flights are missing.
    if once and most >= LIMIT and (most > LIMIT or len(found) < len(some)):
        return not_yet(_too_full(name, most, len(some) - len(found), len(keys)))
    if wrong:
        return not_yet(wrong)
    return passed(
        f"{len(keys)} keys in place of 3: the fullest of eight shards has {most} of 500. "
        "The price: one airport's flights are in several shards, in no order."
    )


def _too_full(name: str, most: int, missing: int, keys: int) -> str:
    said = f"`{name}`: a shard holds {most} of the 500, and takes {LIMIT} at once. "
    if missing:
        said += (
            f"{missing} flights were refused. Do not send them again: change the key. "
        )
    if keys <= len({"EWR", "JFK", "LGA"}):
        return said + f"There are only {keys} keys: nothing was added to the airport."
    return said + (
        f"{keys} keys are too few for eight shards: some shards get several large ones. "
        "Have more, smaller keys."
    )


def _found(
    name: str, base: str, count: int, wanted: list[Flight]
) -> tuple[list[StreamRecord], str]:
    """Return what a stream holds, and what is wrong with that."""
    begin = f'`create("{base}", {count})`'
    kinesis = client()
    known = shards(kinesis, name)
    if known is None:
        return [], f"There is no stream `{name}` yet: {begin}."
    if len(known) != count:
        return [], f"`{name}` has {len(known)} shards; make it anew with {begin}."
    found = records(kinesis, name)
    return found, _miscounted(name, begin, found, wanted)


def _miscounted(
    name: str, begin: str, found: list[StreamRecord], wanted: list[Flight]
) -> str:
    counts = Counter(one.data for one in found)
    values = {flight.to_json() for flight in wanted}
    again = f"Try again with an empty stream, {begin}."
    if not found:
        return f"No record is in `{name}` yet."
    if counts.keys() - values:
        return f"`{name}`: some records are no flight that was asked for. {again}"
    twice = sum(number > 1 for number in counts.values())
    if twice:
        return (
            f"`{name}`: {twice} flights are there more than once. Whoever sends a whole "
            f"call again sends what had arrived, too. {again}"
        )
    missing = len(values) - len(counts)
    return _missing(name, missing, counts, wanted) + f" {again}" if missing else ""


def _missing(
    name: str, missing: int, counts: Counter[bytes], wanted: list[Flight]
) -> str:
    if _only_the_first(counts, wanted):
        return (
            f"`{name}`: the first {len(counts)} flights are there, and the {missing} "
            f"after them were never sent. One call takes {AT_ONCE}: go on with the rest."
        )
    return (
        f"`{name}`: {missing} of {len(counts) + missing} flights are missing. "
        "`put_records` refused them and raised nothing: look at `FailedRecordCount`, and "
        "at the `ErrorCode` of each answer."
    )


def _only_the_first(counts: Counter[bytes], wanted: list[Flight]) -> bool:
    """Tell whether exactly the flights of some whole first calls are there."""
    first = wanted[: len(counts)]
    return len(first) % AT_ONCE == 0 and {one.to_json() for one in first} == set(counts)


def _overtaken(found: list[StreamRecord], day: list[Flight]) -> int:
    """Count the aircraft of which a later flight comes before an earlier one."""
    place = {flight.to_json(): number for number, flight in enumerate(day)}
    tails = {flight.to_json(): flight.tailnum for flight in day}
    orders: dict[str, list[int]] = defaultdict(list)
    for one in found:
        if tails[one.data]:
            orders[tails[one.data]].append(place[one.data])
    return sum(order != sorted(order) for order in orders.values())
