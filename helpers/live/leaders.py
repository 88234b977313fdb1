"""Who leads which partition, as the brokers tell it.

Asking can take a second when a broker is silent, so that a thread of its own asks
and everybody else reads its last answer.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

if TYPE_CHECKING:
    from confluent_kafka.admin._metadata import ClusterMetadata

_ASK_SECONDS = 1.0
# Long enough for librdkafka, short enough that a silent broker is given up.
_CLIENT = {"socket.timeout.ms": 2000, "log_level": 0}
_JOIN_SECONDS = 5.0


@dataclass(frozen=True)
class PartitionRow:
    """One partition as Kafka's metadata has it; ``leader`` None means nobody."""

    topic: str
    partition: int
    leader: int | None
    replicas: tuple[int, ...]


@dataclass(frozen=True)
class LeadersSample:
    """One answer of one broker.

    Attributes:
        asked: monotonic seconds when it was asked.
        members: ids of the brokers that it sends clients to.
        rows: every partition of every topic but Kafka's own.
        own_partitions: how many partitions Kafka's own topics have.
    """

    asked: float
    members: frozenset[int]
    rows: tuple[PartitionRow, ...]
    own_partitions: int


class LeadersQuestion:
    """Asks one broker after the other until one answers; stays with that one.

    A client that begins at one broker keeps its connection to that one. One client
    for all would at times pick the one that is silent.

    Args:
        access: settings by which brokers let a client in, if they ask for any.
    """

    def __init__(self, access: Mapping[str, str]) -> None:
        self._access = access
        self._address: str | None = None
        self._client: AdminClient | None = None

    def ask(self, addresses: Iterable[str]) -> LeadersSample | None:
        """Return the first answer, or None if no broker gives one.

        Args:
            addresses: ``host:port`` of the brokers that run.
        """
        for address in sorted(addresses, key=lambda one: one != self._address):
            if sample := self._ask_one(address):
                return sample
        return None

    def _ask_one(self, address: str) -> LeadersSample | None:
        if self._client is None or self._address != address:
            self._client = AdminClient(
                {**self._access, "bootstrap.servers": address, **_CLIENT}
            )
            self._address = address
        asked = time.monotonic()
        try:
            return _sample(asked, self._client.list_topics(timeout=_ASK_SECONDS))
        except KafkaException:
            self._client = None
            return None


class LeadersWatch:
    """A thread that asks again and again.

    Args:
        access: settings by which brokers let a client in, if they ask for any.
        interval: seconds between two questions.
    """

    def __init__(self, access: Mapping[str, str], interval: float = 0.25) -> None:
        self._access = access
        self._interval = interval
        self._addresses: tuple[str, ...] = ()
        self._sample: LeadersSample | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="leaders watch", daemon=True
        )
        self._thread.start()

    @property
    def sample(self) -> LeadersSample | None:
        """The last answer, or None if there was none yet."""
        return self._sample

    def aim(self, addresses: tuple[str, ...]) -> None:
        """Say which brokers run and can be asked from now on."""
        self._addresses = addresses

    def close(self) -> None:
        """Ask no more, and wait for the thread's end."""
        self._closed.set()
        self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        question = LeadersQuestion(self._access)
        while not self._closed.wait(self._interval):
            if sample := question.ask(self._addresses):
                self._sample = sample


def _sample(asked: float, metadata: "ClusterMetadata") -> LeadersSample:
    rows = tuple(
        PartitionRow(
            name, number, one.leader if one.leader >= 0 else None, (*one.replicas,)
        )
        for name, topic in sorted(metadata.topics.items())
        for number, one in sorted(topic.partitions.items())
    )
    seen = tuple(row for row in rows if not row.topic.startswith("__"))
    members = frozenset(metadata.brokers)
    return LeadersSample(asked, members, seen, len(rows) - len(seen))
