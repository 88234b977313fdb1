"""The facts of a stream in words; the picture and the text both use them."""

from helpers.live.stream_snapshot import KeyFacts, ShardFacts, StreamSnapshot
from helpers.live.words import ago, clock, count, listed
from helpers.views.marks import Note
from helpers.views.topic_phrases import UNKNOWN, percent, said, size

KEYS_SAID = 6
"""How many partition keys are told in words."""

NO_LIMIT = "loads are shares of AWS's limits, 1,000 records and 1 MB a second a shard"
_STALE = 5.0


def summary(snapshot: StreamSnapshot) -> tuple[str, ...]:
    """Return how the stream is, in a few phrases; the first is the time of day."""
    now = clock(snapshot.taken_at, tenths=False)
    if not snapshot.shards:
        return (now, *((snapshot.status,) if snapshot.status else ()))
    opened = sum(not one.closed for one in snapshot.shards)
    closed = len(snapshot.shards) - opened
    parts = [now, snapshot.status or UNKNOWN, f"{count(opened, 'open shard')}"]
    parts += [f"{closed} closed"] if closed else []
    known = [one.records for one in snapshot.shards if one.records is not None]
    if len(known) == len(snapshot.shards):
        parts.append(f"{count(sum(known), 'record')} read")
    if snapshot.asked is not None:
        parts.append(f"sampled {ago(snapshot.ticks - snapshot.asked)}")
    return tuple(parts)


def warnings(snapshot: StreamSnapshot) -> tuple[str, ...]:
    """Return what a reader should not overlook, in whole sentences."""
    found = (snapshot.problem,) if snapshot.problem else ()
    if snapshot.is_there is False:
        gone = f"There is no stream {snapshot.stream}. This view goes on when there is."
        return (*found, Note(gone))
    if snapshot.is_there is None:
        return found or (Note("Kinesis has not told of the stream yet."),)
    if not snapshot.shards:
        return (*found, Note("The stream has no shards yet: it is not active."))
    return (*found, *_stale(snapshot))


def _stale(snapshot: StreamSnapshot) -> tuple[str, ...]:
    age = snapshot.ticks - (snapshot.asked or snapshot.ticks)
    return (f"All this is as it was {ago(age)}.",) if age >= _STALE else ()


def limits(snapshot: StreamSnapshot) -> str:
    """Say whose limits the loads are measured by, and that they are ours."""
    share = snapshot.write_share
    if share is None:
        return f"{NO_LIMIT}; nobody applies them here"
    part = "AWS's limits" if share == 1 else f"{share:g} of AWS's limits"
    rate = f"{1000 * share:,.0f} records and {share:g} MB a second a shard"
    return f"loads are shares of {part}: {rate}, applied by this course in your client"


def state(shard: ShardFacts) -> str:
    """Return whether a shard takes records, and whether it was read to its end."""
    if not shard.closed:
        return "open"
    return "closed, drained" if shard.drained else "closed, not drained"


def origin(shard: ShardFacts) -> str:
    """Return what a shard was made of."""
    numbers = [int(one.rpartition("-")[2]) for one in shard.parents]
    return listed(numbers) if numbers else "–"


def span_of(shard: ShardFacts) -> str:
    """Return a shard's part of the hash range."""
    return f"{100 * shard.begin:.1f} – {100 * shard.end:.1f} %"


def share(snapshot: StreamSnapshot, shard: ShardFacts) -> str:
    """Return a shard's part of all records."""
    known = [one.records for one in snapshot.shards if one.records is not None]
    if shard.records is None or len(known) < len(snapshot.shards) or not sum(known):
        return percent(None)
    return percent(shard.records / sum(known))


def load(used: float | None, peak: float | None) -> str:
    """Return what is used of a limit now, and the most that ever was."""
    if used is None or peak is None:
        return UNKNOWN
    return f"{100 * max(used, 0.0):.0f} % / {100 * peak:.0f} %"


def refused(shard: ShardFacts) -> str:
    """Return how much was refused; a dash where nobody refuses."""
    return "–" if shard.refused is None else f"{shard.refused:,}"


def details(snapshot: StreamSnapshot, shard: ShardFacts) -> str:
    """Return everything about one shard, for who points at it."""
    made = f", made of {origin(shard)}" if shard.parents else ""
    return (
        f"{shard.id}: {state(shard)}{made}; hash range {span_of(shard)}; "
        f"{said(shard.records)} records ({share(snapshot, shard)}) with "
        f"{said(shard.keys)} partition keys, {size(shard.bytes)}"
    )


def keys(snapshot: StreamSnapshot) -> str:
    """Name the largest partition keys with the places they land in."""
    if not snapshot.keys:
        return "No partition key yet: no record was read."
    told = [_key(one) for one in snapshot.keys[:KEYS_SAID]]
    return f"Largest partition keys: {'; '.join(told)}."


def _key(one: KeyFacts) -> str:
    number = int(one.shard.rpartition("-")[2])
    at = f"{100 * one.at:.1f} %"
    return f"{one.key} at {at}, shard {number}, {count(one.records, 'record')}"
