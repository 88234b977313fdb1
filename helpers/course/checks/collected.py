"""Exercise 1.3: a stream collected in a file, for a batch job."""

import csv
from collections import Counter
from pathlib import Path

from helpers import flights
from helpers.course.checks.reports import (
    CREATE_FIRST,
    DAY,
    REPORTED,
    newest_reports,
    read_records,
)
from helpers.course.exercises import Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.flights import Flight

COLUMNS = ("origin", "scheduled", "delay")
MISSING = frozenset({"", "None", "nan", "NaN", "NA", "null"})
"""What pandas reads as a missing value, and a student may well write."""


def collected_file(lesson: Lesson) -> Path:
    """Return where exercise 1.3 asks for the file."""
    return lesson.folder / "collected.csv"


def collected(lesson: Lesson) -> Verdict:
    """Judge exercise 1.3: the file says of 8 February what the topic says."""
    reported = read_records(lesson, REPORTED)
    if reported is None:
        return not_yet(CREATE_FIRST.format(lesson.topic(REPORTED)))
    week = newest_reports(reported)
    file = collected_file(lesson)
    try:
        rows = list(csv.reader(file.read_text("utf-8").splitlines()))
    except FileNotFoundError:
        return not_yet(f"There is no file {file}. Open `collected` for writing.")
    except (OSError, ValueError) as error:
        return not_yet(f"{file} cannot be read as text: {error}")
    if why := _wrong_header(rows):
        return not_yet(why)
    return _judge_rows(rows, week)


def _wrong_header(rows: list[list[str]]) -> str:
    if not rows:
        return (
            "The file is empty. What you write goes to the disk when the file is closed: "
            "use `with collected.open(…) as file:`."
        )
    if not set(COLUMNS) <= set(rows[0]):
        return (
            f"The file's first line is {','.join(rows[0])[:60]!r}. A batch job needs the "
            f"names of the columns there: {','.join(COLUMNS)}."
        )
    return ""


def _judge_rows(rows: list[list[str]], week: list[Flight]) -> Verdict:
    header, *lines = rows
    found = [dict(zip(header, line, strict=False)) for line in lines if line]
    today = [one for one in week if one.day == DAY]
    wanted = Counter((one.origin, one.scheduled, one.delay) for one in today)
    if header in lines:
        return not_yet("The names of the columns come twice: open with 'w', not 'a'.")
    if len(found) != len(today):
        return not_yet(_wrong_length(len(found), len(today), week))
    if Counter(map(_cells, found)) == wanted:
        return passed(
            f"A batch job finds {len(found)} reports, {sum(map(_is_missing, found))} of "
            "them without a delay: cancelled. A stream has fed a batch."
        )
    return not_yet(_wrong_cells(found, today))


def _wrong_length(found: int, wanted: int, week: list[Flight]) -> str:
    said = f"The file has {found} reports of {wanted}. "
    if found == sum(one.happened.day == DAY for one in week):
        return said + (
            "Some of these flights left on the 8th and were planned for the 7th. "
            "`flight.day` is the day of the plan."
        )
    if found == len(week):
        return said + "That is the whole week: write those of 8 February."
    if found and found % wanted == 0:
        return said + f"Each is there {found // wanted} times: open with 'w', not 'a'."
    if found == sum(1 for one in flights.day(DAY) if not one.cancelled):
        return said + "The cancelled flights are missing. They are reports, too."
    if found < wanted:
        return said + (
            "Did the consumer read all 6,104 events of the topic? One that has read them "
            "before, in the same group, gets nothing again. And is the file closed?"
        )
    return said + "Which of them are not reports of 8 February?"


def _wrong_cells(found: list[dict[str, str]], today: list[Flight]) -> str:
    missing = sum(map(_is_missing, found))
    cancelled = sum(one.cancelled for one in today)
    if missing > cancelled:
        return (
            f"{missing} of the file's delays are empty, and {cancelled} flights were "
            "cancelled. The others left on time: 0 is a delay, too, and Python takes it "
            "for false. Ask `flight.cancelled`."
        )
    if missing < cancelled:
        return (
            f"{missing} of the file's delays are empty, and {cancelled} flights were "
            "cancelled. A batch job would take your 0 for a departure on time: leave the "
            "field empty."
        )
    known = {(one.origin, one.scheduled, one.delay) for one in today}
    odd = next((row for row in found if _cells(row) not in known), found[0])
    return (
        f"The row {','.join(odd.values())!r} is not a report of 8 February. Is each "
        f"value in its own column, {','.join(COLUMNS)}?"
    )


def _cells(row: dict[str, str]) -> tuple[str, str, float | None]:
    values = [row.get(name, "").strip() for name in COLUMNS]
    try:
        delay = None if values[2] in MISSING else float(values[2])
    except ValueError:
        delay = float("inf")
    return values[0], values[1], delay


def _is_missing(row: dict[str, str]) -> bool:
    return row.get("delay", "").strip() in MISSING
