"""Record the life of segments that lesson 10 brings along, on servers of its own.

    python -m data.recordings.record_retention

A month of departures is written in some seconds to a topic that keeps eight: segments
close, expire one after the other, are marked ``.deleted`` and go; in the end the active
one, too. Writes ``10_retention.json.gz`` beside this file; takes about half a minute.
"""

import time
from pathlib import Path

from confluent_kafka import Producer
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    NewTopic,
)

from data.recordings.own_servers import own_servers
from helpers import flights, views
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.segments_view import SegmentBoard
from helpers.waiting import wait_for

FILE = Path(__file__).with_name("10_retention.json.gz")
TOPIC = "nyc.flight.departed"
SETTINGS = {
    "segment.bytes": "1048576",
    "retention.ms": "8000",
    "file.delete.delay.ms": "3000",
}
# The pace at which a day is written, and a quiet moment for who watches.
_DAY_SECONDS = 0.4
_PAUSE = 2.0
_WAIT = 60


def main() -> None:
    """Start servers, record, and end them."""
    with own_servers(FILE) as (cluster, _):
        _record(cluster)


def _record(cluster: EmbeddedCluster) -> None:
    admin = AdminClient(cluster.connection)
    wanted = NewTopic(TOPIC, 1, 3, config=SETTINGS)
    admin.create_topics([wanted])[TOPIC].result(_WAIT)
    board = views.segments(cluster, TOPIC)
    wait_for(
        lambda: board.snapshot.settings and board.snapshot.reach.end == 0,
        _WAIT,
        "what decides over the segments",
    )
    with views.record(board, FILE):
        _lives(cluster, board)
    board.stop()
    print(board)


def _lives(cluster: EmbeddedCluster, board: SegmentBoard) -> None:
    time.sleep(_PAUSE)
    producer = Producer(cluster.connection)
    begin = time.monotonic()
    for day in range(1, 29):
        for flight in flights.day(day):
            producer.produce(TOPIC, key=flight.tailnum, value=flight.to_json())
        producer.flush(_WAIT)
        time.sleep(max(0.0, begin + day * _DAY_SECONDS - time.monotonic()))
    wait_for(lambda: _is_empty(board), _WAIT, "the last segment to go")
    time.sleep(_PAUSE)


def _is_empty(board: SegmentBoard) -> bool:
    """Return whether only the new, empty segment has a file."""
    with_file = [one for one in board.snapshot.segments if one.state != "gone"]
    return board.snapshot.reach.begin == board.snapshot.reach.end and len(with_file) == 1


if __name__ == "__main__":
    main()
