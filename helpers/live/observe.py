"""From what was measured to the facts of a snapshot; pure functions."""

from dataclasses import dataclass

from helpers.live.leaders import LeadersSample, PartitionRow
from helpers.live.snapshot import Action, NodeFacts, NodesSnapshot, PartitionFacts
from helpers.servers.interface import ClusterStatus, NodeStatus

# Until the controller gives up the process before it (after 3 s without a
# heartbeat), Kafka may still name a broker that has only just begun again.
_TRUSTED_AFTER = 4.0
# An older answer says nothing about who is in the cluster now.
_FRESH = 3.0
# Brokers are asked more often than this.
_ONE_ROUND = 1.0


@dataclass(frozen=True)
class Measured:
    """What a poller collects at one moment.

    Attributes:
        taken_at: seconds since the epoch.
        ticks: monotonic seconds.
        status: the processes, or None if they cannot be looked at.
        sample: the last answer about leaders, or None.
        actions: what is under way or ended just now.
        problem: why there is no status.
    """

    taken_at: float
    ticks: float
    status: ClusterStatus | None
    sample: LeadersSample | None = None
    actions: tuple[Action, ...] = ()
    problem: str | None = None


def observe(before: NodesSnapshot | None, now: Measured) -> NodesSnapshot:
    """Return the snapshot that follows ``before``; its events are those of before."""
    nodes = _nodes(before, now)
    return NodesSnapshot(
        taken_at=now.taken_at,
        ticks=now.ticks,
        nodes=nodes,
        partitions=_partitions(before, now, nodes),
        own_partitions=now.sample.own_partitions if now.sample else 0,
        asked=now.sample.asked if now.sample else None,
        actions=now.actions,
        events=before.events if before else (),
        problem=now.problem,
    )


def _nodes(before: NodesSnapshot | None, now: Measured) -> tuple[NodeFacts, ...]:
    if now.status is None:
        return ()
    old = {(n.role, n.id): n for n in before.nodes} if before else {}
    single = len(now.status.controllers) == 1
    return tuple(
        _node(status, old.get((status.role, status.id)), now, single)
        for status in now.status.nodes
    )


def _node(
    status: NodeStatus, old: NodeFacts | None, now: Measured, single: bool
) -> NodeFacts:
    since = _since(status, old, now.ticks)
    leads, follows = _load(status, old, _sample_for(since, now))
    active = status.is_active
    if active is None and single:
        active = status.state == "running"
    return NodeFacts(
        role=status.role,
        id=status.id,
        state=status.state,
        pid=status.pid,
        address=status.address,
        memory_bytes=status.memory_bytes,
        leads=leads,
        follows=follows,
        is_member=_is_member(status, now),
        is_active_controller=active if status.role == "controller" else None,
        since=since,
        was_pid=(old.pid or old.was_pid) if old and not status.pid else None,
    )


def _sample_for(since: float | None, now: Measured) -> LeadersSample | None:
    """Return the last answer, unless it tells of long before the node ran."""
    sample = now.sample
    if sample and since is not None and sample.asked < since - _ONE_ROUND:
        return None
    return sample


def _load(
    status: NodeStatus, old: NodeFacts | None, sample: LeadersSample | None
) -> tuple[int | None, int | None]:
    """Return how many partitions a broker leads and follows."""
    if status.role != "broker":
        return None, None
    if not status.alive:
        return (old.leads, old.follows) if old else (None, None)
    if sample is None:
        return None, None
    leads = sum(row.leader == status.id for row in sample.rows)
    copies = sum(status.id in row.replicas for row in sample.rows)
    return leads, copies - leads


def _is_member(status: NodeStatus, now: Measured) -> bool | None:
    sample = now.sample
    if status.role != "broker" or not sample or now.ticks - sample.asked > _FRESH:
        return None
    return status.id in sample.members


def _since(status: NodeStatus, old: NodeFacts | None, ticks: float) -> float | None:
    if old is None:
        return None
    same = (old.state, old.pid) == (status.state, status.pid)
    return old.since if same else ticks


def _partitions(
    before: NodesSnapshot | None, now: Measured, nodes: tuple[NodeFacts, ...]
) -> tuple[PartitionFacts, ...]:
    if now.sample is None:
        return ()
    old = {(p.topic, p.partition): p for p in before.partitions} if before else {}
    brokers = {node.id: node for node in nodes if node.role == "broker"}
    return tuple(
        _partition(row, old.get((row.topic, row.partition)), brokers, now)
        for row in now.sample.rows
    )


def _partition(
    row: PartitionRow,
    old: PartitionFacts | None,
    brokers: dict[int, NodeFacts],
    now: Measured,
) -> PartitionFacts:
    leader = brokers.get(row.leader) if row.leader is not None else None
    pid = old.leader_pid if old and old.leader == row.leader else None
    since = old.silent_since if old else None
    if leader and leader.state == "running" and _is_trusted(leader, pid, now):
        pid, since = leader.pid, None
    elif since is None:
        since = now.ticks
    return PartitionFacts(
        row.topic, row.partition, row.leader, row.replicas, pid, since, row.in_sync
    )


def _is_trusted(leader: NodeFacts, known_pid: int | None, now: Measured) -> bool:
    """Return whether the answer speaks of the leader's process as it runs now."""
    if leader.since is None or now.sample is None:
        return True
    is_same = known_pid in (None, leader.pid)
    return now.sample.asked - leader.since >= (0.0 if is_same else _TRUSTED_AFTER)
