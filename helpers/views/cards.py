"""The cards of all nodes, laid out; some boards have them."""

from ipywidgets import (
    GridBox,
    Layout,
)

from helpers.live.snapshot import NodesSnapshot
from helpers.live.source import Act
from helpers.servers.interface import Role
from helpers.views.card import NodeCard

# All four in a row where there is room; as wide as their four buttons at least.
COLUMNS = "repeat(auto-fill, minmax(max(calc(var(--wb-size, 14px) * 15.4), 23%), 1fr))"
"""How wide the cards of a board are."""


class NodeCards:
    """A card for each node of a snapshot.

    Args:
        act: what a card's buttons call; None: no card has buttons.

    Attributes:
        widget: what to show.
        by_name: the cards, by role and id.
    """

    def __init__(self, act: Act | None) -> None:
        self.by_name: dict[tuple[Role, int], NodeCard] = {}
        self._act = act
        self.widget = GridBox(
            layout=Layout(grid_template_columns=COLUMNS, grid_gap="10px", width="100%")
        )

    def show(self, snapshot: NodesSnapshot) -> None:
        """Show each node as it is, on a card of its own."""
        self._arrange(snapshot)
        for node in snapshot.nodes:
            self.by_name[node.role, node.id].show(node, snapshot)

    def disable(self) -> None:
        """Take every button out of use."""
        for card in self.by_name.values():
            card.disable()

    def _arrange(self, snapshot: NodesSnapshot) -> None:
        """Lay out a card for each node, when there are others than before."""
        names = {(node.role, node.id) for node in snapshot.nodes}
        if names == set(self.by_name):
            return
        old = self.by_name
        self.by_name = {
            (n.role, n.id): old.get((n.role, n.id)) or NodeCard(n, self._act)
            for n in snapshot.nodes
        }
        self.widget.children = [card.widget for card in self.by_name.values()]
