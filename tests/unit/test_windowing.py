"""Windows and their watermark: which report is counted where, and which is late."""

from datetime import datetime, timedelta

import pytest

from helpers import flights
from helpers.windowing import Windows

HOUR = timedelta(hours=1)


def at(clock: str, day: int = 8) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2013, 2, day, hour, minute, tzinfo=flights.NEW_YORK)


def test_the_watermark_stays_behind_the_newest_event_time() -> None:
    windows = Windows(HOUR, HOUR)
    assert windows.watermark is None
    for clock in ("07:10", "09:00", "08:30"):
        assert windows.take(at(clock)) is None
    assert windows.newest == at("09:00")
    assert windows.watermark == at("08:00")
    assert windows.taken == {at("07:00"): 1, at("08:00"): 1, at("09:00"): 1}


def test_a_window_closes_when_the_watermark_reaches_its_end() -> None:
    windows = Windows(HOUR, HOUR)
    windows.take(at("08:59"))
    assert windows.closed_for(at("07:00")) is None
    assert windows.take(at("07:00")) is None, "a minute before, its window is open"
    windows.take(at("09:00"))
    assert windows.closed_for(at("07:00")) == timedelta(0)
    assert windows.closed_for(at("08:00")) is None


def test_a_report_of_a_closed_window_is_late_and_changes_nothing_else() -> None:
    windows = Windows(HOUR, HOUR)
    for clock in ("06:10", "09:40"):
        windows.take(at(clock))
    assert windows.take(at("06:55")) == timedelta(hours=1, minutes=40)
    assert windows.take(at("07:00")) == timedelta(minutes=40)
    assert windows.late == {at("06:00"): 1, at("07:00"): 1}
    assert windows.taken.total() == 2
    assert windows.newest == at("09:40")


def test_behind_the_watermark_is_not_late_while_the_window_is_open() -> None:
    windows = Windows(HOUR, timedelta(0))
    windows.take(at("08:50"))
    assert windows.take(at("08:05")) is None
    assert windows.take(at("07:59")) == timedelta(minutes=50)


@pytest.mark.parametrize(
    ("hours", "clock", "begin"),
    [
        (0.5, "07:29", "07:00"),
        (0.5, "07:30", "07:30"),
        (1.5, "07:29", "06:00"),
        (1.5, "07:30", "07:30"),
        (3, "23:59", "21:00"),
        (24, "23:59", "00:00"),
    ],
)
def test_windows_lie_end_to_end_from_midnight_on(
    hours: float, clock: str, begin: str
) -> None:
    windows = Windows(timedelta(hours=hours), HOUR)
    assert windows.begin_of(at(clock)) == at(begin)


@pytest.mark.parametrize(("lateness", "late"), [(0, 115), (1, 22), (3, 4), (6, 0)])
def test_the_day_of_the_storm(lateness: int, late: int) -> None:
    windows = Windows(HOUR, timedelta(hours=lateness))
    day = sorted(flights.day(8), key=lambda flight: flight.happened)
    for flight in day:
        windows.take(flight.planned)
    assert windows.late.total() == late
    assert windows.taken.total() + late == len(day) == 930
