"""Lesson 01: an event superseded, a stream replayed, a batch fed."""

import csv
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean

from helpers import flights
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.flights import Flight
from helpers.kafka.records import Record, read_all
from helpers.kafka.topics import admin_client, topic_names

ESTIMATED = "nyc.flight.estimated"
REPORTED = "nyc.flight.reported"
AVERAGED = "nyc.delay.averaged"
DAY = 8
FIRST, SECOND = [one for one in flights.day(DAY) if one.scheduled >= "18:00"][:2]
FIRST_ESTIMATES = (30, 95)
SECOND_ESTIMATE = 15
AIRPORTS = ("EWR", "JFK", "LGA")
COLUMNS = ("origin", "scheduled", "delay")
TOLERANCE_MINUTES = 0.011
"""Two decimals, rounded either way."""
MISSING = frozenset({"", "None", "nan", "NaN", "NA", "null"})
"""What pandas reads as a missing value, and a student may well write."""
_MANY = 100_000
_CREATE_FIRST = "There is no topic `{}`. Run the cell that creates it."


def superseded(lesson: Lesson) -> Verdict:
    """Judge exercise 1.1: one more event, same key, and nothing else lost."""
    records = _records(lesson, ESTIMATED)
    if records is None:
        return not_yet(_CREATE_FIRST.format(lesson.topic(ESTIMATED)))
    if missing := _missing_estimates(records):
        return not_yet(
            f"`{lesson.topic(ESTIMATED)}` no longer holds the estimate of {missing}. "
            "Events are not taken back: the later one supersedes. Run the cell that "
            "sends the three estimates again, and then only add."
        )
    newest = _newest(records)
    first, second = newest[FIRST.id.encode()], newest[SECOND.id.encode()]
    if (found := _flight(first)) is None or found.delay != FIRST_ESTIMATES[-1]:
        return not_yet(
            f"The newest event of {FIRST.id}, at offset {first.offset}, does not say 95 "
            "minutes any more. Send one that does: it supersedes yours."
        )
    if _flight(second) == SECOND:
        kept = sum(record.key == second.key for record in records)
        return passed(
            f"The newest of {kept} events of {SECOND.id}, at offset {second.offset}, "
            "says cancelled. The earlier ones are still in the log."
        )
    return not_yet(_why_not_cancelled(second, records))


def _missing_estimates(records: list[Record]) -> str:
    said = {
        (record.key, flight.delay) for record in records if (flight := _flight(record))
    }
    wanted = [(FIRST.id, delay) for delay in FIRST_ESTIMATES]
    wanted.append((SECOND.id, SECOND_ESTIMATE))
    lost = [
        f"{minutes} minutes for {key}"
        for key, minutes in wanted
        if (key.encode(), minutes) not in said
    ]
    return lost[0] if lost else ""


def _why_not_cancelled(second: Record, records: list[Record]) -> str:
    later = [record for record in records if record.offset > second.offset]
    if elsewhere := _somewhere_else(later):
        return elsewhere
    found = _flight(second)
    if not second.value:
        return (
            f"The newest event of {SECOND.id} has no value at all. Kafka takes that for "
            "*forget this key* (lesson 10), and a reader learns nothing of the flight. "
            "Send the whole flight, with `delay=None`."
        )
    if found is None:
        return (
            f"The newest event of {SECOND.id} is {second.value[:40]!r}, and "
            "`flights.from_json` cannot read that. Its readers expect what `to_json()` "
            "of a whole flight makes."
        )
    if found.delay == 0:
        return (
            f"The newest event of {SECOND.id} has the delay 0: that is a flight on time. "
            "A cancelled one has no delay, which is `None`."
        )
    if found.cancelled:
        return (
            f"The newest event of {SECOND.id} says cancelled, but of another flight: "
            f"{found}. Only the delay may differ: use `replace(second, delay=None)`."
        )
    return (
        f"The newest event of {SECOND.id}, at offset {second.offset}, has the delay "
        f"{found.delay!r}. Did you send another one, with `None`, and `flush`?"
    )


def _somewhere_else(records: list[Record]) -> str:
    for record in reversed(records):
        flight = _flight(record)
        if flight is None or not flight.cancelled:
            continue
        if flight.id != SECOND.id:
            return f"You cancelled {flight.id}, and {SECOND.id} is the flight `second`."
        return (
            f"The cancellation is at offset {record.offset}, its key {record.key!r}. "
            f"For a reader that is not about {SECOND.id}: only the same key supersedes."
        )
    return ""


def replayed(lesson: Lesson) -> Verdict:
    """Judge exercise 1.2: the newest mean of each airport is the right one."""
    reported, records = _records(lesson, REPORTED), _records(lesson, AVERAGED)
    if reported is None or records is None:
        name = lesson.topic(REPORTED if reported is None else AVERAGED)
        return not_yet(_CREATE_FIRST.format(name))
    week = _reports(reported)
    newest = _newest(records)
    told = {one: newest[one.encode()] for one in AIRPORTS if one.encode() in newest}
    if lost := [one for one in AIRPORTS if one not in told]:
        return not_yet(_no_mean_of(lost[0], records))
    for airport, record in told.items():
        if why := _wrong_mean(airport, record, week):
            return not_yet(why)
    means = ", ".join(f"{one} {told[one].value.decode()}" for one in AIRPORTS)
    return passed(
        f"The newest means are right: {means} minutes. {len(records)} results are in the "
        "topic, the wrong ones among them; they need not go, since the key is the same."
    )


def _no_mean_of(airport: str, records: list[Record]) -> str:
    if any(record.key is None for record in records):
        return (
            f"There is no event with the key {airport}, but one without a key. Without a "
            "key, no reader knows which airport it supersedes."
        )
    if not records:
        return "The topic `averaged` is empty. Run the lesson's cells, or `flush`."
    keys = sorted({str(record.key) for record in records})
    return f"There is no event with the key {airport}; the keys are {', '.join(keys)}."


def _wrong_mean(airport: str, record: Record, week: list[Flight]) -> str:
    try:
        mean = float(record.value)
    except ValueError:
        return (
            f"The newest value of {airport} is {record.value[:40]!r}, and a reader "
            "expects a number alone, as text, such as 12.34."
        )
    here = [one for one in week if one.origin == airport]
    today = [one for one in here if one.day == DAY]
    if _near(mean, fmean(_minutes(today))):
        return ""
    said = f"The newest mean of {airport} is {record.value.decode()}, at offset "
    said += f"{record.offset}. "
    return said + (
        _misunderstood(mean, today, here)
        or "The log says otherwise. Did the consumer read all of it? "
        f"It holds {len(week)} flights, {len(_minutes(today))} of them left "
        f"{airport} on the 8th. A group that has read them gets nothing again."
    )


def _misunderstood(mean: float, today: list[Flight], week: list[Flight]) -> str:
    """Return which other figure of one airport ``mean`` is; empty if none."""
    minutes = _minutes(today)
    if _near(mean, fmean(one.delay or 0 for one in today)):
        return (
            f"That still counts {sum(one.cancelled for one in today)} cancelled flights "
            "with a delay of 0. They must not be among the flights you divide by."
        )
    if _near(mean, fmean(filter(None, minutes))):
        return (
            f"That leaves out {minutes.count(0)} flights that left on time: 0 is a "
            "delay, too, and Python takes it for false. Ask `flight.cancelled`."
        )
    if _near(mean, fmean(_minutes(week))):
        return "That is the mean of the whole week: take 8 February alone."
    if _near(mean, sum(minutes)):
        return "That is the sum of all delays: divide it by the flights that left."
    return ""


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE_MINUTES


def _minutes(flown: Iterable[Flight]) -> list[int]:
    return [one.delay for one in flown if one.delay is not None]


def collected_file(lesson: Lesson) -> Path:
    """Return where exercise 1.3 asks for the file."""
    return Path(tempfile.gettempdir(), f"reports{lesson.suffix}.csv")


def collected(lesson: Lesson) -> Verdict:
    """Judge exercise 1.3: the file says of 8 February what the topic says."""
    reported = _records(lesson, REPORTED)
    if reported is None:
        return not_yet(_CREATE_FIRST.format(lesson.topic(REPORTED)))
    week = _reports(reported)
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
    if len(found) != len(today):
        return not_yet(_wrong_length(len(found), len(today), len(week)))
    if Counter(map(_cells, found)) == wanted:
        return passed(
            f"A batch job finds {len(found)} reports, {sum(map(_is_missing, found))} of "
            "them without a delay: cancelled. A stream has fed a batch."
        )
    return not_yet(_wrong_cells(found, today))


def _wrong_length(found: int, wanted: int, whole_week: int) -> str:
    said = f"The file has {found} reports of {wanted}. "
    if found == whole_week:
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
    if missing != cancelled:
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


def _records(lesson: Lesson, base: str) -> list[Record] | None:
    """Return a topic's records; None if there is no such topic."""
    name = lesson.topic(base)
    if name not in topic_names(admin_client(lesson.connection)):
        return None
    return read_all(lesson.connection, name, _MANY)


def _newest(records: Iterable[Record]) -> dict[bytes | None, Record]:
    return {record.key: record for record in records}


def _reports(records: Iterable[Record]) -> list[Flight]:
    """Return the newest report of each flight."""
    found = map(_flight, _newest(records).values())
    return [flight for flight in found if flight is not None]


def _flight(record: Record) -> Flight | None:
    """Return the flight in a record, or None if it holds something else."""
    try:
        flight = flights.from_json(record.value)
    except (ValueError, TypeError):
        return None
    usable = isinstance(flight.day, int) and isinstance(flight.delay, int | float | None)
    return flight if usable else None


EXERCISES = (
    Exercise(
        "1.1",
        superseded,
        (
            "The estimate of 95 minutes superseded that of 30. What did the two have in "
            "common, and what differed?",
            "`replace(second, delay=None)` is the event. Send its `to_json()` with "
            "`key=second.id` to `estimated`, and `flush`.",
        ),
    ),
    Exercise(
        "1.2",
        replayed,
        (
            "Skip a flight if `flight.cancelled`, both in the sum and in the number you "
            "divide by.",
            "`read(reported, len(week))` gives all events again. Collect the delays of "
            "each airport on day 8, and send `statistics.fmean` of them with "
            "`key=airport` to `averaged`.",
        ),
    ),
    Exercise(
        "1.3",
        collected,
        (
            "`csv.writer(file)` writes a list as a line, and `None` as an empty field. "
            "`with collected.open('w', newline='') as file:` closes the file for you.",
            "Write the names of the columns, and then for each message of "
            "`read(reported, len(week))` that is of day 8 "
            "`[flight.origin, flight.scheduled, flight.delay]`.",
        ),
    ),
)
