"""Who owns which partitions of a topic, as the members of groups tell it themselves."""

from dataclasses import dataclass
from typing import Literal

What = Literal["started", "assigned", "revoked", "lost", "reads", "leaves", "ended"]
"""What a member tells: it started; partitions came, were given up, were taken away from
it; it handles the first record of a partition that came; it says good-bye. ``ended`` is
what is seen from outside when it is gone without that."""


@dataclass(frozen=True)
class Note:
    """One thing that happened to a member.

    Attributes:
        at: monotonic seconds, which all processes of a machine share.
        what: happened.
        partitions: it happened to; may be empty.
    """

    at: float
    what: What
    partitions: tuple[int, ...] = ()


@dataclass(frozen=True)
class MemberFacts:
    """One member of a group, restarted or not.

    Attributes:
        group: its group.
        name: its own.
        notes: what happened to it, oldest first.
        alive: whether its process runs.
    """

    group: str
    name: str
    notes: tuple[Note, ...] = ()
    alive: bool = True


@dataclass(frozen=True)
class RebalanceSnapshot:
    """Everything that the rebalance timeline shows.

    Attributes:
        taken_at: seconds since the epoch.
        ticks: the same moment in monotonic seconds.
        groups: names of the groups, in the order to show them.
        members: of these groups, in the order of their names.
        window: how many of the last seconds to show.
    """

    taken_at: float
    ticks: float
    groups: tuple[str, ...]
    members: tuple[MemberFacts, ...] = ()
    window: float = 30.0

    def of(self, group: str) -> tuple[MemberFacts, ...]:
        """Return the members of one group."""
        return tuple(one for one in self.members if one.group == group)

    @property
    def until(self) -> float:
        """Where the timeline ends: now, or with the last note when all have ended."""
        if any(one.alive for one in self.members):
            return self.ticks
        return max((one.notes[-1].at for one in self.members), default=self.ticks)

    @property
    def first(self) -> float:
        """When the first member started."""
        return min((one.notes[0].at for one in self.members), default=self.ticks)

    @property
    def told(self) -> bool:
        """Always: nobody is asked."""
        return True
