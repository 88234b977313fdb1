"""Boards and charts, as a picture and as text."""

from typing import TYPE_CHECKING

from helpers.servers.interface import Cluster

if TYPE_CHECKING:
    from helpers.views.board import NodesBoard

__all__ = ["nodes"]


def nodes(cluster: Cluster) -> "NodesBoard":
    """Return a live board of every node, with buttons to stop, kill, pause and start.

    One such board is live at a time: an older one stops when a new one is made.

    Args:
        cluster: whose nodes.
    """
    # Imported here: widgets take half a second, and not every caller shows any.
    from helpers.views.board import NodesBoard

    return NodesBoard(cluster)
