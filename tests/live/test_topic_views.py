"""The views of a topic on real servers: what they say, and that nothing stops them."""

import gc
import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, ElectionType, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from helpers import views
from helpers.live.topic_poller import TopicPoller
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.names import unique
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.live_view import LiveView
from helpers.views.topic_views import PartitionMap, ReplicaBoard
from helpers.waiting import wait_for
from tests.live.conftest import client, delete

# Far more than it takes, so that a busy machine does not fail a test.
SHOWN = 30
STARTED = 90
# The promise is that no pause of a broker stops a view for longer.
FREEZE = 3.0
RECORDS = (300, 200, 100)


@pytest.fixture(scope="module")
def filled(cluster: EmbeddedCluster) -> Iterator[str]:
    """Return a topic of three partitions, min ISR 2, with known numbers of records."""
    name = unique("views")
    make(cluster, name)
    producer = Producer({**cluster.connection, "log_level": 0})
    for partition, number in enumerate(RECORDS):
        for _ in range(number):
            producer.produce(name, b"x" * 100, partition=partition)
    producer.flush(SHOWN)
    yield name
    cluster.up()
    delete(cluster, name)


def make(cluster: EmbeddedCluster, name: str) -> None:
    admin = client(cluster)
    wanted = NewTopic(name, 3, 3, config={"min.insync.replicas": "2"})
    wait_for(lambda: len(admin.list_topics(timeout=5).brokers) == 3, SHOWN, "brokers")
    admin.create_topics([wanted])[name].result(SHOWN)


@pytest.fixture
def board(well: EmbeddedCluster, filled: str) -> Iterator[ReplicaBoard]:
    """Return a live board that knows the topic, with every replica in sync."""
    made = views.replicas(well, filled)
    try:
        wait_for(lambda: is_well(made), STARTED, "three replicas in sync")
        yield made
    finally:
        made.stop()


def is_well(view: LiveView[TopicSnapshot]) -> bool:
    rows = view.snapshot.nodes.partitions
    in_sync = all(len(p.in_sync) == 3 and p.silent_since is None for p in rows)
    return bool(rows) and in_sync and len(view.snapshot.sizes) == 3


def shows(view: LiveView[TopicSnapshot], pattern: str, timeout: float = SHOWN) -> str:
    found = wait_for(
        lambda: re.search(pattern, view.text()), timeout, f"'{pattern}' in the view"
    )
    assert found is not None
    return found[0]


def test_the_map_counts_what_is_there(well: EmbeddedCluster, filled: str) -> None:
    made = views.partitions(well, filled)
    try:
        wait_for(lambda: is_well(made), STARTED, "the sizes")
        for number, records in enumerate(RECORDS):
            share = f"{100 * records / sum(RECORDS):.1f} %"
            shows(made, rf"\n{number} .*LEADER.* 3 of 3 +{records} +{share}")
        wait_for(
            lambda: all((one.bytes or 0) > 10_000 for one in made.snapshot.sizes),
            SHOWN,
            "bytes, at least those that were sent",
        )
        shows(made, r"min\.insync\.replicas 2 · 600 records · sampled")
        assert "unknown" not in made.text()
    finally:
        made.stop()


def losses(snapshot: TopicSnapshot) -> list[int]:
    """Return the figures that are smaller than what the brokers acknowledged."""
    known = {one.partition: one.records for one in snapshot.sizes}
    return [
        shown
        for number, sent in enumerate(RECORDS)
        if (shown := known.get(number)) is not None and shown < sent
    ]


def test_the_story_of_a_failover(
    board: ReplicaBoard, well: EmbeddedCluster, filled: str, tmp_path: Path
) -> None:
    leader = board.snapshot.nodes.partitions[0].replicas[0]
    least: list[int] = []
    forget = board.listen(lambda one: least.extend(losses(one)))
    with views.record(board, tmp_path / "story") as file:
        well.kill("broker", leader)
        shows(board, rf"Broker {leader} is killed")
        gap = shows(board, r"led by broker \d(?:, the preferred leader)?: [\d.]+(?= s w)")
        # Kafka gives a broker up 3 s after its last heartbeat, of up to 0.5 s before.
        assert float(gap.rsplit(maxsplit=1)[-1]) >= 2.0
        shows(board, rf"Broker {leader} is out of sync on .*: 2 of 3 in sync")
        shows(board, r"\n0 .*offline.* 2 of 3 ")
        well.start("broker", leader)
        shows(board, rf"Broker {leader} is in sync again on .*: 3 of 3 in sync", STARTED)
        admin = client(well)
        asked = [TopicPartition(filled, number) for number in range(3)]
        admin.elect_leaders(ElectionType.PREFERRED, asked).result(SHOWN)
        shows(board, rf"led by broker {leader}, the preferred leader: handed over by")
    forget()
    assert least == [], "no figure is smaller than what was acknowledged"
    assert file.stat().st_size < 20_000
    again = views.recording(file)
    try:
        again.player.seek(again.player.length)
        wait_for(lambda: "handed over by" in again.text(), SHOWN, "the end of the story")
        rows = again.view.snapshot.nodes.partitions
        assert rows == board.snapshot.nodes.partitions
    finally:
        again.stop()


def test_two_of_three_down_are_told(board: ReplicaBoard, well: EmbeddedCluster) -> None:
    well.kill("broker", 1)
    shows(board, r"Broker 1 is out of sync", SHOWN)
    well.kill("broker", 2)
    shows(board, r"are under min\.insync\.replicas 2: writes with acks=all are refused")
    shows(board, r"1 of 3 ▼ under min · ELR 2")
    well.up()
    shows(board, r"not under min\.insync\.replicas 2 any more", STARTED)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_no_paused_broker_freezes_a_view(
    board: ReplicaBoard, well: EmbeddedCluster, number: int
) -> None:
    moments: list[float] = []
    ages: list[float] = []
    rows = board.snapshot.nodes.partitions
    others = {one.partition for one in rows if one.leader != number}

    def watch(snapshot: TopicSnapshot) -> None:
        moments.append(time.monotonic())
        ages.extend(ages_of(snapshot, others))

    forget = board.listen(watch)
    well.pause("broker", number)
    shows(board, rf"Broker {number} +❚❚ paused")
    shows(board, rf"Broker {number} is out of sync", SHOWN)
    # What is asked in the background goes on as well: others lead, and answer.
    asked = board.snapshot.sized or 0.0
    wait_for(lambda: (board.snapshot.sized or 0.0) > asked, SHOWN, "newer sizes")
    well.resume("broker", number)
    shows(board, rf"Broker {number} is in sync again", STARTED)
    forget()
    longest = max(b - a for a, b in itertools.pairwise(moments))
    assert longest < FREEZE
    # Empty where the paused one led every partition.
    assert max(ages, default=0.0) < FREEZE, "figures of partitions that others lead"


def ages_of(snapshot: TopicSnapshot, partitions: set[int]) -> Iterator[float]:
    """Give the age of the figures of some partitions."""
    for one in snapshot.sizes:
        if one.partition in partitions and one.asked is not None:
            yield snapshot.ticks - one.asked


def test_a_topic_that_goes_and_comes_back(well: EmbeddedCluster) -> None:
    name = unique("gone")
    made = views.partitions(well, name)
    try:
        shows(made, f"○ There is no topic {name}")
        make(well, name)
        shows(made, r"\n2 .*LEADER.* 3 of 3 +0 ")
        delete(well, name)
        shows(made, f"○ There is no topic {name}")
        make(well, name)
        shows(made, r"\n2 .*LEADER.* 3 of 3 +0 ")
        assert "▲" not in made.text()
        delete(well, name)
    finally:
        made.stop()


# The board of the nodes, which shares all that waits and asks again, does it each time.
@pytest.mark.soak
def test_a_cluster_that_goes_and_comes_back(
    board: ReplicaBoard, well: EmbeddedCluster
) -> None:
    well.down()
    shows(board, r"▲ No server runs\.")
    well.up()
    wait_for(lambda: is_well(board), STARTED, "three replicas in sync again")
    shows(board, "600 records")
    wait_for(lambda: "▲" not in board.text(), SHOWN, "no warning")


def test_a_poller_alone_needs_no_widget(well: EmbeddedCluster, filled: str) -> None:
    poller = TopicPoller(well, filled)
    try:
        wait_for(lambda: len(poller.take().sizes) == 3, SHOWN, "sizes")
    finally:
        poller.close()


def test_one_map_of_a_topic_is_live(well: EmbeddedCluster, filled: str) -> None:
    first: PartitionMap = views.partitions(well, filled)
    other = views.partitions(well, f"{filled}-2")
    second = views.partitions(well, filled)
    assert "stopped" in first.text()
    assert "stopped" not in other.text()
    other.stop()
    second.stop()


def test_a_stopped_view_keeps_no_client(well: EmbeddedCluster, filled: str) -> None:
    before = clients()
    made = views.replicas(well, filled)
    wait_for(lambda: is_well(made), STARTED, "three replicas in sync")
    assert clients() > before
    made.stop()
    assert clients() == before


def clients() -> int:
    """Return how many clients of Kafka there are in this process."""
    gc.collect()
    return sum(type(one) in (AdminClient, Consumer) for one in gc.get_objects())
