"""A stream's shards as HTML and as text, with the same facts; pure functions."""

from html import escape

from helpers.live.stream_snapshot import ShardFacts, StreamSnapshot
from helpers.live.words import clock, count
from helpers.views import shard_phrases as say
from helpers.views.marks import with_note
from helpers.views.nodes_render import (
    LINES_SHOWN,
    NOTHING_YET,
    aligned,
    header,
    headline,
    lines_html,
)
from helpers.views.shard_strip import strip_html
from helpers.views.style import span
from helpers.views.topic_phrases import said, size

TITLE = "Shards of"
ROWS_SHOWN = 48
"""How many shards a table shows."""

OF = "shards"
LEGEND = (
    "spans: the hash range from 0 to 2¹²⁸ − 1, dashed if closed · ticks: partition keys, "
    "taller with more records · drained: read to its end by this view · load: now / most"
)
HEADS = (
    "Shard",
    "State",
    "Made of",
    "Hash range",
    "Keys",
    "Records",
    "Share",
    "Bytes",
    "Records load",
    "Bytes load",
    "Refused",
)
_NUMBERS = frozenset(HEADS[4:])
_FULL = 1.0


def header_html(snapshot: StreamSnapshot, note: str = "") -> str:
    """Return the line above the map.

    Args:
        snapshot: what to show.
        note: what else to say, such as that the view has stopped.
    """
    title = f"{TITLE} {snapshot.stream}"
    return header(title, say.summary(snapshot), with_note(say.warnings(snapshot), note))


def map_html(snapshot: StreamSnapshot) -> str:
    """Return the spans, the table and what explains both; nothing without shards."""
    if not snapshot.shards:
        return ""
    heads = "".join(
        f'<th scope="col"{_number_class(head)}>{escape(head)}</th>' for head in HEADS
    )
    rows = "".join(_row_html(snapshot, one) for one in snapshot.shards[:ROWS_SHOWN])
    label = escape(f"The shards of {snapshot.stream}", quote=True)
    below = (*_left_out(snapshot), LEGEND, say.limits(snapshot))
    return (
        f"{strip_html(snapshot)}{span('wb-legend', say.keys(snapshot))}"
        f'<div class="wb-scroll"><table class="wb-table wb-shards" aria-label="{label}">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"{span('wb-legend', ' · '.join(below))}"
    )


def log_html(snapshot: StreamSnapshot) -> str:
    """Return the last lines of the log."""
    return lines_html(_log(snapshot), OF)


def map_text(snapshot: StreamSnapshot, note: str = "") -> str:
    """Return everything as lines of text."""
    title = f"{TITLE} {snapshot.stream}"
    first = headline(
        title, say.summary(snapshot), with_note(say.warnings(snapshot), note)
    )
    log = [f"{clock(at)}  {text}" for at, text in _log(snapshot)] or [
        NOTHING_YET.format(of=OF)
    ]
    if not snapshot.shards:
        return "\n".join([first, *log])
    rows = [_cells(snapshot, one) for one in snapshot.shards[:ROWS_SHOWN]]
    below = [*_left_out(snapshot), say.keys(snapshot), say.limits(snapshot)]
    return "\n".join([first, *aligned([HEADS, *rows]), *below, *log])


def _log(snapshot: StreamSnapshot) -> list[tuple[float, str]]:
    return [(event.at, event.text) for event in snapshot.events[-LINES_SHOWN:]]


def _cells(snapshot: StreamSnapshot, one: ShardFacts) -> tuple[str, ...]:
    return (
        str(one.number),
        say.state(one),
        say.origin(one),
        say.span_of(one),
        said(one.keys),
        said(one.records),
        say.share(snapshot, one),
        size(one.bytes),
        say.load(one.used_records, one.peak_records),
        say.load(one.used_bytes, one.peak_bytes),
        say.refused(one),
    )


def _row_html(snapshot: StreamSnapshot, one: ShardFacts) -> str:
    first, *cells = _cells(snapshot, one)
    loads = {8: (one.used_records, one.peak_records), 9: (one.used_bytes, one.peak_bytes)}
    inside = "".join(
        f"<td{_number_class(HEADS[place])}>{_cell_html(text, loads.get(place))}</td>"
        for place, text in enumerate(cells, start=1)
    )
    title = escape(say.details(snapshot, one), quote=True)
    css = ' class="wb-gone-row"' if one.closed else ""
    return f'<tr{css} title="{title}"><th scope="row">{first}</th>{inside}</tr>'


def _cell_html(text: str, load: tuple[float | None, float | None] | None) -> str:
    """Return a cell's text; a load that has reached its limit stands out."""
    # A line may end between two shares, not between a number and its unit.
    whole = escape(text).replace(" %", "&nbsp;%")
    if load is None:
        return f'<span class="wb-cell">{whole}</span>'
    used, peak = (min(max(one or 0.0, 0.0), _FULL) for one in load)
    bar = (
        '<span class="wb-load-bar" aria-hidden="true">'
        f'<i style="width:{100 * used:.0f}%"></i>'
        f'<u style="left:{100 * peak:.0f}%"></u></span>'
    )
    # Nothing is refused before less than one record fits.
    full = "wb-warn" if peak > _FULL - 0.015 else "wb-cell"
    return f'{bar}<span class="{full}">{whole}</span>'


def _left_out(snapshot: StreamSnapshot) -> tuple[str, ...]:
    more = len(snapshot.shards) - ROWS_SHOWN
    return (f"… and {count(more, 'more shard')}",) if more > 0 else ()


def _number_class(head: str) -> str:
    return ' class="wb-number"' if head in _NUMBERS else ""
