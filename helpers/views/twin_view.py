"""The live board of a topic and a stream side by side."""

from ipywidgets import HTML

from helpers.live.source import Source
from helpers.live.twin_snapshot import TwinSnapshot
from helpers.views.live_view import LiveView
from helpers.views.twin_render import board_html, board_text, header_html, log_html


class TwinBoard(LiveView[TwinSnapshot]):
    """The same events in Kafka and in Kinesis: what is what, and how far each is read.

    Args:
        about: told apart from other such boards by this.
        source: of snapshots; live, or a recording.
    """

    def __init__(self, about: str, source: Source[TwinSnapshot]) -> None:
        self._header, self._tables, self._log = HTML(), HTML(), HTML()
        super().__init__("twin", about, source, [self._header, self._tables, self._log])

    def _show(self, snapshot: TwinSnapshot) -> None:
        self._header.value = header_html(snapshot, self._note)
        self._tables.value = board_html(snapshot)
        self._log.value = log_html(snapshot)

    def _text(self, snapshot: TwinSnapshot) -> str:
        return board_text(snapshot, self._note)
