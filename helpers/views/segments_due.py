"""What comes next for each segment, and when: the countdowns; pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass

from helpers.live.segments_snapshot import (
    SegmentFacts,
    SegmentSettings,
    SegmentsSnapshot,
)
from helpers.live.words import bytes_said, duration, measured

_MILLISECONDS = 1000
# A countdown from days is no countdown.
_SOON = 600.0


@dataclass(frozen=True)
class Due:
    """Something that comes.

    Attributes:
        text: what, and in how many seconds.
        left: seconds until it may come; None where no clock decides.
        total: seconds from begin to end of this wait, for a bar; None if unknown.
    """

    text: str
    left: float | None = None
    total: float | None = None


def due(snapshot: SegmentsSnapshot, one: SegmentFacts) -> Due:
    """Return what comes next for a segment."""
    found = list(_due(snapshot, one))
    timed = [each for each in found if each.left is not None]
    if timed:
        return min(timed, key=lambda each: each.left or 0.0)
    return found[0] if found else Due("stays")


def next_due(snapshot: SegmentsSnapshot) -> Due | None:
    """Return what comes next of all, if a clock decides when."""
    each = [(one, due(snapshot, one)) for one in snapshot.segments]
    timed = [(one, it) for one, it in each if it.left is not None and it.left <= _SOON]
    if not timed:
        return None
    one, it = min(timed, key=lambda pair: pair[1].left or 0.0)
    return Due(f"segment {one.base:,}: {it.text}", it.left, it.total)


def _due(snapshot: SegmentsSnapshot, one: SegmentFacts) -> Iterator[Due]:
    settings = snapshot.settings
    if settings is None:
        yield Due("unknown")
    elif one.state == "gone":
        yield Due("out of the folder")
    elif one.state == "deleted":
        yield from _file_goes(snapshot, one, settings)
    else:
        if settings.deletes:
            yield from _expires(snapshot, one, settings)
            yield from _too_large(snapshot, one, settings)
        if one.state == "active":
            yield from _rolls(snapshot, one, settings)
        elif settings.compacts:
            yield Due("stays, may be compacted")


def _file_goes(
    snapshot: SegmentsSnapshot, one: SegmentFacts, settings: SegmentSettings
) -> Iterator[Due]:
    if one.since is None:
        yield Due(f"file goes within {duration(settings.file_delete_ms / _MILLISECONDS)}")
        return
    total = settings.file_delete_ms / _MILLISECONDS
    left = total - (snapshot.ticks - one.since)
    yield Due(_counted("file goes", left), max(0.0, left), total)


def _expires(
    snapshot: SegmentsSnapshot, one: SegmentFacts, settings: SegmentSettings
) -> Iterator[Due]:
    if settings.retention_ms < 0 or one.newest is None or not one.size:
        return
    total = settings.retention_ms / _MILLISECONDS
    left = total - (snapshot.taken_at - one.newest)
    if left > 0:
        yield Due(_counted("expires", left), left, total)
    else:
        check = duration(settings.check_ms / _MILLISECONDS)
        yield Due(f"expired: goes within {check}, the next check", 0.0, total)


def _too_large(
    snapshot: SegmentsSnapshot, one: SegmentFacts, settings: SegmentSettings
) -> Iterator[Due]:
    """Tell how much must be written until size alone lets the oldest segment go."""
    oldest = min(snapshot.live, key=lambda each: each.base)
    if settings.retention_bytes < 0 or one is not oldest or one.state == "active":
        return
    total = sum(each.size for each in snapshot.live)
    more = settings.retention_bytes + one.size - total
    if more > 0:
        yield Due(f"goes when {bytes_said(more)} more are written")
    else:
        check = duration(settings.check_ms / _MILLISECONDS)
        yield Due(f"over the limit: goes within {check}, the next check", 0.0)


def _rolls(
    snapshot: SegmentsSnapshot, one: SegmentFacts, settings: SegmentSettings
) -> Iterator[Due]:
    """Tell when the next write begins a new segment: no clock closes one by itself."""
    if not one.size or one.oldest is None:
        yield Due(f"closes at {bytes_said(settings.segment_bytes)}")
        return
    left = settings.segment_ms / _MILLISECONDS - (snapshot.taken_at - one.oldest)
    if left <= 0:
        yield Due("closes with the next write")
    elif left <= _SOON:
        yield Due(f"closes with a write after {measured(left)}", left)
    else:
        yield Due(f"closes at {bytes_said(settings.segment_bytes)}")


def _counted(what: str, left: float) -> str:
    """Return a countdown that ends in words, never below zero."""
    if left <= 0:
        return f"{what} any moment"
    return f"{what} in {measured(left) if left <= _SOON else duration(left)}"
