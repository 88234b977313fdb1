"""Kafka and Kinesis as containers of this machine, one project for each clone."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from helpers.inputs import public_methods
from helpers.owned import STATE, claim
from helpers.servers.compose import files
from helpers.servers.compose.containers import (
    SERVICES,
    container_name,
    last_words,
    read_nodes,
)
from helpers.servers.compose.docker import docker
from helpers.servers.compose.memory import MemoryWatch
from helpers.servers.embedded.health import BrokerProbe, KinesisProbe
from helpers.servers.errors import ServersError
from helpers.servers.interface import (
    BREAK_NODES,
    READ_FILES,
    ClusterStatus,
    NodeStatus,
    Role,
    SegmentFile,
)
from helpers.settings import PROJECT_ROOT, Settings
from helpers.waiting import WaitTimeout, patience, wait_for

_FILE = PROJECT_ROOT / "docker-compose.yml"
# Services that only a profile starts: they end with the others.
_ALL = ("--profile", "*")
# The first start may have to fetch a gigabyte of images.
_UP_SECONDS = 1800.0
_DOWN_SECONDS = 180.0
_READY_SECONDS = 120.0
_GRACE_SECONDS = 15
_LOG_LINES_SHOWN = 12
_HEALTH_PATH = "/_localstack/health"


def project_name(settings: Settings) -> str:
    """Return the compose project of a clone: of no other, wherever that lies."""
    digest = hashlib.sha256(str(settings.state_dir).encode()).hexdigest()
    return f"workbook-{digest[:8]}"


@public_methods
class ComposeCluster:
    """The containers of one clone; they stay until :meth:`down`.

    Attributes:
        project: what compose calls them together.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.project = project_name(settings)
        self._memory = MemoryWatch()

    @property
    def abilities(self) -> frozenset[str]:
        """Nodes can be broken and files be read; the file fixes which nodes there are."""
        return frozenset({BREAK_NODES, READ_FILES})

    @property
    def connection(self) -> dict[str, str]:
        """The addresses; no secret is needed."""
        servers = self._status(self._memory.known()).bootstrap_servers
        return {"bootstrap.servers": servers} if servers else {}

    def up(self, owner: int | None = None, keep: bool = False) -> ClusterStatus:
        """Start what does not run. Containers have no owner: they stay until `down`."""
        with self._locked():
            return self._bring_up()

    def down(self) -> None:
        """Stop and remove every container; data stays in the volumes."""
        with self._locked():
            self._compose(*_ALL, "down", seconds=_DOWN_SECONDS)

    def reset(self) -> ClusterStatus:
        """Remove every container and volume, and start a fresh cluster."""
        with self._locked():
            self._compose(*_ALL, "down", "--volumes", seconds=_DOWN_SECONDS)
            return self._bring_up()

    def status(self) -> ClusterStatus:
        """Return what every container is doing now."""
        running = [self._name(n) for n in self._nodes({}) if n.state == "running"]
        return self._status(self._memory.read(running))

    def stop(self, role: Role, node_id: int) -> None:
        """Stop a container gracefully."""
        with self._locked():
            node = self._running(role, node_id)
            if node.state == "paused":
                docker("unpause", self._name(node))
            docker("stop", "--time", str(_GRACE_SECONDS), self._name(node))

    def kill(self, role: Role, node_id: int) -> None:
        """End a container at once with SIGKILL."""
        with self._locked():
            node = self._running(role, node_id)
            docker("kill", "--signal", "KILL", self._name(node))
            wait_for(
                lambda: not self._node(role, node_id).alive,
                _READY_SECONDS,
                f"the end of {self._name(node)}",
            )

    def pause(self, role: Role, node_id: int) -> None:
        """Freeze a container."""
        with self._locked():
            node = self._running(role, node_id)
            if node.state != "paused":
                docker("pause", self._name(node))

    def resume(self, role: Role, node_id: int) -> None:
        """Let a paused container go on."""
        with self._locked():
            node = self._running(role, node_id)
            if node.state == "paused":
                docker("unpause", self._name(node))

    def start(self, role: Role, node_id: int) -> None:
        """Start a container that does not run and return when its server answers."""
        with self._locked():
            node = self._node(role, node_id)
            if node.pid:
                raise ServersError(f"{_title(node)} runs already.")
            if not any(one.port for one in self._nodes({})):
                raise ServersError("There are no containers yet: run `workbook up`.")
            docker("start", self._name(node))
            self._wait_until_ready([self._node(role, node_id)])

    def add(self, role: Role, number: int = 1) -> tuple[int, ...]:
        """Refuse: the compose file fixes which containers there are."""
        raise ServersError(
            f"No {role} can be added to containers: unset WORKBOOK_MODE and start the "
            "lesson anew, with servers that are processes."
        )

    def remove(self, role: Role, node_id: int) -> None:
        """Refuse: none was added."""
        raise ServersError(f"{role.title()} {node_id} was not added, so it stays.")

    def remove_added(self) -> None:
        """Do nothing: none was added."""

    def partition_dir(self, topic: str, partition: int, broker: int) -> Path:
        """Return a folder of this machine with a copy of one replica's files of now."""
        target = self._settings.state_dir / "copies" / f"broker-{broker}"
        with self._replica(topic, partition, broker) as container:
            return files.copy_replica(container, topic, partition, target)

    def segment_files(
        self, topic: str, partition: int, broker: int
    ) -> tuple[SegmentFile, ...]:
        """Return the files of one replica, sorted by name."""
        with self._replica(topic, partition, broker) as container:
            return files.list_replica(container, topic, partition)

    def read_segment(self, topic: str, partition: int, broker: int, name: str) -> bytes:
        """Return the content of one file of a replica."""
        with self._replica(topic, partition, broker) as container:
            try:
                return files.read_file(container, topic, partition, name)
            except FileNotFoundError as error:
                raise ServersError(
                    f"Partition {partition} of '{topic}' has no file '{name}' on "
                    f"broker {broker}."
                ) from error

    def replica_folders(self, broker: int) -> tuple[str, ...]:
        """Return the names of all folders of a broker that runs, sorted."""
        return files.list_folders(self._name(self._running("broker", broker)))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        claim(self._settings.state_dir, STATE)
        with FileLock(self._settings.state_dir / "compose.lock"):
            yield

    @contextmanager
    def _replica(self, topic: str, partition: int, broker: int) -> Iterator[str]:
        """Give the broker's container; tell of a replica that is not there."""
        missing = (
            f"Broker {broker} holds no replica of partition {partition} of '{topic}': "
            f"`kafka-topics --describe --topic {topic}` shows who does."
        )
        if ("broker", broker) not in SERVICES:
            raise ServersError(missing)
        try:
            yield container_name(self.project, "broker", broker)
        except FileNotFoundError as error:
            raise ServersError(missing) from error

    def _compose(self, *arguments: str, seconds: float) -> bytes:
        # The file's own folder as the project's: a stray .env of the caller's
        # working directory does not count.
        where = ("--project-name", self.project, "--file", str(_FILE))
        return docker("compose", *where, *arguments, seconds=seconds)

    def _bring_up(self) -> ClusterStatus:
        nodes = self._nodes({})
        for node in nodes:
            if node.state == "paused":
                docker("unpause", self._name(node))
        if not all(node.state in ("running", "paused") for node in nodes):
            self._start_containers(fresh=not any(node.pid for node in nodes))
        self._wait_until_ready(self._nodes({}))
        return self._status(self._memory.known())

    def _start_containers(self, fresh: bool) -> None:
        # Without --wait: it takes a node that was paused a while ago for a sick one,
        # and whether the servers answer is asked of them below.
        try:
            self._compose("up", "--detach", seconds=_UP_SECONDS)
        except ServersError:
            # Half a start serves nobody.
            if fresh:
                self._compose(*_ALL, "down", seconds=_DOWN_SECONDS)
            raise

    def _wait_until_ready(self, nodes: list[NodeStatus]) -> None:
        awake = [n for n in self._nodes({}) if n.state == "running"]
        for node in nodes:
            self._wait_for_answer(node, _question(node, awake))

    def _wait_for_answer(self, node: NodeStatus, answers: Callable[[], bool]) -> None:
        def ready() -> bool:
            if answers():
                return True
            if not self._node(node.role, node.id).alive:
                raise ServersError(self._last_words(node, "ended while it started"))
            return False

        try:
            wait_for(ready, _READY_SECONDS, f"{_title(node)} to answer", interval=0.1)
        except WaitTimeout as error:
            late = f"did not answer within {_READY_SECONDS * patience():g} s"
            raise ServersError(self._last_words(node, late)) from error

    def _last_words(self, node: NodeStatus, happened: str) -> str:
        name = self._name(node)
        words = last_words(name, _LOG_LINES_SHOWN)
        return (
            f"{_title(node)} {happened}. Its last words, from `docker logs {name}`:\n"
            f"{words}"
        )

    def _nodes(self, memory: dict[str, int]) -> list[NodeStatus]:
        return list(read_nodes(self.project, memory))

    def _status(self, memory: dict[str, int]) -> ClusterStatus:
        nodes = self._nodes(memory)
        return ClusterStatus(
            mode=self._settings.mode,
            brokers=tuple(node for node in nodes if node.role == "broker"),
            controllers=tuple(node for node in nodes if node.role == "controller"),
            kinesis=next(node for node in nodes if node.role == "kinesis"),
            notes=(f"Containers of the compose project {self.project}.",),
        )

    def _name(self, node: NodeStatus) -> str:
        return container_name(self.project, node.role, node.id)

    def _node(self, role: Role, node_id: int) -> NodeStatus:
        found = self._nodes({})
        for node in found:
            if (node.role, node.id) == (role, node_id):
                return node
        ids = ", ".join(str(node.id) for node in found if node.role == role)
        raise ServersError(f"There is no {role} {node_id}: choose one of {ids}.")

    def _running(self, role: Role, node_id: int) -> NodeStatus:
        node = self._node(role, node_id)
        if not node.pid:
            raise ServersError(f"{_title(node)} does not run: start it first.")
        return node


def _title(node: NodeStatus) -> str:
    return "Kinesis" if node.role == "kinesis" else f"{node.role.title()} {node.id}"


def _question(node: NodeStatus, awake: list[NodeStatus]) -> Callable[[], bool]:
    """Return what to ask until the answer is yes."""
    if node.role == "kinesis":
        return KinesisProbe(node.port or 0, _HEALTH_PATH).answers
    brokers = [one for one in awake if one.role == "broker"]
    if node.role == "controller":
        # It speaks no client's language: any broker asks it for us.
        probes = [BrokerProbe(one.port or 0) for one in brokers]
        return lambda: not probes or any(one.reaches_controller() for one in probes)
    probe = BrokerProbe(node.port or 0)
    return lambda: {node.id, *(one.id for one in brokers)} <= probe.brokers()
