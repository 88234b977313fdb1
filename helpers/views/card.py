"""One node on the board: its facts, and buttons that act on it."""

from ipywidgets import (
    HTML,
    Button,
    HBox,
    Layout,
    VBox,
)

from helpers.live.snapshot import NodeFacts, NodesSnapshot, Verb
from helpers.live.source import Act
from helpers.live.words import node_inside
from helpers.views.nodes_render import card_classes, card_html
from helpers.views.phrases import possible

_ORDER: tuple[Verb, ...] = ("stop", "kill", "pause", "start")
_NO_VERBS: frozenset[Verb] = frozenset()


class NodeCard:
    """The widgets of one node.

    Args:
        node: which one.
        act: called with verb, role and id when a button is pressed; None where nodes
            are only to be looked at: then no button is shown.

    Attributes:
        widget: what to show.
        buttons: by what they are for; ``pause`` resumes a node that is paused.
    """

    def __init__(self, node: NodeFacts, act: Act | None) -> None:
        self._role, self._id = node.role, node.id
        self._act = act
        self._facts = HTML()
        self._second: Verb = "pause"
        self.buttons = {verb: self._button(verb) for verb in _ORDER}
        keys = HBox([self.buttons[verb] for verb in _ORDER])
        keys.add_class("wb-keys")
        parts = [self._facts, keys] if act else [self._facts]
        self.widget = VBox(parts, layout=Layout(min_width="0"))

    def show(self, node: NodeFacts, snapshot: NodesSnapshot) -> None:
        """Show the node as it is; what has not changed is not sent."""
        self._facts.value = card_html(node, snapshot.ticks)
        self.widget._dom_classes = card_classes(node)
        verbs = possible(node, snapshot)
        if {"pause", "resume"} & verbs:
            self._name_second("resume" if "resume" in verbs else "pause")
        self._enable(verbs)

    def disable(self) -> None:
        """Take every button out of use: nobody listens any more."""
        self._enable(_NO_VERBS)

    def _enable(self, verbs: frozenset[Verb]) -> None:
        for verb, button in self.buttons.items():
            button.disabled = (self._second if verb == "pause" else verb) not in verbs

    def _name_second(self, verb: Verb) -> None:
        self._second = verb
        self._label(self.buttons["pause"], verb)

    def _button(self, verb: Verb) -> Button:
        button = Button(disabled=True, layout=Layout(width="auto"))
        self._label(button, verb)
        button.on_click(lambda _: self._press(verb))
        return button

    def _label(self, button: Button, verb: Verb) -> None:
        button.description = verb.title()
        button.tooltip = f"{verb.title()} {node_inside(self._role, self._id)}"

    def _press(self, verb: Verb) -> None:
        if self._act:
            self._act(self._second if verb == "pause" else verb, self._role, self._id)
