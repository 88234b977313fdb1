"""The rebalance timeline as HTML and as text, with the same facts; pure functions."""

import math
import re
from collections.abc import Iterator, Sequence
from html import escape

from helpers.live.ownership import Hold, changes, holds, pauses
from helpers.live.rebalance_snapshot import MemberFacts, RebalanceSnapshot
from helpers.views import rebalance_phrases as say
from helpers.views.marks import with_note
from helpers.views.nodes_render import aligned, header, headline
from helpers.views.style import colour_class, scaled, span

_MEASURED = re.compile(r"(\d) (m?s)\b")
_LANE_PX = 5
_LEAST_PX, _MOST_PX = 20, 72
# Narrower, and its words would not fit in it.
_WORDS_PERCENT = 5.0
_TICK_SECONDS = 5
# Nearer, and two changes share one line and its words.
_MARK_PERCENT = 5.0
# One letter of a mark and the height of its words, which have a row of their own where
# they would lie on those before them.
_LETTER_PERCENT = 1.6
_MARK_EM = 1.4


def header_html(snapshot: RebalanceSnapshot, note: str = "") -> str:
    """Return the line above the timeline.

    Args:
        snapshot: what to show.
        note: what else to say, such as that the view has stopped.
    """
    return header(say.TITLE, say.summary(snapshot), with_note((), note))


def timeline_html(snapshot: RebalanceSnapshot) -> str:
    """Return members as rows, what they hold as bars over time, and pauses hatched."""
    if not snapshot.members:
        return ""
    groups = "".join(_group_html(snapshot, group) for group in snapshot.groups)
    legend = span("wb-legend", say.LEGEND)
    return f'<div class="wb-times">{groups}{_axis_html(snapshot)}</div>{legend}'


def changes_html(snapshot: RebalanceSnapshot) -> str:
    """Return a table of the last changes of each group and what each cost."""
    rows = say.rows(snapshot)
    if not rows:
        return ""
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in say.HEADS)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return (
        '<div class="wb-scroll"><table class="wb-table wb-wrap" '
        'aria-label="What each change of a group cost">'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    """Return text in which no line ends between a number and its unit."""
    return _MEASURED.sub(r"\1&nbsp;\2", escape(text))


def board_text(snapshot: RebalanceSnapshot, note: str = "") -> str:
    """Return everything as lines of text."""
    members = [
        (one.group, one.name, f"holds {say.holding(one)}", _told(snapshot, one))
        for group in snapshot.groups
        for one in snapshot.of(group)
    ]
    rows = say.rows(snapshot)
    return "\n".join(
        [
            headline(say.TITLE, say.summary(snapshot), with_note((), note)),
            *(aligned(members) if members else []),
            *(aligned([say.HEADS, *rows]) if rows else []),
        ]
    )


def _told(snapshot: RebalanceSnapshot, one: MemberFacts) -> str:
    return say.history(one, snapshot.first)


def _group_html(snapshot: RebalanceSnapshot, group: str) -> str:
    members = snapshot.of(group)
    lanes = _lanes(members)
    rows = "".join(_member_html(snapshot, one, lanes) for one in members)
    return (
        f'<div class="wb-time-group"><div class="wb-time-row"><b>{escape(group)}</b>'
        f"{_marks_html(_marks(snapshot, members))}</div>{rows}</div>"
    )


def _lanes(members: Sequence[MemberFacts]) -> int:
    numbers = (hold.partition for one in members for hold in holds(one.notes))
    return max(numbers, default=0) + 1


def _marks(
    snapshot: RebalanceSnapshot, members: Sequence[MemberFacts]
) -> Iterator[tuple[float, str]]:
    """Give place, in percent, and signs of the changes in who belongs to the group."""
    near = snapshot.window * _MARK_PERCENT / 100
    marks: list[tuple[float, str]] = []
    for one in changes(members):
        sign = f"{say.SIGNS[one.what]}{one.who}"
        if marks and one.at - marks[-1][0] < near:
            marks[-1] = marks[-1][0], f"{marks[-1][1]} {sign}"
        else:
            marks.append((one.at, sign))
    for at, signs in marks:
        if at >= _begin(snapshot):
            yield 100 * (at - _begin(snapshot)) / snapshot.window, signs


def _marks_html(marks: Iterator[tuple[float, str]]) -> str:
    """Return a dashed line with signs for each mark, in the first row with room."""
    ends: list[float] = []
    lines = []
    for left, signs in marks:
        row = next((n for n, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [left + _LETTER_PERCENT * (len(signs) + 1)]
        place = f"left:{left:.2f}%;top:{row * _MARK_EM:.1f}em"
        lines.append(f'<i style="{place}">{escape(signs)}</i>')
    height = f"height:{max(len(ends), 1) * _MARK_EM:.1f}em"
    return f'<div class="wb-marks" style="{height}">{"".join(lines)}</div>'


def _member_html(snapshot: RebalanceSnapshot, member: MemberFacts, lanes: int) -> str:
    told = f"{member.name} of {member.group}: {_told(snapshot, member)}"
    parts = [*_bars(snapshot, member, lanes), *_hatches(snapshot, member)]
    height = scaled(min(max(_LEAST_PX, _LANE_PX * lanes), _MOST_PX))
    name = member.name if member.alive else f"{member.name} (ended)"
    return (
        f'<div class="wb-time-row {_colour(snapshot, member)}">'
        f"{span('wb-time-name', name)}"
        f'<div class="wb-track" role="img" aria-label="{escape(told, quote=True)}" '
        f'title="{escape(told, quote=True)}" style="height:{height}">{"".join(parts)}'
        f"</div>{span('wb-time-now', say.holding(member))}</div>"
    )


def _colour(snapshot: RebalanceSnapshot, member: MemberFacts) -> str:
    """Return the CSS class of a member's colour: of one name, the same in each group."""
    names = sorted({one.name for one in snapshot.members})
    return colour_class("broker", names.index(member.name) + 1)


def _bars(snapshot: RebalanceSnapshot, member: MemberFacts, lanes: int) -> Iterator[str]:
    for begin, end, first, last in _merged(holds(member.notes)):
        place = _place(snapshot, begin, end)
        if place is None:
            continue
        left, width = place
        number = last - first + 1
        fits = width > _WORDS_PERCENT and number > 1
        words = say.spans(range(first, last + 1)) if fits else ""
        top, height = 100 * first / lanes, 100 * number / lanes
        yield (
            f'<i class="wb-hold" style="left:{left:.2f}%;width:{width:.2f}%;'
            f'top:{top:.1f}%;height:{height:.1f}%">{words}</i>'
        )


def _hatches(snapshot: RebalanceSnapshot, member: MemberFacts) -> Iterator[str]:
    for gap in pauses(member):
        place = _place(snapshot, gap.begin, gap.end)
        if place is None:
            continue
        left, width = place
        fits = width > _WORDS_PERCENT
        words = say.short(gap.lasted(snapshot.until)) if fits else ""
        style = f"left:{left:.2f}%;width:{width:.2f}%"
        yield f'<i class="wb-hatch" style="{style}"><b>{words}</b></i>'


def _merged(found: Sequence[Hold]) -> list[tuple[float, float | None, int, int]]:
    """Return one bar for neighbouring partitions that were held at the same time."""
    bars: list[tuple[float, float | None, int, int]] = []
    for one in sorted(found, key=lambda hold: (hold.begin, hold.partition)):
        last = bars[-1] if bars else None
        if last and (*last[:2], last[3] + 1) == (one.begin, one.end, one.partition):
            bars[-1] = (*last[:3], one.partition)
        else:
            bars.append((one.begin, one.end, one.partition, one.partition))
    return bars


def _axis_html(snapshot: RebalanceSnapshot) -> str:
    first, begin = snapshot.first, _begin(snapshot)
    number = math.ceil((begin - first) / _TICK_SECONDS)
    ticks = []
    while (at := first + number * _TICK_SECONDS) <= begin + snapshot.window:
        where = _percent(snapshot, at)
        # Where there is little room, every second one is shown.
        odd = ' class="wb-odd"' if number % 2 else ""
        ticks.append(f'<i{odd} style="left:{where}">{number * _TICK_SECONDS} s</i>')
        number += 1
    return (
        '<div class="wb-time-row wb-axis" aria-hidden="true"><span></span>'
        f'<div class="wb-seconds">{"".join(ticks)}</div></div>'
    )


def _begin(snapshot: RebalanceSnapshot) -> float:
    return max(snapshot.first, snapshot.until - snapshot.window)


def _percent(snapshot: RebalanceSnapshot, at: float) -> str:
    return f"{100 * (at - _begin(snapshot)) / snapshot.window:.2f}%"


def _place(
    snapshot: RebalanceSnapshot, begin: float, end: float | None
) -> tuple[float, float] | None:
    """Return left and width in percent, or None for what is out of the window."""
    left = max(begin, _begin(snapshot))
    right = snapshot.until if end is None else min(end, snapshot.until)
    if right < left:
        return None
    per_second = 100 / snapshot.window
    return (left - _begin(snapshot)) * per_second, (right - left) * per_second
