"""The board of the nodes as HTML and as text, without any server."""

import html
import re
from dataclasses import replace

import pytest

from helpers.live.snapshot import Action, Event, NodeFacts, NodesSnapshot, PartitionFacts
from helpers.live.words import ago, clock, measured
from helpers.servers.interface import NodeState
from helpers.views import phrases, style
from helpers.views.nodes_render import (
    LINES_SHOWN,
    board_html,
    board_text,
    card_classes,
    card_html,
)

STATES: tuple[NodeState, ...] = ("running", "paused", "stopped", "killed", "failed")


def a_broker(state: NodeState = "running", node_id: int = 2) -> NodeFacts:
    alive = state in ("running", "paused")
    return NodeFacts(
        role="broker",
        id=node_id,
        state=state,
        pid=6479 if alive else None,
        address="127.0.0.1:9094",
        memory_bytes=283_000_000 if alive else None,
        leads=3,
        follows=4,
        is_member=True,
        since=95.9,
        was_pid=None if alive else 6479,
    )


def a_snapshot(*nodes: NodeFacts, **facts: object) -> NodesSnapshot:
    partitions = (PartitionFacts("flights", 0, 2, (1, 2, 3)),)
    snapshot = NodesSnapshot(1e9, 100.0, nodes, partitions, asked=99.7)
    return replace(snapshot, **facts)  # type: ignore[arg-type]


def words(markup: str) -> str:
    """Return what a reader of the HTML reads, in one line."""
    blocks = re.sub(r"</?[bs]>", "", markup)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", blocks)).split())


@pytest.mark.parametrize("state", STATES)
def test_picture_and_text_say_the_same(state: NodeState) -> None:
    busy = Action(1, "start", "broker", 1, at=1e9, began=99.0)
    snapshot = a_snapshot(
        a_broker(state),
        NodeFacts("controller", 101, "running", 6, "127.0.0.1:9093", 1_000_000),
        NodeFacts("kinesis", 0, "stopped"),
        events=(Event(1e9, "Broker 3 leads 2 more partitions: 2.7 s without a leader."),),
        actions=(busy,),
    )
    text = " ".join(board_text(snapshot).replace("·", " ").split())
    picture = words(board_html(snapshot)).replace("·", " ")
    assert sorted(picture.split()) == sorted(text.split())


@pytest.mark.parametrize("state", STATES)
def test_a_card_says_its_state_in_words_with_a_mark(state: NodeState) -> None:
    read = words(card_html(a_broker(state), 100.0))
    word = "ended by itself" if state == "failed" else state
    assert f"{phrases.sign(a_broker(state))} {word}" in read
    assert "pid 6479" in read
    assert "leads 3" in read or "led 3" in read


def test_every_state_has_a_face_without_colour() -> None:
    """Mark, word and frame: with the colours gone, no two states look the same."""

    def face(state: NodeState) -> tuple[str, ...]:
        node = a_broker(state)
        own = style.colour_class("broker", 2)
        frame = [name for name in card_classes(node) if name != own]
        return (phrases.sign(node), phrases.state(node, 100.0), *frame)

    assert len({face(state) for state in STATES}) == len(STATES)
    marks = {state: face(state)[0] for state in STATES}
    assert len(set(marks.values())) == len(STATES) - 1, "killed and failed share one"


def test_a_node_that_does_not_run_has_its_name_struck() -> None:
    assert "<s>Broker 2</s>" in card_html(a_broker("killed"), 100.0)
    assert "<s>" not in card_html(a_broker("paused"), 100.0)


def test_leaders_are_filled_squares_beside_their_number() -> None:
    markup = card_html(a_broker(), 100.0)
    assert markup.count("<i") == 7
    assert markup.count('<i class="wb-leads">') == 3
    assert "leads 3 · follows 4" in words(markup)
    assert "<i" not in card_html(replace(a_broker(), leads=40), 100.0)


def test_what_is_unknown_is_said_to_be() -> None:
    unknown = replace(a_broker(), leads=None, follows=None, is_member=None)
    assert "leaders not known yet" in words(card_html(unknown, 100.0))
    assert "no broker told the leaders yet" in board_text(a_snapshot(unknown, asked=None))


def test_a_process_outside_the_cluster_is_not_simply_running() -> None:
    outside = replace(a_broker(), is_member=False)
    assert "running, not in the cluster" in words(card_html(outside, 100.0))


def test_html_from_outside_stays_text() -> None:
    evil = "<script>alert('1')</script> & more"
    snapshot = a_snapshot(
        replace(a_broker(), address=evil), events=(Event(1e9, evil),), problem=evil
    )
    markup = board_html(snapshot)
    assert "<script" not in markup
    assert words(markup).count(evil) == 3


def test_old_answers_and_lost_leaders_are_marked() -> None:
    silent = PartitionFacts("flights", 0, 2, (1, 2, 3), silent_since=98.0)
    snapshot = a_snapshot(a_broker("killed"), partitions=(silent,), asked=90.0)
    nodes = (*snapshot.nodes, a_broker(node_id=1))
    text = board_text(replace(snapshot, nodes=nodes))
    assert "leaders asked 10 s ago" in text
    assert "▲ No broker answers: what is said of leaders is old." in text
    assert "▲ 1 partition without a living leader, first 2 s ago." in text


def test_a_cluster_that_is_down_says_so() -> None:
    assert "▲ No server runs." in board_text(a_snapshot(a_broker("stopped")))


def test_brokers_that_never_answered_and_do_not_run_are_a_fault() -> None:
    snapshot = a_snapshot(a_broker("killed"), asked=None)
    controller = replace(a_broker(), role="controller", id=101)
    text = board_text(replace(snapshot, nodes=(*snapshot.nodes, controller)))
    assert "▲ No broker runs." in text


def test_only_the_last_lines_are_shown() -> None:
    events = tuple(Event(1e9 + number, f"line {number}") for number in range(20))
    text = board_text(a_snapshot(a_broker(), events=events))
    assert text.count("line ") == LINES_SHOWN
    assert text.endswith("line 19")


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        ("running", {"stop", "kill", "pause"}),
        ("paused", {"stop", "kill", "resume"}),
        ("stopped", {"start"}),
        ("killed", {"start"}),
        ("failed", {"start"}),
    ],
)
def test_buttons_offer_what_is_possible(state: NodeState, verbs: set[str]) -> None:
    node = a_broker(state)
    assert phrases.possible(node, a_snapshot(node)) == verbs
    busy = Action(1, "kill", "broker", 2, at=1e9, began=99.0)
    assert phrases.possible(node, a_snapshot(node, actions=(busy,))) == frozenset()
    other = replace(busy, id=3)
    assert phrases.possible(node, a_snapshot(node, actions=(other,))) == verbs


def test_the_colours_of_the_nodes_are_fixed_and_their_own() -> None:
    brokers = [style.node_colour("broker", number) for number in (1, 2, 3)]
    assert brokers == ["#0072B2", "#D55E00", "#009E73"]
    others = [style.node_colour("controller", 101), style.node_colour("kinesis", 0)]
    assert len({*brokers, *others}) == 5
    for colour in (*brokers, *others):
        assert f"--wb-own:{colour}" in style.stylesheet()


def test_times_carry_their_units() -> None:
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.2", clock(1e9 + 0.25))
    assert (measured(2.71), measured(185)) == ("2.7 s", "3 min 5 s")
    assert (ago(0.3), ago(4.9), ago(130)) == ("under 1 s ago", "4 s ago", "2 min ago")
