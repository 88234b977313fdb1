"""The containers of one project, as the engine describes them."""

import json
from collections.abc import Iterable
from typing import Any

from helpers.servers.compose.docker import DockerError, attempt, docker, sentence
from helpers.servers.interface import NodeState, NodeStatus, Role

SERVICES: dict[tuple[Role, int], str] = {
    ("broker", 1): "broker-1",
    ("broker", 2): "broker-2",
    ("broker", 3): "broker-3",
    ("controller", 101): "controller",
    ("kinesis", 0): "kinesis",
}
"""What each node is called in ``docker-compose.yml``."""

_KILLED = 128 + 9
_STOPPED = (0, 128 + 15, 128 + 2)


def container_name(project: str, role: Role, node_id: int) -> str:
    """Return the name that compose gives to a node's container."""
    return f"{project}-{SERVICES[role, node_id]}-1"


def read_nodes(project: str, memory: dict[str, int]) -> tuple[NodeStatus, ...]:
    """Return every node of a project; one without a container is stopped.

    Args:
        project: name of the compose project.
        memory: bytes by container name, as far as known.

    Raises:
        ServersError: the engine does not answer.
    """
    names = {container_name(project, *node): node for node in SERVICES}
    found = {one["Name"].lstrip("/"): one for one in _inspect(names)}
    return tuple(
        _status(*node, found.get(name), memory.get(name)) for name, node in names.items()
    )


def _inspect(names: Iterable[str]) -> list[dict[str, Any]]:
    result = attempt("inspect", "--type", "container", *names)
    details = result.stderr.decode("utf-8", "replace")
    lines = details.strip().splitlines()
    # A container that is not there is an error to it, and an answer to us.
    if result.returncode and not all("no such" in line.lower() for line in lines):
        raise DockerError(sentence(details), details)
    return list(json.loads(result.stdout or b"[]"))


def _status(
    role: Role, node_id: int, found: dict[str, Any] | None, memory: int | None
) -> NodeStatus:
    if found is None:
        return NodeStatus(role, node_id, "stopped", None, None, None)
    state = _state(found["State"])
    runs = state in ("running", "paused")
    pid = found["State"]["Pid"] if runs else None
    port = _port(found["HostConfig"]["PortBindings"] or {})
    return NodeStatus(role, node_id, state, pid, port, memory if runs else None)


def _state(state: dict[str, Any]) -> NodeState:
    if state["Status"] in ("running", "paused"):
        return "paused" if state["Paused"] else "running"
    if state["Status"] == "created" or state["ExitCode"] in _STOPPED:
        return "stopped"
    return (
        "killed" if state["ExitCode"] == _KILLED and not _by_kernel(state) else "failed"
    )


def _by_kernel(state: dict[str, Any]) -> bool:
    return bool(state.get("OOMKilled"))


def _port(bindings: dict[str, list[dict[str, str]] | None]) -> int | None:
    ports = [int(one["HostPort"]) for rows in bindings.values() for one in rows or ()]
    return ports[0] if ports else None


def last_words(name: str, lines: int) -> str:
    """Return the end of a container's log."""
    result = attempt("logs", "--tail", str(lines), name)
    return (result.stdout + result.stderr).decode("utf-8", "replace").strip()


def read_memory(names: Iterable[str]) -> dict[str, int]:
    """Return how many bytes running containers use; this takes about two seconds.

    Raises:
        ServersError: the engine does not answer.
    """
    form = "{{.Name}}\t{{.MemUsage}}"
    text = docker("stats", "--no-stream", "--format", form, *names).decode()
    rows = (line.split("\t") for line in text.splitlines() if "\t" in line)
    return {name: _bytes(usage.partition("/")[0].strip()) for name, usage in rows}


def _bytes(text: str) -> int:
    """Return what a figure such as ``312.4MiB`` means."""
    units = {"GiB": 1024**3, "MiB": 1024**2, "KiB": 1024, "kB": 1000, "B": 1}
    unit = next((one for one in units if text.endswith(one)), "B")
    return int(float(text.removesuffix(unit) or 0) * units[unit])
