"""Lesson 14: one shard in place of four, a careful worker, a broken record fetched."""

from helpers.course.checks import lesson_14_dead as dead
from helpers.course.checks import lesson_14_worker as worker
from helpers.course.checks.lesson_13_look import client, records, shards
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kinesis.shards import Shard

QUIET, SHARDS, RECORDS = "nyc.quiet.night", 4, 100
_AGAIN = f'Run the cell with `quiet = create("{QUIET}", {SHARDS})` again, and try anew.'


def one_shard(lesson: Lesson) -> Verdict:
    """Judge exercise 14.1: one open shard, made of the four that there were."""
    name, kinesis = lesson.stream(QUIET), client()
    known = shards(kinesis, name)
    if known is None:
        return not_yet(f"There is no stream `{name}`. {_AGAIN}")
    first = [one for one in known if not one.parents]
    if len(first) != SHARDS:
        return not_yet(
            f"`{name}` was made anew, with {len(first)} of {SHARDS} shards. What its old "
            "shards held is lost, and nobody wanted that: merge those that are there. "
            f"{_AGAIN}"
        )
    if wrong := _not_one([one for one in known if not one.closed], len(known)):
        return not_yet(f"`{name}` {wrong}")
    found = len(records(kinesis, name))
    if found != RECORDS:
        return not_yet(f"`{name}` holds {found} records and not {RECORDS}. {_AGAIN}")
    return passed(
        f"One open shard owns the whole range. The {RECORDS} records are in the "
        f"{len(known) - 1} closed ones, as before, and can be read until retention ends."
    )


def _not_one(opened: list[Shard], number: int) -> str:
    """Return how a stream is not one open shard; empty if it is."""
    if len(opened) == 1:
        return ""
    said = f"has {len(opened)} open shards, and one is asked for. "
    if number == SHARDS:
        return said + (
            "None was merged. If a call was refused, its answer says how far one call "
            "goes."
        )
    if len(opened) > SHARDS:
        return said + "A split makes more of them. A merge makes fewer."
    if len(opened) > SHARDS // 2:
        return said + "It takes two steps more: two merges, or `scale` to 2 and to 1."
    return said + "It takes one step more: from here, half is enough, or a merge."


EXERCISES = (
    Exercise(
        "14.1",
        one_shard,
        (
            "One call goes down to half at most. How many halves are there from 4 to 1?",
            "`scale(quiet, 2)`, and then once more. Or merge neighbours: 0 and 1, 2 and "
            "3, and the two children.",
        ),
    ),
    Exercise(
        "14.2",
        worker.careful,
        (
            "What is done twice is what came after the last checkpoint. When may you "
            "write one: before a record's work, or after it?",
            "Call `do(lease, record)` for each record. After every fifth one, "
            '`keep(lease, record["SequenceNumber"])`.',
        ),
        repeatable=False,
    ),
    Exercise(
        "14.3",
        dead.fetched,
        (
            "`KinesisBatchInfo` names the shard and the sequence number. Which type of "
            "shard iterator begins exactly there?",
            "`AT_SEQUENCE_NUMBER` with `startSequenceNumber`, then `get_records` with "
            "`Limit=1`. Its `Data` is the bytes, without base64. The key is the shard's "
            "id, a colon and the sequence number.",
        ),
    ),
)
