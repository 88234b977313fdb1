"""What happened to a partition's segments between two snapshots; pure functions."""

from collections.abc import Iterator
from dataclasses import fields

from helpers.live.segments_snapshot import SegmentFacts, SegmentsSnapshot
from helpers.live.snapshot import Event
from helpers.live.topic_log import tell_topic
from helpers.live.words import bytes_said, count, duration, measured

_NAMES = {
    "policy": "cleanup.policy",
    "retention_ms": "retention.ms",
    "retention_bytes": "retention.bytes",
    "segment_ms": "segment.ms",
    "segment_bytes": "segment.bytes",
    "file_delete_ms": "file.delete.delay.ms",
    "tombstone_ms": "delete.retention.ms",
    "check_ms": "log.retention.check.interval.ms",
    "cleaner_ms": "log.cleaner.backoff.ms",
}


def tell_segments(before: SegmentsSnapshot, after: SegmentsSnapshot) -> tuple[Event, ...]:
    """Return what is new in ``after``, in the order of cause and effect."""
    lines = [*_settings(before, after)]
    if before.broker == after.broker:
        lines += [*_begun(before, after), *_start(before, after)]
        lines += [*_rewritten(before, after), *_deleted(before, after)]
        lines += _gone(before, after)
    else:
        lines += _moved(before, after)
    told = tuple(Event(after.taken_at, text) for text in lines)
    return (*tell_topic(before.topic, after.topic), *told)


def said(name: str, value: int | str) -> str:
    """Return a setting as people read it: "5.0 s", "2.0 MB", "no limit"."""
    if isinstance(value, str):
        return value
    if value < 0:
        return "no limit"
    return bytes_said(value) if name.endswith("bytes") else duration(value / 1000)


def _settings(before: SegmentsSnapshot, after: SegmentsSnapshot) -> Iterator[str]:
    if before.settings is None or after.settings is None:
        return
    for one in fields(after.settings):
        old, new = (getattr(each.settings, one.name) for each in (before, after))
        if old != new:
            name = _NAMES[one.name]
            yield f"{name}: {said(name, new)} now, not {said(name, old)}."


def _moved(before: SegmentsSnapshot, after: SegmentsSnapshot) -> Iterator[str]:
    if before.broker is not None and after.broker is not None:
        yield f"The files of broker {after.broker} are shown now: it leads."


def _begun(before: SegmentsSnapshot, after: SegmentsSnapshot) -> Iterator[str]:
    """Tell of each segment that is new at the log's end, and what it closes."""
    old = {one.base: one for one in before.live}
    if not old:
        return
    for one in after.live:
        if one.base > max(old):
            yield f"Segment {one.base:,} begins.{_closes(before, after, one)}"


def _closes(before: SegmentsSnapshot, after: SegmentsSnapshot, new: SegmentFacts) -> str:
    """Return what became of the segment before a new one."""
    earlier = [one for one in after.segments if one.base < new.base]
    if not earlier:
        return ""
    last = max(earlier, key=lambda one: (one.base, one.is_live))
    active = [one for one in before.live if one.base == last.base]
    took = ""
    if active and active[0].since is not None and new.since is not None:
        took = f" after {measured(new.since - active[0].since)}"
    return f" Segment {last.base:,} is closed with {bytes_said(last.size)}{took}."


def _start(before: SegmentsSnapshot, after: SegmentsSnapshot) -> Iterator[str]:
    old, new = before.reach.begin, after.reach.begin
    if old is not None and new is not None and old < new:
        yield (
            f"The log begins at offset {new:,} now, not {old:,}: "
            f"{count(new - old, 'offset')} out of reach."
        )


def _rewritten(before: SegmentsSnapshot, after: SegmentsSnapshot) -> Iterator[str]:
    sizes = {one.base: one.size for one in before.live}
    for one in after.live:
        if one.size < sizes.get(one.base, 0):
            yield (
                f"The cleaner rewrote segment {one.base:,}: "
                f"{bytes_said(sizes[one.base])} became {bytes_said(one.size)}."
            )


def _deleted(before: SegmentsSnapshot, after: SegmentsSnapshot) -> Iterator[str]:
    old = {one.base for one in before.segments if not one.is_live}
    for one in after.segments:
        if one.state == "deleted" and one.base not in old:
            yield f"Segment {one.base:,} is marked .deleted{_why(after, one)}."


def _why(after: SegmentsSnapshot, one: SegmentFacts) -> str:
    """Return the reason, where it can be told."""
    settings = after.settings
    if any(other.base == one.base for other in after.live):
        return ": its rewritten copy takes its place"
    if settings is None or (settings.compacts and settings.deletes):
        return ""
    if settings.compacts:
        return ": what is left of it is in the segment before"
    age = None if one.newest is None else after.taken_at - one.newest
    if age is not None and 0 <= settings.retention_ms <= age * 1000:
        limit = said("retention.ms", settings.retention_ms)
        return f": its newest record is {duration(age)} old, retention.ms is {limit}"
    if settings.retention_bytes >= 0:
        limit = said("retention.bytes", settings.retention_bytes)
        return f": without it the log still has retention.bytes, {limit}"
    return ""


def _gone(before: SegmentsSnapshot, after: SegmentsSnapshot) -> Iterator[str]:
    old = {one.base: one for one in before.segments if one.state == "deleted"}
    for one in after.segments:
        if one.state == "gone" and one.base in old:
            marked, since = old[one.base].since, one.since
            took = ""
            if marked is not None and since is not None:
                took = f", {measured(since - marked)} after it was marked"
            yield f"The file of segment {one.base:,} is gone{took}."
