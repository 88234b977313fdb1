"""Charts, and the live views of the lesson that this kernel is in."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from helpers import views
from helpers.course import current, errors
from helpers.inputs import public
from helpers.views import record, recording
from helpers.views.chart import bars, lines

if TYPE_CHECKING:
    from helpers.views.board import NodesBoard
    from helpers.views.lag_board import LagBoard
    from helpers.views.panel import Panel
    from helpers.views.rebalance_views import RebalanceTimeline
    from helpers.views.segments_view import SegmentBoard
    from helpers.views.shard_views import ShardMap
    from helpers.views.topic_views import PartitionMap, ReplicaBoard
    from helpers.views.twin_view import TwinBoard
    from helpers.views.windows_view import WindowsBoard

__all__ = [
    "bars",
    "lag",
    "lines",
    "nodes",
    "panel",
    "partitions",
    "rebalances",
    "record",
    "recording",
    "replicas",
    "segments",
    "shards",
    "twin",
    "windows",
]


@public
def nodes() -> "NodesBoard":
    """Show every node live, with buttons to stop, kill, pause and start it."""
    return views.nodes(current.lesson().cluster)


@public
def partitions(topic: str) -> "PartitionMap":
    """Show a topic's partitions live: who leads, who follows, how much is in each."""
    return views.partitions(current.lesson().cluster, topic)


@public
def rebalances(*groups: str, window: float = 30) -> "RebalanceTimeline":
    """Show who owns what in groups, as their members' own processes tell it.

    Args:
        groups: their names, from top to bottom.
        window: how many of the last seconds to show.
    """
    return views.rebalances(*groups, window=window)


@public
def replicas(topic: str) -> "ReplicaBoard":
    """Show the nodes with their buttons and what each is to a topic's partitions."""
    return views.replicas(current.lesson().cluster, topic)


@public
def segments(topic: str, partition: int = 0) -> "SegmentBoard":
    """Show a partition's segment files live: how they appear, close, age and go."""
    return views.segments(current.lesson().cluster, topic, partition)


@public
def lag(
    group: str,
    topic: str,
    script: str | None = None,
    settings: Mapping[str, object] | None = None,
) -> "LagBoard":
    """Show how far a group is behind, with buttons to add, slow and end consumers.

    Args:
        group: its name; there need not be such a group yet.
        topic: its name; there need not be such a topic yet.
        script: what a consumer that is added runs: a file in the lesson's folder, which
            gets topic, group and the file that says how slow it is; None is the
            course's own.
        settings: further settings of the consumers that are added, such as
            ``{"group.protocol": "consumer"}``.

    Raises:
        InputError: no group or topic can have that name, there is no such script, or
            no consumer can have such settings.
    """
    from helpers.course.crews import crew

    lesson = current.lesson()
    made = crew(lesson, group, topic, script, settings)
    return views.lag(lesson.cluster, group, topic, made)


@public
def shards(stream: str) -> "ShardMap":
    """Show a stream's shards live: hash ranges, partition keys, loads, parents."""
    return views.shards(stream, current.lesson().governor)


@public
def twin(
    topic: str,
    group: str,
    stream: str,
    checkpoints: Callable[[], Mapping[str, str | None]] | None = None,
) -> "TwinBoard":
    """Show a topic with its group beside a stream: what is what, how far each is read.

    Args:
        topic: its name.
        group: its name.
        stream: its name.
        checkpoints: a function without arguments that returns, by shard id, the
            sequence number of the last record that is done; None: nobody tells.

    Raises:
        InputError: nothing can have one of these names, or that is no function.
    """
    return views.twin(current.lesson().cluster, topic, group, stream, checkpoints)


@public
def windows(topic: str, hours: float = 1, lateness: float = 1) -> "WindowsBoard":
    """Show live what a windowed job makes of a topic of flights: taken, late, closed.

    Args:
        topic: its name; there need not be such a topic yet.
        hours: how long a tumbling window is, from half an hour to a day.
        lateness: how many hours the watermark stays behind the newest event time.

    Raises:
        InputError: no topic can have that name, or a window or a watermark is no such
            number of hours.
    """
    return views.windows(current.lesson().cluster, topic, hours, lateness)


@public
def panel(
    run: Callable[..., Mapping[str, float]], **choices: Sequence[str | float]
) -> "Panel":
    """Show an experiment with its settings, a button, and a table of the last runs.

    Args:
        run: takes each setting by name, and returns what it measured: numbers by names
            that carry their units, such as ``{"records a second": 48000}``.
        choices: by the name of each setting, what can be chosen.

    Raises:
        InputError: a setting has nothing to choose from.
    """
    # Imported here: widgets take half a second, and not every lesson shows any.
    from helpers.views.panel import Panel

    return Panel(run, choices, lambda error: errors.sentence(error) or repr(error))
