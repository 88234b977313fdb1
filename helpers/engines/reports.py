"""What every engine reads: reports of departures, in the order of their arrival.

The week of the storm as lesson 01 has it, and two kinds of report more. Some flights are
reported twice: a first report is superseded by a later one. And a flight is reported
when it leaves, so one that leaves hours late is heard of hours after its planned hour:
up to 14. The jobs allow for 24.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from helpers import flights
from helpers.flights import Flight

WEEK = range(4, 11)
_SUPERSEDED_EVERY = 20
_NUMBERS_OF_A_COPY = 10_000


def week() -> list[Flight]:
    """Return the reports of 4 to 10 February 2013, some of them superseded later on."""
    return arrivals(one for one in flights.all_flights() if one.day in WEEK)


def month(copies: int) -> list[Flight]:
    """Return the reports of the whole month, of so many departures for each real one."""
    return arrivals(
        replace(one, number=one.number + copy * _NUMBERS_OF_A_COPY)
        for one in flights.all_flights()
        for copy in range(copies)
    )


def too_late() -> Flight:
    """Return a report of the week's first morning, to be sent when the week is over."""
    first = next(one for one in flights.day(WEEK.start) if one.origin == "JFK")
    return replace(first, carrier="ZZ", delay=600)


def arrivals(planned: Iterable[Flight]) -> list[Flight]:
    """Return the reports of these flights in the order in which they arrive.

    Of each twentieth flight that left late, or was cancelled, the first report arrives at
    the planned time and says half the delay, or that it left an hour late.
    """
    arriving: list[tuple[datetime, Flight]] = []
    for number, one in enumerate(planned):
        if number % _SUPERSEDED_EVERY == 0 and (one.cancelled or (one.delay or 0) > 0):
            first = replace(one, delay=60 if one.delay is None else one.delay // 2)
            arriving.append((one.planned, first))
        arriving.append((one.happened, one))
    return [one for _, one in sorted(arriving, key=lambda pair: pair[0])]
