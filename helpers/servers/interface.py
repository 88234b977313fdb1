"""What every way of running the servers offers, and the facts it reports."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

NodeState = Literal["running", "paused", "stopped", "killed", "failed"]
"""``stopped``: gracefully; ``killed``: by SIGKILL on request; ``failed``: by itself."""

Role = Literal["broker", "controller", "kinesis"]


BREAK_NODES = "stop or kill a broker"
READ_FILES = "open a partition's files"
ADD_NODES = "add a broker or a controller"
ABILITIES = frozenset({BREAK_NODES, READ_FILES, ADD_NODES})
"""What a cluster of one's own can do, each as it reads after "you cannot"."""


@dataclass(frozen=True)
class NodeStatus:
    """One server process.

    Attributes:
        role: what it does.
        id: Kafka's ``node.id``; 0 for Kinesis, which has one node.
        state: what it is doing now.
        pid: process id, or None if it does not run or is on another machine.
        port: port on ``host``, or None before its first start.
        memory_bytes: resident memory, or None if it does not run or is not known.
        host: name or address of its machine.
        is_active: of a controller: whether it is the one that decides; None where
            that is not known, or where it does not run and another one decides.
    """

    role: Role
    id: int
    state: NodeState
    pid: int | None
    port: int | None
    memory_bytes: int | None
    host: str = "127.0.0.1"
    is_active: bool | None = None

    @property
    def address(self) -> str | None:
        """``host:port``, or None before its first start."""
        return f"{self.host}:{self.port}" if self.port else None

    @property
    def alive(self) -> bool:
        """Whether it runs or would go on if it were resumed."""
        return self.state in ("running", "paused")


@dataclass(frozen=True)
class ClusterStatus:
    """The whole: every node, and the addresses clients need.

    Attributes:
        mode: how the servers run, such as ``"embedded"``.
        brokers: in the order of their ids.
        controllers: in the order of their ids.
        kinesis: the Kinesis endpoint's process.
        kinesis_url: where Kinesis is, if not on this machine.
        notes: what else there is to know, in sentences.
    """

    mode: str
    brokers: tuple[NodeStatus, ...]
    controllers: tuple[NodeStatus, ...]
    kinesis: NodeStatus
    kinesis_url: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def bootstrap_servers(self) -> str | None:
        """Addresses of all brokers, comma-separated; None before the first start."""
        return ",".join(filter(None, (node.address for node in self.brokers))) or None

    @property
    def kinesis_endpoint(self) -> str | None:
        """URL of the Kinesis endpoint; None before the first start."""
        local = f"http://{self.kinesis.address}" if self.kinesis.port else None
        return self.kinesis_url or local

    @property
    def nodes(self) -> tuple[NodeStatus, ...]:
        """Every node: brokers, controllers, Kinesis."""
        return (*self.brokers, *self.controllers, self.kinesis)

    @property
    def all_running(self) -> bool:
        """Whether every node runs, none of them paused."""
        return all(node.state == "running" for node in self.nodes)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401
        """Tell a notebook in a line what runs; its attributes tell the rest."""
        others = [one for one in self.nodes if one.state != "running"]
        running = f"{len(self.nodes) - len(others)} of {len(self.nodes)} nodes run"
        odd = [f"{one.role} {one.id or ''}".strip() + f": {one.state}" for one in others]
        printer.text(" · ".join((running, *odd)))


@dataclass(frozen=True)
class SegmentFile:
    """One file of a partition's folder.

    Attributes:
        name: such as ``00000000000000000000.log``: the base offset and the kind.
        size: bytes.
    """

    name: str
    size: int


class Cluster(Protocol):
    """Kafka's nodes and a Kinesis endpoint that can be started and broken.

    Every method raises ``ServersError`` with one sentence if it cannot do its work.
    """

    @property
    def abilities(self) -> frozenset[str]:
        """What can be done besides serving clients: some of :data:`ABILITIES`."""

    @property
    def connection(self) -> dict[str, str]:
        """Settings with which any client of Kafka finds these servers.

        ``bootstrap.servers`` at least; where the servers ask who you are, also what
        answers them. Empty before the first start.
        """

    def up(self, owner: int | None = None, keep: bool = False) -> ClusterStatus:
        """Start what does not run and return when all of it answers.

        Args:
            owner: pid of a process that the servers shall not outlive, beside the
                owners they have; without any owner they stay until :meth:`down`.
            keep: drop all owners, so that the servers stay until :meth:`down`.
        """

    def down(self) -> None:
        """Stop every node; data stays."""

    def reset(self) -> ClusterStatus:
        """Stop every node, remove all data and start a fresh cluster."""

    def status(self) -> ClusterStatus:
        """Return what every node is doing now; changes nothing."""

    def stop(self, role: Role, node_id: int) -> None:
        """Stop a node gracefully: it hands over its leaders first."""

    def kill(self, role: Role, node_id: int) -> None:
        """End a node at once with SIGKILL, as a crash would."""

    def pause(self, role: Role, node_id: int) -> None:
        """Freeze a node with SIGSTOP: it keeps its memory and says nothing."""

    def resume(self, role: Role, node_id: int) -> None:
        """Let a paused node go on with SIGCONT."""

    def start(self, role: Role, node_id: int) -> None:
        """Start a node that does not run and return when it answers."""

    def add(self, role: Role, number: int = 1) -> tuple[int, ...]:
        """Start more brokers or controllers, have them join, and return their ids.

        A controller becomes a voter of the quorum; a broker holds nothing yet.
        """

    def remove(self, role: Role, node_id: int) -> None:
        """Have a node that was added leave for good, and remove its data.

        What does not run is started first. A broker's replicas move to the others;
        a controller gives up its vote.
        """

    def remove_added(self) -> None:
        """Have the nodes leave that this process added, or one that has ended.

        Does nothing where there are none.
        """

    def partition_dir(self, topic: str, partition: int, broker: int) -> Path:
        """Return a folder on this machine with one replica's files.

        It is the broker's own, or a copy of now where the broker's is out of reach.
        """

    def replica_folders(self, broker: int) -> tuple[str, ...]:
        """Return the names of all folders in a running broker's data, sorted."""

    def segment_files(
        self, topic: str, partition: int, broker: int
    ) -> tuple[SegmentFile, ...]:
        """Return the files of one replica, sorted by name."""

    def read_segment(self, topic: str, partition: int, broker: int, name: str) -> bytes:
        """Return the content of one file of a replica."""
