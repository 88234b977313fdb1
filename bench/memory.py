"""What each process takes of the memory."""

from bench.figure import Figure, Goal
from bench.place import running_servers
from bench.rates import a_load
from helpers.servers.embedded.cluster import EmbeddedCluster

_GOAL = Goal("≤", 300)


def measure() -> list[Figure]:
    """Look at each process once it answers, and after a load beyond a lesson's."""
    with running_servers() as (_, cluster):
        cluster.down()
        cluster.up()
        ready = _figure(cluster, "memory of the largest process, ready")
        a_load(cluster)
        loaded = _figure(cluster, "memory of the largest process, after a load")
    return [ready, loaded]


def _figure(cluster: EmbeddedCluster, what: str) -> Figure:
    sizes = {
        f"{node.role} {node.id}" if node.id else "Kinesis": (node.memory_bytes or 0) / 1e6
        for node in cluster.status().nodes
    }
    each = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
    load = "" if what.endswith("ready") else "; 100,000 flights written and read"
    basis = f"resident MB: {each}; {sum(sizes.values()):.0f} in all{load}"
    return Figure(what, max(sizes.values()), "MB", _GOAL, basis)
