"""Charts, and the live views of the lesson that this kernel is in."""

from typing import TYPE_CHECKING

from helpers import views
from helpers.course import current
from helpers.views.chart import bars, lines

if TYPE_CHECKING:
    from helpers.views.board import NodesBoard

__all__ = ["bars", "lines", "nodes"]


def nodes() -> "NodesBoard":
    """Show every node live, with buttons to stop, kill, pause and start it."""
    return views.nodes(current.lesson().cluster)
