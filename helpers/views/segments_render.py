"""A partition's segments as HTML and as text, with the same facts; pure functions."""

from html import escape

from helpers.live.segments_snapshot import SegmentFacts, SegmentsSnapshot
from helpers.views import segments_phrases as say
from helpers.views.marks import with_note
from helpers.views.nodes_render import aligned, header, headline, log_html, log_text
from helpers.views.segments_due import Due, due, next_due
from helpers.views.style import colour_class, span

ROWS_SHOWN = 24
"""How many segments a board shows: the newest ones."""

_HEADS = ("Base offset", "State", "Size", "Newest record", "What comes")
_ABOUT = "segments"
_CLASSES = {
    "active": "wb-leader",
    "closed": "wb-follower",
    "deleted": "wb-behind",
    "gone": "wb-offline",
}


def header_html(snapshot: SegmentsSnapshot, note: str = "") -> str:
    """Return the lines above the segments: what decides, and what comes next.

    Args:
        snapshot: what to show.
        note: what else to say, such as that the view has stopped.
    """
    first = header(
        _title(snapshot), say.summary(snapshot), with_note(say.warnings(snapshot), note)
    )
    rules = " · ".join(span("wb-phrase", text) for text in say.rules(snapshot))
    return f'{first}<div class="wb-sub">{rules}</div>{_next_html(next_due(snapshot))}'


def table_html(snapshot: SegmentsSnapshot) -> str:
    """Return the segments, one a row, the oldest first."""
    shown = _shown(snapshot)
    if not shown:
        return ""
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    body = "".join(_row_html(one, snapshot) for one in shown)
    topic = snapshot.topic.topic
    label = f"The segments of partition {snapshot.partition} of {topic}"
    below = " · ".join(filter(None, (_left_out(snapshot), say.LEGEND)))
    return (
        f'<div class="wb-scroll"><table class="wb-table wb-segments" '
        f'aria-label="{escape(label, quote=True)}"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{span('wb-legend', below)}"
    )


def segments_log_html(snapshot: SegmentsSnapshot) -> str:
    """Return what happened, the last lines of it."""
    return log_html(snapshot.topic.nodes, _ABOUT)


def board_text(snapshot: SegmentsSnapshot, note: str = "") -> str:
    """Return the whole board as lines of text."""
    lines = [
        headline(
            _title(snapshot),
            say.summary(snapshot),
            with_note(say.warnings(snapshot), note),
        ),
        " · ".join(say.rules(snapshot)),
        _next_text(next_due(snapshot)),
        *_table_text(snapshot),
        _left_out(snapshot),
        *log_text(snapshot.topic.nodes, _ABOUT),
    ]
    return "\n".join(filter(None, lines))


def _table_text(snapshot: SegmentsSnapshot) -> list[str]:
    rows = [_texts(one, snapshot) for one in _shown(snapshot)]
    return aligned([("Base offset", "File", *_HEADS[1:]), *rows]) if rows else []


def _texts(one: SegmentFacts, snapshot: SegmentsSnapshot) -> tuple[str, ...]:
    return (
        f"{one.base:,}",
        one.file,
        say.state(one),
        say.size(one),
        say.newest(snapshot, one),
        due(snapshot, one).text,
    )


def _row_html(one: SegmentFacts, snapshot: SegmentsSnapshot) -> str:
    base, file, state, size, newest, comes = _texts(one, snapshot)
    own = colour_class("broker", snapshot.broker or 1)
    named = f"{span('wb-base', base)} {span('wb-file', file)}"
    return (
        f'<tr class="wb-segment-{one.state}"><th scope="row">{named}</th>'
        f"<td>{span(f'wb-copy {_CLASSES[one.state]} {own}', state)}</td>"
        f'<td class="wb-wrap">{span("wb-phrase", size)}{_bar(one, snapshot)}</td>'
        f'<td>{escape(newest)}</td><td class="wb-wrap">{escape(comes)}</td></tr>'
    )


def _bar(one: SegmentFacts, snapshot: SegmentsSnapshot) -> str:
    """Return how full a segment is; none where the limit is not known."""
    if snapshot.settings is None:
        return ""
    width = min(100.0, 100 * one.size / snapshot.settings.segment_bytes)
    filled = f'<i style="width:{width:.1f}%"></i>'
    return f'<span class="wb-bar wb-below" aria-hidden="true">{filled}</span>'


def _next_html(comes: Due | None) -> str:
    """Return the countdown, with a bar that empties; it keeps its place when empty."""
    bar = ""
    if comes and comes.left is not None and comes.total:
        width = 100 * min(1.0, comes.left / comes.total)
        bar = (
            f'<span class="wb-bar wb-count" aria-hidden="true">'
            f'<i style="width:{width:.1f}%"></i></span>'
        )
    css = "wb-wait" if comes else "wb-note"
    return f'<div class="wb-next">{bar}{span(css, _next_text(comes))}</div>'


def _next_text(comes: Due | None) -> str:
    return f"Next, {comes.text}." if comes else "Next: nothing that a clock decides."


def _title(snapshot: SegmentsSnapshot) -> str:
    return f"Segments of {snapshot.topic.topic}, partition {snapshot.partition}"


def _shown(snapshot: SegmentsSnapshot) -> tuple[SegmentFacts, ...]:
    return snapshot.segments[-ROWS_SHOWN:]


def _left_out(snapshot: SegmentsSnapshot) -> str:
    more = len(snapshot.segments) - ROWS_SHOWN
    return f"{more:,} older ones are not shown" if more > 0 else ""
