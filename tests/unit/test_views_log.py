"""The log of the nodes: from snapshots to sentences, without any server."""

from dataclasses import replace

import pytest

from helpers.live.leaders import LeadersSample, PartitionRow
from helpers.live.log import tell
from helpers.live.observe import Measured, observe
from helpers.live.snapshot import Action, NodesSnapshot, Verb
from helpers.servers.interface import ClusterStatus, NodeState, NodeStatus


def a_node(status: ClusterStatus, node_id: int) -> NodeStatus:
    return next(node for node in status.nodes if node.id == node_id)


def a_status(**states: NodeState) -> ClusterStatus:
    """Return five nodes that run, but for those named, such as ``b2="killed"``."""

    def node(role: str, number: int, key: str) -> NodeStatus:
        state = states.get(key, "running")
        alive = state in ("running", "paused")
        pid = 1000 + number if alive else None
        memory = 150_000_000 if alive else None
        return NodeStatus(role, number, state, pid, 9090 + number, memory)  # type: ignore[arg-type]

    return ClusterStatus(
        "embedded",
        tuple(node("broker", number, f"b{number}") for number in (1, 2, 3)),
        (node("controller", 101, "c"),),
        node("kinesis", 0, "k"),
    )


def with_pid(status: ClusterStatus, broker: int, pid: int) -> ClusterStatus:
    brokers = tuple(replace(b, pid=pid) if b.id == broker else b for b in status.brokers)
    return replace(status, brokers=brokers)


def a_sample(
    asked: float, *leaders: int | None, members: tuple[int, ...] = (1, 2, 3)
) -> LeadersSample:
    """Return an answer in which partition 0, 1, … has the leader given."""
    rows = tuple(
        PartitionRow("flights", number, leader, (1, 2, 3))
        for number, leader in enumerate(leaders)
    )
    return LeadersSample(asked, frozenset(members), rows, own_partitions=0)


class Story:
    """Successive snapshots, and what the log says of each step."""

    def __init__(self) -> None:
        self.last: NodesSnapshot | None = None

    def at(
        self,
        ticks: float,
        status: ClusterStatus | None,
        sample: LeadersSample | None = None,
        *actions: Action,
        problem: str | None = None,
    ) -> list[str]:
        measured = Measured(1e9 + ticks, ticks, status, sample, actions, problem)
        before, self.last = self.last, observe(self.last, measured)
        return [event.text for event in tell(before, self.last)] if before else []


def an_action(verb: Verb, node_id: int, **changes: object) -> Action:
    role = "kinesis" if node_id == 0 else "broker"
    action = Action(1, verb, role, node_id, at=1e9, began=10.0)
    return replace(action, **changes)  # type: ignore[arg-type]


@pytest.fixture
def story() -> Story:
    """Return a story whose first snapshot is a healthy cluster with three partitions."""
    begun = Story()
    assert begun.at(10.0, a_status(), a_sample(9.9, 1, 2, 2)) == []
    return begun


def test_nothing_new_says_nothing(story: Story) -> None:
    assert story.at(10.2, a_status(), a_sample(10.1, 1, 2, 2)) == []


def test_a_kill_by_the_board_and_what_follows(story: Story) -> None:
    killed = a_status(b2="killed")
    kill = an_action("kill", 2)
    assert story.at(20.0, killed, a_sample(19.9, 1, 2, 2), kill) == [
        "You killed broker 2 (it led 2 partitions)."
    ]
    moved = a_sample(22.6, 1, 3, 3, members=(1, 3))
    assert story.at(22.7, killed, moved) == [
        "The cluster goes on without broker 2.",
        "Broker 3 leads 2 more partitions: 2.7 s without a leader.",
    ]
    back = with_pid(a_status(), 2, 6512)
    assert story.at(24.1, back, moved) == ["Broker 2 runs again after 4.1 s (pid 6512)."]
    assert story.at(27.0, back, a_sample(26.9, 1, 3, 3)) == [
        "Broker 2 is in the cluster again."
    ]


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("killed", "Broker 2 is killed (it led 2 partitions)."),
        ("stopped", "Broker 2 is stopped (it led 2 partitions)."),
        ("paused", "Broker 2 is paused (it leads 2 partitions)."),
        ("failed", "Broker 2 ended by itself (it led 2 partitions)."),
    ],
)
def test_what_others_do_is_not_said_to_be_yours(
    story: Story, state: NodeState, text: str
) -> None:
    assert story.at(20.0, a_status(b2=state), a_sample(19.9, 1, 2, 2)) == [text]


def test_an_action_of_earlier_does_not_claim_a_later_kill(story: Story) -> None:
    ended = an_action("kill", 2, ended=10.1)
    story.at(10.2, a_status(b2="killed"), None, ended)
    story.at(12.0, with_pid(a_status(), 2, 77), None, ended)
    assert story.at(14.0, a_status(b2="killed"), None, ended) == ["Broker 2 is killed."]


def test_nodes_without_partitions(story: Story) -> None:
    assert story.at(20.0, a_status(c="killed", k="failed"), None) == [
        "Controller 101 is killed.",
        "Kinesis ended by itself.",
    ]


def test_nodes_that_were_added_come_and_go(story: Story) -> None:
    status = a_status()
    fourth = replace(a_node(status, 3), id=4, port=9094, pid=1004)
    grown = replace(status, brokers=(*status.brokers, fourth))
    assert story.at(20.0, grown, None) == ["Broker 4 has joined."]
    assert story.at(30.0, status, None) == ["Broker 4 has left for good."]


def test_a_look_that_fails_takes_nobody_away(story: Story) -> None:
    assert story.at(20.0, None, problem="no file.") == [
        "The servers cannot be seen: no file."
    ]
    assert story.at(21.0, a_status()) == ["The servers can be seen again."]


def test_a_pause_shorter_than_the_cluster_waits(story: Story) -> None:
    leaders = (1, 2, 2)
    paused = a_status(b2="paused")
    story.at(20.0, paused, a_sample(19.9, *leaders), an_action("pause", 2))
    # An answer of before it went on says nothing about who leads now.
    resume = an_action("resume", 2, number=2)
    assert story.at(21.5, a_status(), a_sample(21.4, *leaders), resume) == [
        "You resumed broker 2 after 1.5 s."
    ]
    assert story.at(21.7, a_status(), a_sample(21.6, *leaders)) == [
        "Broker 2 leads 2 partitions again: 1.7 s without a leader."
    ]


def test_a_restart_within_the_session_is_not_yet_a_leader(story: Story) -> None:
    """Kafka still names the dead process for a while; the new one leads nothing."""
    stale = (1, 2, 2)
    story.at(20.0, a_status(b2="killed"), a_sample(19.9, *stale))
    again = with_pid(a_status(), 2, 77)
    story.at(20.4, again, a_sample(20.3, *stale))
    assert story.at(21.0, again, a_sample(20.9, *stale)) == []
    assert story.at(22.0, again, a_sample(21.9, 1, None, None, members=(1, 3))) == [
        "The cluster goes on without broker 2.",
        "2 partitions have no leader now.",
    ]
    assert story.at(22.4, again, a_sample(22.3, 1, 2, 2)) == [
        "Broker 2 is in the cluster again.",
        "Broker 2 leads 2 more partitions: 2.4 s without a leader.",
    ]


def test_a_restart_is_believed_once_the_controller_must_have_decided(
    story: Story,
) -> None:
    story.at(20.0, a_status(b2="killed"), a_sample(19.9, 1, 2, 2))
    again = with_pid(a_status(), 2, 77)
    story.at(20.4, again, a_sample(20.3, 1, 2, 2))
    assert story.at(25.0, again, a_sample(24.9, 1, 2, 2)) == [
        "Broker 2 leads 2 partitions again: 5.0 s without a leader."
    ]


def test_an_answer_of_before_the_end_does_not_bring_leaders_back(story: Story) -> None:
    old = a_sample(19.9, 1, 2, 2)
    down = a_status(b1="stopped", b2="stopped", b3="stopped", c="stopped", k="stopped")
    story.at(20.0, down, old)
    up = a_status()
    texts = story.at(30.0, up, old) + story.at(36.0, up, old)
    assert not [text for text in texts if "leads" in text]
    assert story.last is not None
    assert [node.leads for node in story.last.nodes[:3]] == [None, None, None]


def test_leaders_that_move_without_a_gap(story: Story) -> None:
    assert story.at(10.4, a_status(), a_sample(10.3, 1, 1, 3)) == [
        "Broker 1 leads 1 more partition: handed over by broker 2.",
        "Broker 3 leads 1 more partition: handed over by broker 2.",
    ]


def test_a_gap_shorter_than_two_samples_is_not_measured(story: Story) -> None:
    stopped = a_status(b2="stopped")
    story.at(20.0, stopped, a_sample(19.9, 1, 2, 2))
    assert story.at(20.2, stopped, a_sample(20.1, 1, 3, 3)) == [
        "Broker 3 leads 2 more partitions: under 0.5 s without a leader."
    ]


def test_gaps_that_differ_are_told_by_the_longest(story: Story) -> None:
    story.at(20.0, a_status(b2="killed"), a_sample(19.9, 1, 2, 2))
    both = a_status(b1="killed", b2="killed")
    story.at(22.0, both, a_sample(21.9, 1, 2, 2))
    assert story.at(25.0, both, a_sample(24.9, 3, 3, 3, members=(3,)))[-1] == (
        "Broker 3 leads 3 more partitions: up to 5.0 s without a leader."
    )


def test_a_start_ends_with_an_answer_and_a_failure_with_its_reason(story: Story) -> None:
    start = an_action("start", 2, ended=13.4)
    assert story.at(14.0, a_status(), None, start) == [
        "You started broker 2: it answers after 3.4 s."
    ]
    assert story.at(14.2, a_status(), None, start) == []
    failed = an_action("kill", 0, number=2, ended=15.0, error="Kinesis does not run.")
    assert story.at(15.1, a_status(), None, failed) == [
        "You could not kill Kinesis: Kinesis does not run."
    ]
    long = replace(failed, number=3, error="It ended. Its last words, from a.log:\nERROR")
    assert story.at(15.3, a_status(), None, long) == [
        "You could not kill Kinesis: It ended. Its last words, from a.log."
    ]


def test_a_process_that_was_replaced_unseen(story: Story) -> None:
    assert story.at(10.2, with_pid(a_status(), 1, 5), None) == [
        "Broker 1 runs anew (pid 5, was 1001)."
    ]


def test_servers_that_cannot_be_seen_for_a_while(story: Story) -> None:
    assert story.at(10.2, None, problem="no such folder") == [
        "The servers cannot be seen: no such folder"
    ]
    assert story.at(10.4, None, problem="no such folder") == []
    assert story.at(10.6, a_status()) == ["The servers can be seen again."]


def test_topics_that_come_and_go_are_no_event(story: Story) -> None:
    assert story.at(10.2, a_status(), a_sample(10.1, 1, 2, 2, 3)) == []
    assert story.at(10.4, a_status(), a_sample(10.3, 1)) == []
