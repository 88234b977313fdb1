"""Record the lag that lesson 09 brings along, on servers of its own.

    python -m data.recordings.record_lag

The storm's morning peak comes in while one slow consumer reads: the lag grows. A second
one joins and it shrinks; the first is killed, its partitions wait for its session's end,
and then the second reads them. Writes ``09_lag.json.gz`` beside this file; takes about
a minute.
"""

import time
from collections.abc import Callable
from pathlib import Path

from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    NewTopic,
)

from data.recordings.own_servers import own_servers
from helpers import views
from helpers.kafka.crew import Crew
from helpers.live.lag_snapshot import LagSnapshot
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.lag_board import LagBoard
from helpers.waiting import wait_for

FILE = Path(__file__).with_name("09_lag.json.gz")
TOPIC, GROUP = "nyc.flight.departed", "delay-board"
PARTITIONS = 6
# A quiet moment before and after each step, for who watches.
_PAUSE = 2.0
_WAIT = 90
_A_LAG = 100
_PEAK_SECONDS = 18
_SLOW_MS, _FASTER_MS = 200, 20


def main() -> None:
    """Start servers, record, and end them."""
    with own_servers(FILE) as (cluster, place):
        # Quiet: it still looks for the servers when they have ended.
        admin = AdminClient({**cluster.connection, "log_level": 0})
        admin.create_topics([NewTopic(TOPIC, PARTITIONS, 3)])[TOPIC].result(_WAIT)
        _record(cluster, place / "run")


def _record(cluster: EmbeddedCluster, folder: Path) -> None:
    crew = Crew(folder, lambda: cluster.connection, GROUP, TOPIC)
    board = views.lag(cluster, GROUP, TOPIC, crew)
    _until(board, lambda one: one.state == "none" and bool(one.rows), "the partitions")
    with views.record(board, FILE):
        _peak(board)
        _crash(board)
    board.stop()
    print(board)


def _peak(board: LagBoard) -> None:
    _quiet()
    first = board.add()
    _until(board, lambda one: _owned(one, first) == PARTITIONS, "its partitions")
    board.throttle(first, _SLOW_MS)
    _quiet()
    board.replay_peak(_PEAK_SECONDS)
    _until(board, lambda one: (one.total or 0) > _A_LAG, "a lag")
    second = board.add()
    board.throttle(second, _FASTER_MS)
    _until(board, lambda one: _owned(one, second) == PARTITIONS // 2, "half of them")
    _until(board, lambda one: (one.per_second or 0) < -1, "a lag that shrinks")
    _quiet()


def _crash(board: LagBoard) -> None:
    first, second = (one.name for one in board.snapshot.consumers)
    board.kill(first)
    _until(board, lambda one: _owned(one, second) == PARTITIONS, "its session's end")
    _until(board, lambda one: one.total == 0, "no lag")
    _quiet()


def _owned(snapshot: LagSnapshot, name: str) -> int:
    return sum(one.owner == name for one in snapshot.rows)


def _until(board: LagBoard, holds: Callable[[LagSnapshot], bool], what: str) -> None:
    wait_for(lambda: holds(board.snapshot), _WAIT, what)


def _quiet() -> None:
    """Let who watches look for a moment: this is part of the recording, not a wait."""
    time.sleep(_PAUSE)


if __name__ == "__main__":
    main()
