"""The controls of a recording: play, pause, step, position and speed."""

import time
from collections.abc import Callable
from typing import Any

from ipywidgets import (
    HTML,
    Button,
    Dropdown,
    HBox,
    Layout,
    VBox,
)

from helpers.live.player import Player
from helpers.views.moved import MovedSlider
from helpers.views.style import span
from helpers.wording import plain

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
_TENTHS = 10


class ReplayKeys:
    """Moves a player, and shows where it is.

    Args:
        player: what is moved.

    Attributes:
        widget: what is shown.
        play: plays, pauses, and plays again from the begin.
        back: steps to the change before.
        on: steps to the next change.
        slider: the position, in tenths of a second from the begin.
        speed: how fast it plays.
    """

    def __init__(self, player: Player) -> None:
        self._player = player
        self._line = HTML()
        self.play = _button("Pause", self._toggle)
        self.back = _button("Step back", lambda: player.step(-1))
        self.on = _button("Step on", lambda: player.step(1))
        self.slider = _slider(player.length)
        self.speed = _choice(player.speed)
        self._shown = 0
        self.slider.observe(self._moved, "value")
        self.speed.observe(lambda change: player.set_speed(change["new"]), "value")
        self._keys = (self.play, self.back, self.on, self.slider, self.speed)
        keys = HBox(self._keys)
        keys.add_class("wb-keys")
        self.widget = VBox([self._line, keys])
        self.widget.add_class("wb-board")
        self.widget.add_class("wb-replay")
        self.show()

    def show(self) -> None:
        """Show where the player is; a widget sends only what differs from before."""
        playing = self._player.playing
        self.play.description = "Pause" if playing else "Play"
        self.play.tooltip = f"{self.play.description} the recording"
        with self.slider.moving:
            self._shown = _tenths(self._player.position)
            self.slider.value = self._shown
        title, *rest = self._words()
        self._line.value = f"{span('wb-title', title)}{span('wb-sub', ' · '.join(rest))}"

    def disable(self) -> None:
        """Take every control out of use: nobody listens any more."""
        for key in self._keys:
            key.disabled = True

    def text(self) -> str:
        """Return what is played, where it is and whether it goes on."""
        return " · ".join(self._words())

    def _words(self) -> tuple[str, ...]:
        recorded = time.localtime(self._player.recording.header.recorded_at)
        day = time.strftime("%d %B %Y", recorded).lstrip("0")
        position = min(self._player.position, self._player.length)
        return (
            f"A recording of {day}",
            f"{position:.1f} s of {self._player.length:.1f} s",
            f"playing at {plain(self._player.speed)}×"
            if self._player.playing
            else "paused",
        )

    def _toggle(self) -> None:
        (self._player.pause if self._player.playing else self._player.play)()

    def _moved(self, change: dict[str, Any]) -> None:
        """Follow the slider, unless it follows the player."""
        if change["new"] != self._shown:
            # Who moves it there and back before the next show has moved it twice.
            self._shown = change["new"]
            at_end = change["new"] == self.slider.max
            self._player.seek(self._player.length if at_end else change["new"] / _TENTHS)


def _button(name: str, press: Callable[[], object]) -> Button:
    tooltip = f"{name} in the recording"
    button = Button(description=name, tooltip=tooltip, layout=Layout(width="auto"))
    button.on_click(lambda _: press())
    return button


def _tenths(seconds: float) -> int:
    return round(seconds * _TENTHS)


def _slider(length: float) -> MovedSlider:
    return MovedSlider(
        value=0,
        min=0,
        max=max(_tenths(length), 1),
        readout=False,
        description="Position",
        tooltip="Position in the recording, in tenths of a second",
        layout=Layout(width="auto", flex="1 1 200px"),
    )


def _choice(speed: float) -> Dropdown:
    return Dropdown(
        options=[(f"{plain(one)}×", one) for one in sorted({*SPEEDS, speed})],
        value=speed,
        description="Speed",
        tooltip="How fast the recording plays",
        layout=Layout(width="auto"),
    )
