"""The live board of the nodes."""

from typing import Any

from ipywidgets import (
    HTML,
    GridBox,
    Layout,
    VBox,
)

from helpers.live.poller import NodesPoller
from helpers.live.snapshot import NodeFacts, NodesSnapshot
from helpers.live.words import clock
from helpers.servers.interface import BREAK_NODES, Cluster, Role
from helpers.views.card import NodeCard
from helpers.views.nodes_render import board_text, header_html, log_html
from helpers.views.running import Running
from helpers.views.style import stylesheet

# Three in a row where there is room, so that the brokers stand side by side.
_COLUMNS = "repeat(auto-fill, minmax(max(215px, 30%), 1fr))"


class NodesBoard:
    """Every node with its state, its leaders and its buttons, and a log below.

    It is live from the moment it is made until :meth:`stop`, until another such
    board is made, or until the kernel ends.

    Args:
        cluster: whose nodes; it may be down, and come and go.

    Attributes:
        widget: what is shown.
        cards: by role and id.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cards: dict[tuple[Role, int], NodeCard] = {}
        self._header, self._log = HTML(), HTML()
        self._grid = GridBox(
            layout=Layout(grid_template_columns=_COLUMNS, grid_gap="10px", width="100%")
        )
        self.widget = VBox([HTML(stylesheet()), self._header, self._grid, self._log])
        self.widget.layout.grid_gap = "8px"
        self.widget.add_class("wb-board")
        self._poller = NodesPoller(cluster)
        self._may_act = BREAK_NODES in cluster.abilities
        self._note = ""
        self._last = self._poller.take()
        self._show(self._last)
        self._running = Running("nodes", self._follow, self._poller.close)

    def stop(self) -> None:
        """Stop looking; the board keeps what it showed last and says so."""
        self._running.stop()

    def text(self) -> str:
        """Return everything that the board shows, as lines of text."""
        return board_text(self._last, self._note)

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """Return the widget, and the text for whoever cannot show one."""
        bundle: dict[str, Any] = self.widget._repr_mimebundle_()
        return {**bundle, "text/plain": self.text()}

    def _follow(self) -> None:
        """Show each snapshot until the poller is closed; the only thread that does."""
        for snapshot in self._poller.snapshots():
            self._last = snapshot
            self._show(snapshot)
        at = clock(self._last.taken_at, tenths=False)
        self._note = f"This board stopped at {at}: run its cell again to go on."
        self._show(self._last)
        for card in self.cards.values():
            card.disable()

    def _show(self, snapshot: NodesSnapshot) -> None:
        """Set what to show; a widget sends only what differs from before."""
        self._arrange(snapshot.nodes)
        self._header.value = header_html(snapshot, self._note)
        for node in snapshot.nodes:
            self.cards[node.role, node.id].show(node, snapshot)
        self._log.value = log_html(snapshot)

    def _arrange(self, nodes: tuple[NodeFacts, ...]) -> None:
        """Lay out a card for each node, when there are others than before."""
        names = {(node.role, node.id) for node in nodes}
        if names == set(self.cards):
            return
        old, act = self.cards, self._poller.actions.begin if self._may_act else None
        self.cards = {
            (n.role, n.id): old.get((n.role, n.id)) or NodeCard(n, act) for n in nodes
        }
        self._grid.children = [card.widget for card in self.cards.values()]
