"""Record the rebalances that lesson 09 brings along, on servers of its own.

    python -m data.recordings.record_rebalance

Three groups read one topic, each under another protocol. In each, A and B work, C
joins, and C leaves again; B takes two seconds for a record. Writes
``09_rebalance.json.gz`` beside this file; takes about half a minute.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from confluent_kafka import Producer
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    NewTopic,
)

from data.recordings.own_servers import own_servers
from helpers import views
from helpers.course.project import SCRIPTS
from helpers.kafka import members
from helpers.kafka.members import Member
from helpers.views.rebalance_views import RebalanceTimeline
from helpers.waiting import wait_for

FILE = Path(__file__).with_name("09_rebalance.json.gz")
TOPIC, PARTITIONS = "nyc.flight.departed", 6
SLOW_SECONDS = 2.0
CLASSIC = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 1000}
PROTOCOLS: dict[str, dict[str, object]] = {
    "eager": {**CLASSIC, "partition.assignment.strategy": "range"},
    "cooperative": {**CLASSIC, "partition.assignment.strategy": "cooperative-sticky"},
    "consumer": {"group.protocol": "consumer"},
}
_WAIT = 60
# A quiet moment before and after each step, for who watches.
_PAUSE = 2.0


def main() -> None:
    """Start servers, record, and end them."""
    with own_servers(FILE) as (cluster, place):
        _make(cluster.connection)
        with fed(cluster.connection, TOPIC, PARTITIONS):
            _record(cluster.connection, place)


@contextmanager
def fed(connection: dict[str, str], topic: str, partitions: int) -> Iterator[None]:
    """Send some hundred records a second to all partitions in turn, until the end."""
    stop = threading.Event()

    def feed() -> None:
        producer, number = Producer(connection), 0
        while not stop.wait(0.01):
            producer.produce(topic, str(number), partition=number % partitions)
            producer.poll(0)
            number += 1
        producer.flush(_WAIT)

    thread = threading.Thread(target=feed)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def begin_member(
    folder: Path, connection: dict[str, str], topic: str, group: str, name: str
) -> Member:
    """Start one member of a group that is named after its protocol, in a folder."""
    protocol = next(one for one in PROTOCOLS if group.startswith(one))
    work = SLOW_SECONDS if name == "B" else 0
    settings = json.dumps(PROTOCOLS[protocol])
    arguments = (topic, group, name, work, settings)
    return members.start(SCRIPTS / "member.py", arguments, connection, folder)


def _make(connection: dict[str, str]) -> None:
    # Kept until the answer is there: a client that is let go of ends its requests.
    admin = AdminClient(connection)
    admin.create_topics([NewTopic(TOPIC, PARTITIONS, 3)])[TOPIC].result(_WAIT)


def _record(connection: dict[str, str], folder: Path) -> None:
    board = views.rebalances(*PROTOCOLS, window=30)
    with views.record(board, FILE):
        _join(board, folder, connection, "A", share=PARTITIONS)
        _join(board, folder, connection, "B", share=PARTITIONS // 2)
        last = _join(board, folder, connection, "C", share=PARTITIONS // 3)
        for member in last:
            member.stop()
        _until(board, "A", PARTITIONS // 2)
        time.sleep(_PAUSE)
    board.stop()
    print(board)


def _join(
    board: RebalanceTimeline,
    folder: Path,
    connection: dict[str, str],
    name: str,
    share: int,
) -> list[Member]:
    """Start a member in each group; wait until it has its share and all is quiet."""
    started = [
        begin_member(folder, connection, TOPIC, group, name) for group in PROTOCOLS
    ]
    _until(board, name, share)
    time.sleep(_PAUSE)
    return started


def _until(board: RebalanceTimeline, name: str, share: int) -> None:
    wait_for(
        lambda: all(len(board.holds(group, name)) == share for group in PROTOCOLS),
        _WAIT,
        f"{share} partitions of {name}",
    )


if __name__ == "__main__":
    main()
