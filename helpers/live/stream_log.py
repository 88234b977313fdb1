"""What happened to a stream between two snapshots, in plain words; pure functions."""

from collections.abc import Iterator

from helpers.live.snapshot import Event
from helpers.live.stream_snapshot import ShardFacts, StreamSnapshot
from helpers.live.words import count, listed

_PAIR = 2


def tell_stream(before: StreamSnapshot, after: StreamSnapshot) -> tuple[Event, ...]:
    """Return what is new in ``after``, in the order of cause and effect."""
    lines = (*_life(before, after), *_births(before, after), *_shards(before, after))
    return tuple(Event(after.taken_at, text) for text in lines)


def _life(before: StreamSnapshot, after: StreamSnapshot) -> Iterator[str]:
    if after.problem and not before.problem:
        yield after.problem
    if before.problem and not after.problem:
        yield "Kinesis can be asked again."
    if before.is_there and after.is_there is False:
        yield f"The stream {after.stream} is deleted."
    if before.is_there is False and after.is_there:
        yield f"The stream {after.stream} is there now."


def _births(before: StreamSnapshot, after: StreamSnapshot) -> Iterator[str]:
    """Tell of splits and merges, once for all children of the same parents."""
    if not before.shards:
        return
    old = {one.id for one in before.shards}
    families: dict[tuple[str, ...], list[ShardFacts]] = {}
    for shard in after.shards:
        if shard.parents and shard.id not in old:
            families.setdefault(shard.parents, []).append(shard)
    for parents, children in families.items():
        yield _family(tuple(map(_number, parents)), children)


def _family(parents: tuple[int, ...], children: list[ShardFacts]) -> str:
    names = listed([one.number for one in children])
    if len(parents) == _PAIR:
        return f"Shards {listed(parents)} are merged into {names}."
    at = f" at {100 * children[-1].begin:.1f} %" if len(children) == _PAIR else ""
    return f"Shard {parents[0]} is split into {names}{at}."


def _shards(before: StreamSnapshot, after: StreamSnapshot) -> Iterator[str]:
    old = {one.id: one for one in before.shards}
    for shard in after.shards:
        was = old.get(shard.id)
        if was is None:
            continue
        if shard.closed and not was.closed:
            yield f"Shard {shard.number} is closed: it can be read, not written to."
        if shard.drained and not was.drained:
            yield f"Shard {shard.number} is drained: it is read to its end."
        more = (shard.refused or 0) - (was.refused or 0)
        if more > 0:
            yield f"Shard {shard.number} is above its limit: {count(more, 'refusal')}."


def _number(shard_id: str) -> int:
    return int(shard_id.rpartition("-")[2])
