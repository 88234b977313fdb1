"""One Kafka process: its configuration, its data folder, its command line."""

import json
import re
import shutil
import struct
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers import files
from helpers.servers.embedded import kafka_config, last_words, processes
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.processes import ProcessId
from helpers.servers.embedded.record import NodeRecord
from helpers.servers.errors import ServersError
from helpers.servers.interface import Role
from helpers.servers.runtime import class_data, jars, java
from helpers.settings import Settings
from helpers.waiting import patience

_LOGGING = Path(jars.__file__).with_name("log4j2-node.properties")
# New objects die young: a small space for them (-Xmn) is collected more often, in a
# millisecond or so, and is all that an idle node takes beyond what it keeps.
_HEAP = {
    "broker": ("-Xms32m", "-Xmn8m", "-Xmx256m"),
    "controller": ("-Xms16m", "-Xmn6m", "-Xmx128m"),
}
_RUN_TIMEOUT = 60
_BATCH_HEAD = struct.Struct(">qiib")
_MAGIC = 2


def write_config(
    layout: Layout, role: Role, node_id: int, port: int, controller_ports: Sequence[int]
) -> None:
    """Write the node's properties file for the ports of this start."""
    # Relative to the working directory: spaces, commas and other scripts in the
    # path of the clone never reach Kafka's parsers.
    log_dir = str(layout.node_data(role, node_id).relative_to(layout.state_dir))
    properties = (
        kafka_config.broker_properties
        if role == "broker"
        else kafka_config.controller_properties
    )
    text = properties(node_id, port, controller_ports, log_dir)
    # Whole: a controller's port is known from here alone when the record is lost.
    files.write(layout.config(role, node_id), text)


def start(settings: Settings, layout: Layout, role: Role, node_id: int) -> ProcessId:
    """Start the node's process; it answers a few seconds later."""
    log, temporary = layout.log(role, node_id), layout.temporary(f"{role}-{node_id}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    unpack = java.temporary_files(temporary)
    command = [
        *_jvm(settings, *_HEAP[role], unpack, "-XX:-CreateCoredumpOnCrash"),
        f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}",
        f"-Dworkbook.log={log.relative_to(layout.state_dir)}",
        "kafka.Kafka",
        str(layout.config(role, node_id).relative_to(layout.state_dir)),
    ]
    log.unlink(missing_ok=True)
    output = layout.output(role, node_id)
    return processes.spawn(command, layout.state_dir, output, java.clean_environment())


def cluster_id(layout: Layout, role: Role, node_id: int) -> str | None:
    """Return the cluster id that the node's data was made for, or None if empty."""
    return _made_for(layout, role, node_id, "cluster.id")


def directory_id(layout: Layout, role: Role, node_id: int) -> str | None:
    """Return the id that a node's data folder itself has, or None if it is empty."""
    return _made_for(layout, role, node_id, "directory.id")


def is_damaged(layout: Layout, role: Role, node_id: int) -> bool:
    """Return whether a node has lived in its data folder, which no longer says so.

    A controller says it by its log of metadata, too, over which Kafka would begin anew.
    """
    data = layout.node_data(role, node_id)
    # A format that was ended early has written none of these.
    logs = sorted(data.glob("__cluster_metadata-0/*.log"))
    lived = bool(logs) or (data / "meta.properties").exists()
    if not cluster_id(layout, role, node_id):
        return lived
    return role == "controller" and bool(logs) and not _begins_with_a_batch(logs[0])


def _begins_with_a_batch(segment: Path) -> bool:
    """Return whether a segment is empty, or begins as Kafka begins one.

    Source: Kafka's documentation of the record batch: base offset, length, epoch, magic.
    """
    with segment.open("rb") as file:
        head = file.read(_BATCH_HEAD.size)
    if len(head) < _BATCH_HEAD.size:
        return not head
    base, length, _, magic = _BATCH_HEAD.unpack(head)
    return bool(base == int(segment.stem) and length > 0 and magic == _MAGIC)


def _made_for(layout: Layout, role: Role, node_id: int, key: str) -> str | None:
    file = layout.node_data(role, node_id) / "meta.properties"
    if not file.exists():
        return None
    lines = file.read_text("utf-8", "replace").splitlines()
    values = (line.partition("=")[2] for line in lines if line.startswith(f"{key}="))
    return next(values, None)


def elected(layout: Layout, controller_id: int) -> tuple[int, int]:
    """Return the last epoch that a controller wrote down, and whom it follows in it.

    The epoch is -1 where nothing is written; the leader -1 where it knows of none.
    """
    data = layout.node_data("controller", controller_id)
    try:
        state = json.loads((data / "__cluster_metadata-0" / "quorum-state").read_text())
        return int(state["leaderEpoch"]), int(state["leaderId"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1, -1


def last_port(layout: Layout, controller_id: int) -> int | None:
    """Return the port of a controller's last start, or None if it never started."""
    config = layout.config("controller", controller_id)
    text = config.read_text("utf-8", "replace") if config.is_file() else ""
    found = re.search(r"^listeners=.*:(\d+)$", text, re.MULTILINE)
    return int(found[1]) if found else None


def format_all(
    settings: Settings, layout: Layout, nodes: list[NodeRecord], cluster: str
) -> None:
    """Prepare the data folders of the nodes for the cluster of that id, in parallel.

    Raises:
        ServersError: Kafka's storage tool refused.
    """
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda node: _format(settings, layout, node, cluster), nodes))


def _format(settings: Settings, layout: Layout, node: NodeRecord, cluster: str) -> None:
    config = layout.config(node.role, node.id).relative_to(layout.state_dir)
    # The first controller is a quorum by itself; every later one joins it.
    first = node.role == "controller" and node.id in kafka_config.CONTROLLER_IDS
    kind = "--standalone" if first else "--no-initial-controllers"
    command = [*_jvm(settings, "-Xmx128m"), "kafka.tools.StorageTool", "format"]
    command += ["--config", str(config), "--cluster-id", cluster, kind]
    result = run(command, layout)
    if result.returncode:
        words = result.stderr.strip() or result.stdout.strip()
        raise ServersError(
            f"The data folder of {node.role} {node.id} could not be prepared: {words}\n"
            f"{last_words.advice(words)}"
        )


def run_tool(
    settings: Settings, layout: Layout, tool: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run a class of Kafka's tools to its end.

    Raises:
        ServersError: it does not end.
    """
    return run([*_jvm(settings, "-Xmx128m"), tool, *arguments], layout)


def run(command: list[str], layout: Layout) -> subprocess.CompletedProcess[str]:
    """Run one of Kafka's programs to its end, in the folder of the servers.

    Raises:
        ServersError: it does not end.
    """
    # Marked as one of the servers: if this program is killed meanwhile, the next
    # one ends it before it formats the same folder.
    env = {**java.clean_environment(), **processes.mark(layout.state_dir)}
    try:
        return subprocess.run(
            command,
            cwd=layout.state_dir,
            env=env,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_RUN_TIMEOUT * patience(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ServersError(
            f"One of Kafka's tools did not end within {error.timeout:g} s: "
            "close other programs and try again."
        ) from error


def _jvm(settings: Settings, *options: str) -> list[str]:
    return class_data.kafka_jvm(settings, *options)
