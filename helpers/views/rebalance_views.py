"""The live timeline of who owns what in groups of consumers."""

from ipywidgets import HTML

from helpers.live.rebalance_snapshot import RebalanceSnapshot
from helpers.live.source import Source
from helpers.views.live_view import LiveView
from helpers.views.rebalance_render import (
    board_text,
    changes_html,
    header_html,
    timeline_html,
)


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

    def _show(self, snapshot: RebalanceSnapshot) -> None:
        self._header.value = header_html(snapshot, self._note)
        self._times.value = timeline_html(snapshot)
        self._changes.value = changes_html(snapshot)

    def _text(self, snapshot: RebalanceSnapshot) -> str:
        return board_text(snapshot, self._note)
