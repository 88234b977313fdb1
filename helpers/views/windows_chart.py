"""Reports by event time and arrival, the watermark and the windows; HTML.

Arrival grows upwards, as in most pictures of event time: what comes late lies above
and left of the watermark.
"""

import itertools
from collections.abc import Iterable, Iterator
from datetime import timedelta
from html import escape

from helpers.live.windows_snapshot import (
    COLUMNS,
    ROWS,
    Mark,
    Picture,
    Reports,
    WindowFacts,
    WindowsSnapshot,
)
from helpers.views import windows_phrases as say
from helpers.views.style import span

# So many letters have room beside each other, on most boards and on one of 440 pixels.
_ROOM, _ROOM_NARROW = 72, 40
_MOST_TICKS = 6
# A name nearer to an edge than this, in hundredths, would be cut there.
_MARGIN = 14
# From so many reports on, a mark is larger.
_SIZES = ((1, "wb-one"), (2, "wb-few"), (5, "wb-many"))


_NAMES = (
    '<div class="wb-names" aria-hidden="true"><span>reports</span>'
    "<span>× late</span><span>window</span></div>"
)


def chart_html(snapshot: WindowsSnapshot) -> str:
    """Return the picture; an empty one of the same height before the first report."""
    reports = snapshot.reports
    css = _crowded(reports, snapshot) if reports else ""
    inside = _inside(reports, snapshot) if reports else '<div class="wb-field"></div>'
    further = say.not_shown(reports) if reports else ""
    below = [*filter(None, [further]), say.axes(reports), say.LEGEND]
    legend = "".join(span("wb-legend", line) for line in below)
    return f'<div class="wb-event{css}">{inside}{_NAMES}</div>{legend}'


def _inside(reports: Reports, snapshot: WindowsSnapshot) -> str:
    columns = "".join(_column(one, snapshot, reports.picture) for one in reports.windows)
    return (
        f"{_tag(reports)}{_scale(reports.picture)}"
        f'<div class="wb-field">{_svg(snapshot, reports)}</div>'
        f'<div class="wb-columns" role="list" aria-label="The windows">{columns}</div>'
    )


def _crowded(reports: Reports, snapshot: WindowsSnapshot) -> str:
    """Return the CSS classes by which numbers stand upright where there is no room."""
    windows = reports.windows
    texts = [f"{max(one.taken for one in windows):,}", _label(windows[0], snapshot)]
    letters = len(windows) * max(map(len, texts))
    narrow = " wb-upright-narrow" if letters > _ROOM_NARROW else ""
    return " wb-upright" if letters > _ROOM else narrow


def _label(one: WindowFacts, snapshot: WindowsSnapshot) -> str:
    """Return a window's begin, in as few letters as tell it."""
    whole = snapshot.hours == int(snapshot.hours)
    return f"{one.begin:%H}" if whole else f"{one.begin:%H:%M}"


def _column(one: WindowFacts, snapshot: WindowsSnapshot, picture: Picture) -> str:
    """Return a window: its field in the picture, and its numbers below."""
    begin = (one.begin - picture.begin) / timedelta(hours=picture.hours)
    end = begin + snapshot.hours / picture.hours
    width = 100 * (min(1.0, end) - max(0.0, begin))
    facts = escape(say.facts(one, snapshot), quote=True)
    taken = "" if one.state == "not begun" else f"{one.taken:,}"
    css = "" if one.taken else ' class="wb-none"'
    late = f"{one.late:,}" if one.late else ""
    name = span("", _label(one, snapshot))
    inside = f"<i></i><b{css}>{taken}</b><u>{late}</u>{name}"
    return (
        f'<div class="wb-{one.state.replace(" ", "-")}" role="listitem" '
        f'style="width:{width:.3f}%" aria-label="{facts}" title="{facts}">{inside}</div>'
    )


def _tag(reports: Reports) -> str:
    """Return the watermark's name, above where it is."""
    at = min(max(_across(reports), 0.0), 100.0)
    shift = 0 if at < _MARGIN else -100 if at > 100 - _MARGIN else -50
    style = f"left:{at:.2f}%;transform:translateX({shift}%)"
    return (
        f'<div class="wb-tag"><b style="{style}">▾ {escape(say.now(reports))}</b></div>'
    )


def _across(reports: Reports) -> float:
    """Return where the watermark is now, in hundredths of the width."""
    picture = reports.picture
    return 100 * ((reports.watermark - picture.begin) / timedelta(hours=picture.hours))


def _scale(picture: Picture) -> str:
    """Return the seconds of arrival at the left edge."""
    ticks = "".join(
        f'<span style="bottom:{100 * at / picture.seconds:.2f}%">{at:g} s</span>'
        for at in _ticks(picture.seconds)
    )
    return f'<div class="wb-rise" aria-hidden="true">{ticks}</div>'


def _ticks(seconds: float) -> Iterator[float]:
    """Give round numbers of seconds from 0 on."""
    step, factors = 0.1, itertools.cycle((2, 2.5, 2))
    while seconds / step > _MOST_TICKS:
        step *= next(factors)
    for number in range(int(seconds / step) + 1):
        yield round(number * step, 1)


def _svg(snapshot: WindowsSnapshot, reports: Reports) -> str:
    picture, at = reports.picture, _across(reports)
    label = escape(
        f"{say.watermark(snapshot)} {reports.late:,} reports lie behind it: late.",
        quote=True,
    )
    dots = "".join(_dots(picture.taken, least, css) for least, css in _SIZES)
    now = snapshot.taken_at - picture.first
    line = f'<path class="wb-course" d="{_course(picture, now)}"/>'
    drawn = (
        f'<svg viewBox="-.5 -.5 {COLUMNS} {ROWS}" preserveAspectRatio="none" '
        f'width="100%" height="100%">{dots}{line}</svg>'
    )
    here = f'<line x1="{at:.2f}%" x2="{at:.2f}%" y1="0" y2="100%"/>'
    return (
        f'<svg role="img" aria-label="{label}">{here}{drawn}{_late(picture.late)}</svg>'
    )


def _dots(marks: Iterable[Mark], least: int, css: str) -> str:
    """Return the marks of one size as one path: a dot is a line of no length."""
    most = min((one for one, _ in _SIZES if one > least), default=None)
    chosen = "".join(
        f"M{column} {ROWS - 1 - row}h0"
        for column, row, number in marks
        if least <= number and (most is None or number < most)
    )
    return f'<path class="{css}" d="{chosen}"/>' if chosen else ""


def _late(marks: tuple[Mark, ...]) -> str:
    """Return a cross for each place with late reports, all in one element."""
    if not marks:
        return ""
    xs = " ".join(f"{100 * (column + 0.5) / COLUMNS:.1f}%" for column, _, _ in marks)
    ys = " ".join(f"{100 * (ROWS - row - 0.5) / ROWS:.1f}%" for _, row, _ in marks)
    return f'<text x="{xs}" y="{ys}">{"×" * len(marks)}</text>'


def _course(picture: Picture, now: float) -> str:
    """Return the watermark's way: up while it stands, to the right when it moves."""
    if not picture.watermark:
        return ""
    (row, column), *moves = picture.watermark
    steps = "".join(f"V{_y(row)}H{_x(column)}" for row, column in moves)
    upper = max(picture.watermark[-1][0], ROWS * min(1.0, now / picture.seconds))
    return f"M{_x(column)} {_y(row)}{steps}V{_y(upper)}"


def _x(column: float) -> str:
    return f"{column - 0.5:.5g}"


def _y(row: float) -> str:
    return f"{ROWS - row - 0.5:.4g}"
