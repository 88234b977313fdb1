"""Several controllers on the board: which one decides, in words."""

from dataclasses import replace

import pytest
from IPython.lib.pretty import pretty

from helpers.live.log import tell
from helpers.live.observe import Measured, observe
from helpers.live.snapshot import NodeFacts, NodesSnapshot
from helpers.servers.interface import ClusterStatus, NodeState, NodeStatus
from helpers.views import phrases

DEAD: NodeState = "killed"


def a_quorum(active: int | None, *dead: int) -> ClusterStatus:
    """Return three controllers as the servers tell of them."""

    def controller(number: int) -> NodeStatus:
        runs = number not in dead
        known = None if active and not runs else number == active
        status = NodeStatus("controller", number, "running", 1, 9000 + number, 1)
        status = replace(status, is_active=known)
        return status if runs else replace(status, state=DEAD, pid=None)

    controllers = tuple(map(controller, (101, 102, 103)))
    kinesis = NodeStatus("kinesis", 0, "stopped", None, None, None)
    return ClusterStatus("embedded", (), controllers, kinesis)


def seen(
    status: ClusterStatus, before: NodesSnapshot | None = None, ticks: float = 1.0
) -> NodesSnapshot:
    return observe(before, Measured(1e9 + ticks, ticks, status))


def roles(snapshot: NodesSnapshot) -> list[str]:
    return [phrases.load(one) for one in snapshot.nodes if one.role == "controller"]


def test_a_notebook_is_told_in_a_line_what_runs() -> None:
    assert pretty(a_quorum(102, 101)) == (
        "2 of 4 nodes run · controller 101: killed · kinesis: stopped"
    )


def test_the_board_tells_who_decides_and_who_does_not() -> None:
    well = roles(seen(a_quorum(101)))
    assert well == [
        "active controller: names the leaders",
        "controller, not the active one",
        "controller, not the active one",
    ]
    assert roles(seen(a_quorum(102, 101)))[0] == "controller", "another one decides"
    assert roles(seen(a_quorum(None, 101, 102)))[0] == "nobody names new leaders"


def test_the_log_tells_of_each_election() -> None:
    first = seen(a_quorum(101))
    silent = seen(a_quorum(None, 101), first, 2.0)
    elected = seen(a_quorum(103, 101), silent, 4.0)
    assert [one.text for one in tell(first, silent)] == [
        "Controller 101 is killed.",
        "No controller is active now.",
    ]
    assert [one.text for one in tell(silent, elected)] == [
        "Controller 103 is the active one now."
    ]
    assert tell(elected, seen(a_quorum(103, 101), elected, 5.0)) == ()


@pytest.mark.parametrize("active", [True, False])
def test_a_single_controller_reads_as_before(active: bool) -> None:
    state: NodeState = "running" if active else "killed"
    node = NodeFacts("controller", 101, state, is_active_controller=active)
    said = phrases.load(node)
    assert said.startswith("active controller" if active else "nobody names")
