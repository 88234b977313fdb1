"""Tumbling windows of event time, and the watermark that closes them.

What a windowed job decides about each report that arrives, and nothing else: no server,
no clock, no picture.
"""

from collections import Counter
from datetime import datetime, timedelta

# Windows of whole hours begin on the hour, and those of a day at midnight.
_ORIGIN = datetime(1970, 1, 1)


class Windows:
    """Takes reports in the order in which they arrive, and counts them in windows.

    Args:
        length: of a window.
        lateness: how far the watermark stays behind the newest event time.

    Attributes:
        length: as given.
        lateness: as given.
        newest: the newest event time so far; None before the first report.
        taken: by the begin of its window, how many reports a window took.
        late: by the begin of its window, how many came when it was closed.
    """

    def __init__(self, length: timedelta, lateness: timedelta) -> None:
        self.length, self.lateness = length, lateness
        self.newest: datetime | None = None
        self.taken: Counter[datetime] = Counter()
        self.late: Counter[datetime] = Counter()

    @property
    def watermark(self) -> datetime | None:
        """The event time up to which no more reports are waited for."""
        return None if self.newest is None else self.newest - self.lateness

    def begin_of(self, event_time: datetime) -> datetime:
        """Return when the window begins that a report belongs to."""
        origin = _ORIGIN.replace(tzinfo=event_time.tzinfo)
        return origin + (event_time - origin) // self.length * self.length

    def closed_for(self, begin: datetime) -> timedelta | None:
        """Return how far the watermark has passed a window's end; None if it has not."""
        end = begin + self.length
        if self.watermark is None or self.watermark < end:
            return None
        return self.watermark - end

    def take(self, event_time: datetime) -> timedelta | None:
        """Judge the next report: count it in its window, or as late.

        Returns:
            None if its window took it; else how far the watermark had already passed
            the window's end.
        """
        begin = self.begin_of(event_time)
        late_by = self.closed_for(begin)
        if late_by is None:
            self.taken[begin] += 1
            self.newest = max(self.newest or event_time, event_time)
        else:
            self.late[begin] += 1
        return late_by
