"""The live views of one topic."""

from ipywidgets import HTML

from helpers.live.source import Source
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.servers.interface import Role
from helpers.views.card import NodeCard
from helpers.views.cards import NodeCards
from helpers.views.live_view import LiveView
from helpers.views.nodes_render import log_html
from helpers.views.topic_render import (
    BOARD_TITLE,
    MAP_TITLE,
    board_text,
    header_html,
    map_text,
    table_html,
)


class PartitionMap(LiveView[TopicSnapshot]):
    """The partitions of a topic: who leads, who follows, how much is in each.

    Args:
        topic: its name.
        source: of snapshots; live, or a recording.
    """

    def __init__(self, topic: str, source: Source[TopicSnapshot]) -> None:
        self._header, self._table = HTML(), HTML()
        super().__init__("partitions", topic, source, [self._header, self._table])

    def _show(self, snapshot: TopicSnapshot) -> None:
        self._header.value = header_html(MAP_TITLE, snapshot, self._note)
        self._table.value = table_html(snapshot, with_bytes=True)

    def _text(self, snapshot: TopicSnapshot) -> str:
        return map_text(snapshot, self._note)


class ReplicaBoard(LiveView[TopicSnapshot]):
    """The nodes with their buttons, what each is to each partition, and a log.

    Args:
        topic: its name.
        source: of snapshots; live, or a recording.
    """

    def __init__(self, topic: str, source: Source[TopicSnapshot]) -> None:
        self._header, self._table, self._log = HTML(), HTML(), HTML()
        self._cards = NodeCards(source.act)
        widgets = [self._header, self._cards.widget, self._table, self._log]
        super().__init__("replicas", topic, source, widgets)

    @property
    def cards(self) -> dict[tuple[Role, int], NodeCard]:
        """The card of each node, by role and id."""
        return self._cards.by_name

    def _show(self, snapshot: TopicSnapshot) -> None:
        self._header.value = header_html(BOARD_TITLE, snapshot, self._note)
        self._cards.show(snapshot.nodes)
        self._table.value = table_html(snapshot, with_bytes=False)
        self._log.value = log_html(snapshot.nodes)

    def _text(self, snapshot: TopicSnapshot) -> str:
        return board_text(snapshot, self._note)

    def _ended(self) -> None:
        self._cards.disable()
