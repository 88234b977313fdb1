"""The board on real servers: what its text says, and what its buttons do."""

import re
import threading

from helpers import views
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.interface import NodeState, Role
from helpers.views.board import NodesBoard
from helpers.waiting import wait_for

# Far more than it takes, so that a busy machine does not fail a test.
SHOWN = 30
STARTED = 60


def press(board: NodesBoard, role: Role, node_id: int, verb: str) -> None:
    """Press a button as soon as it can be pressed."""
    button = board.cards[role, node_id].buttons[verb]
    wait_for(lambda: not button.disabled, SHOWN, f"the button {button.tooltip}")
    button.click()


def shows(board: NodesBoard, pattern: str, timeout: float = SHOWN) -> str:
    """Return what a line of the board says, once it matches."""
    found = wait_for(
        lambda: re.search(pattern, board.text()), timeout, f"'{pattern}' on the board"
    )
    assert found is not None
    return found[0]


def state(cluster: EmbeddedCluster, role: Role, node_id: int) -> NodeState:
    nodes = cluster.status().nodes
    return next(n.state for n in nodes if (n.role, n.id) == (role, node_id))


def test_a_kill_and_a_start_show_with_measured_times(
    board: NodesBoard, cluster: EmbeddedCluster
) -> None:
    press(board, "broker", 2, "kill")
    shows(board, r"You killed broker 2 \(it led \d partitions?\)\.")
    assert state(cluster, "broker", 2) == "killed"
    shows(board, r"Broker 2 +✕ killed")
    gap = shows(board, r"(?<=leads )\d more partitions?: [\d.]+(?= s without a leader)")
    # Kafka gives a broker up 3 s after its last heartbeat, of up to 0.5 s before.
    assert float(gap.rsplit(maxsplit=1)[-1]) >= 2.0
    press(board, "broker", 2, "start")
    shows(board, r"Broker 2 runs again after [\d.]+ s \(pid \d+\)\.")
    shows(board, r"Starting broker 2 …|it answers after")
    shows(board, r"You started broker 2: it answers after [\d.]+ s\.", STARTED)
    shows(board, r"Broker 2 +● running ")
    assert state(cluster, "broker", 2) == "running"


def test_what_others_do_shows_too(board: NodesBoard, cluster: EmbeddedCluster) -> None:
    cluster.kill("broker", 3)
    shows(board, r"Broker 3 is killed")
    cluster.start("broker", 3)
    shows(board, r"Broker 3 runs again after")


def test_the_button_of_a_pause_becomes_that_of_going_on(
    board: NodesBoard, cluster: EmbeddedCluster
) -> None:
    for role, number, name in (
        ("broker", 1, "broker 1"),
        ("controller", 101, "controller 101"),
        ("kinesis", 0, "Kinesis"),
    ):
        button = board.cards[role, number].buttons["pause"]
        press(board, role, number, "pause")
        shows(board, f"You paused {name}")
        assert state(cluster, role, number) == "paused"
        # Two changes, made one after the other on the board's own thread.
        names = ("Resume", f"Resume {name}")
        wait_for(
            lambda b=button, n=names: (b.description, b.tooltip) == n, SHOWN, f"{names}"
        )
        press(board, role, number, "pause")
        shows(board, f"You resumed {name} after")
        assert state(cluster, role, number) == "running"


def test_stop_and_start_of_kinesis(board: NodesBoard, cluster: EmbeddedCluster) -> None:
    press(board, "kinesis", 0, "stop")
    shows(board, r"You stopped Kinesis\.")
    assert state(cluster, "kinesis", 0) == "stopped"
    press(board, "kinesis", 0, "start")
    shows(board, r"You started Kinesis: it answers", STARTED)
    assert state(cluster, "kinesis", 0) == "running"


def test_an_action_that_is_not_possible_says_why(
    board: NodesBoard, cluster: EmbeddedCluster
) -> None:
    # As in a second window, where the button is still shown.
    board.cards["broker", 1].buttons["start"].click()
    shows(board, r"You could not start broker 1: Broker 1 runs already\.")


def test_a_cluster_that_goes_and_comes_back(
    board: NodesBoard, cluster: EmbeddedCluster
) -> None:
    cluster.down()
    shows(board, r"▲ No server runs\.")
    shows(board, r"Broker 1 +■ stopped")
    cluster.up()
    shows(board, r"5 of 5 nodes run")
    shows(board, r"leaders asked under 1 s ago")
    shows(board, r"Broker 1 +● running .*leads \d")
    assert "▲ No server runs." not in board.text()


def test_a_second_board_stops_the_first(
    board: NodesBoard, cluster: EmbeddedCluster
) -> None:
    second = views.nodes(cluster)
    try:
        assert "○ This board stopped at" in board.text()
        names = sorted(one.name for one in threading.enumerate())
        assert names.count("nodes board") == 1
        assert names.count("leaders watch") == 1
    finally:
        second.stop()
