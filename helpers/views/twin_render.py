"""Topic and stream side by side as HTML and as text; pure functions."""

from collections.abc import Iterable, Sequence
from html import escape

from helpers.live.twin_snapshot import TwinSnapshot
from helpers.live.words import clock, count
from helpers.views import twin_phrases as say
from helpers.views.marks import with_note
from helpers.views.nodes_render import (
    LINES_SHOWN,
    NOTHING_YET,
    aligned,
    header,
    headline,
    lines_html,
)
from helpers.views.style import span

TITLE = "Kafka and Kinesis"
OF = "topic and the stream"
"""To what the log's lines happened."""

ROWS_SHOWN = 24
"""How many partitions, and how many shards, the board shows."""

PAIR_HEADS = ("", "Kafka", "Kinesis")
PARTITION_HEADS = ("Partition", "Committed", "End", "Lag", "Behind")
SHARD_HEADS = (
    "Shard",
    "State",
    "Checkpoint",
    "Last",
    "Records",
    "MillisBehindLatest",
    "Behind",
)
_WORDS = frozenset({"State"})

Cells = tuple[str, ...]


def header_html(snapshot: TwinSnapshot, note: str = "") -> str:
    """Return the line above the board.

    Args:
        snapshot: what to show.
        note: what else to say, such as that the board has stopped.
    """
    return header(TITLE, say.summary(snapshot), with_note(say.warnings(snapshot), note))


def board_html(snapshot: TwinSnapshot) -> str:
    """Return the ideas of both in pairs, then the partitions beside the shards."""
    pairs = _table("What is what in both", PAIR_HEADS, say.pairs(snapshot), "wb-pairs")
    kafka = _table("The partitions", PARTITION_HEADS, _partitions(snapshot))
    kinesis = _table("The shards", SHARD_HEADS, _shards(snapshot), "wb-shards")
    below = " · ".join([*_left_out(snapshot), say.LEGEND])
    return (
        f'{pairs}<div class="wb-twins">{kafka}{kinesis}</div>{span("wb-legend", below)}'
    )


def log_html(snapshot: TwinSnapshot) -> str:
    """Return the last lines of the log."""
    return lines_html(_log(snapshot), OF)


def board_text(snapshot: TwinSnapshot, note: str = "") -> str:
    """Return everything as lines of text."""
    log = [f"{clock(at)}  {text}" for at, text in _log(snapshot)]
    return "\n".join(
        [
            headline(
                TITLE, say.summary(snapshot), with_note(say.warnings(snapshot), note)
            ),
            *aligned([PAIR_HEADS, *say.pairs(snapshot)]),
            *_rows_text(PARTITION_HEADS, _partitions(snapshot)),
            *_rows_text(SHARD_HEADS, _shards(snapshot)),
            *_left_out(snapshot),
            *(log or [NOTHING_YET.format(of=OF)]),
        ]
    )


def _partitions(snapshot: TwinSnapshot) -> list[Cells]:
    return [say.partition_cells(row) for row in snapshot.kafka.rows[:ROWS_SHOWN]]


def _shards(snapshot: TwinSnapshot) -> list[Cells]:
    shards = sorted(snapshot.kinesis.shards, key=lambda one: one.number)
    return [say.shard_cells(snapshot, one) for one in shards[:ROWS_SHOWN]]


def _left_out(snapshot: TwinSnapshot) -> list[str]:
    parts = (
        (len(snapshot.kafka.rows), "more partition"),
        (len(snapshot.kinesis.shards), "more shard"),
    )
    return [
        f"… and {count(number - ROWS_SHOWN, what)}"
        for number, what in parts
        if number > ROWS_SHOWN
    ]


def _rows_text(heads: Cells, rows: Sequence[Cells]) -> list[str]:
    return aligned([heads, *rows]) if rows else []


def _table(label: str, heads: Cells, rows: Iterable[Cells], css: str = "") -> str:
    body = "".join(_row_html(heads, row) for row in rows)
    if not body:
        return ""
    above = "".join(
        f'<th scope="col"{_class(heads, place)}>{_breakable(head)}</th>'
        for place, head in enumerate(heads)
    )
    return (
        f'<div class="wb-scroll"><table class="wb-table {css}" '
        f'aria-label="{escape(label, quote=True)}">'
        f"<thead><tr>{above}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _breakable(head: str) -> str:
    """Let Kinesis's longest name go over two lines."""
    return escape(head).replace("Behind", "<wbr>Behind<wbr>")


def _row_html(heads: Cells, row: Cells) -> str:
    first, *cells = row
    inside = "".join(
        f"<td{_class(heads, place)}>{escape(cell)}</td>"
        for place, cell in enumerate(cells, start=1)
    )
    return f'<tr><th scope="row">{escape(first)}</th>{inside}</tr>'


def _class(heads: Cells, place: int) -> str:
    """Return the class of a column of figures; the first one is a name."""
    is_figure = heads is not PAIR_HEADS and place and heads[place] not in _WORDS
    return ' class="wb-number"' if is_figure else ""


def _log(snapshot: TwinSnapshot) -> list[tuple[float, str]]:
    return [(event.at, event.text) for event in snapshot.events[-LINES_SHOWN:]]
