"""The board of windows on real servers: what it shows is what was sent."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Producer
from confluent_kafka.cimpl import NewTopic

from helpers import flights, views
from helpers.names import unique
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.windows_view import WindowsBoard
from helpers.waiting import wait_for
from tests.live.conftest import client, delete

# Far more than it takes, so that a busy machine does not fail a test.
SHOWN = 60
DAY = sorted(flights.day(8), key=lambda flight: flight.happened)


@pytest.fixture
def name(well: EmbeddedCluster) -> Iterator[str]:
    """Return a name that no topic has yet."""
    made = unique("windows")
    yield made
    well.up()
    if made in client(well).list_topics(timeout=10).topics:
        delete(well, made)


@pytest.fixture
def board(well: EmbeddedCluster, name: str) -> Iterator[WindowsBoard]:
    """Return a live board of a topic that is not there."""
    made = views.windows(well, name)
    try:
        yield made
    finally:
        made.stop()


def create(cluster: EmbeddedCluster, name: str, partitions: int = 1) -> None:
    admin = client(cluster)
    wait_for(lambda: len(admin.list_topics(timeout=5).brokers) == 3, SHOWN, "brokers")
    admin.create_topics([NewTopic(name, partitions, 3)])[name].result(SHOWN)


def send(cluster: EmbeddedCluster, name: str, *values: bytes) -> None:
    """Send values a millisecond apart, by turns to each partition."""
    producer = Producer({**cluster.connection, "log_level": 0})
    admin = client(cluster)
    # A broker may hear late of a new topic.
    partitions = wait_for(
        lambda: len(admin.list_topics(name, timeout=10).topics[name].partitions),
        SHOWN,
        name,
    )
    # From now on: those of another partition may come earlier, but are newer.
    begin = int(time.time() * 1000)
    for number, value in enumerate(values):
        place = number % partitions
        producer.produce(name, value, partition=place, timestamp=begin + number)
        producer.poll(0)
    assert producer.flush(SHOWN) == 0


def shows(board: WindowsBoard, pattern: str) -> None:
    wait_for(lambda: re.search(pattern, board.text()), SHOWN, f"'{pattern}'")


def told(board: WindowsBoard) -> str:
    return "\n".join(event.text for event in board.snapshot.events)


@pytest.mark.parametrize("partitions", [1, 3])
def test_the_day_of_the_storm(
    well: EmbeddedCluster,
    name: str,
    board: WindowsBoard,
    partitions: int,
    tmp_path: Path,
) -> None:
    shows(board, f"○ There is no topic {name} yet")
    create(well, name, partitions)
    shows(board, "○ No report has come yet")
    with views.record(board, tmp_path / "story") as file:
        send(well, name, *(one.to_json() for one in DAY))
        shows(board, r"908 reports taken .* 22 late, fallen out")
        shows(board, r"Watermark 22:59: newest event time 23:59 less 1 h")
        shows(board, r"\n09:00 to 10:00  closed  51 +6\n")
        assert "The window 21:00 to 22:00 closed with 27 reports." in told(board)
        assert re.search(
            r"A report for 06:\d\d came .* its window had closed", told(board)
        )
        send(well, name, b"no flight", DAY[0].to_json())
        shows(board, r"23 late, fallen out · 1 value passed over: is no flight")
    # Who comes later reads the same from the beginning on.
    again = views.windows(well, name, lateness=6)
    try:
        assert board.stopped
        shows(again, r"930 reports taken .* 1 late")
    finally:
        again.stop()
    replay = views.recording(file)
    try:
        replay.player.pause()
        replay.player.seek(replay.player.length)
        wait_for(lambda: "23 late" in replay.text(), SHOWN, "the recording's end")
    finally:
        replay.stop()


def test_a_topic_that_is_deleted_and_comes_back(
    well: EmbeddedCluster, name: str, board: WindowsBoard
) -> None:
    create(well, name)
    send(well, name, *(one.to_json() for one in DAY[:100]))
    shows(board, "99 reports taken|100 reports taken")
    delete(well, name)
    shows(board, f"○ There is no topic {name} yet")
    assert board.snapshot.reports is None
    create(well, name)
    send(well, name, DAY[-1].to_json())
    shows(board, r"1 report taken within 0\.0 s · 0 late")
    assert f"The topic {name} is deleted." in told(board)


def test_a_paused_leader_stops_nobody_and_reading_goes_on(
    well: EmbeddedCluster, name: str, board: WindowsBoard
) -> None:
    create(well, name)
    send(well, name, DAY[0].to_json())
    shows(board, "1 report taken")
    leader = board.snapshot.about.nodes.partitions[0].leader or 0
    well.pause("broker", leader)
    try:
        before, began = board.snapshot.ticks, time.monotonic()
        wait_for(lambda: board.snapshot.ticks > before + 4, SHOWN, "more snapshots")
        # The promise is that no pause of a broker stops a view for longer.
        assert time.monotonic() - began < 4 + 3
        # Another one leads by then.
        send(well, name, DAY[1].to_json())
        shows(board, "2 reports taken")
    finally:
        well.resume("broker", leader)
    shows(board, "2 reports taken")


def test_without_any_broker_the_board_keeps_what_it_knows(
    well: EmbeddedCluster, name: str, board: WindowsBoard
) -> None:
    create(well, name)
    send(well, name, DAY[0].to_json())
    shows(board, "1 report taken")
    for broker in (1, 2, 3):
        well.kill("broker", broker)
    shows(board, "▲ ")
    assert "1 report taken" in board.text()
    well.up()
    send(well, name, DAY[1].to_json())
    shows(board, "2 reports taken")
