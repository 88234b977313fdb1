"""What notes of members say: who held what, who stopped for how long; pure functions."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpers.live.rebalance_snapshot import MemberFacts, Note

_TRIGGERS = ("started", "leaves", "ended")
_GIVEN_UP = ("revoked", "lost")


@dataclass(frozen=True)
class Hold:
    """One partition in the hands of one member.

    Attributes:
        partition: its number.
        begin: monotonic seconds.
        end: the same; None while it is held.
    """

    partition: int
    begin: float
    end: float | None = None


@dataclass(frozen=True)
class Gap:
    """A time in which something stood still.

    Attributes:
        of: the member or the partition.
        begin: monotonic seconds of giving up.
        end: of being assigned again; None while it lasts.
        reads: of the first record after that; None before it.
    """

    of: str
    begin: float
    end: float | None = None
    reads: float | None = None

    def lasted(self, until: float) -> float:
        """Return seconds from giving up to being assigned, or until a moment."""
        return (until if self.end is None else self.end) - self.begin


@dataclass(frozen=True)
class Change:
    """A change in who belongs to a group, and the rebalance it caused.

    Attributes:
        who: the member that came or went.
        what: ``started``, ``leaves`` or ``ended``.
        at: monotonic seconds.
        pauses: of members, during which they held nothing.
        stops: of partitions, during which nobody held them.
        kept: by member, how many partitions it held throughout, and how many before.
        joined: seconds until who came handled its first record; None if it has not.
    """

    who: str
    what: str
    at: float
    pauses: tuple[Gap, ...]
    stops: tuple[Gap, ...]
    kept: tuple[tuple[str, int, int], ...]
    joined: float | None


def holds(notes: Sequence[Note]) -> list[Hold]:
    """Return what a member has held, each partition for itself, in order of its end."""
    begun: dict[int, float] = {}
    found = []
    for note in notes:
        if note.what == "assigned":
            begun |= {one: note.at for one in note.partitions if one not in begun}
        for one in _let_go(note, begun):
            found.append(Hold(one, begun.pop(one), note.at))
    return [*found, *(Hold(one, at) for one, at in begun.items())]


def pauses(member: MemberFacts) -> list[Gap]:
    """Return when a member that goes on had to let go of all it held."""
    held: set[int] = set()
    begin: float | None = None
    found: list[Gap] = []
    for note in member.notes:
        had = bool(held)
        if note.what in _TRIGGERS:
            begin = None
        elif note.what == "assigned" and begin is not None:
            reads = _first_record(member.notes, note.at)
            found.append(Gap(member.name, begin, note.at, reads))
            begin = None
        held = (held | _got(note)) - set(_let_go(note, held))
        if had and not held and note.what in _GIVEN_UP and not _is_leaving(member, note):
            begin = note.at
    return found if begin is None else [*found, Gap(member.name, begin)]


def stops(members: Sequence[MemberFacts]) -> list[Gap]:
    """Return when a partition was in nobody's hands, after somebody had it."""
    every = [hold for one in members for hold in holds(one.notes)]
    found = []
    for partition in sorted({one.partition for one in every}):
        spans = sorted(
            (one for one in every if one.partition == partition), key=lambda x: x.begin
        )
        for old, new in zip(spans, [*spans[1:], None], strict=True):
            if old.end is not None and (new is None or new.begin > old.end):
                end = new.begin if new else None
                found.append(Gap(str(partition), old.end, end))
    return found


def changes(members: Sequence[MemberFacts]) -> list[Change]:
    """Return what changed in a group, oldest first, with what each change cost."""
    triggers = sorted(
        ((note, one) for one in members for note in one.notes if note.what in _TRIGGERS),
        key=lambda pair: pair[0].at,
    )
    ends = [*(note.at for note, _ in triggers), math.inf][1:]
    return [
        _change(members, note, member, end)
        for (note, member), end in zip(triggers, ends, strict=True)
    ]


def _change(
    members: Sequence[MemberFacts], note: Note, who: MemberFacts, end: float
) -> Change:
    def within(gap: Gap) -> bool:
        return note.at <= gap.begin < end

    reads = _first_record(who.notes, note.at) if note.what == "started" else None
    return Change(
        who.name,
        note.what,
        note.at,
        tuple(gap for one in members for gap in pauses(one) if within(gap)),
        tuple(filter(within, stops(members))),
        tuple(_kept(one, note.at, end) for one in members if one is not who),
        None if reads is None else reads - note.at,
    )


def _kept(member: MemberFacts, begin: float, end: float) -> tuple[str, int, int]:
    before = [
        one
        for one in holds(member.notes)
        if one.begin < begin and (one.end is None or one.end > begin)
    ]
    throughout = [one for one in before if one.end is None or one.end >= end]
    return member.name, len(throughout), len(before)


def _let_go(note: Note, held: "set[int] | dict[int, float]") -> Iterator[int]:
    """Give the partitions that a note ends the hold of; an end ends all."""
    gone = tuple(held) if note.what in ("ended", "started") else note.partitions
    if note.what in (*_GIVEN_UP, "ended", "started"):
        yield from (one for one in gone if one in held)


def _got(note: Note) -> set[int]:
    return set(note.partitions) if note.what == "assigned" else set()


def _is_leaving(member: MemberFacts, note: Note) -> bool:
    """Return whether a member gave up since it says good-bye."""
    before = [one for one in member.notes if one.at <= note.at and one is not note]
    last = [one.what for one in before if one.what in _TRIGGERS]
    return bool(last) and last[-1] == "leaves"


def _first_record(notes: Sequence[Note], since: float) -> float | None:
    reads = (note.at for note in notes if note.what == "reads" and note.at >= since)
    return next(reads, None)
