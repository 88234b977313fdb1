"""The facts of a segments snapshot in words; the picture and the text both use them."""

from collections.abc import Iterator

from helpers.live.segments_log import said as setting
from helpers.live.segments_snapshot import SegmentFacts, SegmentsSnapshot
from helpers.live.topic_log import named
from helpers.live.words import ago, bytes_said, clock, count, duration
from helpers.views import phrases
from helpers.views import topic_phrases as say
from helpers.views.marks import Note

LEGEND = (
    "active filled · closed outlined · .deleted hatched · gone struck · "
    "bars: segment.bytes is full width"
)
_STATES = {
    "active": "active",
    "closed": "closed",
    "deleted": ".deleted",
    "gone": "gone",
}
_MILLISECONDS = 1000
# Until then the age of an answer is what it always is, and not worth a warning.
_STALE = 5.0


def summary(snapshot: SegmentsSnapshot) -> tuple[str, ...]:
    """Return how the log is, in a few phrases; the first is the time of day."""
    now = clock(snapshot.taken_at, tenths=False)
    if snapshot.broker is None:
        return (now,)
    live, reach = snapshot.live, snapshot.reach
    total = bytes_said(sum(one.size for one in live))
    return (
        now,
        f"on broker {snapshot.broker}, the leader",
        f"log start offset {say.said(reach.begin)}",
        f"end offset {say.said(reach.end)}",
        f"{count(len(live), 'segment')}, {total}",
        *_age(snapshot),
    )


def _age(snapshot: SegmentsSnapshot) -> Iterator[str]:
    if snapshot.asked is not None:
        yield f"files read {ago(snapshot.ticks - snapshot.asked)}"


def rules(snapshot: SegmentsSnapshot) -> tuple[str, ...]:
    """Return what decides over the segments, as far as it is known."""
    of = snapshot.settings
    if of is None:
        return ()
    found = [f"cleanup.policy {of.policy}"]
    if of.deletes:
        found += [
            f"retention.ms {setting('retention.ms', of.retention_ms)}",
            f"retention.bytes {setting('retention.bytes', of.retention_bytes)}",
            f"checked every {duration(of.check_ms / _MILLISECONDS)}",
        ]
    if of.compacts:
        found += [
            f"delete.retention.ms {setting('delete.retention.ms', of.tombstone_ms)}",
            f"cleaner looks every {duration(of.cleaner_ms / _MILLISECONDS)}",
        ]
    return (*found, f"segment.ms {setting('segment.ms', of.segment_ms)}")


def warnings(snapshot: SegmentsSnapshot) -> tuple[str, ...]:
    """Return what a reader should not overlook, in whole sentences."""
    topic = snapshot.topic
    found = phrases.warnings(topic.nodes)
    if found or not topic.is_there:
        return say.warnings(topic)
    numbers = [one.partition for one in topic.nodes.partitions]
    if numbers and snapshot.partition not in numbers:
        return (
            f"There is no partition {snapshot.partition}: {topic.topic} has "
            f"{named(numbers)}.",
        )
    return tuple(_stale(snapshot))


def _stale(snapshot: SegmentsSnapshot) -> Iterator[str]:
    if snapshot.asked is None:
        yield Note("Nobody has read the files yet.")
    elif snapshot.ticks - snapshot.asked >= _STALE:
        yield f"The files are as they were {ago(snapshot.ticks - snapshot.asked)}."


def state(one: SegmentFacts) -> str:
    """Return what is done with a segment, in a word."""
    return _STATES[one.state]


def size(one: SegmentFacts) -> str:
    """Return a segment's bytes, and those it had before the cleaner came."""
    was = f", was {bytes_said(one.was)}" if one.was is not None else ""
    return f"{bytes_said(one.size)}{was}"


def newest(snapshot: SegmentsSnapshot, one: SegmentFacts) -> str:
    """Return how old a segment's newest record is."""
    if not one.size:
        return "no record"
    if one.newest is None:
        return say.UNKNOWN
    return f"{duration(max(0.0, snapshot.taken_at - one.newest))} old"
