"""A board's output: beside the notebook while it lives, a picture in it afterwards."""

from uuid import uuid4

from IPython.display import display, update_display
from ipywidgets import Widget

from helpers.settings import Settings
from helpers.views.still import mimebundle, picture

# The extension in helpers/lab/docking shows it; no other front end knows it.
_BOARD = "application/vnd.streaming-workbook.board+json"


class Output:
    """The outputs of a notebook in which one board is shown.

    Args:
        widget: the board.
        title: what its tab is called where JupyterLab shows it beside the notebook.
    """

    def __init__(self, widget: Widget, title: str) -> None:
        self._widget = widget
        self._title = title
        self._display_id = f"board-{uuid4()}"
        self._is_shown = self._has_ended = False

    def show(self, text: str) -> None:
        """Show the board, live; where no widget can be shown, what it shows now.

        Args:
            text: the same facts.
        """
        board = {_BOARD: {"title": self._title}} if _docks() else {}
        live = {**mimebundle(self._widget, text), **board}
        data = picture(self._widget, text) if self._has_ended else live
        display(data, raw=True, display_id=self._display_id)
        self._is_shown = True

    def keep(self, text: str) -> None:
        """Leave what the board shows now in the notebook, for good.

        A page that was loaded again does not hear of an output's change, but of the
        widget's class.

        Args:
            text: the same facts.
        """
        self._has_ended = True
        self._widget.add_class("wb-ended")
        if self._is_shown:
            kept = picture(self._widget, text)
            update_display(kept, raw=True, display_id=self._display_id)


def _docks() -> bool:
    return Settings.from_environment().docks
