"""The facts of a twin snapshot in words; the picture and the text both use them."""

from collections.abc import Iterator

from helpers.live.lag_snapshot import LagRow
from helpers.live.stream_snapshot import ShardFacts
from helpers.live.twin_snapshot import SHARD_END, PlaceFacts, TwinSnapshot
from helpers.live.words import ago, clock, count, duration, measured
from helpers.views import lag_phrases, shard_phrases
from helpers.views.lag_warnings import warnings as kafka_warnings
from helpers.views.topic_phrases import STALE, UNKNOWN, said

UNTOLD = "not told"
NOT_COUNTED = "not known: sequence numbers do not count"
LEGEND = (
    "behind: age of the oldest record that is not done, by its timestamp there and its "
    "arrival here · MillisBehindLatest: as Kinesis answers a read of one record at the "
    "checkpoint; an emulator counts from that record to the newest one · "
    "of a sequence number the last digits"
)
_DIGITS = 6
_MILLISECONDS = 1000
_HOURS_A_DAY = 24

Pair = tuple[str, str, str]
"""What a row is about, then Kafka's and Kinesis's answer."""


def summary(snapshot: TwinSnapshot) -> tuple[str, ...]:
    """Return how both are, in a few phrases; the first is the time of day."""
    return (clock(snapshot.taken_at, tenths=False), *_age(snapshot))


def _age(snapshot: TwinSnapshot) -> tuple[str, ...]:
    asked = (snapshot.kafka.asked, snapshot.kinesis.asked)
    known = [one for one in asked if one is not None]
    return (f"sampled {ago(snapshot.ticks - min(known))}",) if known else ()


def warnings(snapshot: TwinSnapshot) -> tuple[str, ...]:
    """Return what a reader should not overlook, each with its side."""
    kafka = (_of("Kafka", text) for text in kafka_warnings(snapshot.kafka))
    kinesis = (_of("Kinesis", text) for text in shard_phrases.warnings(snapshot.kinesis))
    return (*kafka, *kinesis, *_of_checkpoints(snapshot))


def _of(side: str, text: str) -> str:
    # A note stays one.
    return type(text)(f"{side}: {text}")


def _of_checkpoints(snapshot: TwinSnapshot) -> Iterator[str]:
    places = snapshot.places
    if places is None:
        return
    if places.problem:
        yield f"Kinesis: {places.problem} Mend the function, and run its cell again."
    for one in places.places:
        if one.problem:
            yield (
                f"Kinesis: there is no place {one.checkpoint} in shard "
                f"{_number(one.shard)} ({one.problem})."
            )
    old = snapshot.ticks - places.asked
    if old >= STALE:
        yield f"Kinesis: the checkpoints are as they were {ago(old)}."


def pairs(snapshot: TwinSnapshot) -> tuple[Pair, ...]:
    """Return what each idea of the one is called, and is now, in the other."""
    kafka, kinesis = snapshot.kafka, snapshot.kinesis
    return (
        ("events are in", f"topic {kafka.about.topic}", f"stream {kinesis.stream}"),
        ("shared out to", count(len(kafka.rows), "partition"), _shards(snapshot)),
        ("records written", _written(snapshot), _read(snapshot)),
        ("a place is", "an offset: it counts", "a sequence number: it only grows"),
        (
            "who remembers it",
            f"group {kafka.group}: {_group(snapshot)}",
            _keeper(snapshot),
        ),
        ("still to read", _to_read(snapshot), NOT_COUNTED),
        (
            "behind",
            lag_phrases.seconds(kafka.behind),
            lag_phrases.seconds(snapshot.behind),
        ),
        ("kept for", _kept(snapshot), _kept_hours(snapshot)),
        ("to grow", "add partitions; most keys move", "split shards; other keys stay"),
        ("to shrink", "cannot be done", "merge shards"),
    )


def partition_cells(row: LagRow) -> tuple[str, ...]:
    """Return a partition's number and figures."""
    return (
        str(row.partition),
        lag_phrases.committed(row),
        said(row.end),
        lag_phrases.lag(row),
        lag_phrases.behind(row),
    )


def shard_cells(snapshot: TwinSnapshot, shard: ShardFacts) -> tuple[str, ...]:
    """Return a shard's number, state and figures."""
    place = place_of(snapshot, shard)
    return (
        str(shard.number),
        "closed" if shard.closed else "open",
        _checkpoint(snapshot, place),
        short(shard.last) if shard.records != 0 else "none",
        said(shard.records),
        UNKNOWN if place is None or place.behind_ms is None else f"{place.behind_ms:,}",
        _behind(snapshot, place),
    )


def place_of(snapshot: TwinSnapshot, shard: ShardFacts) -> PlaceFacts | None:
    """Return how far a shard is done; None where nobody has told."""
    known = snapshot.places.places if snapshot.places else ()
    return next((one for one in known if one.shard == shard.id), None)


def short(sequence_number: str | None) -> str:
    """Return the last digits, by which the numbers of a shard can be told apart."""
    if sequence_number is None:
        return UNKNOWN
    long = len(sequence_number) > _DIGITS
    return f"…{sequence_number[-_DIGITS:]}" if long else sequence_number


def _checkpoint(snapshot: TwinSnapshot, place: PlaceFacts | None) -> str:
    if place is None:
        return UNKNOWN if snapshot.has_checkpoints else UNTOLD
    if place.checkpoint is None:
        return "none"
    return "its end" if place.checkpoint == SHARD_END else short(place.checkpoint)


def _behind(snapshot: TwinSnapshot, place: PlaceFacts | None) -> str:
    if place is None or place.behind_ms is None:
        return UNKNOWN
    if place.oldest is None:
        return measured(0.0)
    return measured(max(0.0, snapshot.taken_at - place.oldest))


def _shards(snapshot: TwinSnapshot) -> str:
    shards = snapshot.kinesis.shards
    closed = sum(one.closed for one in shards)
    opened = count(len(shards) - closed, "open shard")
    return f"{opened}, {closed} closed" if closed else opened


def _written(snapshot: TwinSnapshot) -> str:
    ends = [one.end for one in snapshot.kafka.rows]
    known = [one for one in ends if one is not None]
    if not ends or len(known) < len(ends):
        return UNKNOWN
    return f"{sum(known):,}, by the end offsets"


def _read(snapshot: TwinSnapshot) -> str:
    shards = snapshot.kinesis.shards
    known = [one.records for one in shards if one.records is not None]
    if not shards or len(known) < len(shards):
        return UNKNOWN
    return f"{sum(known):,}, counted by reading"


def _group(snapshot: TwinSnapshot) -> str:
    if snapshot.kafka.asked is None:
        return UNKNOWN
    return count(len(snapshot.kafka.members), "member")


def _keeper(snapshot: TwinSnapshot) -> str:
    if not snapshot.has_checkpoints:
        return "not Kinesis; give this board a function checkpoints that tells"
    if snapshot.places is None or snapshot.places.problem:
        return f"your checkpoints: {UNKNOWN}"
    done = sum(one.checkpoint is not None for one in snapshot.places.places)
    return f"your checkpoints: of {count(done, 'shard')}"


def _to_read(snapshot: TwinSnapshot) -> str:
    total = snapshot.kafka.total
    return UNKNOWN if total is None else count(total, "record")


def _kept(snapshot: TwinSnapshot) -> str:
    if snapshot.retention_ms is None:
        return UNKNOWN
    if snapshot.retention_ms < 0:
        return "ever"
    return duration(snapshot.retention_ms / _MILLISECONDS)


def _kept_hours(snapshot: TwinSnapshot) -> str:
    hours = snapshot.kinesis.retention_hours
    return UNKNOWN if hours is None else f"{hours / _HOURS_A_DAY:,.1f} days"


def _number(shard_id: str) -> int:
    return int(shard_id.rpartition("-")[2])
