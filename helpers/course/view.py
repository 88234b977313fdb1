"""Charts, and the live views of the lesson that this kernel is in."""

from typing import TYPE_CHECKING

from helpers import views
from helpers.course import current
from helpers.views import record, recording
from helpers.views.chart import bars, lines

if TYPE_CHECKING:
    from helpers.views.board import NodesBoard
    from helpers.views.topic_views import PartitionMap, ReplicaBoard

__all__ = ["bars", "lines", "nodes", "partitions", "record", "recording", "replicas"]


def nodes() -> "NodesBoard":
    """Show every node live, with buttons to stop, kill, pause and start it."""
    return views.nodes(current.lesson().cluster)


def partitions(topic: str) -> "PartitionMap":
    """Show a topic's partitions live: who leads, who follows, how much is in each."""
    return views.partitions(current.lesson().cluster, topic)


def replicas(topic: str) -> "ReplicaBoard":
    """Show the nodes with their buttons and what each is to a topic's partitions."""
    return views.replicas(current.lesson().cluster, topic)
