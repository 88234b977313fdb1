"""Lesson 06: effects once in spite of crashes, groups moved, dead letters kept."""

from datetime import UTC, datetime

from helpers.course.checks import crash_test, dead_letters
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.flights import NEW_YORK
from helpers.kafka.groups import committed_offsets, members_of
from helpers.kafka.offsets import end_offsets, offsets_at
from helpers.kafka.topics import admin_client, describe

DEPARTED = "nyc.flight.departed"
NIGHT, SECOND = "night", "second"
FOUR = datetime(2013, 2, 8, 16, tzinfo=NEW_YORK)
AGAIN = 20

Offsets = dict[int, int]


def night_begins_at_four(lesson: Lesson) -> Verdict:
    """Judge exercise 6.2: a group's start by time, in every partition."""
    topic = lesson.topic(DEPARTED)
    if missing := _missing(lesson, topic):
        return missing
    group = lesson.group(NIGHT)
    found = committed_offsets(lesson.connection, group, topic)
    wanted = offsets_at(lesson.connection, topic, _milliseconds(FOUR))
    if not found:
        return not_yet(
            f"The group `{group}` has committed nothing for `{topic}`. "
            "`offsets_for_times` only asks; `commit(offsets=…)` writes it down."
        )
    if lacking := sorted(wanted.keys() - found.keys()):
        return not_yet(
            f"`{group}` has no offset for partition {lacking[0]} of `{topic}`. Each "
            "partition has offsets of its own: commit all three."
        )
    if found != wanted:
        return not_yet(_wrong_start(lesson, topic, found, wanted))
    return passed(
        f"`{group}` begins at {_listed(wanted)}: in each partition the first record at "
        "or after 16:00."
    )


def _wrong_start(lesson: Lesson, topic: str, found: Offsets, wanted: Offsets) -> str:
    said = f"`{lesson.group(NIGHT)}` begins at {_listed(found)}. "
    in_utc = _milliseconds(FOUR.replace(tzinfo=UTC))
    if not any(found.values()):
        return said + (
            "That is the first record of all. Either the time is one before the day "
            "begins; or it is in *seconds*, which Kafka takes for January 1970: "
            "timestamps are milliseconds."
        )
    ends = end_offsets(lesson.connection, topic)
    if any(offset > ends[one] for one, offset in found.items()):
        return said + (
            "No partition is so long: those are times. You hand times to "
            "`offsets_for_times`; commit the list that it *returns*."
        )
    if found == offsets_at(lesson.connection, topic, in_utc):
        return said + (
            "That is 16:00 in UTC, 11:00 in New York. Give the `datetime` its time zone: "
            "`tzinfo=flights.NEW_YORK`."
        )
    if found == ends:
        return said + (
            "That is the end of each partition. Did the group read on and commit? Commit "
            "the start alone."
        )
    if all(found[one] - wanted[one] in (0, 1) for one in wanted):
        return said + (
            f"The records of 16:00 begin at {_listed(wanted)}. The committed offset is "
            "the *next* record to read: commit what `offsets_for_times` answers, as it "
            "is."
        )
    return said + "Is it the first record at or after 16:00 of 8 February in each one?"


def second_goes_back(lesson: Lesson) -> Verdict:
    """Judge exercise 6.3: a group moved back by twenty records in each partition."""
    topic, group = lesson.topic(DEPARTED), lesson.group(SECOND)
    if missing := _missing(lesson, topic):
        return missing
    if members := members_of(lesson.connection, group):
        return not_yet(
            f"`{group}` still has {members} member, and so Kafka refuses to move it. "
            "Close its consumer: `busy.close()`."
        )
    found = committed_offsets(lesson.connection, group, topic)
    ends = end_offsets(lesson.connection, topic)
    back = {one: end - found.get(one, end) for one, end in ends.items()}
    if set(back.values()) == {AGAIN}:
        return passed(
            f"`{group}` reads the last {AGAIN} records of each partition again."
        )
    return not_yet(f"{_where(back, group)} {_wrong_shift(back)}")


def _where(back: Offsets, group: str) -> str:
    steps = ", ".join(f"{back[one]}" for one in sorted(back))
    return f"`{group}` would read again, by partition: {steps} records."


def _wrong_shift(back: Offsets) -> str:
    steps = set(back.values())
    if steps == {0}:
        return (
            "Nothing has moved. `--dry-run` only shows what would be; and `--shift-by` "
            "needs a number below 0, to go back."
        )
    if len(steps) == 1 and steps.pop() % AGAIN == 0:
        return (
            "`--shift-by` counts from where the group *is*, so each further run moves "
            "it again. Go to the end first, with `--to-latest`, and then back by "
            f"{AGAIN}."
        )
    if sum(back.values()) == AGAIN or AGAIN in back.values():
        return f"Move *each* partition by {AGAIN}: name the topic without a partition."
    return (
        f"Go to the end first, with `--to-latest --execute`, and then back by {AGAIN}. "
        "`--shift-by` counts from where the group is."
    )


def _missing(lesson: Lesson, topic: str) -> Verdict | None:
    if describe(admin_client(lesson.connection), topic) is None:
        return not_yet(f"There is no topic `{topic}`. Run the cell that creates it.")
    return None


def _milliseconds(when: datetime) -> int:
    return int(when.timestamp() * 1000)


def _listed(offsets: Offsets) -> str:
    return "the offsets " + ", ".join(str(offsets[one]) for one in sorted(offsets))


EXERCISES = (
    Exercise(
        "6.1",
        crash_test.told_once,
        (
            "Begin as `work_first.py` does. What must the table know, so that a row that "
            "is there already is not there twice?",
            "`CREATE TABLE IF NOT EXISTS told (flight TEXT PRIMARY KEY)`, then `INSERT "
            "OR IGNORE`. Call `database.commit()` before `consumer.commit(…)`.",
        ),
        repeatable=False,
    ),
    Exercise(
        "6.2",
        night_begins_at_four,
        (
            "You asked for the offsets of noon. Ask for those of 16:00, and hand the "
            "answer to `commit`.",
            '`night = reader("night")`, then '
            "`night.commit(offsets=night.offsets_for_times("
            "[…], timeout=10), asynchronous=False)`.",
        ),
    ),
    Exercise(
        "6.3",
        second_goes_back,
        (
            "One of the words after `--reset-offsets` moves a group by a number of "
            "records. To move back, the number is below 0.",
            "`--shift-by=-20 --execute`, in the command that you saw.",
        ),
    ),
    Exercise(
        "6.4",
        dead_letters.sorted_out,
        (
            "`try` to read each record. What goes where in `else`, and what in `except`? "
            "What cannot be read is a `ValueError`.",
            '`producer.produce(dead, message.value(), message.key(), headers=[("why", '
            "repr(error).encode())])`. At the end: `producer.flush(10)`, then "
            "`checker.commit(asynchronous=False)`.",
        ),
    ),
)
