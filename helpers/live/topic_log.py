"""What happened to a topic between two snapshots, in plain words; pure functions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from helpers.live import log
from helpers.live.snapshot import Event, PartitionFacts
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.live.words import listed, measured

# Two samples lie about a quarter of a second apart: a shorter gap cannot be told.
_RESOLUTION = 0.5
# More numbers than these are not read one by one.
_MANY = 8

_Pair = tuple[PartitionFacts, PartitionFacts]


def tell_topic(before: TopicSnapshot, after: TopicSnapshot) -> tuple[Event, ...]:
    """Return what is new in ``after``, in the order of cause and effect."""
    old, new = before.nodes, after.nodes
    lines = (
        *log.states(old, new),
        *life(before, after),
        *_leaders(before, after),
        *_in_sync(before, after),
        *_under_min(before, after),
        *log.ends(old, new),
    )
    return tuple(Event(after.taken_at, text) for text in lines)


def life(before: TopicSnapshot, after: TopicSnapshot) -> Iterator[str]:
    """Tell of a topic that is deleted, is there now, or has more partitions."""
    if before.is_there and after.is_there is False:
        yield f"The topic {after.topic} is deleted."
    if before.is_there is False and after.is_there:
        yield f"The topic {after.topic} is there now."
    new, old = len(after.nodes.partitions), len(before.nodes.partitions)
    if before.is_there and after.is_there and new > old:
        yield f"The topic has {new} partitions now, {new - old} more."


def _leaders(before: TopicSnapshot, after: TopicSnapshot) -> Iterator[str]:
    """Tell who leads now: after a gap, or handed over."""
    moves: dict[tuple[int, str], list[int]] = defaultdict(list)
    lost: list[int] = []
    for old, new in pairs(before, after):
        if old.leader is not None and new.leader is None:
            lost.append(new.partition)
        if how := _move(old, new, after.ticks):
            moves[new.leader or 0, how].append(new.partition)
    for (leader, how), numbers in sorted(moves.items()):
        yield f"{partitions(numbers)} led by broker {leader}{how}"
    if lost:
        yield f"{partitions(lost)} without any leader now."


def _move(old: PartitionFacts, new: PartitionFacts, ticks: float) -> str:
    """Return how a partition came to its leader, or nothing if that is not new."""
    if new.silent_since is not None or new.leader is None:
        return ""
    preferred = ", the preferred leader" if new.leader == new.replicas[0] else ""
    if old.silent_since is not None:
        again = " again" if old.leader == new.leader else ""
        return f"{again}{preferred}: {_gap(ticks - old.silent_since)} without a leader."
    if old.leader is None or old.leader == new.leader:
        return ""
    return f"{preferred}: handed over by broker {old.leader}."


def _gap(seconds: float) -> str:
    short = seconds < _RESOLUTION
    return f"under {measured(_RESOLUTION)}" if short else measured(seconds)


def _in_sync(before: TopicSnapshot, after: TopicSnapshot) -> Iterator[str]:
    """Tell who fell out of sync and who came back, and how many are in sync now."""
    changes: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for old, new in pairs(before, after):
        size = f"{len(new.in_sync)} of {len(new.replicas)} in sync"
        for broker in set(old.in_sync) - set(new.in_sync):
            changes["is out of sync", broker, size].append(new.partition)
        for broker in set(new.in_sync) - set(old.in_sync):
            changes["is in sync again", broker, size].append(new.partition)
    for (what, broker, size), numbers in sorted(changes.items()):
        yield f"Broker {broker} {what} on {named(numbers)}: {size}."


def _under_min(before: TopicSnapshot, after: TopicSnapshot) -> Iterator[str]:
    under: list[int] = []
    well: list[int] = []
    for old, new in pairs(before, after):
        was, now = is_under(before, old), is_under(after, new)
        if now and not was:
            under.append(new.partition)
        if was and not now:
            well.append(new.partition)
    minimum = after.min_in_sync
    if under:
        yield (
            f"{partitions(under)} under min.insync.replicas {minimum}: "
            "writes with acks=all are refused."
        )
    if well:
        yield (
            f"{partitions(well)} not under min.insync.replicas {minimum} any more: "
            "acks=all is served again."
        )


def is_under(snapshot: TopicSnapshot, one: PartitionFacts) -> bool:
    """Return whether fewer replicas are in sync than the topic demands."""
    minimum = snapshot.min_in_sync
    return minimum is not None and len(one.in_sync) < minimum


def partitions(numbers: Sequence[int]) -> str:
    """Return "Partition 0 is" or "Partitions 0, 1 and 4 are"."""
    name = named(numbers)
    verb = "is" if len(numbers) == 1 else "are"
    return f"{name[:1].upper()}{name[1:]} {verb}"


def named(numbers: Sequence[int]) -> str:
    """Return "partition 0" or "partitions 0, 1 and 4"; only their number if many."""
    if len(numbers) > _MANY:
        return f"{len(numbers):,} partitions"
    plural = "" if len(numbers) == 1 else "s"
    return f"partition{plural} {listed(sorted(numbers))}"


def pairs(before: TopicSnapshot, after: TopicSnapshot) -> Iterator[_Pair]:
    """Give each partition of both snapshots with its older self."""
    old = {one.partition: one for one in before.nodes.partitions}
    for one in after.nodes.partitions:
        if one.partition in old:
            yield old[one.partition], one
