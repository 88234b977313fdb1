"""The live board of a partition's segment files."""

from ipywidgets import HTML

from helpers.live.segments_snapshot import SegmentsSnapshot
from helpers.live.source import Source
from helpers.views.live_view import LiveView
from helpers.views.segments_render import (
    board_text,
    header_html,
    segments_log_html,
    table_html,
)


class SegmentBoard(LiveView[SegmentsSnapshot]):
    """Segment files that appear, close, are marked ``.deleted`` and go; and a log.

    Args:
        topic: whose partition.
        source: of snapshots; live, or a recording.
    """

    def __init__(self, topic: str, source: Source[SegmentsSnapshot]) -> None:
        self._header, self._table, self._log = HTML(), HTML(), HTML()
        super().__init__(
            "segments", topic, source, [self._header, self._table, self._log]
        )

    def _show(self, snapshot: SegmentsSnapshot) -> None:
        self._header.value = header_html(snapshot, self._note)
        self._table.value = table_html(snapshot)
        self._log.value = segments_log_html(snapshot)

    def _text(self, snapshot: SegmentsSnapshot) -> str:
        return board_text(snapshot, self._note)
