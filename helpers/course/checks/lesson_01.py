"""Lesson 01: an event superseded, a stream replayed, a batch fed."""

from collections.abc import Iterable
from statistics import fmean

from helpers import flights
from helpers.course.checks.collected import collected
from helpers.course.checks.reports import (
    CREATE_FIRST,
    DAY,
    REPORTED,
    flight_in,
    newest_of_each,
    newest_reports,
    read_records,
)
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.flights import Flight
from helpers.kafka.records import Record

ESTIMATED = "nyc.flight.estimated"
AVERAGED = "nyc.delay.averaged"
FIRST, SECOND = [one for one in flights.day(DAY) if one.scheduled >= "18:00"][:2]
FIRST_ESTIMATES = (30, 95)
SECOND_ESTIMATE = 15
AIRPORTS = ("EWR", "JFK", "LGA")
TOLERANCE_MINUTES = 0.011
"""Two decimals, rounded either way."""


def superseded(lesson: Lesson) -> Verdict:
    """Judge exercise 1.1: one more event, same key, and nothing else lost."""
    records = read_records(lesson, ESTIMATED)
    if records is None:
        return not_yet(CREATE_FIRST.format(lesson.topic(ESTIMATED)))
    if missing := _missing_estimates(records):
        return not_yet(
            f"`{lesson.topic(ESTIMATED)}` no longer holds the estimate of {missing}. "
            "Events are not taken back: the later one supersedes. Run the cell that "
            "sends the three estimates again, and then only add."
        )
    newest = newest_of_each(records)
    first, second = newest[FIRST.id.encode()], newest[SECOND.id.encode()]
    if (found := flight_in(first)) is None or found.delay != FIRST_ESTIMATES[-1]:
        return not_yet(
            f"The newest event of {FIRST.id}, at offset {first.offset}, does not say 95 "
            "minutes any more. Send one that does: it supersedes yours."
        )
    if flight_in(second) == SECOND:
        kept = sum(record.key == second.key for record in records)
        return passed(
            f"The newest of {kept} events of {SECOND.id}, at offset {second.offset}, "
            "says cancelled. The earlier ones are still in the log."
        )
    return not_yet(_why_not_cancelled(second, records))


def _missing_estimates(records: list[Record]) -> str:
    said = {
        (record.key, flight.delay) for record in records if (flight := flight_in(record))
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
    found = flight_in(second)
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
        flight = flight_in(record)
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
    reported, records = read_records(lesson, REPORTED), read_records(lesson, AVERAGED)
    if reported is None or records is None:
        name = lesson.topic(REPORTED if reported is None else AVERAGED)
        return not_yet(CREATE_FIRST.format(name))
    week = newest_reports(reported)
    newest = newest_of_each(records)
    told = {one: newest[one.encode()] for one in AIRPORTS if one.encode() in newest}
    if lost := [one for one in AIRPORTS if one not in told]:
        return not_yet(_no_mean_of(lost[0], records))
    for airport, record in told.items():
        if why := _wrong_mean(airport, record, week):
            return not_yet(why + _nothing_newer(record, records))
    means = ", ".join(f"{one} {told[one].value.decode()}" for one in AIRPORTS)
    return passed(
        f"The newest means are right: {means} minutes. {len(records)} results are in the "
        "topic, the wrong ones among them; they need not go, since the key is the same."
    )


def _nothing_newer(record: Record, records: list[Record]) -> str:
    """Return what to look at if the last mean is not where the last try put its own."""
    if records[-1].key is None:
        return (
            f" The event at offset {records[-1].offset} has no key, so no reader knows "
            "which airport it supersedes."
        )
    if record.offset < len(AIRPORTS):
        return (
            " It is the lesson's own result, and nothing has come since: a group that "
            "has read the events gets none again. And did you `flush`?"
        )
    return ""


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
    if mean == round(fmean(minutes)):
        return "That is rounded to whole minutes: keep two decimals."
    if _near(mean, fmean(_minutes(week))):
        return "That is the mean of the whole week: take 8 February alone."
    if _near(mean, sum(minutes)):
        return "That is the sum of all delays: divide it by the flights that left."
    return ""


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE_MINUTES


def _minutes(flown: Iterable[Flight]) -> list[int | float]:
    return [one.delay for one in flown if one.delay is not None]


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
