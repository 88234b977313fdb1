"""The live views, each of the lesson that this kernel is in."""

from typing import TYPE_CHECKING

from helpers import views
from helpers.course import current

if TYPE_CHECKING:
    from helpers.views.board import NodesBoard


def nodes() -> "NodesBoard":
    """Show every node live, with buttons to stop, kill, pause and start it."""
    return views.nodes(current.lesson().cluster)
