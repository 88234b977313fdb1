"""Brokers that die at random under a producer, and whether its promises were kept."""

import random
import threading
from dataclasses import dataclass, field
from itertools import count

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.waiting import wait_for
from tests.servers import clients

RECOVERY_SECONDS = 120
_QUIET = {
    "log_level": 0,
    "socket.timeout.ms": 2000,
    "reconnect.backoff.max.ms": 500,
}


@dataclass
class Ledger:
    """What a producer with ``acks=all`` was told of each number it sent."""

    acknowledged: set[int] = field(default_factory=set)
    failed: dict[int, str] = field(default_factory=dict)

    def note(self, number: int, error: KafkaError | None) -> None:
        """Keep the outcome of one number."""
        if error is None:
            self.acknowledged.add(number)
        else:
            self.failed[number] = error.name()


@dataclass(frozen=True)
class Result:
    """What is left of the numbers after all kills."""

    kills: int
    acknowledged: int
    lost: set[int]
    refused: int
    failed_yet_there: int
    twice: int


def kill_at_random(cluster: EmbeddedCluster, topic: str, kills: int) -> Result:
    """Kill and start brokers while numbers are sent, one broker at a time.

    Args:
        cluster: whose brokers; all of them run, before and after.
        topic: with three replicas and a min ISR of 2.
        kills: how many.
    """
    ledger, stop = Ledger(), threading.Event()
    wait_until_whole(cluster, topic)
    sender = threading.Thread(target=_send, args=(cluster, topic, ledger, stop))
    sender.start()
    try:
        for _ in range(kills):
            stop.wait(random.uniform(0.1, 1.5))
            _kill_one(cluster, topic)
    finally:
        stop.set()
        sender.join()
    return _result(kills, ledger, read_numbers(cluster, topic))


def wait_until_whole(cluster: EmbeddedCluster, topic: str) -> None:
    """Wait until the topic's three replicas are in sync."""
    wait_for(
        lambda: len(clients.insync_replicas(cluster.status(), topic)) == 3,
        RECOVERY_SECONDS,
        "three in sync",
    )


def read_numbers(cluster: EmbeddedCluster, topic: str) -> list[int]:
    """Return every number in the topic's only partition, in order."""
    servers = cluster.status().bootstrap_servers
    reader = Consumer({"bootstrap.servers": servers, "group.id": "ledger", **_QUIET})
    try:
        _, end = reader.get_watermark_offsets(TopicPartition(topic, 0), timeout=30)
        reader.assign([TopicPartition(topic, 0, 0)])
        messages = reader.consume(end, timeout=RECOVERY_SECONDS)
        assert len(messages) == end
        return [int(message.value() or b"") for message in messages]
    finally:
        reader.close()


def _kill_one(cluster: EmbeddedCluster, topic: str) -> None:
    victim = random.choice([1, 2, 3])
    cluster.kill("broker", victim)
    # Sometimes it is back before anybody has missed it.
    if random.random() < 0.5:
        threading.Event().wait(random.uniform(0.5, 5))
    cluster.start("broker", victim)
    wait_until_whole(cluster, topic)


def _send(
    cluster: EmbeddedCluster, topic: str, ledger: Ledger, stop: threading.Event
) -> None:
    servers = cluster.status().bootstrap_servers
    producer = Producer(
        {
            "bootstrap.servers": servers,
            "acks": "all",
            "message.timeout.ms": 10_000,
            "linger.ms": 5,
            **_QUIET,
        }
    )
    for number in count():
        if stop.is_set():
            break

        def note(error: KafkaError | None, _: object, number: int = number) -> None:
            ledger.note(number, error)

        producer.produce(topic, str(number), on_delivery=note)
        producer.poll(0)
        stop.wait(0.002)
    assert producer.flush(60) == 0


def _result(kills: int, ledger: Ledger, numbers: list[int]) -> Result:
    there = set(numbers)
    return Result(
        kills=kills,
        acknowledged=len(ledger.acknowledged),
        lost=ledger.acknowledged - there,
        refused=len(ledger.failed.keys() - there),
        failed_yet_there=len(ledger.failed.keys() & there),
        twice=len(numbers) - len(there),
    )
