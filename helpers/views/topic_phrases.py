"""The facts of a topic snapshot in words; the picture and the text both use them."""

from helpers.live.snapshot import NodeFacts, PartitionFacts
from helpers.live.topic_log import is_under
from helpers.live.topic_snapshot import SizeFacts, TopicSnapshot
from helpers.live.words import ago, clock, count
from helpers.views import phrases

UNKNOWN = "unknown"
_UNITS = ("B", "kB", "MB", "GB", "TB")
_THOUSAND = 1000
_STALE = 3.0


def summary(snapshot: TopicSnapshot) -> tuple[str, ...]:
    """Return how the topic is, in a few phrases; the first is the time of day."""
    now = clock(snapshot.taken_at, tenths=False)
    rows = snapshot.nodes.partitions
    if not rows:
        return (now,)
    asked = snapshot.nodes.asked or snapshot.ticks
    return (
        now,
        f"{count(len(rows), 'partition')} × {count(len(rows[0].replicas), 'replica')}",
        f"min.insync.replicas {said(snapshot.min_in_sync)}",
        f"leaders asked {ago(snapshot.ticks - asked)}",
    )


def warnings(snapshot: TopicSnapshot) -> tuple[str, ...]:
    """Return what a reader should not overlook, in whole sentences."""
    found = phrases.warnings(snapshot.nodes)
    if found or snapshot.is_there or not snapshot.nodes.nodes:
        return found
    if snapshot.is_there is None:
        return ("No broker has told of the topic yet.",)
    return (f"There is no topic {snapshot.topic}. This view goes on when there is.",)


def said(number: int | None) -> str:
    """Return a number with its thousands, or that it is not known."""
    return UNKNOWN if number is None else f"{number:,}"


def size(number: int | None) -> str:
    """Return bytes in the unit that suits, or that they are not known."""
    if number is None:
        return UNKNOWN
    shown, unit = float(number), 0
    while shown >= _THOUSAND and unit < len(_UNITS) - 1:
        shown, unit = shown / _THOUSAND, unit + 1
    return f"{shown:.1f} {_UNITS[unit]}" if unit else f"{number} B"


def share(part: int | None, whole: int | None) -> float | None:
    """Return a part of the whole from 0 to 1; None where either is not known."""
    if part is None or not whole:
        return None
    return part / whole


def percent(part: float | None) -> str:
    """Return a share as per cent; a dash where there is none."""
    return "–" if part is None else f"{part:.1%}".replace("%", " %")


def role(snapshot: TopicSnapshot, one: PartitionFacts, broker: NodeFacts) -> str:
    """Return what a broker is to a partition, in one or two words."""
    if broker.id not in one.replicas:
        return "–"
    if not broker.alive:
        return "leader, offline" if broker.id == one.leader else "offline"
    if broker.id == one.leader:
        return "LEADER" if broker.state == "running" else "leader, paused"
    if broker.id in one.in_sync:
        return "follower"
    eligible = (snapshot.eligible or {}).get(one.partition, ())
    return "eligible" if broker.id in eligible else "out of sync"


def in_sync(snapshot: TopicSnapshot, one: PartitionFacts) -> str:
    """Return how many replicas are in sync, and whether these are too few."""
    number = f"{len(one.in_sync)} of {len(one.replicas)}"
    return f"{number} ▼ under min" if is_under(snapshot, one) else number


def sizes(snapshot: TopicSnapshot) -> dict[int, SizeFacts]:
    """Return what is known of each partition's size, by its number."""
    known = {one.partition: one for one in snapshot.sizes}
    return {
        one.partition: known.get(one.partition, SizeFacts(one.partition))
        for one in snapshot.nodes.partitions
    }
