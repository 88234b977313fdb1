"""The segment board on real servers: what it shows is what lies in the folder."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource
from confluent_kafka.cimpl import NewTopic

from helpers import flights, views
from helpers.inputs import InputError
from helpers.live.segments_snapshot import SegmentsSnapshot
from helpers.names import unique
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.interface import READ_FILES
from helpers.views.segments_view import SegmentBoard
from helpers.waiting import wait_for
from tests.live.conftest import client, delete

# Far more than it takes, so that a busy machine does not fail a test.
SHOWN = 60
# Of several megabytes each, so that a month makes four.
SMALL = {"segment.bytes": "1048576", "file.delete.delay.ms": "2000"}


@pytest.fixture
def topic(well: EmbeddedCluster) -> Iterator[str]:
    """Return a topic that keeps everything, in small segments."""
    name = unique("segments")
    admin = client(well)
    wait_for(lambda: len(admin.list_topics(timeout=5).brokers) == 3, SHOWN, "brokers")
    wanted = NewTopic(name, 1, 3, config={"retention.ms": "-1", **SMALL})
    admin.create_topics([wanted])[name].result(SHOWN)
    yield name
    well.up()
    delete(well, name)


@pytest.fixture
def board(well: EmbeddedCluster, topic: str) -> Iterator[SegmentBoard]:
    """Return a live board that knows the topic's files and settings."""
    made = views.segments(well, topic)
    try:
        wait_for(lambda: made.snapshot.settings and made.snapshot.live, SHOWN, "files")
        yield made
    finally:
        made.stop()


def send_month(cluster: EmbeddedCluster, topic: str) -> None:
    producer = Producer({**cluster.connection, "log_level": 0})
    for flight in flights.all_flights():
        producer.produce(topic, flight.to_json(), key=flight.tailnum or "unknown")
        producer.poll(0)
    assert producer.flush(SHOWN) == 0


def configure(cluster: EmbeddedCluster, topic: str, **settings: str) -> None:
    entries = [
        ConfigEntry(
            key.replace("_", "."), value, incremental_operation=AlterConfigOpType.SET
        )
        for key, value in settings.items()
    ]
    resource = ConfigResource("topic", topic, incremental_configs=entries)
    # Kept until the answer is there: a client that is let go of ends its requests.
    admin = client(cluster)
    admin.incremental_alter_configs([resource])[resource].result(SHOWN)


def shows(board: SegmentBoard, pattern: str) -> None:
    wait_for(lambda: re.search(pattern, board.text()), SHOWN, f"'{pattern}'")


def told(board: SegmentBoard) -> str:
    return "\n".join(event.text for event in board.snapshot.events)


def on_disk(cluster: EmbeddedCluster, board: SegmentBoard) -> dict[str, int]:
    broker = board.snapshot.broker or 0
    files = cluster.segment_files(board.about, 0, broker)
    return {one.name: one.size for one in files if ".log" in one.name}


def shown(snapshot: SegmentsSnapshot) -> dict[str, int]:
    there = (one for one in snapshot.segments if one.state != "gone")
    return {one.file: one.size for one in there}


def test_segments_close_expire_and_go(
    well: EmbeddedCluster, topic: str, board: SegmentBoard, tmp_path: Path
) -> None:
    starts: list[int] = []
    with views.record(board, tmp_path / "story") as file:
        forget = board.listen(lambda one: starts.append(one.reach.begin or 0))
        send_month(well, topic)
        wait_for(lambda: board.snapshot.reach.end == 24_951, SHOWN, "the end offset")
        wait_for(
            lambda: shown(board.snapshot) == on_disk(well, board), SHOWN, "the files"
        )
        assert len(board.snapshot.live) >= 4
        assert re.search(r"Segment [\d,]+ begins\. Segment 0 is closed with", told(board))
        configure(well, topic, retention_ms="1000")
        shows(board, r"00000\.log\.deleted +\.deleted .*file goes")
        shows(board, r"Next, segment [\d,]+: file goes")
        shows(board, r"closed|active +0 B +no record")
        wait_for(lambda: board.snapshot.reach.begin == 24_951, SHOWN, "the log start")
        wait_for(lambda: len(shown(board.snapshot)) == 1, SHOWN, "the files to go")
        wait_for(lambda: "segment 0 is gone" in told(board), SHOWN, "the last word")
        forget()
    assert starts == sorted(starts), "the log start offset never goes back"
    log = told(board)
    assert "retention.ms: 1.0 s now, not no limit." in log
    assert re.search(r"Segment 0 is marked \.deleted: its newest record is [\d.]+ s", log)
    (took,) = re.findall(r"segment 0 is gone, ([\d.]+) s after it was marked", log)
    # The delay that was asked for, measured by looking several times a second.
    assert float(took) >= 1.5
    replay = views.recording(file)
    try:
        replay.player.pause()
        replay.player.seek(replay.player.length)
        wait_for(lambda: log.splitlines()[-1] in replay.text(), SHOWN, "its last line")
    finally:
        replay.stop()


def test_the_cleaner_at_work(
    well: EmbeddedCluster, topic: str, board: SegmentBoard
) -> None:
    send_month(well, topic)
    configure(well, topic, cleanup_policy="compact", min_cleanable_dirty_ratio="0")
    wait_for(lambda: "The cleaner rewrote segment 0" in told(board), SHOWN, "the cleaner")
    shows(board, r"\n0 +0+\.log +closed +[\d.]+ kB, was [\d.]+ (kB|MB)")
    assert "its rewritten copy takes its place" in told(board)
    assert board.snapshot.reach.begin == 0
    shows(board, "cleanup.policy compact · delete.retention.ms 1.0 days · cleaner looks")


def test_another_leader_and_no_topic(
    well: EmbeddedCluster, topic: str, board: SegmentBoard
) -> None:
    first = board.snapshot.broker or 0
    well.kill("broker", first)
    wait_for(lambda: board.snapshot.broker not in (None, first), SHOWN, "another leader")
    second = board.snapshot.broker
    wait_for(
        lambda: f"files of broker {second} are shown now" in told(board), SHOWN, "why"
    )
    well.start("broker", first)
    delete(well, topic)
    shows(board, rf"There is no topic {topic}\.")
    assert board.snapshot.segments == ()


def test_a_partition_that_is_not_there(well: EmbeddedCluster, topic: str) -> None:
    made = views.segments(well, topic, 5)
    try:
        shows(made, rf"There is no partition 5: {topic} has partition 0\.")
    finally:
        made.stop()


def test_where_nobody_reads_files_one_sentence_says_so(well: EmbeddedCluster) -> None:
    class Attached:
        abilities = frozenset[str]()

    with pytest.raises(InputError, match=READ_FILES) as error:
        views.segments(Attached(), "any")  # type: ignore[arg-type]
    assert "\n" not in str(error.value)


def test_a_paused_leader_stops_nobody(
    well: EmbeddedCluster, topic: str, board: SegmentBoard
) -> None:
    leader = board.snapshot.broker or 0
    well.pause("broker", leader)
    try:
        before, began = board.snapshot.ticks, time.monotonic()
        wait_for(lambda: board.snapshot.ticks > before + 4, SHOWN, "more snapshots")
        # The promise is that no pause of a broker stops a view for longer.
        assert time.monotonic() - began < 4 + 3
    finally:
        well.resume("broker", leader)
