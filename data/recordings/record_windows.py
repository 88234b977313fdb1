"""Record the windows that lesson 12 brings along, on servers of its own.

    python -m data.recordings.record_windows

The 8th of February is replayed in twenty seconds, each report when it happened: those of
badly delayed flights come when their windows are closed. Writes ``12_windows.json.gz``
beside this file; takes about half a minute.
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
from helpers.replaying import replay
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.windows_view import WindowsBoard
from helpers.waiting import wait_for

FILE = Path(__file__).with_name("12_windows.json.gz")
TOPIC = "nyc.flight.departed"
DAY = 8
LATENESS = 1
_SECONDS = 20
# A quiet moment for who watches, before and after.
_PAUSE = 1.5
_WAIT = 60


def main() -> None:
    """Start servers, record, and end them."""
    with own_servers(FILE) as (cluster, _):
        _record(cluster)


def _record(cluster: EmbeddedCluster) -> None:
    admin = AdminClient(cluster.connection)
    admin.create_topics([NewTopic(TOPIC, 1, 3)])[TOPIC].result(_WAIT)
    board = views.windows(cluster, TOPIC, lateness=LATENESS)
    wait_for(lambda: board.snapshot.asked, _WAIT, "the empty topic")
    with views.record(board, FILE):
        time.sleep(_PAUSE)
        _replay(cluster, board)
        time.sleep(_PAUSE)
    board.stop()
    print(board)


def _replay(cluster: EmbeddedCluster, board: WindowsBoard) -> None:
    producer, day = Producer(cluster.connection), flights.day(DAY)
    for _, happened in replay(day, seconds=_SECONDS):
        for flight in happened:
            producer.produce(TOPIC, key=flight.origin, value=flight.to_json())
        producer.flush(_WAIT)
    wait_for(lambda: _read(board) == len(day), _WAIT, "all reports")


def _read(board: WindowsBoard) -> int:
    """Return how many reports the board has judged."""
    reports = board.snapshot.reports
    return reports.taken + reports.late if reports else 0


if __name__ == "__main__":
    main()
