"""One consumer on the lag board: its facts, how slow it is, and its end."""

from collections.abc import Callable
from typing import Any

from ipywidgets import HTML, Button, HBox, Layout, VBox

from helpers.kafka.consumer_facts import ConsumerFacts
from helpers.live.lag_snapshot import LagSnapshot
from helpers.views.lag_render import consumer_classes, consumer_html
from helpers.views.moved import MovedList

PACES = (0, 5, 20, 50, 100, 200, 500, 1000)
"""Milliseconds of work a record that can be chosen."""

Do = Callable[[str, str, float], None]
"""Called with ``throttle``, ``remove`` or ``kill``, a name, and milliseconds."""


class LagCard:
    """The widgets of one consumer.

    Args:
        name: of the consumer.
        do: called when something is pressed or chosen; None where a recording plays.

    Attributes:
        widget: what to show.
        pace: how slow it is made.
        remove: ends it so that it leaves the group.
        kill: ends it at once.
    """

    def __init__(self, name: str, do: Do | None) -> None:
        self._name, self._do = name, do
        self._facts = HTML()
        self._seen = 0.0
        self._following = False
        self.pace = _choice(name)
        self.pace.observe(self._chosen, "value")
        self.remove = self._button("Remove", "remove")
        self.kill = self._button("Kill", "kill")
        self._keys = (self.pace, self.remove, self.kill)
        keys = HBox(self._keys)
        keys.add_class("wb-keys")
        parts = [self._facts, keys] if do else [self._facts]
        self.widget = VBox(parts, layout=Layout(min_width="0"))

    def show(self, one: ConsumerFacts, snapshot: LagSnapshot) -> None:
        """Show the consumer as it is; what has not changed is not sent."""
        self._facts.value = consumer_html(one, snapshot)
        self.widget._dom_classes = consumer_classes(one, snapshot)
        # Only what is new: until then the list may be ahead, by what was just chosen.
        if one.milliseconds != self._seen:
            self._seen = one.milliseconds
            self._follow(one.milliseconds)
        for key in self._keys:
            key.disabled = one.state != "running"

    def disable(self) -> None:
        """Take every control out of use: nobody listens any more."""
        for key in self._keys:
            key.disabled = True

    def _follow(self, milliseconds: float) -> None:
        """Choose what a cell has asked for, without asking for it again."""
        known = {value for _, value in self.pace.options}
        with self.pace.moving:
            # New options choose the first of them for a moment.
            self._following = True
            if milliseconds not in known:
                self.pace.options = _options({*known, milliseconds})
            self.pace.value = milliseconds
            self._following = False

    def _chosen(self, change: dict[str, Any]) -> None:
        """Follow the list, unless it follows the consumer."""
        if self._do and not self._following:
            self._do("throttle", self._name, change["new"])

    def _button(self, name: str, verb: str) -> Button:
        tooltip = f"{name} {self._name}"
        button = Button(description=name, tooltip=tooltip, layout=Layout(width="auto"))
        button.on_click(lambda _: self._do and self._do(verb, self._name, 0))
        return button


def _choice(name: str) -> MovedList:
    return MovedList(
        options=_options(set(map(float, PACES))),
        value=0.0,
        description="Work a record",
        tooltip=f"Milliseconds of work that each record is to {name}",
        style={"description_width": "initial"},
        layout=Layout(width="auto"),
    )


def _options(paces: set[float]) -> list[tuple[str, float]]:
    return [(f"{one:,g} ms", one) for one in sorted(paces)]
