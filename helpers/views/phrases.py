"""The facts of a nodes snapshot in words; the picture and the text both use them."""

from helpers.live.snapshot import Action, NodeFacts, NodesSnapshot, Verb
from helpers.live.words import ago, clock, count, node_inside

_SIGNS = {"running": "●", "paused": "❚❚", "stopped": "■", "killed": "✕", "failed": "✕"}
_STATES = {"failed": "ended by itself"}
_DOING = {
    "stop": "Stopping",
    "kill": "Killing",
    "pause": "Pausing",
    "resume": "Resuming",
    "start": "Starting",
}
_MEGABYTE = 1_000_000
# Until then the age of an answer is what it always is, and not worth a word of warning.
_STALE = 3.0


def sign(node: NodeFacts) -> str:
    """Return the mark that stands for a node's state, each of its own shape."""
    return _SIGNS[node.state]


def state(node: NodeFacts, ticks: float) -> str:
    """Return what a node is doing, and since when unless it simply runs.

    Args:
        node: the node.
        ticks: now, in monotonic seconds.
    """
    word = _STATES.get(node.state, node.state)
    if node.state == "running":
        return "running, not in the cluster" if node.is_member is False else word
    return word if node.since is None else f"{word} {ago(ticks - node.since)}"


def facts(node: NodeFacts) -> tuple[str, ...]:
    """Return address, process and memory, as far as there are any."""
    pid = f"pid {node.pid}" if node.pid else f"was pid {node.was_pid}"
    found = (
        node.address,
        pid if node.pid or node.was_pid else None,
        f"{node.memory_bytes / _MEGABYTE:,.0f} MB" if node.memory_bytes else None,
    )
    return tuple(fact for fact in found if fact)


def load(node: NodeFacts) -> str:
    """Return a node's part in Kafka, in a few words."""
    if node.role == "controller":
        return _controller(node)
    if node.role == "kinesis":
        return "Kinesis endpoint, no part of Kafka"
    if node.leads is None or node.follows is None:
        return "leaders not known yet" if node.alive else "leaders not known"
    if not node.alive:
        return f"led {node.leads:,} · followed {node.follows:,}"
    return f"leads {node.leads:,} · follows {node.follows:,}"


def _controller(node: NodeFacts) -> str:
    if node.is_active_controller is None:
        return "controller"
    if node.is_active_controller:
        return "active controller: names the leaders"
    if node.state == "running":
        return "controller, not the active one"
    return "nobody names new leaders"


def summary(snapshot: NodesSnapshot) -> tuple[str, ...]:
    """Return how the whole is, in a few phrases; the first is the time of day."""
    return (clock(snapshot.taken_at, tenths=False), *_whole(snapshot))


def _whole(snapshot: NodesSnapshot) -> tuple[str, ...]:
    if not snapshot.nodes:
        return ()
    running = sum(node.state == "running" for node in snapshot.nodes)
    return (f"{running} of {len(snapshot.nodes)} nodes run", *_leaders(snapshot))


def _leaders(snapshot: NodesSnapshot) -> tuple[str, ...]:
    if snapshot.asked is None:
        return ("no broker told the leaders yet",)
    topics = len({one.topic for one in snapshot.partitions})
    size = f"{count(len(snapshot.partitions), 'partition')} in {count(topics, 'topic')}"
    own = f", {snapshot.own_partitions} of Kafka's own" if snapshot.own_partitions else ""
    return (size + own, f"leaders asked {ago(snapshot.ticks - snapshot.asked)}")


def warnings(snapshot: NodesSnapshot) -> tuple[str, ...]:
    """Return what a reader should not overlook, in whole sentences."""
    if snapshot.problem:
        return (f"The servers cannot be seen: {snapshot.problem}",)
    if snapshot.nodes and not any(node.alive for node in snapshot.nodes):
        return ("No server runs. This board goes on when they are up again.",)
    return (*_stale(snapshot), *_leaderless(snapshot))


def _stale(snapshot: NodesSnapshot) -> tuple[str, ...]:
    brokers = [node.state for node in snapshot.nodes if node.role == "broker"]
    if snapshot.asked is None and brokers and "running" not in brokers:
        return ("No broker runs.",)
    if snapshot.asked is None or snapshot.ticks - snapshot.asked < _STALE:
        return ()
    return ("No broker answers: what is said of leaders is old.",)


def _leaderless(snapshot: NodesSnapshot) -> tuple[str, ...]:
    gaps = [
        snapshot.ticks - one.silent_since
        for one in snapshot.partitions
        if one.silent_since is not None
    ]
    if not gaps:
        return ()
    partitions = count(len(gaps), "partition")
    return (f"{partitions} without a living leader, first {ago(max(gaps))}.",)


def under_way(action: Action) -> str:
    """Return what is being done, such as "Starting broker 2 …"."""
    return f"{_DOING[action.verb]} {node_inside(action.role, action.id)} …"


def possible(node: NodeFacts, snapshot: NodesSnapshot) -> frozenset[Verb]:
    """Return what can be done to a node now; nothing while something is under way."""
    busy = any(
        (one.role, one.id) == (node.role, node.id) and one.ended is None
        for one in snapshot.actions
    )
    if busy:
        return frozenset()
    if node.state == "running":
        return frozenset({"stop", "kill", "pause"})
    if node.state == "paused":
        return frozenset({"stop", "kill", "resume"})
    return frozenset({"start"})
