"""The partitions of a topic as HTML and as text, with the same facts; pure functions."""

from html import escape

from helpers.live.snapshot import NodeFacts, PartitionFacts
from helpers.live.topic_snapshot import SizeFacts, TopicSnapshot
from helpers.live.words import node_name
from helpers.views import topic_phrases as say
from helpers.views.nodes_render import aligned, header, headline, log_text, node_rows


def header_html(title: str, snapshot: TopicSnapshot, note: str = "") -> str:
    """Return the line above a view of a topic.

    Args:
        title: what the view is of, without the topic.
        snapshot: what to show.
        note: what else to say, such as that the view has stopped.
    """
    return header(
        f"{title} {snapshot.topic}", say.summary(snapshot), _marked(snapshot, note)
    )


def table_html(snapshot: TopicSnapshot, columns: str = "sizes") -> str:
    """Return the partitions, one a row, with what each broker is to each."""
    brokers = _brokers(snapshot)
    sizes = say.sizes(snapshot)
    head = "".join(f"<th>{escape(text)}</th>" for text in _heads(brokers))
    rows = "".join(
        _row_html(snapshot, one, brokers, sizes) for one in snapshot.nodes.partitions
    )
    return f'<table class="wb-table"><tr>{head}</tr>{rows}</table>' if rows else ""


def map_text(title: str, snapshot: TopicSnapshot, note: str = "") -> str:
    """Return the map as lines of text."""
    first = headline(
        f"{title} {snapshot.topic}", say.summary(snapshot), _marked(snapshot, note)
    )
    return "\n".join([first, *table_text(snapshot)])


def board_text(title: str, snapshot: TopicSnapshot, note: str = "") -> str:
    """Return the board of replicas as lines of text."""
    first = headline(
        f"{title} {snapshot.topic}", say.summary(snapshot), _marked(snapshot, note)
    )
    nodes = snapshot.nodes
    return "\n".join([first, *node_rows(nodes), *table_text(snapshot), *log_text(nodes)])


def table_text(snapshot: TopicSnapshot) -> list[str]:
    """Return the partitions as lines of text, in columns."""
    brokers = _brokers(snapshot)
    sizes = say.sizes(snapshot)
    rows = [_cells(snapshot, one, brokers, sizes) for one in snapshot.nodes.partitions]
    return aligned([_heads(brokers), *rows]) if rows else []


def _marked(snapshot: TopicSnapshot, note: str) -> list[str]:
    return [*say.warnings(snapshot), *([note] if note else [])]


def _brokers(snapshot: TopicSnapshot) -> list[NodeFacts]:
    return [node for node in snapshot.nodes.nodes if node.role == "broker"]


def _heads(brokers: list[NodeFacts]) -> tuple[str, ...]:
    names = (node_name("broker", broker.id) for broker in brokers)
    return ("Partition", *names, "In sync", "Records", "Share", "Bytes", "Share")


def _cells(
    snapshot: TopicSnapshot,
    one: PartitionFacts,
    brokers: list[NodeFacts],
    sizes: dict[int, SizeFacts],
) -> tuple[str, ...]:
    size = sizes[one.partition]
    records, volume = _shares(size, sizes)
    return (
        str(one.partition),
        *(say.role(snapshot, one, broker) for broker in brokers),
        say.in_sync(snapshot, one),
        say.said(size.records),
        say.percent(records),
        say.size(size.bytes),
        say.percent(volume),
    )


def _shares(
    size: SizeFacts, sizes: dict[int, SizeFacts]
) -> tuple[float | None, float | None]:
    records = sum(one.records or 0 for one in sizes.values())
    volume = sum(one.bytes or 0 for one in sizes.values())
    return say.share(size.records, records), say.share(size.bytes, volume)


def _row_html(
    snapshot: TopicSnapshot,
    one: PartitionFacts,
    brokers: list[NodeFacts],
    sizes: dict[int, SizeFacts],
) -> str:
    cells = _cells(snapshot, one, brokers, sizes)
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
