"""Lesson 02: a log compacted, a batch found by its index, a deletion carried on."""

import sqlite3
from contextlib import closing
from pathlib import Path

from helpers.course.checks.segment_position import batch_position
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.records import Record, read_all
from helpers.kafka.topics import admin_client, topic_names
from helpers.servers.interface import READ_FILES

COMPACTED = "gates.log"
NEWEST_GATES = (
    (3, b"UA1496", b"C80"),
    (5, b"B6725", b"14"),
    (7, b"UA258", b"C71"),
    (8, b"AA301", b"9"),
    (9, b"EV4372", b"A1"),
)
"""What the two segments of the lesson come to: offset, key and value of each record."""
GONE = b"DL2119"
TOMBSTONE_OFFSET = 6
FIRST_OF_SECOND_SEGMENT = 5


PRIMARY, REPLICA = "primary.db", "replica.db"
MOVED = "nyc.aircraft.moved"
SOLD = "N351JB"

_Line = tuple[int, bytes, bytes]
_FIELDS = 3


def compacted_gates(lesson: Lesson) -> Verdict:
    """Judge exercise 2.1: newest of each key, tombstones obeyed, offsets kept."""
    file = lesson.folder / COMPACTED
    if not file.is_file():
        return not_yet(
            f"There is no file `{COMPACTED}` in `lesson.folder`: write your lines to "
            f'`lesson.folder / "{COMPACTED}"`.'
        )
    try:
        found = [_line(line) for line in file.read_bytes().splitlines() if line.strip()]
    except ValueError as error:
        return not_yet(
            f"`{COMPACTED}` has the line {error}. Each line is an offset, a key and a "
            "value with a tab between: keep the lines as they stand in the segments."
        )
    wrong = _wrong_gates(found)
    if wrong:
        return not_yet(wrong)
    return passed(
        f"`{COMPACTED}` holds {len(found)} of 10 records, each with its own offset, and "
        f"nothing of {GONE.decode()}."
    )


def _line(line: bytes) -> _Line:
    parts = line.split(b"\t")
    if len(parts) != _FIELDS or not parts[0].strip().isdigit():
        raise ValueError(repr(line.decode(errors="replace")))
    return int(parts[0]), parts[1], parts[2].strip()


def _wrong_gates(found: list[_Line]) -> str:
    """Return what is wrong with the records of the file; empty if nothing is."""
    values = {key: value for _, key, value in found}
    keys = [key for _, key, _ in found]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if GONE in values:
        return _wrong_tombstone(values[GONE])
    if twice:
        return (
            f"`{COMPACTED}` has {twice.decode()} {keys.count(twice)} times. To merge "
            "joins all records; to compact keeps only the newest of each key."
        )
    return _wrong_values(found, values) or _wrong_offsets(found)


def _wrong_tombstone(value: bytes) -> str:
    gone = GONE.decode()
    if value:
        return (
            f"{gone} is back at gate {value.decode()}. Its tombstone has offset "
            f"{TOMBSTONE_OFFSET}, later than that. Let later records replace earlier "
            "ones, and find the newest of each key *before* you drop empty values."
        )
    return (
        f"The tombstone of {gone} is still in `{COMPACTED}`. Its key is gone, so neither "
        "it nor the records before it stay."
    )


def _wrong_values(found: list[_Line], values: dict[bytes, bytes]) -> str:
    for offset, key, value in NEWEST_GATES:
        if key not in values:
            return _missing(found, key.decode())
        if values[key] != value:
            return (
                f"{key.decode()} has gate {values[key].decode()} in `{COMPACTED}`; its "
                f"newest record, offset {offset}, says {value.decode()}. Later records "
                "must replace earlier ones, also those of the other segment."
            )
    return ""


def _missing(found: list[_Line], key: str) -> str:
    offsets = [offset for offset, _, _ in found]
    said = f"{key} is missing from `{COMPACTED}`, which has {len(found)} records. "
    if offsets and min(offsets) >= FIRST_OF_SECOND_SEGMENT:
        return said + (
            "All of them are from the second segment. A key without a newer record "
            "keeps its old one: read both segments."
        )
    if offsets and max(offsets) < FIRST_OF_SECOND_SEGMENT:
        return said + "All of them are from the first segment: read both."
    return said + "The newest record of each key stays, unless its value is empty."


def _wrong_offsets(found: list[_Line]) -> str:
    offsets = [offset for offset, _, _ in found]
    right = [offset for offset, _, _ in NEWEST_GATES]
    if offsets == right:
        strangers = {key for _, key, _ in found} - {key for _, key, _ in NEWEST_GATES}
        return f"Nobody wrote {min(strangers).decode()}." if strangers else ""
    if sorted(offsets) == right:
        return (
            f"The offsets come as {offsets}. The order of a log is that of its offsets: "
            "sort by the offset, as a number."
        )
    return (
        f"The offsets are {offsets}, and they were {right}. A record keeps its offset, "
        "even when others go: readers remember where they are."
    )


def sold_aircraft(lesson: Lesson) -> Verdict:
    """Judge exercise 2.3: a row deleted, its tombstone sent, the replica equal."""
    try:
        primary = _rows(lesson.folder / PRIMARY)
        replica = _rows(lesson.folder / REPLICA)
    except (sqlite3.Error, FileNotFoundError) as error:
        return not_yet(f"A database cannot be read ({error}): run the cells above.")
    topic = lesson.topic(MOVED)
    if topic not in topic_names(admin_client(lesson.connection)):
        return not_yet(f"There is no topic `{topic}`. Run the cell that creates it.")
    if SOLD in primary:
        return not_yet(
            f"{SOLD} is still in `primary`, at {primary[SOLD]}. The change begins there: "
            "delete its row, and the trigger writes it down."
        )
    about = [r for r in read_all(lesson.connection, topic) if r.key == SOLD.encode()]
    if not about or not about[-1].tombstone:
        return not_yet(_no_tombstone(about, SOLD in replica))
    if wrong := _wrong_replica(primary, replica):
        return not_yet(wrong)
    return passed(
        f"Offset {about[-1].offset} of `{topic}` is the tombstone of {SOLD}, and both "
        f"tables have the same {len(replica)} rows."
    )


def _rows(path: Path) -> dict[str, str]:
    if not path.is_file():  # connecting would make one
        raise FileNotFoundError(f"there is no {path.name}")
    with closing(sqlite3.connect(path)) as database:
        return dict(database.execute("SELECT tailnum, airport FROM aircraft"))


def _no_tombstone(about: list[Record], in_replica: bool) -> str:
    if not about:
        return f"The topic has nothing about {SOLD}. `carry(carried)` sends the changes."
    last = about[-1]
    if last.value in (b"", b"None", b"null", b"NULL"):
        return (
            f"The newest record of {SOLD}, offset {last.offset}, has the value "
            f"{last.value!r}. That is a value, and compaction would keep it for ever. A "
            "tombstone has none: `value=None`."
        )
    said = (
        f"The newest record of {SOLD} in the topic, offset {last.offset}, still says "
        f"{last.value.decode(errors='replace')}. "
    )
    if in_replica:
        return said + "The deletion is in the table `changes`: `carry(carried)` sends it."
    return said + (
        "So the replica has not heard it from there, and other sinks never will: "
        "send it with `carry(carried)`."
    )


def _wrong_replica(primary: dict[str, str], replica: dict[str, str]) -> str:
    if SOLD in replica and not replica[SOLD]:
        return (
            f"The replica still has a row for {SOLD}, without an airport. A tombstone "
            "says that the row is gone: `DELETE` it."
        )
    if SOLD in replica:
        return (
            f"The tombstone is in the topic, but the replica still has {SOLD} at "
            f"{replica[SOLD]}. For a message whose `value()` is None, `DELETE` the row. "
            "If an earlier try has read it and failed, its group has moved on: read all "
            'again with `news(carried + 1, group="another")`.'
        )
    if missing := sorted(primary.keys() - replica.keys()):
        return (
            f"The replica lacks {len(missing)} rows that `primary` has, such as "
            f"{missing[0]}. Delete only the row of the tombstone's key. `apply(news("
            'carried - 1, group="mend"))` brings the others back.'
        )
    other = sorted(key for key in replica if primary.get(key) != replica[key])
    if other:
        return (
            f"The tables differ: {other[0]} is at {replica[other[0]]} in the replica, "
            f"and at {primary.get(other[0], 'no airport')} in `primary`."
        )
    return ""


EXERCISES = (
    Exercise(
        "2.1",
        compacted_gates,
        (
            "The lesson's loop for the newest record of each aircraft does most of it. "
            "What must happen to keys whose newest value is empty, and when?",
            "Fill a dict `key: (int(offset), value, line)` from both segments, oldest "
            "first. Only then leave out empty values, sort by offset, and write.",
        ),
    ),
    Exercise(
        "2.2",
        batch_position,
        (
            "Which is the last entry of `offsets` that is not beyond 633? Its second "
            "number is a byte of the `.log`.",
            "Walk with `batches(data, that_byte)`, and stop at the last batch whose "
            "`base_offset` is not beyond 633. `str(…)` makes the number a text to write.",
        ),
        needs=frozenset({READ_FILES}),
    ),
    Exercise(
        "2.3",
        sold_aircraft,
        (
            "Three steps: `DELETE FROM aircraft …` in `primary`, `carried = "
            "carry(carried)`, and then a loop over `news(1)`.",
            "`message.value() is None` tells a tombstone. Then execute `DELETE FROM "
            "aircraft WHERE tailnum = ?` in `replica`, with the decoded key.",
        ),
    ),
)
