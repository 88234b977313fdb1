"""The partitions of a topic as HTML and as text, with the same facts; pure functions."""

from html import escape

from helpers.live.snapshot import NodeFacts
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.views import topic_phrases as say
from helpers.views import topic_table as table
from helpers.views.marks import with_note
from helpers.views.nodes_render import aligned, header, headline, log_text, node_rows
from helpers.views.style import colour_class, span
from helpers.views.topic_table import Row, Share

MAP_TITLE = "Partitions of"
BOARD_TITLE = "Replicas of"

_CLASSES = {
    "LEADER": "wb-leader",
    "paused leader": "wb-leader wb-halted",
    "follower": "wb-follower",
    "out of sync": "wb-behind",
    "offline": "wb-offline",
    "offline leader": "wb-offline",
    "–": "",
}


def header_html(title: str, snapshot: TopicSnapshot, note: str = "") -> str:
    """Return the line above a view of a topic.

    Args:
        title: what the view is of, without the topic.
        snapshot: what to show.
        note: what else to say, such as that the view has stopped.
    """
    return header(
        f"{title} {snapshot.topic}",
        say.summary(snapshot),
        with_note(say.warnings(snapshot), note),
    )


def table_html(snapshot: TopicSnapshot, with_bytes: bool) -> str:
    """Return the partitions, one a row, with what each broker is to each.

    Args:
        snapshot: what to show.
        with_bytes: whether to show bytes beside records.
    """
    rows = table.rows(snapshot)
    if not rows:
        return ""
    heads = _heads_html(snapshot, with_bytes)
    body = "".join(_row_html(row, snapshot, with_bytes) for row in rows)
    label = escape(f"The partitions of {snapshot.topic}", quote=True)
    css = "wb-table wb-topic wb-bytes" if with_bytes else "wb-table wb-topic"
    below = " · ".join(filter(None, (table.left_out(snapshot), say.LEGEND)))
    return (
        f'<div class="wb-scroll"><table class="{css}" aria-label="{label}">'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
        f"{span('wb-legend', below)}"
    )


def map_text(snapshot: TopicSnapshot, note: str = "") -> str:
    """Return the map as lines of text."""
    return "\n".join([_headline(MAP_TITLE, snapshot, note), *table_text(snapshot, True)])


def board_text(snapshot: TopicSnapshot, note: str = "") -> str:
    """Return the board of replicas as lines of text."""
    first = _headline(BOARD_TITLE, snapshot, note)
    rows = [*node_rows(snapshot.nodes), *table_text(snapshot, False)]
    return "\n".join([first, *rows, *log_text(snapshot.nodes)])


def table_text(snapshot: TopicSnapshot, with_bytes: bool) -> list[str]:
    """Return the partitions as lines of text, in columns."""
    rows = [table.texts(row, with_bytes) for row in table.rows(snapshot)]
    if not rows:
        return []
    lines = aligned([table.heads(snapshot, with_bytes), *rows])
    return [*lines, *filter(None, [table.left_out(snapshot)])]


def _headline(title: str, snapshot: TopicSnapshot, note: str) -> str:
    named = f"{title} {snapshot.topic}"
    return headline(named, say.summary(snapshot), with_note(say.warnings(snapshot), note))


def _heads_html(snapshot: TopicSnapshot, with_bytes: bool) -> str:
    heads = table.heads(snapshot, with_bytes)
    numbers = {"Records", "Bytes"}
    return "".join(
        f'<th scope="col"{_number_class(head in numbers)}>{escape(head)}</th>'
        for head in heads
    )


def _row_html(row: Row, snapshot: TopicSnapshot, with_bytes: bool) -> str:
    copies = "".join(
        f"<td>{_copy_html(text, broker)}</td>"
        for text, broker in zip(row.cells, table.brokers(snapshot), strict=True)
    )
    volume = _amount_html(say.size(row.size.bytes), row.volume) if with_bytes else ""
    title = escape(row.details, quote=True)
    return (
        f'<tr title="{title}"><th scope="row">{row.facts.partition}</th>{copies}'
        f'<td class="wb-sync">{_in_sync_html(row.in_sync)}</td>'
        f"{_amount_html(say.said(row.size.records), row.records)}{volume}</tr>"
    )


def _in_sync_html(text: str) -> str:
    """Return how many are in sync; a line ends between two facts, not within one."""
    under = "under min" in text or "no leader" in text
    facts = text.replace(" ▼", "\n▼").replace(" · ", " ·\n").splitlines()
    phrases = " ".join(span("wb-phrase", fact) for fact in facts)
    return f'<span class="{"wb-warn" if under else ""}">{phrases}</span>'


def _copy_html(text: str, broker: NodeFacts) -> str:
    """Return what a broker is to a partition, in a shape of its own."""
    css = _CLASSES[text.removesuffix(f" {say.PREFERRED}")]
    own = f"wb-copy {css} {colour_class('broker', broker.id)}" if css else ""
    return span(own, text)


def _amount_html(amount: str, share: Share) -> str:
    width = 100 * (share.of_largest or 0.0)
    filled = f'<i style="width:{width:.1f}%"></i>'
    bar = f'<span class="wb-bar" aria-hidden="true">{filled}</span>'
    percent = span("wb-percent", say.percent(share.of_all))
    return f'<td class="wb-number">{escape(amount)}</td><td>{bar}{percent}</td>'


def _number_class(is_number: bool) -> str:
    return ' class="wb-number"' if is_number else ""
