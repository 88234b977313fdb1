"""Looks at one Kinesis stream a few times a second; never waits for its answers."""

import time
from collections.abc import Mapping
from dataclasses import replace

from helpers.kinesis.governor import Governor
from helpers.kinesis.quotas import (
    WRITE_BYTES_PER_SECOND,
    WRITE_RECORDS_PER_SECOND,
    Budget,
)
from helpers.kinesis.shards import HASH_KEYS, Shard, hash_key
from helpers.live.shard_tally import TallyFacts
from helpers.live.snapshot import EVENTS_KEPT
from helpers.live.source import Act, Poller
from helpers.live.stream_log import tell_stream
from helpers.live.stream_snapshot import (
    KEYS_KEPT,
    KeyFacts,
    ShardFacts,
    StreamSnapshot,
)
from helpers.live.stream_watch import StreamSample, StreamWatch


class StreamPoller(Poller[StreamSnapshot]):
    """A live source of snapshots of one stream.

    Args:
        stream: its name; it may be deleted, and come back.
        governor: the quotas that the course applies, if any.
        interval: seconds between two snapshots.
    """

    def __init__(
        self, stream: str, governor: Governor | None = None, interval: float = 0.16
    ) -> None:
        super().__init__(interval)
        self._stream = stream
        self._governor = governor
        self._watch = StreamWatch(stream)

    @property
    def act(self) -> Act | None:
        """Nothing: no node is on this view."""
        return None

    def close(self) -> None:
        """End :meth:`snapshots` and the thread that asks."""
        super().close()
        self._watch.close()

    def _next(self, before: StreamSnapshot | None) -> StreamSnapshot:
        sample = self._watch.sample or StreamSample()
        budgets = self._governor.budgets(self._stream) if self._governor else {}
        after = facts(self._stream, sample, budgets, time.time())
        if self._governor and budgets:
            after = replace(after, write_share=self._governor.write_share)
        if before is None:
            return after
        events = (*before.events, *tell_stream(before, after))
        return replace(after, events=events[-EVENTS_KEPT:])


def facts(
    stream: str, sample: StreamSample, budgets: Mapping[str, Budget], now: float
) -> StreamSnapshot:
    """Return what a sample and the course's quotas say of a stream.

    Args:
        stream: its name.
        sample: what Kinesis told.
        budgets: the quotas of its shards by id; empty where none are applied.
        now: seconds since the epoch.
    """
    shards = (
        _shard(one, sample.tallies.get(one.id), budgets, now) for one in sample.shards
    )
    return StreamSnapshot(
        stream=stream,
        taken_at=now,
        ticks=time.monotonic(),
        is_there=sample.is_there,
        status=sample.status,
        retention_hours=sample.retention_hours,
        shards=tuple(shards),
        keys=_keys(sample.tallies),
        asked=sample.asked,
        problem=sample.problem,
    )


def _shard(
    shard: Shard, tally: TallyFacts | None, budgets: Mapping[str, Budget], now: float
) -> ShardFacts:
    known = ShardFacts(
        shard.id,
        shard.first / HASH_KEYS,
        (shard.last + 1) / HASH_KEYS,
        shard.parents,
        shard.closed,
    )
    if tally:
        known = _counted(known, tally, now)
    if budget := budgets.get(shard.id):
        return _budgeted(known, budget)
    # Where quotas are applied, a shard that nobody used has refused nothing.
    return replace(known, refused=0) if budgets else known


def _counted(shard: ShardFacts, tally: TallyFacts, now: float) -> ShardFacts:
    """Add what was read: without quotas of ours, the loads are those of arrivals."""
    records, size = tally.in_second if now - tally.second < 1 else (0, 0)
    most_records, most_bytes = tally.busiest
    return replace(
        shard,
        # It may be read to its end before anybody was told that it is closed.
        drained=tally.drained and shard.closed,
        records=tally.records,
        bytes=tally.bytes,
        keys=len(tally.keys),
        last=tally.last,
        used_records=records / WRITE_RECORDS_PER_SECOND,
        used_bytes=size / WRITE_BYTES_PER_SECOND,
        peak_records=most_records / WRITE_RECORDS_PER_SECOND,
        peak_bytes=most_bytes / WRITE_BYTES_PER_SECOND,
    )


def _budgeted(shard: ShardFacts, budget: Budget) -> ShardFacts:
    """Say how much is used of the quotas that the course applies."""
    return replace(
        shard,
        used_records=budget.write_records.used,
        used_bytes=budget.write_bytes.used,
        peak_records=budget.write_records.peak,
        peak_bytes=budget.write_bytes.peak,
        refused=budget.refused,
    )


def _keys(tallies: Mapping[str, TallyFacts]) -> tuple[KeyFacts, ...]:
    """Return the partition keys with most records, each with its newest shard."""
    counts: dict[str, int] = {}
    homes: dict[str, str] = {}
    # Ids grow: a child comes after its parents.
    for shard in sorted(tallies):
        for key, number in tallies[shard].keys.items():
            counts[key] = counts.get(key, 0) + number
            homes[key] = shard
    largest = sorted(counts, key=lambda key: (-counts[key], key))[:KEYS_KEPT]
    return tuple(
        KeyFacts(key, homes[key], hash_key(key) / HASH_KEYS, counts[key])
        for key in largest
    )
