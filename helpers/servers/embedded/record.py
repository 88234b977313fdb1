"""The record of one clone's servers: which process is which node, on which port."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from helpers import files
from helpers.servers.embedded.processes import ProcessId
from helpers.servers.interface import NodeState, Role


@dataclass(frozen=True)
class NodeRecord:
    """One node as it was last started or ended.

    Attributes:
        role: what it does.
        id: Kafka's ``node.id``, or 0.
        port: last port on 127.0.0.1.
        process: last process; it may be gone.
        wanted: the state that someone asked for.
        added_by: of a node that was added: the process that did it.
    """

    role: Role
    id: int
    port: int | None = None
    process: ProcessId | None = None
    wanted: NodeState = "stopped"
    added_by: ProcessId | None = None


@dataclass(frozen=True)
class Record:
    """All nodes, and who they must not outlive.

    Attributes:
        nodes: every node.
        spares: nodes that can be added. A spare controller has its port already:
            brokers learn where to look for controllers when they start.
        owners: processes at whose end the servers end; none means until ``down``.
        supervisor: the process that watches the owners.
    """

    nodes: tuple[NodeRecord, ...]
    spares: tuple[NodeRecord, ...] = field(default=())
    owners: tuple[ProcessId, ...] = field(default=())
    supervisor: ProcessId | None = None

    def names(self) -> set[tuple[Role, int]]:
        """Return role and id of every node, spare ones included."""
        return {(node.role, node.id) for node in (*self.nodes, *self.spares)}

    def node(self, role: Role, node_id: int) -> NodeRecord | None:
        """Return the node, or None if there is no such node."""
        matches = (n for n in self.nodes if (n.role, n.id) == (role, node_id))
        return next(matches, None)

    def nodes_like(self, others: Sequence[NodeRecord]) -> list[NodeRecord]:
        """Return the nodes that ``others`` are older or newer selves of."""
        names = {(node.role, node.id) for node in others}
        return [node for node in self.nodes if (node.role, node.id) in names]

    def with_node(self, node: NodeRecord) -> "Record":
        """Return a record in which ``node`` stands in place of its older self."""
        same = (node.role, node.id)
        nodes = tuple(node if (n.role, n.id) == same else n for n in self.nodes)
        spares = tuple(node if (n.role, n.id) == same else n for n in self.spares)
        return replace(self, nodes=nodes, spares=spares)

    def with_added(self, spare: NodeRecord) -> "Record":
        """Return a record in which a spare node is one of the nodes."""
        same = (spare.role, spare.id)
        spares = tuple(one for one in self.spares if (one.role, one.id) != same)
        return replace(self, nodes=(*self.nodes, spare), spares=spares)

    def without(self, added: Collection[NodeRecord]) -> "Record":
        """Return a record in which nodes that were added are spare again."""
        gone = {(node.role, node.id) for node in added}
        nodes = tuple(n for n in self.nodes if (n.role, n.id) not in gone)
        spares = (NodeRecord(node.role, node.id, node.port) for node in added)
        return replace(self, nodes=nodes, spares=(*self.spares, *spares))


def load(file: Path) -> Record | None:
    """Return what :func:`save` wrote, or None if there is nothing readable."""
    try:
        raw = json.loads(files.behind(file).read_text("utf-8"))
        nodes = tuple(map(_node, raw["nodes"]))
        spares = tuple(map(_node, raw["spares"]))
        owners = tuple(filter(None, map(_process, raw["owners"])))
        return Record(nodes, spares, owners, _process(raw["supervisor"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def save(file: Path, record: Record) -> None:
    """Write the record whole, so that no reader ever sees half of it."""
    files.write(file, json.dumps(asdict(record), indent=1))


def _node(row: dict[str, Any]) -> NodeRecord:
    processes = {key: _process(row[key]) for key in ("process", "added_by")}
    return NodeRecord(**{**row, **processes})


def _process(row: dict[str, Any] | None) -> ProcessId | None:
    return ProcessId(int(row["pid"]), str(row["start"])) if row else None
