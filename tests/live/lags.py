"""A watched lag board, a load on it, and what Kafka's own tool says of its group."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from confluent_kafka import Producer
from confluent_kafka.cimpl import NewTopic

from helpers.kafka.topics import wait_until_known
from helpers.live.lag_snapshot import LagRow, LagSnapshot
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.lag_board import LagBoard
from helpers.waiting import wait_for
from tests.live.conftest import client

SOON = 60
TOOL = Path(sys.executable).parent / "kafka-consumer-groups"
PARTITIONS = 3


@dataclass
class Watched:
    """A board, and everything that it has shown.

    Attributes:
        board: it.
        seen: its snapshots, oldest first.
    """

    board: LagBoard
    seen: list[LagSnapshot]

    def until(self, holds: Callable[[LagSnapshot], bool], what: str) -> LagSnapshot:
        wait_for(lambda: holds(self.board.snapshot), SOON, what)
        return self.board.snapshot

    def says(self, pattern: str) -> None:
        wait_for(
            lambda: re.search(pattern, self.board.text()), SOON, f"'{pattern}' on it"
        )


def make(cluster: EmbeddedCluster, name: str) -> None:
    admin = client(cluster)
    wait_for(lambda: len(admin.list_topics(timeout=5).brokers) == 3, SOON, "brokers")
    admin.create_topics([NewTopic(name, PARTITIONS, 3)])[name].result(SOON)
    wait_until_known(cluster.connection, name, PARTITIONS)


def send(cluster: EmbeddedCluster, topic: str, number: int) -> None:
    producer = Producer({**cluster.connection, "log_level": 0})
    for one in range(number):
        producer.produce(topic, b"x", partition=one % PARTITIONS)
    assert producer.flush(SOON) == 0


class Load:
    """Sends records until the block ends."""

    def __init__(self, cluster: EmbeddedCluster, topic: str) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(cluster, topic))

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self, cluster: EmbeddedCluster, topic: str) -> None:
        producer = Producer({**cluster.connection, "log_level": 0})
        while not self._ended.wait(0.02):
            for number in range(PARTITIONS):
                producer.produce(topic, b"x", partition=number)
            producer.poll(0)
        producer.flush(SOON)


Figures = dict[int, tuple[str, str, str]]


def tool(cluster: EmbeddedCluster, group: str) -> Figures:
    """Return committed, end and lag of each partition, as Kafka's tool tells them."""
    servers = cluster.connection["bootstrap.servers"]
    command = [TOOL, "--bootstrap-server", servers, "--describe", "--group", group]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    rows = [line.split() for line in ran.stdout.splitlines()]
    return {int(row[2]): (row[3], row[4], row[5]) for row in rows if row[:1] == [group]}


def shown(snapshot: LagSnapshot) -> Figures:
    def said(number: int | None) -> str:
        return "-" if number is None else str(number)

    return {
        one.partition: (said(one.committed), said(one.end), said(one.lag))
        for one in snapshot.rows
    }


def of(row: LagRow) -> tuple[int, int]:
    assert row.committed is not None
    assert row.end is not None
    return row.committed, row.end


def is_between(before: LagRow, figures: tuple[str, str, str], after: LagRow) -> bool:
    """Tell whether the tool's figures can be of a moment between two samples."""
    committed, end, lag = map(int, figures)
    (committed_first, end_first), (committed_last, end_last) = of(before), of(after)
    return (
        committed_first <= committed <= committed_last
        and end_first <= end <= end_last
        and end_first - committed_last <= lag <= end_last - committed_first
    )


def compare_under_load(watched: Watched, cluster: EmbeddedCluster, group: str) -> None:
    before, began = watched.board.snapshot, time.monotonic()
    assert before.ticks <= began
    found = tool(cluster, group)
    ended = time.monotonic()
    after = watched.until(lambda one: (one.asked or 0) > ended, "a later sample")
    pairs = zip(before.rows, after.rows, strict=True)
    assert len(found) == PARTITIONS
    for old, new in pairs:
        assert is_between(old, found[old.partition], new), (old, found, new)


def asking() -> list[psutil.Process]:
    """Return the processes that ask about groups for this one."""
    return [one for one in psutil.Process().children() if _asks(one)]


def _asks(process: psutil.Process) -> bool:
    try:
        return "helpers.live.group_process" in process.cmdline()
    # It has ended, though nobody has asked for its exit code yet.
    except psutil.NoSuchProcess:
        return False
