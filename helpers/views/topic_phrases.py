"""The facts of a topic snapshot in words; the picture and the text both use them."""

from collections.abc import Iterator, Mapping

from helpers.live.snapshot import NodeFacts, PartitionFacts
from helpers.live.topic_log import is_under, named
from helpers.live.topic_snapshot import SizeFacts, TopicSnapshot
from helpers.live.words import ago, bytes_said, clock, count, listed
from helpers.views import phrases
from helpers.views.marks import Note

UNKNOWN = "unknown"
PREFERRED = "★"
"""Marks the replica that Kafka makes leader when it may choose: the first one."""

LEGEND = (
    f"LEADER filled · follower outlined · out of sync hatched · offline struck · "
    f"{PREFERRED} preferred leader · bars: the largest partition is full width"
)
# Until then the age of an answer is what it always is, and not worth a warning.
STALE = 5.0
"""Seconds until then."""


def summary(snapshot: TopicSnapshot) -> tuple[str, ...]:
    """Return how the topic is, in a few phrases; the first is the time of day."""
    now = clock(snapshot.taken_at, tenths=False)
    rows = snapshot.nodes.partitions
    if not rows:
        return (now,)
    minimum = f"min.insync.replicas {said(snapshot.min_in_sync)}"
    copies = count(len(rows[0].replicas), "replica")
    parts = f"{count(len(rows), 'partition')} × {copies}"
    return (now, parts, minimum, *_total(snapshot), *_age(snapshot))


def _total(snapshot: TopicSnapshot) -> tuple[str, ...]:
    known = [one.records for one in snapshot.sizes if one.records is not None]
    whole = len(known) == len(snapshot.nodes.partitions)
    return (count(sum(known), "record"),) if whole else ()


def _age(snapshot: TopicSnapshot) -> tuple[str, ...]:
    """Return how old the older of the two answers is."""
    asked = [one for one in (snapshot.nodes.asked, snapshot.sized) if one is not None]
    return (f"sampled {ago(snapshot.ticks - min(asked))}",) if asked else ()


def warnings(snapshot: TopicSnapshot) -> tuple[str, ...]:
    """Return what a reader should not overlook, in whole sentences."""
    found = phrases.warnings(snapshot.nodes)
    if not found and snapshot.nodes.nodes and not snapshot.is_there:
        return (missing(snapshot),)
    return (*found, *_stale(snapshot)) if snapshot.is_there else found


def missing(snapshot: TopicSnapshot) -> Note:
    """Return that there is no topic, or that nobody has told of it."""
    if snapshot.is_there is None:
        return Note("No broker has told of the topic yet.")
    return Note(f"There is no topic {snapshot.topic}. This view goes on when there is.")


def _stale(snapshot: TopicSnapshot) -> tuple[str, ...]:
    """Name the partitions whose figures are old: nobody can tell newer ones."""
    moments = {one.partition: one.asked for one in snapshot.sizes}
    weighed = {one.partition: one.weighed for one in snapshot.sizes}
    return (
        *as_they_were("Records", moments, snapshot.ticks),
        *as_they_were("Bytes", weighed, snapshot.ticks),
    )


def as_they_were(
    what: str, moments: Mapping[int, float | None], ticks: float
) -> Iterator[str]:
    """Name the partitions whose figures are old, and how old they are.

    Args:
        what: the figures.
        moments: by partition, monotonic seconds when its leader was asked.
        ticks: now, in monotonic seconds.
    """
    old = {
        number: at
        for number, at in moments.items()
        if at is not None and ticks - at >= STALE
    }
    if old:
        then = ago(ticks - min(old.values()))
        yield f"{what} of {named(sorted(old))} are as they were {then}."


def said(number: int | None) -> str:
    """Return a number with its thousands, or that it is not known."""
    return UNKNOWN if number is None else f"{number:,}"


def size(number: int | None) -> str:
    """Return bytes in the unit that suits, or that they are not known."""
    return UNKNOWN if number is None else bytes_said(number)


def percent(part: float | None) -> str:
    """Return a share as per cent; a dash where there is none."""
    return "–" if part is None else f"{100 * part:.1f} %"


def role(snapshot: TopicSnapshot, one: PartitionFacts, broker: NodeFacts) -> str:
    """Return what a broker is to a partition, in one or two words."""
    if broker.id not in one.replicas:
        return "–"
    if not broker.alive:
        return "offline leader" if broker.id == one.leader else "offline"
    if broker.id == one.leader:
        return "LEADER" if broker.state == "running" else "paused leader"
    return "follower" if broker.id in one.in_sync else "out of sync"


def cell(snapshot: TopicSnapshot, one: PartitionFacts, broker: NodeFacts) -> str:
    """Return the role, and a mark if this replica is the preferred leader."""
    mark = f" {PREFERRED}" if one.replicas and broker.id == one.replicas[0] else ""
    return f"{role(snapshot, one, broker)}{mark}"


def in_sync(snapshot: TopicSnapshot, one: PartitionFacts) -> str:
    """Return how many replicas are in sync, and what is wrong with that."""
    parts = [f"{len(one.in_sync)} of {len(one.replicas)}"]
    if is_under(snapshot, one):
        parts[0] += " ▼ under min"
    if one.leader is None:
        parts.append("no leader")
    if eligible := (snapshot.eligible or {}).get(one.partition):
        parts.append(f"ELR {listed(eligible)}")
    return " · ".join(parts)


def details(snapshot: TopicSnapshot, one: PartitionFacts, size_of: SizeFacts) -> str:
    """Return everything about one partition, for who points at its row."""
    leader = "nobody" if one.leader is None else f"broker {one.leader}"
    offsets = f"offsets {said(size_of.begin)} to {said(size_of.end)}"
    return (
        f"Partition {one.partition}: led by {leader}; replicas on brokers "
        f"{listed(one.replicas)}; in sync {listed(one.in_sync)}; {offsets}; "
        f"{size(size_of.bytes)} in the leader's log"
    )


def sizes(snapshot: TopicSnapshot) -> dict[int, SizeFacts]:
    """Return what is known of each partition's size, by its number."""
    known = {one.partition: one for one in snapshot.sizes}
    return {
        one.partition: known.get(one.partition, SizeFacts(one.partition))
        for one in snapshot.nodes.partitions
    }
