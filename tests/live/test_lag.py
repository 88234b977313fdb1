"""The lag board on real servers: that it agrees with Kafka's own tool, and lasts."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from confluent_kafka import TopicPartition

from helpers import views
from helpers.kafka import members
from helpers.kafka.crew import Crew
from helpers.live.lag_snapshot import LagSnapshot
from helpers.names import unique
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.lag_board import LagBoard
from helpers.waiting import wait_for
from tests.commits import commit
from tests.live.conftest import client, delete
from tests.live.lags import (
    SOON,
    Load,
    Watched,
    asking,
    compare_under_load,
    make,
    send,
    shown,
    tool,
)

CONSUMER = {"group.protocol": "consumer"}


Watch = Callable[..., Watched]


@pytest.fixture
def watch(well: EmbeddedCluster, tmp_path: Path) -> Iterator[Watch]:
    """Return what makes a watched board of a group in a topic."""
    boards: list[LagBoard] = []
    seen: list[LagSnapshot] = []

    def watched(topic: str, group: str, **settings: str) -> Watched:
        crew = Crew(
            tmp_path, lambda: well.connection, group, topic, settings=settings or None
        )
        boards.append(views.lag(well, group, topic, crew))
        boards[-1].listen(seen.append)
        return Watched(boards[-1], seen)

    yield watched
    members.end_all()
    for board in boards:
        board.stop()
    assert [row for one in seen for row in one.rows if (row.lag or 0) < 0] == []
    assert [row for one in seen for row in one.rows if (row.behind or 0) < 0] == []


@pytest.fixture
def flights(well: EmbeddedCluster) -> Iterator[str]:
    """Return a topic of three partitions."""
    name = unique("lag")
    make(well, name)
    yield name
    well.up()
    delete(well, name)


def test_records_that_went_unread_are_told(
    well: EmbeddedCluster, flights: str, watch: Watch
) -> None:
    group = unique("late")
    send(well, flights, 3 * 70)
    commit(well.connection, group, TopicPartition(flights, 0, 0))
    admin, gone = client(well), TopicPartition(flights, 0, 60)
    admin.delete_records([gone])[gone].result(SOON)
    watched = watch(flights, group)
    watched.says("60 of the records that the group lags in partition 0 were deleted")
    assert shown(watched.board.snapshot)[0] == tool(well, group)[0] == ("0", "70", "70")


@pytest.mark.parametrize("settings_of_consumers", [{}, CONSUMER], ids=["classic", "new"])
def test_it_agrees_with_kafkas_own_tool(
    well: EmbeddedCluster,
    flights: str,
    watch: Watch,
    settings_of_consumers: dict[str, str],
) -> None:
    group = unique("agrees")
    watched = watch(flights, group, **settings_of_consumers)
    first = watched.board.add()
    watched.until(lambda one: {r.owner for r in one.rows} == {first}, "its partitions")
    rest = watched.until(
        lambda one: one.state == "stable" and all(r.end == 0 for r in one.rows), "ends"
    )
    assert shown(rest) == tool(well, group), "nothing is committed yet"
    watched.board.throttle(first, 20)
    with Load(well, flights):
        watched.until(lambda one: (one.total or 0) > 100, "a lag")
        watched.until(lambda one: all(r.committed for r in one.rows), "commits")
        compare_under_load(watched, well, group)
        watched.board.add()
        compare_under_load(watched, well, group)
        watched.board.throttle(first, 0)
        watched.until(lambda one: (one.total or 0) < 100, "a small lag")
        caught_up = len(watched.seen)
        wait_for(lambda: len(watched.seen) > caught_up + 30, SOON, "thirty snapshots")
    watched.until(lambda one: one.total == 0 and one.state == "stable", "no lag")
    assert shown(watched.board.snapshot) == tool(well, group)
    beyond = [row for one in watched.seen for row in one.rows if row.is_beyond]
    assert beyond == [], "none is read further than its end, at any moment"
    protocol = settings_of_consumers.get("group.protocol", "classic")
    assert watched.board.snapshot.protocol == protocol
    assert len(watched.board.snapshot.members) == 2
    assert all((r.behind, r.lag) == (0.0, 0) for r in watched.board.snapshot.rows)


def test_a_throttle_takes_effect_on_the_process_that_runs(
    well: EmbeddedCluster, flights: str, watch: Watch
) -> None:
    watched = watch(flights, unique("slow"))
    name = watched.board.add()
    watched.until(lambda one: {r.owner for r in one.rows} == {name}, "its partitions")
    pid = watched.board.snapshot.consumers[0].pid
    send(well, flights, 30)
    watched.until(lambda one: [r.committed for r in one.rows] == [10] * 3, "commits")
    watched.board.throttle(name, 1000)
    send(well, flights, 90)
    slow = watched.until(lambda one: (one.total or 0) > 60, "a lag")
    waited = watched.until(lambda one: (one.behind or 0) > 2, "an age of the oldest")
    assert waited.behind is not None
    assert waited.behind <= waited.ticks - slow.ticks + 30, "no more than has passed"
    watched.board.throttle(name, 0)
    watched.until(lambda one: one.total == 0, "no lag")
    assert watched.board.snapshot.consumers[0].pid == pid
    states = {one.state for one in watched.seen if one.ticks > slow.ticks}
    assert states == {"stable"}, "no rebalance"


def test_a_dead_member_is_told_until_its_session_ends(
    well: EmbeddedCluster, flights: str, watch: Watch
) -> None:
    watched = watch(flights, unique("dead"))
    name = watched.board.add()
    watched.until(lambda one: {r.owner for r in one.rows} == {name}, "its partitions")
    watched.board.kill(name)
    send(well, flights, 30)
    watched.says(f"▲ {name} does not run any more; the group counts it until its")
    dead = watched.board.snapshot
    assert {one.owner for one in dead.rows} == {name}
    watched.until(lambda one: one.state == "empty", "its session's end")
    watched.says("The group has no member: nobody reads")
    second = watched.board.add()
    watched.until(lambda one: one.total == 0, "everything read")
    assert {one.owner for one in watched.board.snapshot.rows} == {second}
    watched.board.remove(second)
    watched.until(lambda one: one.state == "empty", "the group without a member")
    names = [one.name for one in watched.board.snapshot.consumers]
    assert second not in names, "it is removed"
    assert shown(watched.board.snapshot)[0] == ("10", "10", "0")


def test_a_script_that_fails_says_why(
    well: EmbeddedCluster, flights: str, tmp_path: Path
) -> None:
    script = tmp_path / "fails.py"
    script.write_text("raise KeyError('no such thing')")
    crew = Crew(tmp_path, lambda: well.connection, "any", flights, script=script)
    crew.add()
    wait_for(lambda: crew.facts()[0].state == "failed", SOON, "its end")
    assert crew.facts()[0].error == "KeyError: 'no such thing'"


def test_what_is_not_there_is_told_and_comes(well: EmbeddedCluster, watch: Watch) -> None:
    topic, group = unique("later"), unique("none")
    watched = watch(topic, group)
    watched.says(f"○ There is no topic {topic}")
    make(well, topic)
    watched.says(f"○ There is no consumer group {group} yet")
    name = watched.board.add()
    send(well, topic, 30)
    watched.until(lambda one: shown(one).get(0) == ("10", "10", "0"), "all read")
    watched.board.remove(name)
    delete(well, topic)
    watched.says(f"○ There is no topic {topic}")
    assert watched.board.snapshot.rows == ()
    make(well, topic)
    again = watched.until(lambda one: [r.end for r in one.rows] == [0, 0, 0], "ends")
    assert all(one.lag in (0, None) for one in again.rows)
    delete(well, topic)


def test_it_recovers_when_brokers_come_back(
    well: EmbeddedCluster, flights: str, watch: Watch
) -> None:
    watched = watch(flights, unique("lasts"))
    name = watched.board.add()
    send(well, flights, 30)
    watched.until(lambda one: shown(one).get(0) == ("10", "10", "0"), "all read")
    asked = watched.board.snapshot.asked or 0.0
    well.kill("broker", 1)
    watched.says("Broker 1 is killed")
    watched.until(lambda one: (one.asked or 0) > asked + 5, "samples without broker 1")
    watched.board.remove(name)
    well.down()
    watched.says(r"▲ No server runs\.")
    watched.says(r"▲ Everything about the group is as it was \d+ s ago: nobody tells")
    well.up()
    watched.until(lambda one: one.state == "empty", "the group")
    wait_for(lambda: "nobody tells" not in watched.board.text(), SOON, "figures of now")
    assert shown(watched.board.snapshot)[0] == ("10", "10", "0")


def test_what_asks_is_replaced_and_ends_with_the_board(
    flights: str, watch: Watch
) -> None:
    watched = watch(flights, unique("asks"))
    watched.until(lambda one: one.state == "none", "the group")
    (process,) = asking()
    process.kill()
    killed = time.monotonic()
    watched.until(lambda one: (one.asked or 0) > killed, "a sample of another process")
    watched.board.stop()
    assert asking() == []
