"""The servers' status as text for terminals and notebooks."""

from helpers.servers.interface import ClusterStatus, NodeStatus

_NARROWEST = 18


def status_text(status: ClusterStatus) -> str:
    """Return a table with one line for each node, and then what else there is to know."""
    widths = (len(node.address or "") + 2 for node in status.nodes)
    width = max(_NARROWEST, *widths)
    return "\n".join([*(_line(node, width) for node in status.nodes), *status.notes])


def _line(node: NodeStatus, width: int) -> str:
    name = "kinesis" if node.role == "kinesis" else f"{node.role} {node.id}"
    address = node.address or "-"
    memory = f"{node.memory_bytes / 1e6:.0f} MB" if node.memory_bytes else "-"
    pid = f"pid {node.pid}" if node.pid else "-"
    return f"{name:<16}{node.state:<10}{address:<{width}}{pid:<13}{memory:>7}"
