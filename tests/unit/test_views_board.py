"""The board as widgets, on servers that a test makes up."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output
from nbconvert import HTMLExporter
from nbformat import v4
from traitlets.config import Config

from helpers import views
from helpers.servers.errors import ServersError
from helpers.servers.interface import ABILITIES, ClusterStatus, NodeStatus
from helpers.views.board import NodesBoard
from helpers.waiting import wait_for

SOON = 5
WIDGET = "application/vnd.jupyter.widget-view+json"
DOCKED = "application/vnd.streaming-workbook.board+json"


class MadeUpCluster:
    """Answers with the status it was given, and acts when a test lets it."""

    def __init__(self) -> None:
        self.now = ClusterStatus(
            "embedded",
            tuple(NodeStatus("broker", n, "running", n, None, 9) for n in (1, 2, 3)),
            (NodeStatus("controller", 101, "running", 4, None, 9),),
            NodeStatus("kinesis", 0, "running", 5, None, 9),
        )
        self.error: Exception | None = None
        self.may_act = threading.Event()
        self.acted_on: list[str] = []

    @property
    def abilities(self) -> frozenset[str]:
        return ABILITIES

    @property
    def connection(self) -> dict[str, str]:
        return {}

    def status(self) -> ClusterStatus:
        if self.error:
            raise self.error
        return self.now

    def kill(self, role: str, node_id: int) -> None:
        self.acted_on.append(threading.current_thread().name)
        assert self.may_act.wait(SOON)
        raise ServersError(f"The {role} {node_id} is made up.")


@pytest.fixture
def cluster() -> MadeUpCluster:
    """Return servers that a test makes up."""
    return MadeUpCluster()


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """Check that a test ends with the threads it began with."""
    before = set(threading.enumerate())
    yield
    wait_for(lambda: set(threading.enumerate()) <= before, SOON, "the end of all threads")


@pytest.fixture
def board(cluster: MadeUpCluster) -> Iterator[NodesBoard]:
    """Return a live board that ends with the test."""
    made = views.nodes(cluster)  # type: ignore[arg-type]
    yield made
    made.stop()


def shows(board: NodesBoard, text: str) -> None:
    wait_for(lambda: text in board.text(), SOON, f"'{text}' on the board")


def test_a_board_is_there_at_once(board: NodesBoard) -> None:
    assert "5 of 5 nodes run" in repr(board)
    assert len(board.cards) == 5
    for (role, node_id), card in board.cards.items():
        name = "Kinesis" if role == "kinesis" else f"{role} {node_id}"
        tips = [button.tooltip for button in card.buttons.values()]
        assert tips == [f"{verb} {name}" for verb in ("Stop", "Kill", "Pause", "Start")]
        assert [b.disabled for b in card.buttons.values()] == [False, False, False, True]


@pytest.fixture
def outputs() -> Iterator[list[dict[str, Any]]]:
    """Return what is displayed in a notebook while a test runs."""
    # Without a history, which a thread would write.
    InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    with capture_output() as captured:
        yield captured._outputs
    InteractiveShell.clear_instance()


def test_it_displays_as_a_widget_and_as_text(
    board: NodesBoard, outputs: list[dict[str, Any]]
) -> None:
    display(board)
    bundle = outputs[0]["data"]
    assert bundle["text/plain"].startswith("Nodes  ")
    assert "Broker 3" in bundle["text/plain"]
    assert bundle[WIDGET]["model_id"] == board.widget.model_id
    assert bundle[DOCKED] == {"title": "Nodes"}


def test_one_setting_keeps_boards_in_their_cells(
    board: NodesBoard,
    outputs: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WORKBOOK_BOARDS", "inline")
    display(board)
    assert DOCKED not in outputs[0]["data"]
    assert WIDGET in outputs[0]["data"]


def test_when_it_stops_its_picture_takes_its_place(
    board: NodesBoard, outputs: list[dict[str, Any]]
) -> None:
    display(board)
    board.stop()
    shown, kept = outputs
    assert kept["update"]
    assert kept["transient"] == shown["transient"]
    assert set(kept["data"]) == {"text/plain", "text/html"}
    assert all("This board stopped at" in one for one in kept["data"].values())


def test_a_board_that_is_shown_after_its_end_is_a_picture(
    board: NodesBoard, outputs: list[dict[str, Any]]
) -> None:
    board.stop()
    display(board)
    assert set(outputs[0]["data"]) == {"text/plain", "text/html"}


def test_a_board_that_nobody_saw_leaves_nothing(
    board: NodesBoard, outputs: list[dict[str, Any]]
) -> None:
    board.stop()
    assert outputs == []


def test_it_is_seen_where_no_widget_can_be_shown(
    board: NodesBoard, outputs: list[dict[str, Any]]
) -> None:
    display(board)
    output = v4.new_output("display_data", outputs[0]["data"])
    cell = v4.new_code_cell(outputs=[output])
    page, _ = HTMLExporter().from_notebook_node(v4.new_notebook(cells=[cell]))
    assert "5 of 5 nodes run" in page
    assert '<div class="wb-card wb-own-0072B2"' in page
    assert ">Kill</button>" in page
    assert "Nothing has happened to the nodes yet" in page


def test_an_action_runs_elsewhere_and_shows(
    board: NodesBoard, cluster: MadeUpCluster
) -> None:
    buttons = board.cards["broker", 2].buttons
    buttons["kill"].click()
    shows(board, "Killing broker 2 …")
    wait_for(lambda: all(b.disabled for b in buttons.values()), SOON, "no buttons")
    buttons["kill"].click()
    assert not board.cards["broker", 3].buttons["kill"].disabled
    cluster.may_act.set()
    shows(board, "You could not kill broker 2: The broker 2 is made up.")
    wait_for(lambda: not buttons["kill"].disabled, SOON, "the button again")
    assert cluster.acted_on == ["kill broker 2"]


def test_servers_that_cannot_be_seen_are_said_and_come_back(
    board: NodesBoard, cluster: MadeUpCluster
) -> None:
    cluster.error = OSError("no such folder")
    shows(board, "▲ The servers cannot be seen: no such folder")
    wait_for(lambda: not board.cards, SOON, "no cards")
    cluster.error = None
    shows(board, "The servers can be seen again.")
    wait_for(lambda: len(board.cards) == 5, SOON, "all cards")


def test_a_cluster_that_grows_gets_a_card(
    board: NodesBoard, cluster: MadeUpCluster
) -> None:
    more = NodeStatus("controller", 102, "running", 6, None, 9)
    old = board.cards["broker", 1]
    controllers = (*cluster.now.controllers, more)
    cluster.now = replace(cluster.now, controllers=controllers)
    shows(board, "6 of 6 nodes run")
    wait_for(lambda: ("controller", 102) in board.cards, SOON, "its card")
    assert board.cards["broker", 1] is old
    assert "active controller" not in board.text(), "nobody knows which of two it is"


def test_stop_keeps_what_was_shown_and_takes_the_buttons(board: NodesBoard) -> None:
    board.stop()
    board.stop()
    assert "○ This board stopped at " in board.text()
    assert "5 of 5 nodes run" in board.text()
    cards = board.cards.values()
    assert all(button.disabled for card in cards for button in card.buttons.values())


def test_a_second_board_stops_the_first(
    board: NodesBoard, cluster: MadeUpCluster
) -> None:
    second = views.nodes(cluster)  # type: ignore[arg-type]
    try:
        assert "This board stopped" in board.text()
        assert "This board stopped" not in second.text()
    finally:
        second.stop()


def test_nothing_is_sent_while_nothing_changes(board: NodesBoard) -> None:
    changes: list[str] = []
    for card in board.cards.values():
        card.widget.children[0].observe(lambda _: changes.append("card"), "value")
    board._log.observe(lambda _: changes.append("log"), "value")
    seen: list[float] = []

    def ten_more() -> bool:
        if not seen or board._last.ticks != seen[-1]:
            seen.append(board._last.ticks)
        return len(seen) > 10

    wait_for(ten_more, SOON, "ten snapshots", interval=0.01)
    assert changes == []


def test_it_ends_with_the_interpreter(tmp_path: Path) -> None:
    code = (
        "from helpers import views; from helpers.servers import connect;"
        "board = views.nodes(connect()); print(board)"
    )
    env = {**os.environ, "WORKBOOK_STATE_DIR": str(tmp_path / "state")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "▲ No server runs." in done.stdout
    assert done.stderr == ""
