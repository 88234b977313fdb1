"""The data folders: made for one cluster, emptied, and read."""

import base64
import re
import time
import uuid
from pathlib import Path

from helpers import owned
from helpers.names import TOPIC_NAME_LIMIT, checked
from helpers.servers.embedded import kafka_node
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.record import NodeRecord
from helpers.servers.errors import ServersError
from helpers.servers.interface import SegmentFile
from helpers.settings import Settings


def prepare(settings: Settings, layout: Layout, nodes: list[NodeRecord]) -> None:
    """Make every Kafka node's data folder fit the controller's cluster.

    Data that was made for another cluster, or that is damaged, is moved aside, never
    removed: with three replicas the other brokers bring the records back.

    Raises:
        ServersError: Kafka's storage tool refused, or a controller's data is damaged.
    """
    kafka = [node for node in nodes if node.role != "kinesis"]
    for node in kafka:
        if kafka_node.is_damaged(layout, node.role, node.id):
            _put_away_damaged(layout, node)
    ids = {node: kafka_node.cluster_id(layout, node.role, node.id) for node in kafka}
    cluster = _controllers_cluster(layout) or _new_cluster_id()
    for node, found in ids.items():
        if found not in (None, cluster):
            _set_aside(layout, node, str(found), "belonged to another cluster")
    empty_nodes = [node for node, found in ids.items() if found != cluster]
    kafka_node.format_all(settings, layout, empty_nodes, cluster)


def empty(layout: Layout) -> None:
    """Remove all data of all nodes."""
    for folder in layout.data.iterdir():
        if re.fullmatch(r"(broker|controller)-\d+", folder.name):
            owned.remove(folder)


def partition_dir(layout: Layout, topic: str, partition: int, broker: int) -> Path:
    """Return the folder of one replica.

    Raises:
        InputError: no topic can have that name.
        ServersError: that broker holds no such replica.
    """
    name = f"{checked(topic, TOPIC_NAME_LIMIT)}-{partition}"
    folder = layout.node_data("broker", broker) / name
    if not folder.is_dir():
        raise ServersError(
            f"Broker {broker} holds no replica of partition {partition} of '{topic}': "
            f"`kafka-topics --describe --topic {topic}` shows who does."
        )
    return folder


def replica_folders(layout: Layout, broker: int) -> tuple[str, ...]:
    """Return the names of all folders in a broker's data, sorted."""
    data = layout.node_data("broker", broker)
    return tuple(sorted(path.name for path in data.iterdir() if path.is_dir()))


def segment_files(
    layout: Layout, topic: str, partition: int, broker: int
) -> tuple[SegmentFile, ...]:
    """Return the files of one replica, sorted by name."""
    folder = partition_dir(layout, topic, partition, broker)
    files = sorted(path for path in folder.glob("*") if path.is_file())
    sizes = ((file.name, _size(file)) for file in files)
    return tuple(SegmentFile(name, size) for name, size in sizes if size is not None)


def read_segment(
    layout: Layout, topic: str, partition: int, broker: int, name: str
) -> bytes:
    """Return the content of one file of a replica.

    Raises:
        ServersError: there is no such file, or no longer.
    """
    folder = partition_dir(layout, topic, partition, broker)
    try:
        if "/" in name:
            raise FileNotFoundError(name)
        return (folder / name).read_bytes()
    # Kafka may remove a segment at any moment; "" and ".." are folders.
    except (OSError, ValueError) as error:
        raise ServersError(
            f"Partition {partition} of '{topic}' has no file '{name}' on broker {broker}."
        ) from error


def _size(file: Path) -> int | None:
    """Return its size, or None if Kafka removed it meanwhile."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return None


def _controllers_cluster(layout: Layout) -> str | None:
    folders = sorted(layout.data.glob("controller-*"))
    ids = (int(folder.name.rpartition("-")[2]) for folder in folders)
    found = (kafka_node.cluster_id(layout, "controller", node_id) for node_id in ids)
    return next(filter(None, found), None)


def _new_cluster_id() -> str:
    """Return 128 random bits as Kafka writes them: URL-safe base64, no padding."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text


def _put_away_damaged(layout: Layout, node: NodeRecord) -> None:
    """Move a broker's damaged data aside; a controller's has no copy elsewhere."""
    if node.role == "controller":
        raise ServersError(
            f"The data of controller {node.id} is damaged, and no topic can be found "
            "without it: `workbook reset` makes a fresh cluster. Topics, records and "
            "streams go; your notebooks and your progress stay."
        )
    _set_aside(layout, node, "damaged", "was damaged")


def _set_aside(layout: Layout, node: NodeRecord, mark: str, why: str) -> None:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = layout.set_aside / f"{stamp}-{node.role}-{node.id}-{mark}"
    target.parent.mkdir(exist_ok=True)
    layout.node_data(node.role, node.id).rename(target)
    print(f"The data of {node.role} {node.id} {why}; it is kept in {target}.", flush=True)
