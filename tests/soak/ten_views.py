"""Ten views open at once, and what they take."""

import threading
import time
from dataclasses import dataclass
from typing import Any

import psutil

from helpers import views
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.names import unique
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.live_view import LiveView
from helpers.waiting import wait_for
from tests.servers import clients

_SECONDS_BETWEEN = 2.0
_FRESH = 15.0
# Caches fill and the allocator finds its size in the first part of the time.
_SETTLED = 0.3
# A few readings of the allocator's, far from what ten views hold.
_MOST_GROWTH = 12_000_000


@dataclass(frozen=True)
class Reading:
    """What this process had at one moment.

    Attributes:
        python_threads: threads of Python's.
        all_threads: these and those of the clients' C code.
        memory: resident bytes.
        cpu: seconds used so far.
        at: monotonic seconds.
    """

    python_threads: int
    all_threads: int
    memory: int
    cpu: float
    at: float


def watch(cluster: EmbeddedCluster, minutes: float) -> str:
    """Keep ten views open, check that nothing grows, and say what was measured."""
    topics = [unique("ten") for _ in range(5)]
    for topic in topics:
        clients.create_topic(cluster.status(), topic)
    before = threading.active_count()
    opened = _open(cluster, topics)
    try:
        wait_for(lambda: all("LEADER" in v.text() for v in opened), 60, "every leader")
        readings = _readings(minutes)
        stale = [view for view in opened if _is_stale(view.snapshot)]
    finally:
        for view in opened:
            view.stop()
    assert stale == []
    wait_for(lambda: threading.active_count() <= before, 30, "the end of all threads")
    return _judged(readings[int(_SETTLED * len(readings)) :])


def _open(cluster: EmbeddedCluster, topics: list[str]) -> list[LiveView[Any]]:
    maps = [views.partitions(cluster, topic) for topic in topics]
    return [*maps, *(views.replicas(cluster, topic) for topic in topics)]


def _is_stale(snapshot: TopicSnapshot) -> bool:
    """Tell whether a view, or a thread that asks for it, has fallen asleep."""
    asked = min(snapshot.nodes.asked or 0.0, snapshot.sized or 0.0)
    return time.monotonic() - min(asked, snapshot.ticks) > _FRESH


def _readings(minutes: float) -> list[Reading]:
    readings: list[Reading] = []
    process = psutil.Process()
    end = time.monotonic() + 60 * minutes

    def over() -> bool:
        times = process.cpu_times()
        readings.append(
            Reading(
                threading.active_count(),
                process.num_threads(),
                process.memory_info().rss,
                times.user + times.system,
                time.monotonic(),
            )
        )
        return time.monotonic() >= end

    wait_for(over, 60 * minutes + 60, "the end of the time", interval=_SECONDS_BETWEEN)
    return readings


def _judged(readings: list[Reading]) -> str:
    first, last = readings[0], readings[-1]
    share = (last.cpu - first.cpu) / (last.at - first.at)
    said = (
        f"ten views, {(last.at - first.at) / 60:.1f} minutes: Python's threads "
        f"{first.python_threads} to {last.python_threads}, all threads "
        f"{first.all_threads} to {last.all_threads}, memory {first.memory / 1e6:.1f} to "
        f"{last.memory / 1e6:.1f} MB, {share:.0%} of a core"
    )
    assert last.python_threads <= first.python_threads, said
    # librdkafka opens and closes a connection's thread when it sees fit.
    assert last.all_threads <= first.all_threads + 3, said
    assert last.memory - first.memory < _MOST_GROWTH, said
    return said
