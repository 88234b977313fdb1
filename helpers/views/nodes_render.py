"""The nodes of a snapshot as HTML and as text, with the same facts; pure functions."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from helpers.live.snapshot import NodeFacts, NodesSnapshot
from helpers.live.words import clock, node_name
from helpers.views import phrases
from helpers.views.marks import marks_html, marks_text, with_note
from helpers.views.style import colour_class, span

TITLE = "Nodes"
LINES_SHOWN = 6
"""How many lines of the log a board shows."""

NOTHING_YET = "Nothing has happened to the {of} yet."
# More squares than these are no longer counted at a glance.
_MOST_SQUARES = 12
_MEASURED = re.compile(r"((?:up to |under )?[\d.,]+ (?:min \d+ )?s without a leader)")


def header_html(snapshot: NodesSnapshot, note: str = "") -> str:
    """Return the line above the cards.

    Args:
        snapshot: what to show.
        note: what else to say, such as that the board has stopped.
    """
    marks = with_note(phrases.warnings(snapshot), note)
    return header(TITLE, phrases.summary(snapshot), marks)


def header(title: str, summary: Iterable[str], marks: Iterable[str]) -> str:
    """Return the line above any board: what it is, how it is, what is not well."""
    # Each phrase stays whole where the line is too short for all of them.
    phrase = " · ".join(span("wb-phrase", text) for text in summary)
    sub = f'<span class="wb-sub">{phrase}</span>'
    return f"<div>{span('wb-title', title)} {sub}{marks_html(marks)}</div>"


def card_html(node: NodeFacts, ticks: float) -> str:
    """Return the inside of a node's card.

    Args:
        node: the node.
        ticks: now, in monotonic seconds.
    """
    name = node_name(node.role, node.id)
    shown = escape(name) if node.alive else f"<s>{escape(name)}</s>"
    state = f"{phrases.sign(node)} {phrases.state(node, ticks)}"
    facts = "".join(f"<span>{escape(fact)}</span>" for fact in phrases.facts(node))
    return (
        f'<div class="wb-head"><span class="wb-name">{shown}</span>'
        f"{span(f'wb-state {_state_class(node)}', state)}</div>"
        f'<div class="wb-facts">{facts}</div>'
        f'<div class="wb-load">{escape(phrases.load(node))}{_squares(node)}</div>'
    )


def card_classes(node: NodeFacts) -> tuple[str, ...]:
    """Return the CSS classes of the card around it."""
    own = ("wb-card", colour_class(node.role, node.id))
    if not node.alive:
        return (*own, "wb-off")
    return (*own, "wb-paused") if node.state == "paused" else own


def log_html(snapshot: NodesSnapshot, of: str = "nodes") -> str:
    """Return the last lines of the log, then what is under way.

    Args:
        snapshot: has the log.
        of: to what it all happened.
    """
    return lines_html(log_lines(snapshot), of)


def lines_html(lines: Iterable[tuple[float, str]], of: str) -> str:
    """Return the lines of any log.

    Args:
        lines: time and text of each.
        of: to what it all happened.
    """
    rows = "".join(
        f"<div><time>{clock(at)}</time>{_emphasised(text)}</div>" for at, text in lines
    )
    rows = rows or f'<div class="wb-none">{NOTHING_YET.format(of=of)}</div>'
    label = f'aria-label="What happened to the {of}"'
    return f'<div class="wb-log" role="log" aria-live="polite" {label}>{rows}</div>'


def log_lines(snapshot: NodesSnapshot) -> list[tuple[float, str]]:
    """Return time and text of each line that a board shows."""
    waiting = [
        (one.at, phrases.under_way(one)) for one in snapshot.actions if one.ended is None
    ]
    past = [(event.at, event.text) for event in snapshot.events]
    return (past + waiting)[-LINES_SHOWN:]


def board_html(snapshot: NodesSnapshot) -> str:
    """Return the whole board without buttons, for a page that is not live."""
    cards = "".join(
        f'<div class="{" ".join(card_classes(node))}">'
        f"{card_html(node, snapshot.ticks)}</div>"
        for node in snapshot.nodes
    )
    return (
        f'<div class="wb-board">{header_html(snapshot)}{cards}{log_html(snapshot)}</div>'
    )


def board_text(snapshot: NodesSnapshot, note: str = "") -> str:
    """Return the whole board as lines of text.

    Args:
        snapshot: what to show.
        note: what else to say, such as that the board has stopped.
    """
    return "\n".join(
        [
            headline(
                TITLE,
                phrases.summary(snapshot),
                with_note(phrases.warnings(snapshot), note),
            ),
            *node_rows(snapshot),
            *log_text(snapshot),
        ]
    )


def headline(title: str, summary: Iterable[str], marks: Iterable[str]) -> str:
    """Return what :func:`header` says, as lines of text."""
    first = f"{title}  {' · '.join(summary)}"
    return "\n".join([first, *marks_text(marks)])


def node_rows(snapshot: NodesSnapshot) -> list[str]:
    """Return a line of text for each node, in columns."""
    return aligned([_row(node, snapshot.ticks) for node in snapshot.nodes])


def log_text(snapshot: NodesSnapshot, of: str = "nodes") -> list[str]:
    """Return what :func:`log_html` says, as lines of text."""
    lines = [f"{clock(at)}  {text}" for at, text in log_lines(snapshot)]
    return lines or [NOTHING_YET.format(of=of)]


def _row(node: NodeFacts, ticks: float) -> tuple[str, ...]:
    return (
        node_name(node.role, node.id),
        f"{phrases.sign(node)} {phrases.state(node, ticks)}",
        " · ".join(phrases.facts(node)),
        phrases.load(node),
    )


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows of cells as lines whose columns stand below one another."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _state_class(node: NodeFacts) -> str:
    if node.state == "running":
        return "wb-wait" if node.is_member is False else "wb-ok"
    return "wb-wait" if node.state == "paused" else "wb-warn"


def _squares(node: NodeFacts) -> str:
    """Return a filled square for each partition led, an outlined one for each copy."""
    if node.leads is None or node.follows is None:
        return ""
    if not 0 < node.leads + node.follows <= _MOST_SQUARES:
        return ""
    squares = '<i class="wb-leads"></i>' * node.leads + "<i></i>" * node.follows
    return f'<span class="wb-copies" aria-hidden="true">{squares}</span>'


def _emphasised(text: str) -> str:
    return _MEASURED.sub(r"<b>\1</b>", escape(text))
