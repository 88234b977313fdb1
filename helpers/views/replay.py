"""A recording with its controls, above the view that was recorded."""

import time
from collections.abc import Callable
from typing import Any

from ipywidgets import (
    HTML,
    Button,
    Dropdown,
    FloatSlider,
    HBox,
    Layout,
    VBox,
)

from helpers.live.player import Player
from helpers.views.board import NodesBoard
from helpers.views.live_view import LiveView
from helpers.views.topic_views import PartitionMap, ReplicaBoard

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
VIEWS: dict[str, Callable[[str, Player], LiveView[Any]]] = {
    "nodes": lambda about, player: NodesBoard(player),
    "partitions": PartitionMap,
    "replicas": ReplicaBoard,
}
"""What shows the snapshots of each kind; a new kind of view is added here."""


class ReplayView:
    """Plays a recording: play, pause, step back and on, position and speed.

    Attributes:
        widget: what is shown.
        view: the same view as of live servers, without buttons on its cards.
        player: what moves it.
    """

    def __init__(self, player: Player) -> None:
        self.player = player
        header = player.recording.header
        self.view = VIEWS[header.kind](header.about, player)
        self._line = HTML()
        self.play = self._button("Pause", self._toggle)
        self.back = self._button("Step back", lambda: player.step(-1))
        self.on = self._button("Step on", lambda: player.step(1))
        self.slider = FloatSlider(0, min=0, max=player.length, step=0.1)
        self.speed = Dropdown(options=[(f"{s:g}×", s) for s in SPEEDS], value=1.0)
        self.widget = VBox(
            [
                self._line,
                HBox([self.play, self.back, self.on, self.slider, self.speed]),
                self.view.widget,
            ]
        )

    def stop(self) -> None:
        """Stop playing; what was shown last stays."""
        self.view.stop()

    def text(self) -> str:
        """Return what is shown, as lines of text."""
        return f"{self.line()}\n{self.view.text()}"

    def line(self) -> str:
        """Return what is played and where it is."""
        recorded = self.player.recording.header.recorded_at
        day = time.strftime("%d %B %Y", time.localtime(recorded)).lstrip("0")
        at = f"{self.player.position:.1f} s of {self.player.length:.1f} s"
        return f"A recording of {day} · {at}"

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        bundle: dict[str, Any] = self.widget._repr_mimebundle_()
        return {**bundle, "text/plain": self.text()}

    def _toggle(self) -> None:
        (self.player.pause if self.player.playing else self.player.play)()

    def _button(self, name: str, press: Callable[[], object]) -> Button:
        button = Button(description=name, tooltip=name, layout=Layout(width="auto"))
        button.on_click(lambda _: press())
        return button
