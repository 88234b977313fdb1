"""What happens to windows, in plain words; pure functions."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from helpers.live.words import count

# More windows that close at once are told in one line.
_FEW = 3
_STEPS = (1, 2, 5)
_TEN = 10
_MINUTE = timedelta(minutes=1)


def length_said(length: timedelta) -> str:
    """Return a length of event time: "2 h 10 min", "3 h", "15 min"."""
    hours, minutes = divmod(round(length / _MINUTE), 60)
    parts = [f"{hours:,} h"] if hours else []
    return " ".join([*parts, f"{minutes} min"] if minutes or not hours else parts)


def time_said(at: datetime, with_day: bool) -> str:
    """Return an event time: "07:00", or "8 Feb 07:00"."""
    return f"{at.day} {at:%b %H:%M}" if with_day else f"{at:%H:%M}"


def window_said(begin: datetime, length: timedelta, with_day: bool) -> str:
    """Return a window by its begin and end: "07:00 to 08:00"."""
    return f"{time_said(begin, with_day)} to {begin + length:%H:%M}"


def closed_lines(
    windows: Sequence[tuple[datetime, int]], length: timedelta, with_day: bool
) -> Iterator[str]:
    """Tell of windows that closed together.

    Args:
        windows: begin and number of reports of each, the oldest first.
        length: of each.
        with_day: whether there are several days.
    """
    if len(windows) > _FEW:
        reports = count(sum(number for _, number in windows), "report")
        begin = time_said(windows[0][0], with_day)
        end = time_said(windows[-1][0] + length, with_day)
        yield f"{len(windows)} windows closed, {begin} to {end}, with {reports}."
        return
    for start, number in windows:
        name = window_said(start, length, with_day)
        yield f"The window {name} closed with {count(number, 'report')}."


def late_lines(
    event_time: datetime, by: timedelta, of_window: int, of_all: int, with_day: bool
) -> Iterator[str]:
    """Tell of a late report: the first of its window, and when there are many.

    Args:
        event_time: of the report.
        by: how far the watermark had passed its window's end.
        of_window: how many its window has missed by now.
        of_all: how many all windows have.
        with_day: whether there are several days.
    """
    if of_window == 1:
        after = f"{length_said(by)} after" if by >= _MINUTE else "just after"
        name = time_said(event_time, with_day)
        yield f"A report for {name} came {after} its window had closed: it falls out."
    if _is_round(of_all):
        yield f"By now {of_all:,} reports have come too late and fallen out."


def passed_over_lines(number: int) -> Iterator[str]:
    """Tell of a value that is no flight's: the first one, and when there are many."""
    if number == 1:
        yield "A value that is no flight's came: it is passed over."
    elif _is_round(number):
        yield f"By now {number:,} values that are no flight's have been passed over."


def _is_round(number: int) -> bool:
    """Return whether that is 10, 20, 50, 100, 200 and so on."""
    step = _TEN
    while step * _STEPS[-1] < number:
        step *= _TEN
    return number in [step * one for one in _STEPS]
