"""What the processes take of the memory, against Kafka's own JVM options."""

from collections.abc import Sequence

import psutil

from bench import kafkas_own
from bench.figure import Figure, Goal
from bench.place import running_servers
from bench.rates import a_load
from helpers.servers.interface import NodeStatus

_MB = 1e6


def measure() -> list[Figure]:
    """Look at the processes once they answer, and after a load beyond a lesson's."""
    with running_servers() as (settings, cluster):
        cluster.down()
        ready = cluster.up().nodes
        figures = [_figure("memory of the five processes, ready", ready, Goal("≤", 750))]
        ours = _nodes(ready)
        a_load(cluster)
        loaded = cluster.status().nodes
        figures.append(_figure("the same after 100,000 flights", loaded, None))
        kafkas_own.stop_kafka(cluster)
        theirs = _nodes(kafkas_own.cluster(settings).up().nodes)
    what = "memory of the nodes, to Kafka's own options"
    basis = f"{ours:.0f} MB of {theirs:.0f} MB resident: three brokers and a controller"
    return [*figures, Figure(what, ours / theirs, "", None, basis, headline=True)]


def _nodes(nodes: Sequence[NodeStatus]) -> float:
    """Return the MB of brokers and controllers."""
    return sum((node.memory_bytes or 0) / _MB for node in nodes if node.id)


def _figure(what: str, nodes: Sequence[NodeStatus], goal: Goal | None) -> Figure:
    sizes = {
        f"{node.role} {node.id}" if node.id else "Kinesis": (node.memory_bytes or 0) / _MB
        for node in nodes
    }
    each = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
    shared = f"; {_shared_once(nodes):.0f} MB, each page that they share counted once"
    basis = f"resident: {each}{shared if psutil.LINUX else ''}"
    return Figure(what, sum(sizes.values()), "MB", goal, basis)


def _shared_once(nodes: Sequence[NodeStatus]) -> float:
    """Return the MB of all, with their part of what several have mapped."""
    processes = (psutil.Process(node.pid) for node in nodes if node.pid)
    return sum(one.memory_full_info().pss for one in processes) / _MB
