"""Boards and charts, as a picture and as text."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers import names
from helpers.inputs import InputError, public, seconds
from helpers.servers.interface import READ_FILES, Cluster
from helpers.settings import PROJECT_ROOT
from helpers.wording import shown

# Widgets and Kafka's client take half a second to import, and not every caller shows
# any: each function imports what it needs.
if TYPE_CHECKING:
    from helpers.kafka.crew import Crew
    from helpers.kinesis.governor import Governor
    from helpers.live.places_watch import Checkpoints
    from helpers.views.board import NodesBoard
    from helpers.views.lag_board import LagBoard
    from helpers.views.live_view import LiveView
    from helpers.views.rebalance_views import RebalanceTimeline
    from helpers.views.replay import ReplayView
    from helpers.views.segments_view import SegmentBoard
    from helpers.views.shard_views import ShardMap
    from helpers.views.topic_views import PartitionMap, ReplicaBoard
    from helpers.views.twin_view import TwinBoard
    from helpers.views.windows_view import WindowsBoard

__all__ = [
    "lag",
    "nodes",
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

# Bytes: of the 255 that most systems allow, with room for what is added to it.
_LONGEST_NAME = 200
# Of a window: the columns of a day are wide enough for a mark, and a day is one.
_SHORTEST_HOURS, _LONGEST_HOURS = 0.5, 24.0
# All of February.
_MOST_LATENESS = 28 * 24.0

SHIPPED = PROJECT_ROOT / "data" / "recordings"


def nodes(cluster: Cluster) -> "NodesBoard":
    """Return a live board of every node, with buttons to stop, kill, pause and start.

    One such board is live at a time: an older one stops when a new one is made.

    Args:
        cluster: whose nodes.
    """
    from helpers.live.poller import NodesPoller
    from helpers.views.board import NodesBoard

    return NodesBoard(NodesPoller(cluster))


def partitions(cluster: Cluster, topic: str) -> "PartitionMap":
    """Return a live map of a topic's partitions: leaders, replicas, records, bytes.

    One such map of a topic is live at a time.

    Args:
        cluster: where the topic is.
        topic: its name.

    Raises:
        InputError: no topic can have that name.
    """
    from helpers.live.topic_poller import TopicPoller
    from helpers.views.topic_views import PartitionMap

    topic = names.checked(topic, names.TOPIC_NAME_LIMIT)
    return PartitionMap(topic, TopicPoller(cluster, topic))


def replicas(cluster: Cluster, topic: str) -> "ReplicaBoard":
    """Return a live board of the nodes with buttons, joined to a topic's partitions.

    One such board of a topic is live at a time.

    Args:
        cluster: where the topic is.
        topic: its name.

    Raises:
        InputError: no topic can have that name.
    """
    from helpers.live.topic_poller import TopicPoller
    from helpers.views.topic_views import ReplicaBoard

    topic = names.checked(topic, names.TOPIC_NAME_LIMIT)
    return ReplicaBoard(topic, TopicPoller(cluster, topic))


def segments(cluster: Cluster, topic: str, partition: int = 0) -> "SegmentBoard":
    """Return a live board of the segment files of one partition.

    One such board of a topic is live at a time.

    Args:
        cluster: where the topic is.
        topic: its name.
        partition: whose segments.

    Raises:
        InputError: no topic can have that name, no partition that number, or nobody
            here can read a broker's files.
    """
    from helpers.live.segments_poller import SegmentsPoller
    from helpers.views.segments_view import SegmentBoard

    topic = names.checked(topic, names.TOPIC_NAME_LIMIT)
    if not 0 <= partition <= names.LAST_PARTITION:
        raise InputError(
            f"A partition is a whole number from 0 on, such as 0, not {shown(partition)}."
        )
    if READ_FILES not in cluster.abilities:
        raise InputError(
            f"These servers do not let you {READ_FILES}, which a segment board shows: "
            'play view.recording("10_retention") instead.'
        )
    return SegmentBoard(topic, SegmentsPoller(cluster, topic, partition))


def lag(
    cluster: Cluster, group: str, topic: str, crew: "Crew | None" = None
) -> "LagBoard":
    """Return a live board of how far a group is behind in a topic.

    One such board of a group in a topic is live at a time.

    Args:
        cluster: where both are.
        group: its name; there need not be such a group yet.
        topic: its name; there need not be such a topic yet.
        crew: starts and ends consumers of the group; None: the board only looks.

    Raises:
        InputError: no group or topic can have that name.
    """
    from helpers.live.lag_poller import LagPoller
    from helpers.views.lag_board import LagBoard

    group = names.checked(group, names.TOPIC_NAME_LIMIT)
    topic = names.checked(topic, names.TOPIC_NAME_LIMIT)
    # Both ends carry the marks by which a lesson knows its own.
    about = f"{topic} {group}"
    return LagBoard(about, LagPoller(cluster, group, topic, crew), crew)


def rebalances(*groups: str, window: float = 30) -> "RebalanceTimeline":
    """Return a live timeline of who owns what in groups of consumers.

    Members are scripts that this process started, and tell of themselves: each prints
    a line of JSON when it has ``started``, when partitions are ``assigned``,
    ``revoked`` or ``lost``, when it ``reads`` the first record of one that came, and
    when it ``leaves``. Keys: ``at`` (monotonic seconds), ``group``, ``member``,
    ``what``, ``partitions``.

    Args:
        groups: names of the groups, from top to bottom.
        window: how many of the last seconds to show.

    Raises:
        InputError: there is no group, no group can have that name, or that is no
            number of seconds.
    """
    from helpers.live.rebalance_poller import RebalancePoller
    from helpers.views.rebalance_views import RebalanceTimeline

    if not groups:
        raise InputError(
            "rebalances takes the names of one or more groups, such as "
            "lesson.group('eager')."
        )
    checked = [names.checked(one, names.TOPIC_NAME_LIMIT) for one in groups]
    source = RebalancePoller(checked, seconds(window, "rebalances"))
    return RebalanceTimeline(", ".join(checked), source)


def shards(stream: str, governor: "Governor | None" = None) -> "ShardMap":
    """Return a live map of a stream's shards: hash ranges, keys, loads, lineage.

    It asks the Kinesis that ``boto3`` finds, and reads every shard as a consumer does.
    One such map of a stream is live at a time.

    Args:
        stream: its name.
        governor: the quotas that the course applies, if any.

    Raises:
        InputError: no stream can have that name.
    """
    from helpers.live.stream_poller import StreamPoller
    from helpers.views.shard_views import ShardMap

    stream = names.checked(stream, names.KINESIS_NAME_LIMIT)
    return ShardMap(stream, StreamPoller(stream, governor))


def twin(
    cluster: Cluster,
    topic: str,
    group: str,
    stream: str,
    checkpoints: "Checkpoints | None" = None,
) -> "TwinBoard":
    """Return a live board of a topic with its group, beside a stream.

    One such board of the three is live at a time.

    Args:
        cluster: where topic and group are.
        topic: its name; there need not be such a topic yet.
        group: its name; there need not be such a group yet.
        stream: its name, in the Kinesis that ``boto3`` finds.
        checkpoints: a function without arguments that returns, by shard id, the
            sequence number of the last record that is done; called about once a second,
            on a thread of the board's. None: nobody tells.

    Raises:
        InputError: nothing can have one of these names.
    """
    from helpers.live.twin_poller import TwinPoller
    from helpers.views.twin_view import TwinBoard

    topic = names.checked(topic, names.TOPIC_NAME_LIMIT)
    group = names.checked(group, names.TOPIC_NAME_LIMIT)
    stream = names.checked(stream, names.KINESIS_NAME_LIMIT)
    source = TwinPoller(cluster, topic, group, stream, checkpoints)
    # Both ends carry the marks by which a lesson knows its own.
    return TwinBoard(f"{topic} {group} {stream}", source)


def windows(
    cluster: Cluster, topic: str, hours: float = 1, lateness: float = 1
) -> "WindowsBoard":
    """Return a live board of what a windowed job makes of a topic of flights.

    It reads the topic from its beginning on, and takes the planned departure for the
    event time. One such board of a topic is live at a time.

    Args:
        cluster: where the topic is.
        topic: its name; there need not be such a topic yet.
        hours: how long a tumbling window is.
        lateness: how many hours the watermark stays behind the newest event time.

    Raises:
        InputError: no topic can have that name, or a window or a watermark is no such
            number of hours.
    """
    from helpers.live.windows_poller import WindowsPoller
    from helpers.views.windows_view import WindowsBoard

    topic = names.checked(topic, names.TOPIC_NAME_LIMIT)
    if not _SHORTEST_HOURS <= hours <= _LONGEST_HOURS:
        raise InputError(
            f"A window is {_SHORTEST_HOURS:g} to {_LONGEST_HOURS:g} hours long, such as "
            f"1, not {shown(hours)}."
        )
    if not 0 <= lateness <= _MOST_LATENESS:
        raise InputError(
            f"A lateness is 0 to {_MOST_LATENESS:g} hours, such as 1, not "
            f"{shown(lateness)}."
        )
    source = WindowsPoller(cluster, topic, float(hours), float(lateness))
    return WindowsBoard(topic, source)


@public
@contextmanager
def record(view: "LiveView[Any]", file: str | Path) -> Iterator[Path]:
    """Keep what a live view sees in a file, until the block ends.

    Args:
        view: any live view.
        file: where to; ``.json.gz`` is added if it is missing.

    Raises:
        InputError: that is no live view, or no file.
        RecordingError: the file cannot be written.
    """
    from helpers.live.recording import Recorder
    from helpers.views.live_view import LiveView

    if not isinstance(view, LiveView):
        raise InputError(f"record takes a live view, such as board, not {shown(view)}.")
    if view.stopped:
        raise InputError("This view has stopped: run its cell again, then record it.")
    recorder = Recorder(_with_suffix(_path(file)), view.kind, view.about)
    forget = view.listen(recorder.keep)
    try:
        yield recorder.file
    finally:
        forget()
        # Shown already, and perhaps not yet told to the recorder.
        recorder.keep(view.snapshot)
        recorder.close()
        if recorder.is_full:
            print(f"{recorder.file.name} is full and keeps its begin: record less in it.")


@public
def recording(file: str | Path, speed: float = 1.0) -> "ReplayView":
    """Play a recording in the view that was recorded; no server is needed.

    Args:
        file: a path, or the bare name of one that the course brings along, such as
            ``"08_failover"``.
        speed: 1.0 is as it was.

    Raises:
        InputError: that is no file, or no speed.
        RecordingError: there is no such file, or it cannot be played.
    """
    from helpers.live.player import Player
    from helpers.live.recording import load
    from helpers.views.replay import ReplayView

    return ReplayView(Player(load(_place(file)), speed))


def _place(file: str | Path) -> Path:
    path = _path(file)
    bare = isinstance(file, str) and "/" not in file and "." not in file
    return SHIPPED / f"{file}.json.gz" if bare else _with_suffix(path)


def _path(file: str | Path) -> Path:
    """Return the path that was given.

    Raises:
        InputError: it names no file.
    """
    name = Path(file).name
    if "\0" in str(file) or not 0 < len(name.encode()) <= _LONGEST_NAME:
        raise InputError(
            f"A recording is named by its file, such as 'failover', not {shown(file)}."
        )
    return Path(file)


def _with_suffix(file: Path) -> Path:
    return file if file.name.endswith(".gz") else file.with_name(file.name + ".json.gz")
