"""The live board of windows of event time."""

from ipywidgets import HTML

from helpers.live.source import Source
from helpers.live.windows_snapshot import WindowsSnapshot
from helpers.views.live_view import LiveView
from helpers.views.windows_chart import chart_html
from helpers.views.windows_render import board_text, header_html, windows_log_html


class WindowsBoard(LiveView[WindowsSnapshot]):
    """Reports by event time and arrival, the watermark, the windows that it closes.

    Args:
        topic: whose reports.
        source: of snapshots; live, or a recording.
    """

    def __init__(self, topic: str, source: Source[WindowsSnapshot]) -> None:
        self._header, self._chart, self._log = HTML(), HTML(), HTML()
        widgets = [self._header, self._chart, self._log]
        super().__init__("windows", topic, source, widgets)

    def _show(self, snapshot: WindowsSnapshot) -> None:
        self._header.value = header_html(snapshot, self._note)
        self._chart.value = chart_html(snapshot)
        self._log.value = windows_log_html(snapshot)

    def _text(self, snapshot: WindowsSnapshot) -> str:
        return board_text(snapshot, self._note)
