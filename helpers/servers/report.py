"""The servers' status as text for terminals and notebooks."""

from helpers.servers.interface import ClusterStatus, NodeStatus


def status_text(status: ClusterStatus) -> str:
    """Return a table with one line for each node."""
    return "\n".join(_line(node) for node in status.nodes)


def _line(node: NodeStatus) -> str:
    name = "kinesis" if node.role == "kinesis" else f"{node.role} {node.id}"
    address = f"127.0.0.1:{node.port}" if node.port else "-"
    memory = f"{node.memory_bytes / 1e6:.0f} MB" if node.memory_bytes else "-"
    pid = f"pid {node.pid}" if node.pid else "-"
    return f"{name:<16}{node.state:<10}{address:<18}{pid:<13}{memory:>7}"
