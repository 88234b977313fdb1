"""What a windowed job makes of a topic's records, one after the other; without Kafka."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpers.flights import from_json
from helpers.live.snapshot import Event
from helpers.live.windows_arrivals import Arrival
from helpers.live.windows_log import closed_lines, late_lines, passed_over_lines
from helpers.live.windows_plot import LIVE_SECONDS, Axis, Plot, axis
from helpers.live.windows_snapshot import (
    Picture,
    Reports,
    WindowFacts,
    WindowState,
)
from helpers.windowing import Windows


@dataclass(frozen=True)
class _Begin:
    """The first report.

    Attributes:
        arrived: seconds since the epoch.
        event_time: of it, or the oldest one that a window took since.
    """

    arrived: float
    event_time: datetime


class WindowsJob:
    """Judges records, and keeps what a board shows of them.

    Args:
        hours: how long a window is.
        lateness: how many hours the watermark stays behind the newest event time.

    Attributes:
        passed_over: how many values were no flight's.
    """

    def __init__(self, hours: float, lateness: float) -> None:
        self.passed_over = 0
        self._windows = Windows(timedelta(hours=hours), timedelta(hours=lateness))
        self._plot = Plot()
        self._open: set[datetime] = set()
        self._begin: _Begin | None = None
        self._last = 0.0
        self._picture: Picture | None = None
        self._live = True

    def take(self, arrivals: Iterable[Arrival]) -> list[Event]:
        """Judge what arrived next; return what is to be told of it."""
        return [
            Event(arrival.at, text)
            for arrival in arrivals
            for text in self._lines(arrival)
        ]

    def reports(self, now: float) -> Reports | None:
        """Return what is known of the reports; None before the first one.

        Args:
            now: seconds since the epoch.
        """
        windows, begin = self._windows, self._begin
        if begin is None or windows.newest is None or windows.watermark is None:
            return None
        shown = axis(begin.event_time, windows.newest, windows.length)
        return Reports(
            windows.taken.total(),
            windows.late.total(),
            windows.newest,
            windows.watermark,
            begin.arrived,
            self._last,
            tuple(self._shown(shown)),
            self._drawn(shown, begin.arrived, now),
        )

    def _lines(self, arrival: Arrival) -> Iterator[str]:
        self._picture = None
        event_time = _event_time(arrival.value)
        if event_time is None:
            self.passed_over += 1
            return passed_over_lines(self.passed_over)
        return self._judge(event_time, arrival.at)

    def _judge(self, event_time: datetime, at: float) -> Iterator[str]:
        """Judge one report; return the lines that tell of it."""
        windows, watermark = self._windows, self._windows.watermark
        late_by = windows.take(event_time)
        self._place(event_time, at, late_by is not None)
        begin = windows.begin_of(event_time)
        if late_by is not None:
            numbers = windows.late[begin], windows.late.total()
            with_day = self._has_days or not self._is_newest_day(event_time)
            yield from late_lines(event_time, late_by, *numbers, with_day)
            return
        self._open.add(begin)
        if windows.watermark != watermark:
            yield from self._close()

    def _place(self, event_time: datetime, at: float, is_late: bool) -> None:
        """Put a report into the picture, and the watermark that it has moved."""
        known = self._begin or _Begin(at, event_time)
        if not is_late and event_time < known.event_time:
            known = _Begin(known.arrived, event_time)
        self._begin = known
        self._last = max(self._last, at - known.arrived)
        self._plot.add(event_time, at - known.arrived, is_late)
        if self._windows.newest == event_time and self._windows.watermark:
            self._plot.move(self._windows.watermark, at - known.arrived)

    def _close(self) -> Iterator[str]:
        """Tell of the windows that the watermark has just passed."""
        windows = self._windows
        closed = sorted(one for one in self._open if windows.closed_for(one) is not None)
        self._open.difference_update(closed)
        counted = [(one, windows.taken[one]) for one in closed]
        if counted:
            yield from closed_lines(counted, windows.length, self._has_days)

    @property
    def _has_days(self) -> bool:
        """Whether several days were seen, so that an hour alone names none."""
        begin = self._begin
        return begin is not None and not self._is_newest_day(begin.event_time)

    def _is_newest_day(self, event_time: datetime) -> bool:
        newest = self._windows.newest
        return newest is not None and newest.date() == event_time.date()

    def _shown(self, shown: Axis) -> Iterator[WindowFacts]:
        windows, begin = self._windows, self._windows.begin_of(shown.begin)
        while begin < shown.end:
            taken, late = windows.taken[begin], windows.late[begin]
            yield WindowFacts(begin, self._state(begin), taken, late)
            begin += windows.length

    def _state(self, begin: datetime) -> WindowState:
        if self._windows.closed_for(begin) is not None:
            return "closed"
        newest = self._windows.newest
        return "not begun" if newest is None or newest < begin else "open"

    def _drawn(self, shown: Axis, began: float, now: float) -> Picture:
        """Return the picture; the last one, if nothing else is to be seen on it."""
        known = self._picture
        if known is None or self._live != (now - known.first < LIVE_SECONDS):
            known = self._plot.picture(shown, began, now)
            self._live = now - known.first < LIVE_SECONDS
        self._picture = known
        return known


def _event_time(value: bytes | None) -> datetime | None:
    """Return when the flight of a value was to leave; None if it is no flight's."""
    try:
        return from_json(value).planned if value else None
    # A flight whose day or hour there is not, too.
    except (ArithmeticError, TypeError, ValueError):
        return None
