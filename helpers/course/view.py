"""Charts, and the live views of the lesson that this kernel is in."""

from typing import TYPE_CHECKING

from helpers import views
from helpers.course import current, errors
from helpers.views import record, recording
from helpers.views.chart import bars, lines

if TYPE_CHECKING:
    from helpers.views.board import NodesBoard
    from helpers.views.panel import Experiment, Panel
    from helpers.views.panel_controls import Choices
    from helpers.views.shard_views import ShardMap
    from helpers.views.topic_views import PartitionMap, ReplicaBoard

__all__ = [
    "bars",
    "lines",
    "nodes",
    "panel",
    "partitions",
    "record",
    "recording",
    "replicas",
    "shards",
]


def nodes() -> "NodesBoard":
    """Show every node live, with buttons to stop, kill, pause and start it."""
    return views.nodes(current.lesson().cluster)


def partitions(topic: str) -> "PartitionMap":
    """Show a topic's partitions live: who leads, who follows, how much is in each."""
    return views.partitions(current.lesson().cluster, topic)


def replicas(topic: str) -> "ReplicaBoard":
    """Show the nodes with their buttons and what each is to a topic's partitions."""
    return views.replicas(current.lesson().cluster, topic)


def shards(stream: str) -> "ShardMap":
    """Show a stream's shards live: hash ranges, partition keys, loads, parents."""
    return views.shards(stream, current.lesson().governor)


def panel(run: "Experiment", **choices: "Choices") -> "Panel":
    """Show an experiment with its settings, a button, and a table of the last runs.

    Args:
        run: takes each setting by name, and returns what it measured: numbers by names
            that carry their units, such as ``{"records a second": 48000}``.
        choices: by the name of each setting, what can be chosen.

    Raises:
        ValueError: a setting has nothing to choose from.
    """
    # Imported here: widgets take half a second, and not every lesson shows any.
    from helpers.views.panel import Panel

    return Panel(run, choices, lambda error: errors.sentence(error) or repr(error))
