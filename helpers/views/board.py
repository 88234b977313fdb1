"""The live board of the nodes."""

from ipywidgets import HTML

from helpers.live.snapshot import NodesSnapshot
from helpers.live.source import Source
from helpers.servers.interface import Role
from helpers.views.card import NodeCard
from helpers.views.cards import NodeCards
from helpers.views.live_view import LiveView
from helpers.views.nodes_render import board_text, header_html, log_html


class NodesBoard(LiveView[NodesSnapshot]):
    """Every node with its state, its leaders and its buttons, and a log below.

    It is live from the moment it is made until :meth:`stop`, until another such
    board is made, or until the kernel ends.

    Args:
        source: of snapshots; live, or a recording.
        about: told apart from other such boards by this; one about each is live.
    """

    def __init__(self, source: Source[NodesSnapshot], about: str = "") -> None:
        self._header, self._log = HTML(), HTML()
        self._cards = NodeCards(source.act)
        widgets = [self._header, self._cards.widget, self._log]
        super().__init__("nodes", about, source, widgets)

    @property
    def cards(self) -> dict[tuple[Role, int], NodeCard]:
        """The card of each node, by role and id."""
        return self._cards.by_name

    def _show(self, snapshot: NodesSnapshot) -> None:
        self._header.value = header_html(snapshot, self._note)
        self._cards.show(snapshot)
        self._log.value = log_html(snapshot)

    def _text(self, snapshot: NodesSnapshot) -> str:
        return board_text(snapshot, self._note)

    def _ended(self) -> None:
        self._cards.disable()
