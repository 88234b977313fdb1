"""Partitions that lost, changed or found their leader, in plain words."""

from collections import defaultdict
from collections.abc import Iterator

from helpers.live.snapshot import NodesSnapshot, PartitionFacts
from helpers.live.words import count, measured

# Two samples lie about a quarter of a second apart: a shorter gap cannot be told.
_RESOLUTION = 0.5

_Pair = tuple[PartitionFacts, PartitionFacts]


def moved_leaders(before: NodesSnapshot, after: NodesSnapshot) -> Iterator[str]:
    """Give one line for each broker that leads more than before, then the losses."""
    found: dict[tuple[int, bool], list[float]] = defaultdict(list)
    handed: dict[tuple[int, int], int] = defaultdict(int)
    lost = 0
    for old, new in _pairs(before, after):
        lost += old.leader is not None and new.leader is None
        if new.silent_since is not None or new.leader is None:
            continue
        if old.silent_since is not None:
            again = old.leader == new.leader
            found[new.leader, again].append(after.ticks - old.silent_since)
        elif old.leader is not None and old.leader != new.leader:
            handed[new.leader, old.leader] += 1
    yield from (_found(*key, found[key]) for key in sorted(found))
    yield from (_handed(*pair, handed[pair]) for pair in sorted(handed))
    if lost:
        yield f"{count(lost, 'partition')} {_have(lost)} no leader now."


def _found(leader: int, again: bool, gaps: list[float]) -> str:
    number = len(gaps)
    if again:
        led = f"leads {count(number, 'partition')} again"
    else:
        led = f"leads {_more(number)}"
    return f"Broker {leader} {led}: {_gap(gaps)} without a leader."


def _handed(leader: int, before: int, number: int) -> str:
    return f"Broker {leader} leads {_more(number)}: handed over by broker {before}."


def _gap(gaps: list[float]) -> str:
    longest = max(gaps)
    if longest < _RESOLUTION:
        return f"under {measured(_RESOLUTION)}"
    uneven = longest - min(gaps) >= _RESOLUTION
    return f"up to {measured(longest)}" if uneven else measured(longest)


def _more(number: int) -> str:
    return f"{number:,} more partition{'' if number == 1 else 's'}"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _pairs(before: NodesSnapshot, after: NodesSnapshot) -> Iterator[_Pair]:
    """Give each partition of both snapshots with its older self."""
    old = {(one.topic, one.partition): one for one in before.partitions}
    for one in after.partitions:
        if (one.topic, one.partition) in old:
            yield old[one.topic, one.partition], one
