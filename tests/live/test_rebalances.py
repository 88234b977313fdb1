"""The rebalance timeline on real servers, of members that really join and leave."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from confluent_kafka.cimpl import NewTopic

from data.recordings import record_rebalance as scenario
from helpers import views
from helpers.kafka import members
from helpers.kafka.members import Member
from helpers.kafka.topics import wait_until_known
from helpers.live.ownership import Change, holds
from helpers.live.rebalance_poller import RebalancePoller
from helpers.names import unique
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.rebalance_views import RebalanceTimeline
from helpers.waiting import wait_for
from tests.live.conftest import client

PARTITIONS = 6
# Far more than it takes, so that a busy machine does not fail a test.
SHOWN = 90


@dataclass(frozen=True)
class Stage:
    """A fed topic, and a timeline of three groups that may read it.

    Attributes:
        cluster: where it is.
        topic: its name.
        folder: in which the members run.
        groups: by protocol.
        board: the timeline.
    """

    cluster: EmbeddedCluster
    topic: str
    folder: Path
    groups: dict[str, str]
    board: RebalanceTimeline

    def join(self, protocol: str, name: str) -> Member:
        """Start a member; it works without a pause."""
        return scenario.begin_member(
            self.folder,
            self.cluster.connection,
            self.topic,
            self.groups[protocol],
            name,
        )

    def wait_until_held(self, protocol: str, name: str, number: int) -> None:
        """Wait until a member holds so many partitions."""
        wait_for(
            lambda: len(self.board.holds(self.groups[protocol], name)) == number,
            SHOWN,
            f"{number} partitions of {name} in {self.groups[protocol]}",
        )

    def last_change(self, protocol: str) -> Change:
        """Return the last change of a group."""
        return self.board.last(self.groups[protocol])


@pytest.fixture(scope="module")
def stage(
    cluster: EmbeddedCluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """Give a topic that is written to all the time."""
    topic, admin = unique("rebalance"), client(cluster)
    admin.create_topics([NewTopic(topic, PARTITIONS, 3)])[topic].result(SHOWN)
    wait_until_known(cluster.connection, topic, PARTITIONS)
    folder = tmp_path_factory.mktemp("members")
    groups = {protocol: unique(protocol) for protocol in scenario.PROTOCOLS}
    with ExitStack() as stack:
        stack.enter_context(scenario.fed(cluster.connection, topic, PARTITIONS))
        board = views.rebalances(*groups.values())
        stack.callback(board.stop)
        stack.callback(members.end_all)
        yield Stage(cluster, topic, folder, groups, board)
    admin.delete_topics([topic])[topic].result(SHOWN)


@pytest.mark.parametrize("protocol", scenario.PROTOCOLS)
def test_eager_stops_all_and_the_others_keep_what_does_not_move(
    stage: Stage, protocol: str
) -> None:
    stage.join(protocol, "A")
    stage.wait_until_held(protocol, "A", PARTITIONS)
    second = stage.join(protocol, "C")
    stage.wait_until_held(protocol, "C", PARTITIONS // 2)
    stage.wait_until_held(protocol, "A", PARTITIONS // 2)
    change = stage.last_change(protocol)
    assert (change.who, change.what) == ("C", "started")
    ((who, kept, of),) = change.kept
    if protocol == "eager":
        assert (kept, of, len(change.stops)) == (0, PARTITIONS, PARTITIONS)
        ((paused),) = change.pauses
        assert (paused.of, paused.lasted(0) > 0) == (who, True)
    else:
        assert (who, kept, of) == ("A", PARTITIONS // 2, PARTITIONS)
        assert len(change.stops) == PARTITIONS // 2
        assert change.pauses == ()
    second.kill()
    wait_for(lambda: stage.last_change(protocol).what == "ended", SHOWN, "the crash")
    stage.wait_until_held(protocol, "A", PARTITIONS)
    crash = stage.last_change(protocol)
    assert len(crash.stops) == (PARTITIONS if protocol == "eager" else PARTITIONS // 2)
    assert "×C" in stage.board.widget.children[2].value


def test_a_recording_plays_the_same(stage: Stage, tmp_path: Path) -> None:
    with views.record(stage.board, tmp_path / "it") as file:
        stage.join("eager", "D")
        holds = partial(stage.board.holds, stage.groups["eager"], "D")
        wait_for(holds, SHOWN, "partitions for D")
    played = views.recording(file)
    played.player.seek(played.player.length)
    try:
        wait_for(lambda: "D joins" in played.text(), SHOWN, "the end of the recording")
    finally:
        played.stop()


BOTH = """
import json, signal, sys, time
for what, *partitions in json.loads(sys.argv[1]):
    line = {"at": time.monotonic(), "group": "static", "member": "B", "what": what}
    print(json.dumps({**line, "partitions": partitions}), flush=True)
signal.pause()
"""


def test_an_end_that_is_seen_late_was_before_the_followers_start(tmp_path: Path) -> None:
    script = tmp_path / "both.py"
    script.write_text(BOTH, "utf-8")
    notes = json.dumps([["started"], ["assigned", 0, 1]])
    poller = RebalancePoller(["static"], 60)

    def held() -> int:
        (one,) = poller.take().of("static")
        return sum(hold.end is None for hold in holds(one.notes))

    try:
        first = members.start(script, [notes], {})
        wait_for(lambda: first.output().count("\n") == 2, SHOWN, "the first one's work")
        assert held() == 2
        first.kill()
        # It has the partitions before anybody has looked whether the first one lives.
        second = members.start(script, [notes], {})
        wait_for(lambda: second.output().count("\n") == 2, SHOWN, "the second one's")
        assert held() == 2
        (one,) = poller.take().of("static")
        told = [note.what for note in one.notes]
        assert told == ["started", "assigned", "ended", "started", "assigned"]
    finally:
        members.end_all()


TOLD = {"group": "static", "member": "B", "what": "started"}
# What a script may print that is no word of a member; none may end the timeline.
GARBAGE = {
    "no UTF-8": b'{"at": 1, "group": "\xff", "member": "B", "what": "started"}',
    "deep": b'{"at": 1, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "zero bytes": b"\0" * 100,
    "no object": b"7",
    "the time of day": json.dumps({**TOLD, "at": time.time()}).encode(),
    "before all time": json.dumps({**TOLD, "at": -1e308}).encode(),
    "after all time": json.dumps({**TOLD, "at": 1e308}).encode(),
}


@pytest.mark.parametrize("garbage", GARBAGE)
def test_what_no_member_tells_is_passed_over(tmp_path: Path, garbage: str) -> None:
    (tmp_path / "garbage").write_bytes(GARBAGE[garbage] + b"\n")
    script = tmp_path / "odd.py"
    script.write_text(
        "import sys\nsys.stdout.buffer.write(open('garbage', 'rb').read())\n"
        f"sys.stdout.flush()\n{BOTH}",
        "utf-8",
    )
    timeline = views.rebalances("static")
    try:
        members.start(script, [json.dumps([["started"], ["assigned", 0, 1]])], {})
        wait_for(lambda: timeline.holds("static", "B") == [0, 1], SHOWN, "what is told")
        (one,) = timeline.snapshot.members
        assert [note.what for note in one.notes] == ["started", "assigned"]
    finally:
        timeline.stop()
        members.end_all()
