"""Reads what members of groups print about themselves; asks no broker."""

import time
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from helpers.kafka import members
from helpers.kafka.members import Member
from helpers.live.rebalance_snapshot import MemberFacts, Note, RebalanceSnapshot, What
from helpers.live.source import Poller


class _Line(msgspec.Struct):
    """A line of JSON that a member prints; other lines are none of ours."""

    at: float
    group: str
    member: str
    what: What
    partitions: tuple[int, ...] = ()


class _Tail:
    """What one process has told so far.

    Args:
        member: the process.
    """

    def __init__(self, member: Member) -> None:
        self.member = member
        self.who: tuple[str, str] | None = None
        self.notes: list[Note] = []
        self._read = 0
        self._rest = b""

    def follow(self, now: float) -> None:
        """Read what is new, and note an end without good-bye."""
        # Asked before reading: what a member wrote before its end is then not missed.
        alive = self.member.alive
        self._take(self._new())
        silent = bool(self.notes) and self.notes[-1].what not in ("leaves", "ended")
        left = any(note.what == "leaves" for note in self.notes)
        if silent and not alive and not left:
            self.notes.append(Note(max(now, self.notes[-1].at), "ended"))

    def _new(self) -> bytes:
        try:
            with self.member.output_file.open("rb") as file:
                file.seek(self._read)
                found = file.read()
        except OSError:
            return b""
        self._read += len(found)
        return found

    def _take(self, found: bytes) -> None:
        *lines, self._rest = (self._rest + found).split(b"\n")
        for text in lines:
            line = _line(text)
            # No member can tell of what is to come: that is another clock.
            if line and 0 <= line.at <= time.monotonic():
                self.who = line.group, line.member
                self.notes.append(Note(line.at, line.what, line.partitions))


def _line(text: bytes) -> _Line | None:
    """Return what a line tells; None if it is none of ours, whatever is in it."""
    try:
        return msgspec.json.decode(text, type=_Line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


class RebalancePoller(Poller[RebalanceSnapshot]):
    """A live source of snapshots of groups, from the processes that this one started.

    Args:
        groups: names of the groups.
        window: how many of the last seconds to show.
        interval: seconds between two snapshots.
    """

    act = None

    def __init__(
        self, groups: Sequence[str], window: float, interval: float = 0.25
    ) -> None:
        super().__init__(interval)
        self._groups = tuple(groups)
        self._window = window
        self._tails: dict[int, _Tail] = {}

    def _next(self, before: RebalanceSnapshot | None) -> RebalanceSnapshot:
        ticks = time.monotonic()
        for one in members.started():
            self._tails.setdefault(one.pid, _Tail(one))
        for tail in self._tails.values():
            tail.follow(ticks)
        found = _by_member(self._tails.values(), self._groups)
        return RebalanceSnapshot(time.time(), ticks, self._groups, found, self._window)


def _by_member(tails: Iterable[_Tail], groups: Sequence[str]) -> tuple[MemberFacts, ...]:
    """Return the members of the groups; one that was restarted is one."""
    known: dict[tuple[str, str], list[_Tail]] = {}
    for tail in tails:
        if tail.who and tail.who[0] in groups:
            known.setdefault(tail.who, []).append(tail)
    facts = (
        MemberFacts(*who, _together(of), any(one.member.alive for one in of))
        for who, of in known.items()
    )
    return tuple(sorted(facts, key=lambda one: one.name))


def _together(of: Sequence[_Tail]) -> tuple[Note, ...]:
    """Return the notes of all processes of one member, oldest first."""
    notes: list[Note] = []
    for tail, follower in pairwise(of):
        notes += _ended_before(tail.notes, follower.notes[0].at)
    return tuple(sorted([*notes, *of[-1].notes], key=lambda note: note.at))


def _ended_before(notes: Sequence[Note], start: float) -> list[Note]:
    """Put the end of a process before the start of the one that followed it.

    An end is seen late: the follower of a static member may hold its partitions then.
    """
    *told, last = notes
    if last.what == "ended" and told[-1].at <= start < last.at:
        return [*told, Note(start, "ended")]
    return list(notes)
