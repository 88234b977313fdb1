"""Lesson 07: records spread, clients that agree, a topic grown, a number worked out."""

import zlib

from helpers.course.checks import lesson_07_look as look
from helpers.course.checks import lesson_07_spread as spread
from helpers.course.checks import lesson_07_wider as wider
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.records import Record

BY_JAVA, LANDED = "by.java", "nyc.flight.landed"
RADAR = "nyc.radar.measured"
JAVA_PARTITIONS = 3
_CREATE = '`landed = create("nyc.flight.landed", 3)`'
_AGAIN = f"Your cell begins with {_CREATE}, to try again with an empty topic."

RIGHT_COUNT = 15
"""max(60 / 12, 60 / 4)"""
_WRONG_COUNTS = {
    3: (
        "If you divided 60 by 5 × 4, the number of consumers does not multiply what a "
        "partition can do. Three partitions are read by three consumers, at 12 MB/s."
    ),
    5: (
        "If you divided 60 by 12, that is the writing side only, and reading is slower. "
        "Five partitions are read at 20 MB/s."
    ),
    1: "If you divided 60 by 6 × 12: that counts producers, not partitions.",
    20: "The two sides are not added. The slower one decides, the other has room.",
}
"""What a student who came to another number has probably done."""


def agreeing_hashes(lesson: Lesson) -> Verdict:
    """Judge exercise 7.2: each aircraft in the partition that Java gave it."""
    java = look.places(look.read(lesson, BY_JAVA))
    if not java:
        return not_yet(
            f"`{lesson.topic(BY_JAVA)}` holds no record with a key: run the cells of the "
            "Java producer above first."
        )
    name = lesson.topic(LANDED)
    wrong = _wrong_topic(look.partitions_of(lesson, name))
    wrong = wrong or _wrong_places(java, look.read(lesson, LANDED))
    if wrong:
        return not_yet(f"`{name}`: {wrong}")
    return passed(
        f"All {len(java)} aircraft lie in the same partitions as Java's: a consumer of "
        "partition n of both topics has all that it needs."
    )


def _wrong_topic(count: int | None) -> str:
    if count is None:
        return f"there is no such topic yet. Begin your cell with {_CREATE}."
    if count != JAVA_PARTITIONS:
        return (
            f"{count} partitions, and Java's topic has 3. The remainder by another "
            f"number is another partition. {_AGAIN}"
        )
    return ""


def _wrong_places(java: dict[bytes, set[int]], records: list[Record]) -> str:
    if not records:
        return "there is no record yet. Did you flush?"
    mine = look.places(records)
    if not mine:
        return "your records have no key, so nothing ties an aircraft to a partition."
    if java.keys() - mine.keys():
        return _missing(java, mine)
    if any(len(found) > 1 for found in mine.values()):
        return (
            "some aircraft are in two partitions. Send once, with one partitioner. "
            f"{_AGAIN}"
        )
    same = sum(mine[key] == found for key, found in java.items())
    return "" if same == len(java) else _other_hash(java, mine, same)


def _missing(java: dict[bytes, set[int]], mine: dict[bytes, set[int]]) -> str:
    missing, foreign = java.keys() - mine.keys(), mine.keys() - java.keys()
    said = (
        f"{len(missing)} of {len(java)} aircraft are missing, such as "
        f"{min(missing).decode(errors='replace')}. "
    )
    if foreign:
        key = min(foreign).decode(errors="replace")
        return f"{said}You sent the key {key}, which `java` does not have. {_AGAIN}"
    return f"{said}The key is the aircraft, as in `java`. {look.NEW_PRODUCER}"


def _other_hash(
    java: dict[bytes, set[int]], mine: dict[bytes, set[int]], same: int
) -> str:
    said = f"{same} of {len(java)} aircraft lie where Java's do, so this is not murmur2. "
    if all(zlib.crc32(key) % JAVA_PARTITIONS in mine[key] for key in java):
        said += (
            "It is CRC32, librdkafka's default: a producer made without `partitioner`. "
        )
    return f"{said}Send with another partitioner. {_AGAIN}"


def needed_partitions(lesson: Lesson) -> Verdict:
    """Judge exercise 7.4: a topic with as many partitions as the equation says."""
    name = lesson.topic(RADAR)
    count = look.partitions_of(lesson, name)
    if count is None:
        return not_yet(f'There is no topic `{name}` yet: `create("{RADAR}", …)`.')
    if count == RIGHT_COUNT:
        return passed(
            "15: writing would need 5, reading 15. Today's five consumers read only "
            "20 MB/s of it, so ten more must come."
        )
    return not_yet(f"`{name}` has {count}. {_WRONG_COUNTS.get(count) or _off(count)}")


def _off(count: int) -> str:
    if count > RIGHT_COUNT:
        return "They would do, but each costs something, and fewer do as well."
    return f"They can be read at {count * 4} MB/s, and 60 are wanted."


EXERCISES = (
    Exercise(
        "7.1",
        spread.balanced_storm,
        (
            "What has many more values than there are partitions, and is the same for "
            "all flights of one aircraft?",
            "After `create`: `producer = Producer(lesson.connection)`. Then "
            "`producer.produce(balanced, flight.to_json(), "
            "key=flight.tailnum)` for each flight of `day`, and then "
            "`producer.flush(30)`.",
        ),
    ),
    Exercise(
        "7.2",
        agreeing_hashes,
        (
            "Which of the three partitioners that you tried agreed with Java for all?",
            'A new producer: `Producer({**lesson.connection, "partitioner": '
            '"murmur2_random"})`. Send one record for each `aircraft in java`.',
        ),
    ),
    Exercise(
        "7.3",
        wider.wider_topic,
        (
            "`read(departed)` gives its messages, each partition in order. What of a "
            "message must the copy have, and what must it not have?",
            "With a new producer, for each message: `producer.produce(wide, "
            "message.value(), key=message.key())`. The key finds the new partition. Then "
            "flush.",
        ),
    ),
    Exercise(
        "7.4",
        needed_partitions,
        (
            "What can one partition do on each side? How many clients there are does not "
            "enter.",
            "`partitions_needed(60, 12, 4)` gives the number.",
        ),
    ),
)
