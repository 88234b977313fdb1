"""The facts of a windows snapshot in words; the picture and the text both use them."""

from collections.abc import Iterator
from datetime import timedelta

from helpers.live.windows_log import length_said, time_said, window_said
from helpers.live.windows_snapshot import Reports, WindowFacts, WindowsSnapshot
from helpers.live.words import clock, count, measured
from helpers.views import phrases
from helpers.views import topic_phrases as say
from helpers.views.marks import Note

LEGEND = (
    "dots: reports, larger for several · ×: late, falls out · stepped line: the "
    "watermark's course, dashed: now · columns: closed hatched, open framed, not begun "
    "plain"
)
_ONE_DAY = 24


def summary(snapshot: WindowsSnapshot) -> tuple[str, ...]:
    """Return how it stands, in a few phrases; the first is the time of day."""
    return (
        clock(snapshot.taken_at, tenths=False),
        f"windows of {length_said(timedelta(hours=snapshot.hours))}",
        f"lateness {length_said(timedelta(hours=snapshot.lateness))}",
        *_counted(snapshot),
    )


def _counted(snapshot: WindowsSnapshot) -> Iterator[str]:
    reports = snapshot.reports
    if reports is not None:
        taken = count(reports.taken, "report")
        yield f"{taken} taken within {measured(reports.last)}"
        yield f"{reports.late:,} late, fallen out"
    if snapshot.passed_over:
        number = snapshot.passed_over
        verb = "is no flight" if number == 1 else "are no flights"
        yield f"{count(number, 'value')} passed over: {verb}"


def watermark(snapshot: WindowsSnapshot) -> str:
    """Return where the watermark is, and how that comes."""
    reports = snapshot.reports
    if reports is None:
        return "Watermark: none before the first report."
    with_day = has_days(reports)
    at = time_said(reports.watermark, with_day)
    if not snapshot.lateness:
        return f"Watermark {at}: the newest event time."
    behind = length_said(timedelta(hours=snapshot.lateness))
    newest = time_said(reports.newest, with_day)
    return f"Watermark {at}: newest event time {newest} less {behind}."


def warnings(snapshot: WindowsSnapshot) -> tuple[str, ...]:
    """Return what a reader should not overlook, in whole sentences."""
    about = snapshot.about
    found = phrases.warnings(about.nodes)
    if found:
        return found
    if not about.is_there:
        return (_missing(snapshot),)
    if snapshot.reports is None and snapshot.asked is not None:
        return (Note("No report has come yet."),)
    return () if snapshot.reports else (Note("Nobody has read the topic yet."),)


def _missing(snapshot: WindowsSnapshot) -> Note:
    if snapshot.about.is_there is None:
        return say.missing(snapshot.about)
    return Note(
        f"There is no topic {snapshot.about.topic} yet. This board goes on when there is."
    )


def has_days(reports: Reports) -> bool:
    """Return whether the picture shows more than one day."""
    picture = reports.picture
    return picture.hours > _ONE_DAY or picture.begin.hour != 0


def now(reports: Reports) -> str:
    """Return where the watermark is, as the picture names it."""
    return f"watermark {time_said(reports.watermark, has_days(reports))}"


def axes(reports: Reports | None) -> str:
    """Return what lies across and upwards."""
    on = f" on {_days(reports)}" if reports else ""
    return (
        f"across: event time, the planned departure{on} · "
        "upwards: arrival, in s since the first"
    )


def _days(reports: Reports) -> str:
    """Return which days the picture shows."""
    picture = reports.picture
    last = picture.end - timedelta(minutes=1)
    first, last_day = (f"{one.day} {one:%b}" for one in (picture.begin, last))
    return first if first == last_day else f"{first} and {last_day}"


def window(one: WindowFacts, snapshot: WindowsSnapshot) -> str:
    """Return a window by its begin and its end."""
    with_day = snapshot.reports is not None and has_days(snapshot.reports)
    return window_said(one.begin, timedelta(hours=snapshot.hours), with_day)


def facts(one: WindowFacts, snapshot: WindowsSnapshot) -> str:
    """Return everything about one window."""
    late = f", {one.late:,} late" if one.late else ""
    name = window(one, snapshot)
    return f"{name}: {one.state}, {count(one.taken, 'report')}{late}"


def not_shown(reports: Reports) -> str:
    """Return what became of reports of windows that the picture does not show."""
    taken = reports.taken - sum(one.taken for one in reports.windows)
    late = reports.late - sum(one.late for one in reports.windows)
    if not taken and not late:
        return ""
    return f"Older windows, not shown: {count(taken, 'report')} taken, {late:,} late."


def left_out(reports: Reports) -> Iterator[str]:
    """Tell of the windows that have no line of text of their own."""
    idle = [one.state for one in reports.windows if not is_told(one)]
    closed, coming = idle.count("closed"), idle.count("not begun")
    if closed:
        yield f"{count(closed, 'window')} closed without any report."
    if coming:
        yield f"{count(coming, 'window')} not begun."
    if further := not_shown(reports):
        yield further


def is_told(one: WindowFacts) -> bool:
    """Return whether a window has anything to tell."""
    return one.state == "open" or bool(one.taken or one.late)
