"""Kafka and Kinesis as processes of this machine, one set for each clone."""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from helpers.inputs import public_methods
from helpers.servers.embedded import (
    background,
    growth,
    last_words,
    ownership,
    processes,
    record,
    starting,
    states,
)
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.locking import exclusive
from helpers.servers.embedded.processes import ProcessId
from helpers.servers.embedded.record import NodeRecord, Record
from helpers.servers.embedded.storage import (
    empty,
    partition_dir,
    read_segment,
    replica_folders,
    segment_files,
)
from helpers.servers.errors import ServersError
from helpers.servers.interface import (
    ABILITIES,
    ClusterStatus,
    NodeState,
    Role,
    SegmentFile,
)
from helpers.settings import Settings
from helpers.waiting import wait_for

# A broker that can reach the controller stops within a second; one that cannot
# would try for minutes.
_BROKER_GRACE = 15.0
_NODE_GRACE = 5.0
_SIGNAL_TIMEOUT = 10


@public_methods
class EmbeddedCluster:
    """The servers of one clone, found again through their record on disk."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._layout = Layout(settings.state_dir)

    @property
    def abilities(self) -> frozenset[str]:
        """Everything: these servers are the student's own."""
        return ABILITIES

    @property
    def connection(self) -> dict[str, str]:
        """The addresses; no secret is needed."""
        servers = self.status().bootstrap_servers
        return {"bootstrap.servers": servers} if servers else {}

    def up(self, owner: int | None = None, keep: bool = False) -> ClusterStatus:
        """Start what does not run; see :class:`helpers.servers.interface.Cluster`."""
        with exclusive(self._layout):
            current = self._load()
            owners = ownership.owners_after_up(current, owner, keep)
            current = self._bring_up(current, owners)
            background.make_class_data(self._settings, self._layout)
            return self._status(current)

    def down(self) -> None:
        """Stop every node; data stays."""
        with exclusive(self._layout, ending=True):
            self._stop_all()

    def reset(self) -> ClusterStatus:
        """Stop every node, remove all data and start a fresh cluster."""
        with exclusive(self._layout):
            owners = self._load().owners
            self._stop_all()
            empty(self._layout)
            current = self._load()
            first = current.without(growth.added(current))
            return self._status(self._bring_up(first, owners))

    def end_if_abandoned(self, known: Record) -> bool:
        """Stop every node if all owners are gone; return whether it did.

        Args:
            known: the record as it was when it could last be read.
        """
        with exclusive(self._layout, ending=True):
            found = record.load(self._layout.record)
            abandoned = ownership.is_abandoned(found or known)
            if abandoned:
                self._stop_all()
            return abandoned

    def status(self) -> ClusterStatus:
        """Return what every node is doing now."""
        return self._status(self._load())

    def stop(self, role: Role, node_id: int) -> None:
        """Stop a node gracefully."""
        with exclusive(self._layout, ending=True):
            node = self._running(role, node_id)
            grace = _BROKER_GRACE if role == "broker" else _NODE_GRACE
            self._remember(node, "stopped")
            processes.end([p for p in [node.process] if p], grace)

    def kill(self, role: Role, node_id: int) -> None:
        """End a node at once with SIGKILL."""
        with exclusive(self._layout, ending=True):
            node = self._running(role, node_id)
            self._remember(node, "killed")
            processes.kill([p for p in [node.process] if p])

    def pause(self, role: Role, node_id: int) -> None:
        """Freeze a node with SIGSTOP."""
        with exclusive(self._layout):
            self._signal(self._running(role, node_id), signal.SIGSTOP, "paused")

    def resume(self, role: Role, node_id: int) -> None:
        """Let a paused node go on with SIGCONT."""
        with exclusive(self._layout):
            self._signal(self._running(role, node_id), signal.SIGCONT, "running")

    def start(self, role: Role, node_id: int) -> None:
        """Start a node that does not run and return when it answers."""
        with exclusive(self._layout):
            node = self._node(role, node_id)
            if processes.find(node.process):
                raise ServersError(f"{_title(node)} runs already.")
            if role == "broker" and not starting.has_majority(self._load()):
                raise ServersError(
                    f"{_title(node)} needs a controller that decides, and too few run: "
                    "`workbook up` starts all that is missing."
                )
            starting.start_nodes(self._settings, self._layout, self._load(), [node])

    def add(self, role: Role, number: int = 1) -> tuple[int, ...]:
        """Start more nodes, have them join, and return their ids."""
        with exclusive(self._layout):
            current = self._load()
            return growth.add(self._settings, self._layout, current, role, number)

    def remove(self, role: Role, node_id: int) -> None:
        """Have a node that was added leave for good; what does not run is started."""
        with exclusive(self._layout):
            node = self._node(role, node_id)
            if node not in growth.added(self._load()):
                raise ServersError(
                    f"{_title(node)} is one of every start: only a node that was added "
                    "can leave for good."
                )
            self._part_with([node])

    def remove_added(self) -> None:
        """Have the nodes leave that this process added, or one that has ended."""
        with exclusive(self._layout):
            self._part_with(growth.nobodys(self._load()))

    def partition_dir(self, topic: str, partition: int, broker: int) -> Path:
        """Return the folder that holds one replica's files."""
        return partition_dir(self._layout, topic, partition, broker)

    def replica_folders(self, broker: int) -> tuple[str, ...]:
        """Return the names of all folders in a broker's data, sorted."""
        self._running("broker", broker)
        return replica_folders(self._layout, broker)

    def segment_files(
        self, topic: str, partition: int, broker: int
    ) -> tuple[SegmentFile, ...]:
        """Return the files of one replica, sorted by name."""
        return segment_files(self._layout, topic, partition, broker)

    def read_segment(self, topic: str, partition: int, broker: int, name: str) -> bytes:
        """Return the content of one file of a replica."""
        return read_segment(self._layout, topic, partition, broker, name)

    def _load(self) -> Record:
        first = starting.first_record(self._layout)
        found = record.load(self._layout.record)
        return found if found and found.names() == first.names() else first

    def _status(self, current: Record) -> ClusterStatus:
        return states.cluster_status(self._layout, current, self._settings.mode)

    def _bring_up(self, current: Record, owners: tuple[ProcessId, ...]) -> Record:
        """Have the owners watched from the first process on, then start the rest."""
        current = ownership.watch(self._layout, current, owners)
        try:
            return self._whole(current)
        except BaseException:
            if not any(node.pid for node in self.status().nodes):
                self._stop_all()
            raise

    def _whole(self, current: Record, again: bool = True) -> Record:
        """Start what is missing, and wait for what ran: it may be about to end.

        Args:
            current: the record.
            again: whether what ends meanwhile is started, too.
        """
        ran = [node for node in current.nodes if processes.find(node.process)]
        if not self._status(current).all_running:
            current = self._heal(current)
        try:
            starting.wait_until_ready(self._layout, current, current.nodes_like(ran))
        except last_words.NodeEnded:
            if not again:
                raise
            return self._whole(current, again=False)
        return current

    def _heal(self, current: Record) -> Record:
        """Resume what is paused, end what nobody knows, start what is missing."""
        known = [node.process for node in current.nodes if processes.find(node.process)]
        for process in known:
            processes.send(process, signal.SIGCONT)
        strays = processes.belonging_to(self._layout.state_dir)
        keep = {p.pid for p in [*known, current.supervisor] if p}
        processes.kill([one for one in strays if one.pid not in keep])
        missing = [n for n in current.nodes if not processes.find(n.process)]
        return starting.start_nodes(self._settings, self._layout, current, missing)

    def _part_with(self, nodes: list[NodeRecord]) -> None:
        """Start what is missing, since leaving takes all, and have the nodes leave."""
        if nodes:
            current = self._load()
            current = self._bring_up(current, current.owners)
            leaving = current.nodes_like(nodes)
            growth.part_with(self._settings, self._layout, current, leaving)

    def _stop_all(self) -> None:
        """End brokers before controllers: a broker alone would wait for one.

        The owners stay on record till then: were this cut short, whoever watches them
        would end the rest.
        """
        current = _all_stopped(self._load())
        with suppress(OSError):
            self._save_anew(current)
        grace = _BROKER_GRACE if starting.has_majority(current) else 0.0
        processes.end(_processes(n for n in current.nodes if n.role == "broker"), grace)
        processes.end(_processes(current.nodes), _NODE_GRACE)
        try:
            self._save_anew(replace(current, owners=(), supervisor=None))
        except OSError:
            # No room for it: without a record they are taken for stopped, too.
            with suppress(OSError):
                self._layout.record.unlink(missing_ok=True)
        self._end_strays()

    def _end_strays(self) -> None:
        """End the supervisor, and whoever is left of an earlier time.

        Twice: what is killed may have begun another process just before.
        """
        for _ in range(2):
            strays = processes.belonging_to(self._layout.state_dir)
            processes.kill([one for one in strays if one.pid != os.getpid()])

    def _save_anew(self, current: Record) -> None:
        """Keep the record if there is one: the folder may be somebody else's."""
        if self._layout.record.exists():
            record.save(self._layout.record, current)

    def _node(self, role: Role, node_id: int) -> NodeRecord:
        node = self._load().node(role, node_id)
        if node is None:
            ids = ", ".join(str(n.id) for n in self._load().nodes if n.role == role)
            raise ServersError(f"There is no {role} {node_id}: choose one of {ids}.")
        return node

    def _running(self, role: Role, node_id: int) -> NodeRecord:
        node = self._node(role, node_id)
        if not processes.find(node.process):
            raise ServersError(f"{_title(node)} does not run: start it first.")
        return node

    def _signal(self, node: NodeRecord, number: signal.Signals, then: NodeState) -> None:
        """Send a signal and return when it shows, unless the node ends of it."""
        processes.send(node.process, number)
        wait_for(
            lambda: states.node_status(node).state in (then, "failed"),
            _SIGNAL_TIMEOUT,
            f"{_title(node)} to be {then}",
        )

    def _remember(self, node: NodeRecord, wanted: NodeState) -> None:
        current = self._load().with_node(replace(node, wanted=wanted))
        # Ending needs no room on the disk: without a note the node is taken for failed.
        with suppress(OSError):
            record.save(self._layout.record, current)


def _title(node: NodeRecord) -> str:
    return "Kinesis" if node.role == "kinesis" else f"{node.role.title()} {node.id}"


def _processes(nodes: Iterable[NodeRecord]) -> list[ProcessId]:
    return [node.process for node in nodes if node.process]


def _all_stopped(current: Record) -> Record:
    nodes = tuple(replace(node, wanted="stopped") for node in current.nodes)
    return replace(current, nodes=nodes)
