"""A recording with its controls, above the view that was recorded."""

from collections.abc import Callable
from typing import Any

from ipywidgets import VBox

from helpers.inputs import public_methods
from helpers.live.player import Player
from helpers.views.board import NodesBoard
from helpers.views.docked import Output
from helpers.views.lag_board import LagBoard
from helpers.views.live_view import LiveView
from helpers.views.rebalance_views import RebalanceTimeline
from helpers.views.replay_keys import ReplayKeys
from helpers.views.segments_view import SegmentBoard
from helpers.views.shard_views import ShardMap
from helpers.views.topic_views import PartitionMap, ReplicaBoard
from helpers.views.twin_view import TwinBoard
from helpers.views.windows_view import WindowsBoard

VIEWS: dict[str, Callable[[str, Player], LiveView[Any]]] = {
    "lag": LagBoard,
    "nodes": lambda about, player: NodesBoard(player, about),
    "partitions": PartitionMap,
    "rebalances": RebalanceTimeline,
    "replicas": ReplicaBoard,
    "segments": SegmentBoard,
    "shards": ShardMap,
    "twin": TwinBoard,
    "windows": WindowsBoard,
}
"""What shows the snapshots of each kind; a new kind of view is added here."""


@public_methods
class ReplayView:
    """Plays a recording in the view that was recorded; ends as every live view does.

    Args:
        player: has the recording.

    Attributes:
        widget: what is shown.
        view: the same view as of live servers, without buttons on its cards.
        keys: play, pause, step, position and speed.
        player: what moves it.
    """

    def __init__(self, player: Player) -> None:
        header = player.recording.header
        self.player = player
        # Not the name that the live view has: that one may stay live beside it.
        self.view = VIEWS[header.kind](f"{header.about}, recorded", player)
        self.keys = ReplayKeys(player)
        self.widget = VBox([self.keys.widget, self.view.widget])
        self.widget.add_class("wb-recorded")
        self.view.listen(lambda _: self.keys.show())
        self._output = Output(self.widget, f"Recording of {self.view.kind}")
        self.view.at_end(self._end)

    def stop(self) -> None:
        """Stop playing; what was shown last stays."""
        self.view.stop()

    def text(self) -> str:
        """Return everything that is shown, as lines of text."""
        return f"{self.keys.text()}\n{self.view.text()}"

    def __repr__(self) -> str:
        return self.text()

    def _ipython_display_(self) -> None:
        self._output.show(self.text())

    def _end(self) -> None:
        self.keys.disable()
        self._output.keep(self.text())
