"""The live timeline of who owns what in groups of consumers."""

from ipywidgets import HTML

from helpers.inputs import InputError, public_methods
from helpers.live.ownership import Change, changes, holds, stops
from helpers.live.rebalance_snapshot import MemberFacts, RebalanceSnapshot
from helpers.live.source import Source
from helpers.views.live_view import LiveView
from helpers.views.rebalance_render import (
    board_text,
    changes_html,
    header_html,
    timeline_html,
)
from helpers.wording import shown


@public_methods
class RebalanceTimeline(LiveView[RebalanceSnapshot]):
    """Members as rows, what they hold as bars, their pauses, and what each change cost.

    Args:
        about: names of the groups.
        source: of snapshots; live, or a recording.
    """

    def __init__(self, about: str, source: Source[RebalanceSnapshot]) -> None:
        self._header, self._times, self._changes = HTML(), HTML(), HTML()
        widgets = [self._header, self._times, self._changes]
        super().__init__("rebalances", about, source, widgets)

    def holds(self, group: str, member: str) -> list[int]:
        """Return which partitions a member holds now; none if it has not started.

        Raises:
            InputError: this timeline does not show that group.
        """
        mine = (one for one in self._members(group) if one.name == member)
        found = (hold for one in mine for hold in holds(one.notes))
        return sorted(hold.partition for hold in found if hold.end is None)

    def last(self, group: str) -> Change:
        """Return the last change of a group: who stopped, who kept reading, how long.

        Raises:
            InputError: this timeline does not show that group, or nobody has joined it.
        """
        if found := changes(self._members(group)):
            return found[-1]
        raise InputError(f"Nobody has joined the group {group} yet: start a member.")

    def longest_stop(self, group: str) -> float:
        """Return how long a partition of a group was held by nobody, in seconds.

        The longest such time after somebody had held it; one that lasts counts so far.

        Raises:
            InputError: this timeline does not show that group.
        """
        gaps = stops(self._members(group))
        return max((gap.lasted(self.snapshot.until) for gap in gaps), default=0.0)

    def _members(self, group: str) -> tuple[MemberFacts, ...]:
        if group not in self.snapshot.groups:
            groups = ", ".join(self.snapshot.groups)
            raise InputError(f"This timeline shows {groups}, not {shown(group)}.")
        return self.snapshot.of(group)

    def _show(self, snapshot: RebalanceSnapshot) -> None:
        self._header.value = header_html(snapshot, self._note)
        self._times.value = timeline_html(snapshot)
        self._changes.value = changes_html(snapshot)

    def _text(self, snapshot: RebalanceSnapshot) -> str:
        return board_text(snapshot, self._note)
