"""How nodes come into a running cluster and leave it again, with Kafka's own tools."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress

from helpers import owned
from helpers.servers.embedded import kafka_node
from helpers.servers.embedded.health import BrokerProbe, Replicas, replicas_on
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.record import NodeRecord, Record
from helpers.servers.errors import ServersError
from helpers.settings import Settings
from helpers.waiting import WaitTimeout, wait_for

_TOOLS = "org.apache.kafka.tools"
_QUORUM = f"{_TOOLS}.MetadataQuorumCommand"
_REASSIGN = f"{_TOOLS}.reassign.ReassignPartitionsCommand"
_CLUSTER = f"{_TOOLS}.ClusterTool"
_JOIN_SECONDS = 60.0
_MOVE_SECONDS = 60.0
_ONE_MOVE_SECONDS = 10.0
# Its own words where the work is done already.
_IS_VOTER = "DuplicateVoterException"
_NO_VOTER = "VoterNotFoundException"
# A broker passes such a request on to the controller that was active when it last did so.
# Of an election in between it learns by the answer to any other request, but hands this
# one back.
_NOT_ACTIVE = "NotLeaderOrFollowerException"


class Membership:
    """What Kafka must be told when a node comes or goes for good.

    Args:
        settings: of this clone.
        layout: of its files.
        current: the record, in which the brokers that are asked run.
    """

    def __init__(self, settings: Settings, layout: Layout, current: Record) -> None:
        self._settings = settings
        self._layout = layout
        self._brokers = [node for node in current.nodes if node.role == "broker"]

    def join(self, node: NodeRecord) -> None:
        """Make a controller that runs a voter; a broker joins by itself.

        Raises:
            ServersError: the quorum does not take it.
        """
        if node.role == "controller":
            config = self._layout.config("controller", node.id)
            file = str(config.relative_to(self._layout.state_dir))
            command = (*self._servers(), "--command-config", file, "add-controller")
            self._insist(_QUORUM, command, _IS_VOTER, f"controller {node.id} to join")

    def leave(self, node: NodeRecord) -> None:
        """Have a running node's duties end: a vote, or the replicas that it holds.

        Raises:
            ServersError: Kafka refuses, or does not come to an end.
        """
        if node.role == "broker":
            self._empty(node)
        elif directory := kafka_node.directory_id(self._layout, node.role, node.id):
            command = (*self._servers(), "remove-controller")
            command += ("--controller-id", str(node.id))
            command += ("--controller-directory-id", directory)
            self._insist(_QUORUM, command, _NO_VOTER, f"controller {node.id} to leave")

    def forget(self, node: NodeRecord) -> None:
        """Strike a node that has stopped from Kafka's list, and remove its files."""
        if node.role == "broker":
            rest = [one for one in self._brokers if one.id != node.id]
            command = ("unregister", *_servers(rest), "--id", str(node.id))
            what = f"broker {node.id} to be unregistered"
            self._insist(_CLUSTER, command, "BrokerIdNotRegistered", what)
        remove_files(self._layout, node)

    def _empty(self, node: NodeRecord) -> None:
        """Move every replica of a broker to others, or drop it where there is none."""

        def held() -> Replicas:
            return replicas_on(node.id, self._ports())

        def emptied() -> bool:
            if found := held():
                self._move(_plan(found, node.id, [one.id for one in self._brokers]))
            with suppress(WaitTimeout):
                wait_for(lambda: not held(), _ONE_MOVE_SECONDS, "a move", interval=0.1)
            return not held()

        what = f"broker {node.id} to hand over its partitions"
        _in_time(emptied, _MOVE_SECONDS, what)

    def _move(self, plan: str) -> None:
        file = self._layout.state_dir / "conf" / "reassignment.json"
        file.write_text(plan, "utf-8")
        name = str(file.relative_to(self._layout.state_dir))
        command = (*self._servers(), "--reassignment-json-file", name)
        # A move that goes on from before is not an error: what is left is moved next.
        self._run(_REASSIGN, *command, "--execute")

    def _insist(self, tool: str, command: Sequence[str], done: str, what: str) -> None:
        """Run a tool until it succeeds: an election or a late copy may be in its way."""
        said = [""]

        def succeeds() -> bool:
            code, said[0] = self._run(tool, *command)
            if _NOT_ACTIVE in said[0]:
                self._show_brokers_the_controller()
            return code == 0 or done in said[0]

        try:
            _in_time(succeeds, _JOIN_SECONDS, what)
        except ServersError as error:
            raise ServersError(f"{error} Kafka says: {said[0].strip()}") from error

    def _show_brokers_the_controller(self) -> None:
        for port in self._ports():
            BrokerProbe(port).reaches_controller()

    def _run(self, tool: str, *command: str) -> tuple[int, str]:
        result = kafka_node.run_tool(self._settings, self._layout, tool, *command)
        return result.returncode, result.stdout + result.stderr

    def _servers(self) -> tuple[str, ...]:
        return _servers(self._brokers)

    def _ports(self) -> list[int]:
        return [node.port or 0 for node in self._brokers]


def remove_files(layout: Layout, node: NodeRecord) -> None:
    """Remove everything that a node has on the disk."""
    for place in (layout.node_data, layout.config, layout.log, layout.output):
        owned.remove(place(node.role, node.id))
    owned.remove(layout.temporary(f"{node.role}-{node.id}"))


def wait_for_controller(brokers: Sequence[NodeRecord]) -> None:
    """Wait until a controller decides again, as after one has left.

    Raises:
        ServersError: none does.
    """
    probes = [BrokerProbe(node.port or 0) for node in brokers]

    def decides() -> bool:
        return any(probe.reaches_controller() for probe in probes)

    _in_time(decides, _JOIN_SECONDS, "a controller to decide")


def _servers(brokers: Sequence[NodeRecord]) -> tuple[str, str]:
    addresses = ",".join(f"127.0.0.1:{node.port}" for node in brokers)
    return "--bootstrap-server", addresses


def _plan(held: Replicas, leaving: int, brokers: Sequence[int]) -> str:
    """Return which brokers shall hold what ``leaving`` holds, as the tool reads it."""
    rows = [
        {"topic": topic, "partition": number, "replicas": _others(old, leaving, brokers)}
        for (topic, number), old in held.items()
    ]
    return json.dumps({"version": 1, "partitions": rows})


def _others(old: tuple[int, ...], leaving: int, brokers: Sequence[int]) -> list[int]:
    free = [one for one in brokers if one not in old]
    # As many copies as before, where there are brokers enough.
    instead = free[0] if free else None
    wanted = (instead if one == leaving else one for one in old)
    return [one for one in wanted if one is not None]


def _in_time(condition: Callable[[], bool], seconds: float, what: str) -> None:
    try:
        wait_for(condition, seconds, what, interval=0.2)
    except WaitTimeout as error:
        raise ServersError(str(error)) from error
