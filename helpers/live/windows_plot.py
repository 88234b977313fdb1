"""Where reports lie by event time and by arrival, counted in small fields.

However many there are, a picture of them stays small.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpers.live.windows_snapshot import COLUMNS, ROWS, Mark, Picture

LIVE_SECONDS = 25.0
"""Of arrival that a picture shows at least, while they have not all passed."""

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_FIELD = _DAY / COLUMNS
# A row of the picture is so many of those that are counted: a later, taller picture
# then needs no report again.
_FINE = 16
_MOST_DAYS = 2

_Fields = Counter[tuple[int, int, bool]]
"""By column, row and whether they were late: how many reports."""


@dataclass(frozen=True)
class Axis:
    """The event time that a picture shows.

    Attributes:
        begin: a full hour.
        hours: 24 or 48.
        moves: whether it goes along with the newest event time.
    """

    begin: datetime
    hours: int
    moves: bool = False

    @property
    def end(self) -> datetime:
        """The event time at the right edge."""
        return self.begin + timedelta(hours=self.hours)


def axis(first: datetime, newest: datetime, length: timedelta) -> Axis:
    """Return which event time to show: whole days, so that nothing moves.

    Where that is more than two days, or so many windows that none could be told from
    the next one: the last 24 hours.

    Args:
        first: the oldest event time that a window took.
        newest: the newest event time.
        length: of a window.
    """
    begin = first.replace(hour=0, minute=0, second=0, microsecond=0)
    days = (newest - begin) // _DAY + 1
    if days == 1 or (days == _MOST_DAYS and length >= _HOUR):
        return Axis(begin, 24 * days)
    hour = newest.replace(minute=0, second=0, microsecond=0)
    return Axis(hour + _HOUR - _DAY, 24, moves=True)


class Plot:
    """Counts reports in fields of event time and arrival, and keeps the watermark's way.

    Arrival is in seconds after the first report; earlier ones count as that.
    """

    def __init__(self) -> None:
        self._origin: datetime | None = None
        self._row_seconds = LIVE_SECONDS / _FINE / (ROWS * _FINE)
        self._fields: _Fields = Counter()
        self._watermark: dict[int, datetime] = {}

    def add(self, event_time: datetime, arrived: float, is_late: bool) -> None:
        """Count a report."""
        self._origin = self._origin or event_time.replace(hour=0, minute=0)
        column = (event_time - self._origin) // _FIELD
        # Before the fields are named: it may replace them.
        row = self._row(arrived)
        self._fields[column, row, is_late] += 1

    def move(self, watermark: datetime, arrived: float) -> None:
        """Keep where the watermark is from a moment on."""
        row = self._row(arrived)
        self._watermark[row] = watermark

    def picture(self, shown: Axis, began: float, now: float) -> Picture:
        """Return the reports that lie within.

        Args:
            shown: which event time.
            began: when the first report arrived, in seconds since the epoch.
            now: likewise.
        """
        fields = self._within(shown)
        rows = [row for _, row, _ in fields]
        first = min(rows, default=0)
        begin = began + first * self._row_seconds
        # There nothing stays in its place, and a low picture would show nothing.
        least = 0.0 if shown.moves or now - begin >= LIVE_SECONDS else LIVE_SECONDS
        each = self._rows_in_one(max(rows, default=0) - first + 1, least)
        return Picture(
            shown.begin,
            shown.hours,
            begin,
            each * ROWS * self._row_seconds,
            _marks(fields, first, each, is_late=False),
            _marks(fields, first, each, is_late=True),
            tuple(self._way(shown, first, each)),
        )

    def _rows_in_one(self, needed: int, least: float) -> int:
        """Return how many of the rows that are counted make one of a picture.

        A power of two, so that a picture changes seldom.
        """
        rows = 1
        while rows * ROWS < needed or rows * ROWS * self._row_seconds < least:
            rows *= 2
        return rows

    def _way(self, shown: Axis, first: int, each: int) -> Iterator[tuple[float, float]]:
        """Give the watermark's course, from where it was at the lower edge on."""
        moves = sorted(self._watermark.items())
        begun = [at for row, at in moves if row <= first][-1:]
        later = [(row, at) for row, at in moves if row > first]
        for row, at in [*((first, one) for one in begun), *later]:
            column = (at - shown.begin) / _FIELD * 24 / shown.hours
            yield (row - first) / each, round(column, 2)

    def _row(self, arrived: float) -> int:
        """Return the row of a moment; coarser ones from then on, if it lies above all."""
        while arrived >= self._row_seconds * ROWS * _FINE:
            self._row_seconds *= 2
            coarser: _Fields = Counter()
            for (column, row, is_late), number in self._fields.items():
                coarser[column, row // 2, is_late] += number
            self._fields = coarser
            # In the order of arrival: of two in one row the later one stays.
            self._watermark = {row // 2: at for row, at in self._watermark.items()}
        return int(max(0.0, arrived) / self._row_seconds)

    def _within(self, shown: Axis) -> _Fields:
        """Return how many reports lie in each column of a picture and row that counts."""
        found: _Fields = Counter()
        if self._origin is None:
            return found
        first = (shown.begin - self._origin) // _FIELD
        for (column, row, is_late), number in self._fields.items():
            place = (column - first) * 24 // shown.hours
            if 0 <= place < COLUMNS:
                found[place, row, is_late] += number
        return found


def _marks(fields: _Fields, first: int, each: int, is_late: bool) -> tuple[Mark, ...]:
    found: Counter[tuple[int, int]] = Counter()
    for (column, row, late), number in fields.items():
        if late == is_late:
            found[column, (row - first) // each] += number
    return tuple((column, row, number) for (column, row), number in found.items())
