"""From the files of a partition to the story of its segments; pure functions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from helpers.live.segments_snapshot import SegmentFacts, SegmentState
from helpers.servers.interface import SegmentFile

# What the cleaner has written is named so until the old file is out of its way.
_FILE = re.compile(r"(?P<base>\d{20})\.log(?P<ending>\.deleted|\.swap)?")
GONE_STAYS = 5.0
"""Seconds for which a segment that is gone is still shown."""

_NO_SIZES: Mapping[int, int] = {}


@dataclass(frozen=True)
class Listing:
    """The log files of a folder, by base offset.

    Attributes:
        live: sizes of those that serve readers.
        deleted: sizes of those that wait for their end.
    """

    live: Mapping[int, int]
    deleted: Mapping[int, int]


@dataclass(frozen=True)
class Span:
    """Times of a segment's records, in seconds since the epoch; None if unknown."""

    oldest: float | None = None
    newest: float | None = None


def listing(files: Iterable[SegmentFile]) -> Listing:
    """Return the log files among the files of a replica."""
    live: dict[int, int] = {}
    deleted: dict[int, int] = {}
    for file in files:
        if found := _FILE.fullmatch(file.name):
            of = deleted if found["ending"] == ".deleted" else live
            of[int(found["base"])] = file.size
    return Listing(live, deleted)


def follow(
    before: tuple[SegmentFacts, ...] | None,
    now: Listing,
    spans: Mapping[int, Span],
    at: float,
) -> tuple[SegmentFacts, ...]:
    """Return the segments after ``before``, by base offset.

    Args:
        before: as they were; None if nobody has looked before.
        now: what lies in the folder.
        spans: times of the live segments' records, as far as they are known.
        at: monotonic seconds when the folder was read.
    """
    old = {(one.base, one.is_live): one for one in before or ()}
    seen = at if before is not None else None
    found = [
        *_live(old, now, spans, seen),
        *_deleted(old, now, seen),
        *_gone(before or (), now, at),
    ]
    return tuple(sorted(found, key=lambda one: (one.base, one.is_live)))


_Known = Mapping[tuple[int, bool], SegmentFacts]


def _live(
    old: _Known, now: Listing, spans: Mapping[int, Span], seen: float | None
) -> Iterator[SegmentFacts]:
    last = max(now.live, default=None)
    for base, size in now.live.items():
        known = old.get((base, True))
        span = spans.get(base, Span())
        state: SegmentState = "active" if base == last else "closed"
        yield SegmentFacts(
            base,
            state,
            size,
            _since(known, state, seen),
            _was(known, size),
            span.oldest or (known.oldest if known else None),
            span.newest or (known.newest if known else None),
        )


def _was(known: SegmentFacts | None, size: int) -> int | None:
    """Return the size before the cleaner came: nothing else makes a log smaller."""
    if known is None:
        return None
    return known.size if size < known.size else known.was


def _deleted(old: _Known, now: Listing, seen: float | None) -> Iterator[SegmentFacts]:
    for base, size in now.deleted.items():
        known = old.get((base, False))
        lived = old.get((base, True))
        yield SegmentFacts(
            base,
            "deleted",
            size,
            _since(known, "deleted", seen),
            oldest=(known or lived or SegmentFacts(base, "deleted", size)).oldest,
            newest=(known or lived or SegmentFacts(base, "deleted", size)).newest,
        )


def _since(
    known: SegmentFacts | None, state: SegmentState, seen: float | None
) -> float | None:
    return known.since if known and known.state == state else seen


def _gone(
    before: tuple[SegmentFacts, ...], now: Listing, at: float
) -> Iterator[SegmentFacts]:
    there = now.live.keys() | now.deleted.keys()
    for one in before:
        since = one.since if one.state == "gone" else at
        is_new = one.state == "deleted" and one.base not in now.deleted
        # Without a delay a file goes before anybody sees that it was marked.
        is_new = is_new or (one.is_live and one.base not in there)
        recent = one.state == "gone" and at - (since or at) < GONE_STAYS
        if is_new or (recent and one.base not in now.deleted):
            yield SegmentFacts(
                one.base, "gone", one.size, since, None, one.oldest, one.newest
            )
