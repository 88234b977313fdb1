"""What every node is doing now, told from its process and from what it wrote down."""

from collections.abc import Sequence
from dataclasses import replace

from helpers.servers.embedded import kafka_node, processes
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.record import NodeRecord, Record
from helpers.servers.interface import ClusterStatus, NodeState, NodeStatus


def cluster_status(layout: Layout, current: Record, mode: str) -> ClusterStatus:
    """Return the state of every node of the record, in the order of their ids."""
    by_role: dict[str, list[NodeStatus]] = {}
    for node in sorted(current.nodes, key=lambda node: node.id):
        by_role.setdefault(node.role, []).append(node_status(node))
    return ClusterStatus(
        mode=mode,
        brokers=tuple(by_role["broker"]),
        controllers=_with_active(layout, by_role["controller"]),
        kinesis=by_role["kinesis"][0],
    )


def node_status(node: NodeRecord) -> NodeStatus:
    """Return what a node's process is doing."""
    process = processes.find(node.process)
    if process is None:
        state: NodeState = "failed" if node.wanted == "running" else node.wanted
        return NodeStatus(node.role, node.id, state, None, node.port, None)
    state = "paused" if processes.is_paused(process) else "running"
    memory = processes.memory_bytes(process)
    return NodeStatus(node.role, node.id, state, process.pid, node.port, memory)


def _with_active(
    layout: Layout, controllers: Sequence[NodeStatus]
) -> tuple[NodeStatus, ...]:
    """Say which controller decides: the newest leader that a running one names."""
    ids = [node.id for node in controllers if node.state == "running"]
    _, leader = max((kafka_node.elected(layout, one) for one in ids), default=(-1, -1))
    # The word of too few is old: nobody can have been elected since.
    decides = leader in ids and len(ids) > len(controllers) / 2
    return tuple(
        replace(node, is_active=_is_active(node, leader if decides else None))
        for node in controllers
    )


def _is_active(node: NodeStatus, leader: int | None) -> bool | None:
    # Where another decides, one that does not run is neither here nor there.
    return None if leader and node.state != "running" else node.id == leader
