"""What every engine shall answer, and how its answer is compared with that."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from helpers.flights import Flight


class Hour(msgspec.Struct, frozen=True):
    """One record of the result: what is known of one airport and planned hour.

    Attributes:
        airport: EWR, JFK or LGA.
        hour: the planned hour in New York, such as ``"2013-02-08 07:00"``.
        departures: flights that left, by the newest report of each.
        mean_delay: of those, in minutes; None if none left.
        cancelled: flights that did not.
        reports: all that were taken, superseded ones included.
    """

    airport: str
    hour: str
    departures: int
    mean_delay: float | None
    cancelled: int
    reports: int


Answer = dict[tuple[str, str], Hour]
"""The newest record of each airport and hour."""

_decode = msgspec.json.Decoder(Hour).decode


def hour_of(flight: Flight) -> str:
    """Return the hour for which a flight is planned, as the result names it."""
    return f"2013-02-{flight.day:02d} {flight.scheduled[:2]}:00"


def batch(reports: Iterable[Flight]) -> Answer:
    """Return the answer of a program that reads everything and then computes once."""
    newest: dict[tuple[str, str], dict[str, Flight]] = {}
    taken: dict[tuple[str, str], int] = {}
    for one in reports:
        place = one.origin, hour_of(one)
        newest.setdefault(place, {})[one.id] = one
        taken[place] = taken.get(place, 0) + 1
    return {place: _hour(place, newest[place].values(), taken[place]) for place in newest}


def _hour(place: tuple[str, str], known: Iterable[Flight], reports: int) -> Hour:
    delays = [one.delay for one in known]
    left = [delay for delay in delays if delay is not None]
    mean = sum(left) / len(left) if left else None
    return Hour(*place, len(left), mean, len(delays) - len(left), reports)


def read(values: Iterable[bytes | None]) -> Answer:
    """Return the newest of each airport and hour; a tombstone is passed over.

    Raises:
        msgspec.ValidationError: a value is no record of the result.
    """
    records = (_decode(value) for value in values if value is not None)
    return {(one.airport, one.hour): one for one in records}


def wrong_hours(wanted: Answer, got: Answer) -> int:
    """Return how many hours differ in more than the number of reports."""
    return sum(
        _without_reports(got, place) != _without_reports(wanted, place)
        for place in {*got, *wanted}
    )


def _without_reports(answer: Answer, place: tuple[str, str]) -> Hour | None:
    one = answer.get(place)
    return one and replace(one, reports=0)


def difference(wanted: Answer, got: Answer) -> str:
    """Return how an answer differs from the wanted one, in a few words."""
    if got == wanted:
        return "right, nothing is counted twice"
    taken = sum(one.reports for one in got.values())
    more = taken - sum(one.reports for one in wanted.values())
    parts = []
    if more > 0:
        parts.append(f"{more} reports are counted twice")
    if more < 0:
        parts.append(f"{-more} reports are missing")
    wrong = wrong_hours(wanted, got)
    parts.append(
        f"{wrong} of {len(wanted)} hours are wrong" if wrong else "delays are right"
    )
    return ", ".join(parts)
