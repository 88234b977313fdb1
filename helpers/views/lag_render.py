"""A group's lag as HTML and as text, with the same facts; pure functions."""

from html import escape

from helpers.kafka.consumer_facts import ConsumerFacts
from helpers.live.lag_snapshot import LagRow, LagSnapshot
from helpers.live.words import count
from helpers.views import lag_phrases as say
from helpers.views.chart import COLOURS
from helpers.views.lag_warnings import warnings
from helpers.views.marks import with_note
from helpers.views.nodes_render import aligned, header, headline, log_text
from helpers.views.style import span
from helpers.views.topic_phrases import said
from helpers.views.topic_table import ROWS_SHOWN

TITLE = "Lag of group"
OF = "group"
"""To what the log's lines happened."""

NOBODY = "nobody"
_HEADS = ("Partition", "Owner", "Committed", "End", "Lag", "Behind", "Trend")
_NUMBERS = frozenset({"Committed", "End", "Lag", "Behind"})
_BAR = '<th scope="col" aria-hidden="true"></th>'


def header_html(snapshot: LagSnapshot, note: str = "") -> str:
    """Return the line above the board.

    Args:
        snapshot: what to show.
        note: what else to say, such as that the board has stopped.
    """
    return header(
        f"{TITLE} {snapshot.group}",
        say.summary(snapshot),
        with_note(warnings(snapshot), note),
    )


def table_html(snapshot: LagSnapshot) -> str:
    """Return the partitions, one a row, with who owns each and how far it is read."""
    if not snapshot.rows:
        return ""
    heads = "".join(map(_head_html, _HEADS))
    body = "".join(_row_html(row, snapshot) for row in snapshot.rows[:ROWS_SHOWN])
    label = escape(f"The lag of {snapshot.group} in each partition", quote=True)
    below = " · ".join(filter(None, (left_out(snapshot), say.LEGEND)))
    return (
        f'<div class="wb-scroll"><table class="wb-table" aria-label="{label}">'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
        f"{span('wb-legend', below)}"
    )


def consumer_html(one: ConsumerFacts, snapshot: LagSnapshot) -> str:
    """Return the inside of a consumer's card."""
    runs = one.state == "running"
    name = escape(one.name) if runs else f"<s>{escape(one.name)}</s>"
    facts = "".join(span("", fact) for fact in say.facts(one))
    state = span(f"wb-state {'wb-ok' if runs else 'wb-warn'}", _state(one, snapshot))
    return (
        f'<div class="wb-head"><span class="wb-name">{name}</span>{state}</div>'
        f'<div class="wb-facts">{facts}</div>'
        f"<div>{span('wb-load', say.part(one, snapshot))}</div>"
    )


def consumer_classes(one: ConsumerFacts, snapshot: LagSnapshot) -> tuple[str, ...]:
    """Return the CSS classes of the card around it."""
    own = ("wb-card", colour_of(one.name, snapshot))
    return own if one.state == "running" else (*own, "wb-off")


def colour_of(name: str, snapshot: LagSnapshot) -> str:
    """Return the CSS class with the colour of a consumer that the board started."""
    names = [one.name for one in snapshot.consumers]
    if name not in names:
        return ""
    # Of the name and not of its place, which changes when another one is removed.
    number = ord(name.removeprefix("consumer-")[0]) - ord("A")
    return "wb-own-" + COLOURS[number % len(COLOURS)].lstrip("#")


def board_text(snapshot: LagSnapshot, note: str = "") -> str:
    """Return the board as lines of text."""
    title = f"{TITLE} {snapshot.group}"
    return "\n".join(
        [
            headline(title, say.summary(snapshot), with_note(warnings(snapshot), note)),
            *_consumers_text(snapshot),
            *table_text(snapshot),
            say.course(snapshot),
            *log_text(snapshot.about.nodes, OF),
        ]
    )


def table_text(snapshot: LagSnapshot) -> list[str]:
    """Return the partitions as lines of text, in columns."""
    if not snapshot.rows:
        return []
    lines = aligned([_HEADS, *map(_cells, snapshot.rows[:ROWS_SHOWN])])
    return [*lines, *filter(None, [left_out(snapshot)])]


def left_out(snapshot: LagSnapshot) -> str:
    """Return how many partitions are not shown, or nothing."""
    more = len(snapshot.rows) - ROWS_SHOWN
    return f"… and {count(more, 'more partition')}" if more > 0 else ""


def _consumers_text(snapshot: LagSnapshot) -> list[str]:
    rows = [
        (
            one.name,
            _state(one, snapshot),
            " · ".join(say.facts(one)),
            say.part(one, snapshot),
        )
        for one in snapshot.consumers
    ]
    return aligned(rows) if rows else []


def _state(one: ConsumerFacts, snapshot: LagSnapshot) -> str:
    return say.consumer(one, snapshot.ticks)


def _cells(row: LagRow) -> tuple[str, ...]:
    return (
        str(row.partition),
        row.owner or NOBODY,
        say.committed(row),
        said(row.end),
        say.lag(row),
        say.behind(row),
        say.row_trend(row),
    )


def _head_html(name: str) -> str:
    css = ' class="wb-number"' if name in _NUMBERS else ""
    # The bar stands between two numbers, and says nothing that they do not.
    bar = _BAR if name == "Lag" else ""
    return f'{bar}<th scope="col"{css}>{name}</th>'


def _row_html(row: LagRow, snapshot: LagSnapshot) -> str:
    number, owner, committed, end, lag, behind, trend = _cells(row)
    colour = colour_of(owner, snapshot)
    chip = span(f"wb-chip {colour or 'wb-plain'}", owner)
    return (
        f'<tr><th scope="row">{number}</th><td>{chip}</td>{_number(committed)}'
        f"{_number(end)}<td>{_bar_html(row)}</td>{_number(lag)}{_number(behind)}"
        f"<td>{span(_trend_class(trend), trend)}</td></tr>"
    )


def _number(text: str) -> str:
    return f'<td class="wb-number">{escape(text)}</td>'


def _bar_html(row: LagRow) -> str:
    share = say.read_share(row)
    parts = "" if share is None else f'<i style="width:{100 * share:.1f}%"></i>'
    rest = ' <u class="wb-unread"></u>' if share is not None and share < 1 else ""
    return f'<span class="wb-bar wb-read" aria-hidden="true">{parts}{rest.strip()}</span>'


def _trend_class(trend: str) -> str:
    if trend.startswith("▲"):
        return "wb-warn"
    return "wb-ok" if trend.startswith("▼") else ""
