"""Exercise 5.3: records sent into a pause, each there once."""

from collections import Counter
from itertools import pairwise

from helpers.course.checks.produced import EMPTY_IT, found_in, no_topic
from helpers.course.exercises import Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.batches import batches

ONCE = "nyc.flight.once"
PAUSED = 100
"""How many numbered records are sent into the pause."""


def once_each(lesson: Lesson) -> Verdict:
    """Judge exercise 5.3: sent into a pause, and there once, in order, on purpose."""
    topic = lesson.topic(ONCE)
    records = found_in(lesson, topic)
    if records is None:
        return not_yet(no_topic(topic))
    found = [one.value for one in records]
    wanted = [str(number).encode() for number in range(PAUSED)]
    there = Counter(found)
    if missing := [value for value in wanted if value not in there]:
        return not_yet(
            f"{len(missing)} of {PAUSED} records are missing in `{topic}`, such as "
            f"{missing[0].decode()}. Send `values` with `send_into_a_pause`. If you did, "
            "what did it return? A time-out must be longer than the pause."
        )
    if len(found) > PAUSED:
        return not_yet(_more_than_once(lesson, topic, found))
    if not all(one.idempotent for one in batches(lesson.cluster, topic)):
        return not_yet(
            f"Each record is in `{topic}` once, but by luck: no batch carries a "
            "producer's id, so the broker could not have known one that came again. "
            f"{EMPTY_IT}send into the pause with `enable.idempotence`."
        )
    if found != wanted:
        return not_yet(
            f"The records of `{topic}` are not in the order of `values`: "
            f"{_first_swap(found)}. {EMPTY_IT}send anew."
        )
    return passed(f"`{topic}` has {PAUSED} records, each once and in order.")


def _first_swap(found: list[bytes]) -> str:
    """Name the first record that comes after one with a higher number."""
    numbers = [int(value) for value in found]
    before, after = next((a, b) for a, b in pairwise(numbers) if b < a)
    return f"{after} comes after {before}"


def _more_than_once(lesson: Lesson, topic: str, found: list[bytes]) -> str:
    said = f"`{topic}` has {len(found)} records, and {PAUSED} are asked for. "
    if any(one.idempotent for one in batches(lesson.cluster, topic)):
        return (
            f"{said}Some came from a producer with an id: two producers are two ids, "
            f"and no broker knows that they mean the same. {EMPTY_IT}send once."
        )
    return (
        f"{said}None came from a producer with an id, so the broker wrote what came "
        "again. Neither `acks` nor `retries` changes that; `enable.idempotence` does. "
        f"{EMPTY_IT}send anew."
    )
