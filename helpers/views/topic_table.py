"""The rows of a topic's partitions: what a picture and a text both lay out."""

from collections.abc import Callable
from dataclasses import dataclass

from helpers.live.snapshot import NodeFacts, PartitionFacts
from helpers.live.topic_snapshot import SizeFacts, TopicSnapshot
from helpers.live.words import count, node_name
from helpers.views import topic_phrases as say

ROWS_SHOWN = 48
"""How many partitions a table shows."""


@dataclass(frozen=True)
class Share:
    """One partition's part of something.

    Attributes:
        of_all: from 0 to 1; None where that is not known.
        of_largest: the same, measured by the largest partition.
    """

    of_all: float | None
    of_largest: float | None


@dataclass(frozen=True)
class Row:
    """One partition as a table shows it.

    Attributes:
        facts: of the partition.
        size: how much it holds.
        cells: what each broker is to it, in the order of the brokers.
        in_sync: how many replicas are in sync, in words.
        records: its share of the records.
        volume: its share of the bytes.
        details: everything in a sentence.
    """

    facts: PartitionFacts
    size: SizeFacts
    cells: tuple[str, ...]
    in_sync: str
    records: Share
    volume: Share
    details: str


def brokers(snapshot: TopicSnapshot) -> list[NodeFacts]:
    """Return the brokers, in the order of their columns."""
    return [node for node in snapshot.nodes.nodes if node.role == "broker"]


def rows(snapshot: TopicSnapshot) -> list[Row]:
    """Return a row for each partition, the first ones if there are very many."""
    sizes = say.sizes(snapshot)
    columns = brokers(snapshot)
    records = _shares(sizes, lambda one: one.records)
    volumes = _shares(sizes, lambda one: one.bytes)
    return [
        Row(
            facts=one,
            size=sizes[one.partition],
            cells=tuple(say.cell(snapshot, one, broker) for broker in columns),
            in_sync=say.in_sync(snapshot, one),
            records=records[one.partition],
            volume=volumes[one.partition],
            details=say.details(snapshot, one, sizes[one.partition]),
        )
        for one in snapshot.nodes.partitions[:ROWS_SHOWN]
    ]


def left_out(snapshot: TopicSnapshot) -> str:
    """Return how many partitions are not shown, or nothing."""
    more = len(snapshot.nodes.partitions) - ROWS_SHOWN
    return f"… and {count(more, 'more partition')}" if more > 0 else ""


def heads(snapshot: TopicSnapshot, with_bytes: bool) -> tuple[str, ...]:
    """Return the names of the columns."""
    names = (node_name(one.role, one.id) for one in brokers(snapshot))
    last = ("Bytes", "Share of bytes") if with_bytes else ()
    return ("Partition", *names, "In sync", "Records", "Share of records", *last)


def texts(row: Row, with_bytes: bool) -> tuple[str, ...]:
    """Return a row's cells as text."""
    last = (say.size(row.size.bytes), say.percent(row.volume.of_all))
    return (
        str(row.facts.partition),
        *row.cells,
        row.in_sync,
        say.said(row.size.records),
        say.percent(row.records.of_all),
        *(last if with_bytes else ()),
    )


def _shares(
    sizes: dict[int, SizeFacts], of: Callable[[SizeFacts], int | None]
) -> dict[int, Share]:
    """Return each partition's share; of all it is known only if every part is."""
    parts = {number: of(one) for number, one in sizes.items()}
    known = [part for part in parts.values() if part is not None]
    whole = sum(known) if len(known) == len(parts) else None
    largest = max(known, default=0)
    return {
        number: Share(_ratio(part, whole), _ratio(part, largest))
        for number, part in parts.items()
    }


def _ratio(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else part / whole
