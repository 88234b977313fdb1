"""Record the failover that lesson 08 brings along, on servers of its own.

    python -m data.recordings.record_failover

A topic's first leader is killed, a new one takes over, the killed broker comes back
into sync, and an election makes the preferred leader lead again. Writes
``08_failover.json.gz`` beside this file; takes about half a minute.
"""

import time
from collections.abc import Callable
from pathlib import Path

from confluent_kafka import ElectionType, Producer, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    NewTopic,
)

from data.recordings.own_servers import own_servers
from helpers import flights, views
from helpers.live.snapshot import PartitionFacts
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.topic_views import ReplicaBoard
from helpers.waiting import wait_for

FILE = Path(__file__).with_name("08_failover.json.gz")
TOPIC = "nyc.flight.departed"
# A quiet moment before and after each step, for who watches.
_PAUSE = 2.0
_WAIT = 60

Partitions = tuple[PartitionFacts, ...]


def main() -> None:
    """Start servers, record, and end them."""
    with own_servers(FILE) as (cluster, _):
        _fill(cluster.connection)
        _record(cluster)


def _fill(connection: dict[str, str]) -> None:
    admin = AdminClient(connection)
    wanted = NewTopic(TOPIC, 3, 3, config={"min.insync.replicas": "2"})
    admin.create_topics([wanted])[TOPIC].result(_WAIT)
    producer = Producer(connection)
    for flight in flights.day(8):
        producer.produce(TOPIC, key=flight.origin, value=flight.to_json())
    producer.flush(_WAIT)


def _record(cluster: EmbeddedCluster) -> None:
    board = views.replicas(cluster, TOPIC)
    _until(board, lambda ps: bool(ps and board.snapshot.sizes), "the partitions")
    with views.record(board, FILE):
        _failover(cluster, board)
    board.stop()
    print(board)


def _failover(cluster: EmbeddedCluster, board: ReplicaBoard) -> None:
    leader = board.snapshot.nodes.partitions[0].leader or 0
    _quiet(board)
    board.cards["broker", leader].buttons["kill"].click()
    _until(board, lambda ps: all(p.leader not in (None, leader) for p in ps), "leaders")
    _quiet(board)
    board.cards["broker", leader].buttons["start"].click()
    _until(
        board,
        lambda ps: all(len(p.in_sync) == len(p.replicas) for p in ps),
        "all in sync",
    )
    _quiet(board)
    _elect(cluster.connection)
    _until(board, lambda ps: all(p.leader == p.replicas[0] for p in ps), "preferred")
    _quiet(board)


def _until(board: ReplicaBoard, holds: Callable[[Partitions], bool], what: str) -> None:
    wait_for(lambda: holds(board.snapshot.nodes.partitions), _WAIT, what)


def _quiet(board: ReplicaBoard) -> None:
    """Let who watches look for a moment: this is part of the recording, not a wait."""
    time.sleep(_PAUSE)


def _elect(connection: dict[str, str]) -> None:
    every = [TopicPartition(TOPIC, number) for number in range(3)]
    # Kept until the answer is there: a client that is let go of ends its requests.
    admin = AdminClient(connection)
    admin.elect_leaders(ElectionType.PREFERRED, every).result(_WAIT)


if __name__ == "__main__":
    main()
