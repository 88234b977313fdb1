"""The facts of one moment, frozen, so that threads and recordings can share them.

Two clocks: ``at`` and ``taken_at`` are seconds since the epoch and tell the time of
day; everything that is subtracted is in monotonic seconds, which no clock that is
set can disturb.
"""

from dataclasses import dataclass, field
from typing import Literal

from helpers.servers.interface import NodeState, Role

Verb = Literal["stop", "kill", "pause", "resume", "start"]
"""What can be done to a node; the names of the methods of ``Cluster``."""

EVENTS_KEPT = 200
"""How many of the last events a snapshot carries."""


@dataclass(frozen=True)
class NodeFacts:
    """One server process and its part in Kafka.

    Attributes:
        role: what it does.
        id: Kafka's ``node.id``; 0 for Kinesis.
        state: what its process is doing.
        pid: process id, or None if it does not run.
        address: ``host:port``, or None before its first start.
        memory_bytes: resident memory, or None if it does not run.
        leads: partitions it leads; of a broker that does not run: led, when last
            seen alive; None where unknown.
        follows: partitions of which it has a copy that another broker leads, whether
            in sync or not; None where unknown.
        is_member: whether the brokers name it as one of them; None where unknown.
        is_active_controller: whether it names the leaders; None where unknown.
        since: monotonic seconds when it came into this state; None if it was in it
            before anybody watched.
        was_pid: its last process id, if it does not run and that is known.
    """

    role: Role
    id: int
    state: NodeState
    pid: int | None = None
    address: str | None = None
    memory_bytes: int | None = None
    leads: int | None = None
    follows: int | None = None
    is_member: bool | None = None
    is_active_controller: bool | None = None
    since: float | None = None
    was_pid: int | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs or would go on if it were resumed."""
        return self.state in ("running", "paused")


@dataclass(frozen=True)
class PartitionFacts:
    """Who leads one partition.

    Attributes:
        topic: its topic.
        partition: its number.
        leader: id of the broker that Kafka names, or None if it names nobody.
        replicas: ids of all brokers that are to hold a copy.
        leader_pid: process of the leader when it was last seen alive.
        silent_since: monotonic seconds since when no living process leads it; None
            while one does.
        in_sync: ids of the brokers whose copy holds every acknowledged record.
    """

    topic: str
    partition: int
    leader: int | None
    replicas: tuple[int, ...]
    leader_pid: int | None = None
    silent_since: float | None = None
    in_sync: tuple[int, ...] = ()


@dataclass(frozen=True)
class Action:
    """Something that was asked for on the board.

    Attributes:
        number: tells two actions apart.
        verb: what to do.
        role: of the node.
        id: of the node.
        at: seconds since the epoch when it was asked for.
        began: the same in monotonic seconds.
        ended: monotonic seconds, or None while it is under way.
        error: why it did not succeed, in a sentence.
    """

    number: int
    verb: Verb
    role: Role
    id: int
    at: float
    began: float
    ended: float | None = None
    error: str | None = None


@dataclass(frozen=True)
class Event:
    """A line of the log.

    Attributes:
        at: seconds since the epoch.
        text: what happened, in plain words.
    """

    at: float
    text: str


@dataclass(frozen=True)
class NodesSnapshot:
    """Everything that the board of the nodes shows.

    Attributes:
        taken_at: seconds since the epoch.
        ticks: the same moment in monotonic seconds.
        nodes: brokers, controllers, Kinesis; empty if nothing is known.
        partitions: of every topic but Kafka's own, as a broker last told.
        own_partitions: how many partitions Kafka's own topics have.
        asked: monotonic seconds when a broker was asked that; None if none answered.
        actions: those under way, and those that ended in the last seconds.
        events: the last ones, oldest first; at most ``EVENTS_KEPT``.
        problem: why the processes cannot be looked at, or None.
    """

    taken_at: float
    ticks: float
    nodes: tuple[NodeFacts, ...] = ()
    partitions: tuple[PartitionFacts, ...] = ()
    own_partitions: int = 0
    asked: float | None = None
    actions: tuple[Action, ...] = field(default=())
    events: tuple[Event, ...] = field(default=())
    problem: str | None = None

    @property
    def told(self) -> bool:
        """Whether this is what the servers answered, as far as any can answer."""
        can = (one.address and one.state == "running" for one in self.nodes)
        return self.asked is not None or not any(can)
