"""Exercise 7.3: a topic copied into a wider one, in order for each key."""

from helpers.course.checks import lesson_07_look as look
from helpers.course.exercises import Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.records import Record

OLD, NEW = "nyc.flight.departed", "nyc.flight.departed.wide"
OLD_PARTITIONS, NEW_PARTITIONS = 4, 6
_CREATE = '`wide = create("nyc.flight.departed.wide", 6)`'
_AGAIN = f"Your cell begins with {_CREATE}, to copy again into an empty topic."

_ByKey = dict[bytes | None, list[bytes]]


def wider_topic(lesson: Lesson) -> Verdict:
    """Judge exercise 7.3: a copy with six partitions, in order for each key."""
    old, new = lesson.topic(OLD), lesson.topic(NEW)
    if look.partitions_of(lesson, old) != OLD_PARTITIONS:
        return not_yet(
            f"`{old}` does not have its 4 partitions. Letting it grow keeps old records "
            "where they are and sends new ones of the same key elsewhere. Run the cell "
            "above that makes `departed`, leave it as it is, and fill `wide`."
        )
    count = look.partitions_of(lesson, new)
    if count is None:
        return not_yet(f"There is no topic `{new}` yet. Begin your cell with {_CREATE}.")
    if count != NEW_PARTITIONS:
        return not_yet(f"`{new}` has {count} partitions, and 6 are asked for.")
    originals, copies = look.read(lesson, OLD), look.read(lesson, NEW)
    wrong = _wrong_number(len(originals), copies) or _wrong_places(copies)
    if not wrong and _by_key(copies) != _by_key(originals):
        wrong = "the records of a key are not those of `departed`, in their order."
    if wrong:
        return not_yet(f"`{new}`: {wrong} {_AGAIN if copies else ''}".strip())
    return passed(
        f"`{new}` holds all {len(copies)} records in six partitions, and each aircraft's "
        "are in order."
    )


def _wrong_number(total: int, copies: list[Record]) -> str:
    if not copies:
        return "there is no record yet. Did you flush?"
    if len(copies) > total:
        return f"{len(copies)} records, and `departed` has {total}: copied twice?"
    if len(copies) < total:
        return (
            f"{len(copies)} of {total} records. Did the reading end too early? "
            f"{look.NEW_PRODUCER}"
        )
    return ""


def _wrong_places(copies: list[Record]) -> str:
    places = look.places(copies)
    if not places:
        return "the copies have no key. Give `key=message.key()` as well."
    if split := sum(len(found) > 1 for found in places.values()):
        return f"{split} aircraft lie in more than one partition."
    if max(one.partition for one in copies) < OLD_PARTITIONS:
        return (
            "nothing lies in the new partitions. Did you give `partition=` as it was in "
            "`departed`? Leave it to the key."
        )
    return ""


def _by_key(records: list[Record]) -> _ByKey:
    found: _ByKey = {}
    for one in records:
        found.setdefault(one.key, []).append(one.value)
    return found
