"""Exercise 2.2: at which byte of a segment file the batch of an offset begins."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from helpers.course.exercises import Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.replicas import replicas
from helpers.kafka.topics import admin_client
from helpers.servers.errors import ServersError

POSITION = "position.txt"
DEPARTED = "nyc.flight.departed"
WANTED_OFFSET = 633

_SEGMENT = "00000000000000000000"
_HEADER = struct.Struct(">qii")
"""Base offset, length of what follows it, and the leader's epoch."""
_BEFORE_LENGTH_COUNTS = 12
_LAST_OFFSET_DELTA = struct.Struct(">i")
_WHERE_DELTA_LIES = 23
_INDEX_ENTRY = struct.Struct(">ii")


@dataclass(frozen=True)
class _Batch:
    """A batch of records: its first and last offset, and its bytes in the file."""

    first: int
    last: int
    start: int
    end: int


def batch_position(lesson: Lesson) -> Verdict:
    """Judge exercise 2.2: the byte at which the batch of an offset begins."""
    file = lesson.folder / POSITION
    if not file.is_file():
        return not_yet(f"There is no file `{POSITION}` in `lesson.folder`.")
    text = file.read_text("utf-8", errors="replace").strip()
    if not text.isdecimal():
        return not_yet(_no_number(text))
    try:
        found, index = _segment(lesson)
    except ServersError:
        return not_yet(f"There is no `{lesson.topic(DEPARTED)}`: run the cells above.")
    wanted = next((one for one in found if one.last >= WANTED_OFFSET), None)
    if wanted is None:
        return not_yet(f"The topic has no offset {WANTED_OFFSET}: run the cells above.")
    if int(text) == wanted.start:
        return passed(
            f"Byte {wanted.start:,}: there begins the batch of the offsets "
            f"{wanted.first} to {wanted.last}. {_shortcut(found, index, wanted)}"
        )
    return not_yet(_wrong_position(int(text), wanted, found, index))


def _no_number(text: str) -> str:
    if text == "None":
        return (
            f"Offset {WANTED_OFFSET} has no entry of its own: the index is sparse. Take "
            "the last entry that is not beyond it, and walk on from there."
        )
    return f"`{POSITION}` holds `{text[:40]}`. Write one whole number."


def _shortcut(found: list[_Batch], index: dict[int, int], wanted: _Batch) -> str:
    nearest = max((p for at, p in index.items() if at <= WANTED_OFFSET), default=0)
    passed_over = sum(nearest <= one.start < wanted.start for one in found)
    all_before = sum(one.start < wanted.start for one in found)
    batches = "batch" if passed_over == 1 else "batches"
    return (
        f"By the index you pass over {passed_over} {batches}, from the beginning it "
        f"would be {all_before}."
    )


def _wrong_position(
    answer: int, wanted: _Batch, found: list[_Batch], index: dict[int, int]
) -> str:
    if answer == WANTED_OFFSET:
        return f"{answer} is the offset. At which *byte* does its batch begin?"
    if wanted.start < answer < wanted.end:
        return (
            f"Byte {answer:,} lies inside the right batch, which begins earlier. Kafka "
            "finds batches, not records: a batch may be compressed as a whole."
        )
    there = next((one for one in found if one.start == answer), None)
    if there and answer in index.values() and there.last <= WANTED_OFFSET:
        return (
            f"Byte {answer:,} is where the index sends you: its batch ends with offset "
            f"{there.last}. The index is sparse, so walk on from there."
        )
    if there:
        return (
            f"At byte {answer:,} begins the batch of the offsets {there.first} to "
            f"{there.last}. Offset {WANTED_OFFSET} is in "
            + ("an earlier one." if there.first > WANTED_OFFSET else "a later one.")
        )
    swapped = int.from_bytes((answer % 2**32).to_bytes(4, "big"), "little")
    if swapped in {one.start for one in found}:
        return f"{answer:,} is {swapped:,} read from the wrong end: use `>` with struct."
    return f"No batch begins at byte {answer:,}. Walk with `batches(data, …)`."


def _segment(lesson: Lesson) -> tuple[list[_Batch], dict[int, int]]:
    """Return the batches of the first segment, and its index: position by offset.

    Raises:
        ServersError: there is no such segment.
    """
    topic = lesson.topic(DEPARTED)
    found = replicas(admin_client(lesson.connection), topic)
    if not found or (leader := found[0].leader) is None:
        raise ServersError(f"There is no topic {topic}.")
    read = lesson.cluster.read_segment
    log, index = (
        read(topic, 0, leader, f"{_SEGMENT}.{kind}") for kind in ("log", "index")
    )
    # What is reserved and not yet used is zero: ten megabytes of it.
    entries = takewhile(any, _INDEX_ENTRY.iter_unpack(index))
    return list(_batches(log)), dict(entries)


def _batches(log: bytes) -> Iterator[_Batch]:
    at = 0
    while at + _HEADER.size < len(log):
        first, length, _ = _HEADER.unpack_from(log, at)
        (delta,) = _LAST_OFFSET_DELTA.unpack_from(log, at + _WHERE_DELTA_LIES)
        end = at + _BEFORE_LENGTH_COUNTS + length
        yield _Batch(first, first + delta, at, end)
        at = end
