"""Lesson 02: its exercises, right and wrong, on files and topics of the lesson's own."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from helpers import flights
from helpers.course.checks.lesson_02 import MOVED, SOLD
from helpers.course.lesson import Lesson
from tests.course import students
from tests.course.students import passes, says

LESSON = "02_logs"
run = functools.partial(students.run, LESSON)
Names = dict[str, Any]

TO_THE_GATES = ("gates = lesson.folder",)
TO_THE_SEGMENT = (
    "departed = lesson.topic",
    "def planned",
    "settings = {",
    "leader = admin",
    'base = "0000',
    "HEADER = ",
    "def batches",
    "def entries",
    "offsets, moments = entries",
)
TO_THE_REPLICA = (
    "departed = lesson.topic",
    "def planned",
    "settings = {",
    "import sqlite3",
    "CREATE TRIGGER",
    "upsert = ",
    "moved = lesson.topic",
    "def carry",
    "carried = carry(0)",
    "def news",
    "replica = sqlite3",
    "def apply",
    "def rows",
    "apply(news(carried))",
)


@pytest.fixture
def names(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Names]:
    """Give what the lesson's cells know, and a state folder with a space in its name."""
    monkeypatch.setenv("WORKBOOK_STATE_DIR", str(tmp_path / "a student's state"))
    known: Names = {"lesson": lesson, "flights": flights, "day": flights.day(8)}
    yield known
    for database in ("primary", "replica"):
        if database in known:
            known[database].close()


def test_the_folder_is_the_runs_own_and_goes_with_it(
    lesson: Lesson, names: Names
) -> None:
    file = lesson.folder / "kept"
    file.write_text("until the end")
    assert lesson.folder == file.parent
    lesson.clean_up()
    assert not file.parent.exists()


def test_2_1_solution(lesson: Lesson, names: Names) -> None:
    run(names, *TO_THE_GATES)
    students.solve("2.1", names)
    assert "5 of 10 records" in passes("2.1")


def test_2_1_done_another_way(lesson: Lesson, names: Names) -> None:
    """Read backwards, the first record of a key is its newest; no newline at the end."""
    run(names, *TO_THE_GATES)
    seen: dict[bytes, bytes] = {}
    for segment in sorted(names["gates"].glob("*.log"), reverse=True):
        for line in reversed(segment.read_bytes().splitlines()):
            seen.setdefault(line.split(b"\t")[1], line)
    lines = [line for line in reversed(seen.values()) if not line.endswith(b"\t")]
    lines.sort(key=lambda line: int(line.split(b"\t")[0]))
    (lesson.folder / "gates.log").write_bytes(b"\n".join(lines))
    assert passes("2.1")


NEWEST = [
    "3\tUA1496\tC80",
    "5\tB6725\t14",
    "7\tUA258\tC71",
    "8\tAA301\t9",
    "9\tEV4372\tA1",
]


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        ([], "UA1496 is missing from `gates.log`, which has 0 records"),
        ([NEWEST[0], NEWEST[1], "6\tDL2119\t", *NEWEST[2:]], "The tombstone of DL2119"),
        (["2\tDL2119\tD4", *NEWEST], "DL2119 is back at gate D4"),
        (["0\tUA1496\tC71", *NEWEST], "has UA1496 2 times"),
        (["0\tUA1496\tC71", *NEWEST[1:]], "offset 3, says C80"),
        (NEWEST[1:], "All of them are from the second segment"),
        (["1\tB6725\t12", NEWEST[0], "4\tAA301\t8"], "offset 5, says 14"),
        ([NEWEST[0], "4\tAA301\t8"], "All of them are from the first segment"),
        (NEWEST[::-1], "The order of a log is that of its offsets"),
        ([f"{n}{one[1:]}" for n, one in enumerate(NEWEST)], "A record keeps its offset"),
        (["UA1496\tC80", *NEWEST[1:]], "has the line 'UA1496"),
        ([str(dict.fromkeys(NEWEST))], "Each line is an offset, a key and a value"),
        ([*NEWEST[:4], "9\tEV4372\tA2"], "EV4372 has gate A2"),
        ([*NEWEST[:3], NEWEST[4]], "The newest record of each key stays"),
    ],
)
def test_2_1_mistakes(
    lesson: Lesson, names: Names, lines: list[str], answer: str
) -> None:
    (lesson.folder / "gates.log").write_text("\n".join(lines))
    card = says("2.1")
    assert "▷ Exercise 2.1: not yet" in card
    assert answer in card


def test_2_1_without_the_file(names: Names) -> None:
    assert "There is no file `gates.log`" in says("2.1")


def test_2_2_solution(names: Names) -> None:
    run(names, *TO_THE_SEGMENT)
    students.solve("2.2", names)
    assert "By the index you pass over" in passes("2.2")


def test_2_2_without_the_index_is_right_too(lesson: Lesson, names: Names) -> None:
    run(names, *TO_THE_SEGMENT)
    answer(lesson, _of_batch(names, 633))
    assert passes("2.2")


def _of_batch(names: Names, offset: int) -> int:
    """Return the byte at which the batch of an offset begins."""
    walk = names["batches"](names["data"])
    return int([at for at, one in walk if one.base_offset <= offset][-1])


def _by_index(names: Names) -> int:
    return int(max(at for offset, at in names["offsets"] if offset <= 633))


def _next_in_index(names: Names) -> int:
    return int(min(at for offset, at in names["offsets"] if offset >= 633))


def _swapped(number: int) -> int:
    return int.from_bytes(number.to_bytes(4, "big"), "little")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda names: 633, "633 is the offset"),
        (lambda names: names["data"].find(b'"', _of_batch(names, 633)), "lies inside"),
        (_by_index, "where the index sends you"),
        (lambda names: _of_batch(names, 650), "Offset 633 is in an earlier one"),
        (_next_in_index, "Offset 633 is in an earlier one"),
        (lambda names: _of_batch(names, 5), "Offset 633 is in a later one"),
        (lambda names: _swapped(_by_index(names)), "read from the wrong end"),
        (lambda names: 10_000_000, "No batch begins at byte 10,000,000"),
        (lambda names: "b'633'", "holds `b'633'`. Write one whole number"),
        (lambda names: "", "Write one whole number"),
        (lambda names: None, "has no entry of its own"),
    ],
)
def test_2_2_mistakes(
    lesson: Lesson, names: Names, wrong: Callable[[Names], object], said: str
) -> None:
    run(names, *TO_THE_SEGMENT)
    answer(lesson, wrong(names))
    card = says("2.2")
    assert "▷ Exercise 2.2: not yet" in card
    assert said in card


def test_2_2_too_early(lesson: Lesson, names: Names) -> None:
    assert "There is no file `position.txt`" in says("2.2")
    answer(lesson, 1)
    assert "run the cells above" in says("2.2")
    run(names, *TO_THE_SEGMENT[:1])
    assert "run the cells above" in says("2.2")


def test_2_3_solution(names: Names) -> None:
    run(names, *TO_THE_REPLICA)
    students.solve("2.3", names)
    assert "the same 396 rows" in passes("2.3")


def test_2_3_done_another_way(names: Names) -> None:
    """Follow the whole topic from its start, into an empty table."""
    run(names, *TO_THE_REPLICA)
    names["primary"].execute("DELETE FROM aircraft WHERE tailnum = ?", (SOLD,))
    count = names["carry"](names["carried"])
    state = {m.key(): m.value() for m in names["news"](count, group="anew")}
    names["replica"].execute("DELETE FROM aircraft")
    rows = [(key.decode(), value.decode()) for key, value in state.items() if value]
    names["replica"].executemany("INSERT INTO aircraft VALUES (?, ?)", rows)
    assert passes("2.3")


DELETE = f"DELETE FROM aircraft WHERE tailnum = '{SOLD}'"


def _in_both_tables(names: Names) -> None:
    names["primary"].execute(DELETE)
    names["replica"].execute(DELETE)


def _only_in_primary(names: Names) -> None:
    names["primary"].execute(DELETE)


def _only_in_replica(names: Names) -> None:
    names["replica"].execute(DELETE)


def _with_an_empty_value(names: Names) -> None:
    _in_both_tables(names)
    students.send(names["lesson"], names["moved"], b"", key=SOLD)


def _with_the_text_null(names: Names) -> None:
    _in_both_tables(names)
    students.send(names["lesson"], names["moved"], b"null", key=SOLD)


def _carried_only(names: Names) -> None:
    names["primary"].execute(DELETE)
    names["carry"](names["carried"])


def _carried_and_applied_as_it_is(names: Names) -> None:
    """The tombstone is read and lost: ``apply`` fails on it."""
    _carried_only(names)
    with pytest.raises(AttributeError):
        names["apply"](names["news"](1))


def _emptied_instead_of_deleted(names: Names) -> None:
    _carried_only(names)
    names["replica"].execute(f"UPDATE aircraft SET airport = '' WHERE tailnum = '{SOLD}'")


def _without_where(names: Names) -> None:
    _carried_only(names)
    names["replica"].execute("DELETE FROM aircraft")


def _another_row_changed(names: Names) -> None:
    _carried_only(names)
    names["replica"].execute(DELETE)
    names["replica"].execute("UPDATE aircraft SET airport = 'XXX'")


def _tombstone_of_another(names: Names) -> None:
    _in_both_tables(names)
    producer = Producer(names["lesson"].connection)
    producer.produce(names["moved"], None, "N351")
    assert producer.flush(30) == 0


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (lambda names: None, f"{SOLD} is still in `primary`, at PIT"),
        (_only_in_replica, f"{SOLD} is still in `primary`, at PIT"),
        (_only_in_primary, "The deletion is in the table `changes`"),
        (_in_both_tables, "other sinks never will"),
        (_tombstone_of_another, "other sinks never will"),
        (_with_an_empty_value, "has the value b''. That is a value"),
        (_with_the_text_null, "has the value b'null'. That is a value"),
        (_carried_only, f"the replica still has {SOLD} at PIT"),
        (_carried_and_applied_as_it_is, "its group has moved on"),
        (_emptied_instead_of_deleted, "without an airport"),
        (_without_where, "The replica lacks 396 rows"),
        (_another_row_changed, "is at XXX in the replica"),
    ],
)
def test_2_3_mistakes(names: Names, mistake: Callable[[Names], None], said: str) -> None:
    run(names, *TO_THE_REPLICA)
    mistake(names)
    card = says("2.3")
    assert "▷ Exercise 2.3: not yet" in card
    assert said in card


def test_2_3_what_brings_lost_rows_back(names: Names) -> None:
    """The way that the check names does it."""
    run(names, *TO_THE_REPLICA)
    _without_where(names)
    names["apply"](names["news"](names["carried"], group="mend"))
    names["replica"].execute(DELETE)
    assert passes("2.3")


def test_2_3_too_early(lesson: Lesson, names: Names) -> None:
    assert "cannot be read (there is no primary.db)" in says("2.3")
    for file in ("primary.db", "replica.db"):
        (lesson.folder / file).write_text("no database")
    assert "A database cannot be read" in says("2.3")


def test_2_3_without_the_topic(lesson: Lesson, names: Names) -> None:
    run(names, "import sqlite3", "CREATE TRIGGER", "replica = sqlite3")
    assert f"There is no topic `{lesson.topic(MOVED)}`" in says("2.3")


def answer(lesson: Lesson, value: object) -> None:
    """Write what the student found."""
    (lesson.folder / "position.txt").write_text(str(value))
