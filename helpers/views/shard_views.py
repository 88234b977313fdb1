"""The live view of one Kinesis stream."""

from ipywidgets import HTML

from helpers.live.source import Source
from helpers.live.stream_snapshot import StreamSnapshot
from helpers.views.live_view import LiveView
from helpers.views.shard_render import header_html, log_html, map_html, map_text


class ShardMap(LiveView[StreamSnapshot]):
    """The shards of a stream as spans of the hash range, with loads and lineage.

    Args:
        stream: its name.
        source: of snapshots; live, or a recording.
    """

    def __init__(self, stream: str, source: Source[StreamSnapshot]) -> None:
        self._header, self._map, self._log = HTML(), HTML(), HTML()
        widgets = [self._header, self._map, self._log]
        super().__init__("shards", stream, source, widgets)

    def _show(self, snapshot: StreamSnapshot) -> None:
        self._header.value = header_html(snapshot, self._note)
        self._map.value = map_html(snapshot)
        self._log.value = log_html(snapshot)

    def _text(self, snapshot: StreamSnapshot) -> str:
        return map_text(snapshot, self._note)
