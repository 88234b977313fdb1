"""Who leads which partition, as the brokers tell it.

Asking can take a second when a broker is silent, so that a thread of its own asks
and everybody else reads its last answer.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confluent_kafka import KafkaException

from helpers.live.asking import ASK_SECONDS, kept_admin
from helpers.live.watch import Watch

if TYPE_CHECKING:
    from confluent_kafka.admin._metadata import ClusterMetadata


@dataclass(frozen=True)
class PartitionRow:
    """One partition as Kafka's metadata has it; ``leader`` None means nobody."""

    topic: str
    partition: int
    leader: int | None
    replicas: tuple[int, ...]
    in_sync: tuple[int, ...] = ()


@dataclass(frozen=True)
class LeadersSample:
    """One answer of one broker.

    Attributes:
        asked: monotonic seconds when it was asked.
        members: ids of the brokers that it sends clients to.
        rows: every partition of every topic but Kafka's own.
        own_partitions: how many partitions Kafka's own topics have.
        own_rows: those partitions.
    """

    asked: float
    members: frozenset[int]
    rows: tuple[PartitionRow, ...]
    own_partitions: int
    own_rows: tuple[PartitionRow, ...] = ()

    def of_topic(self, topic: str) -> "LeadersSample":
        """Return the same answer as if there were no other topic."""
        rows = (row for row in (*self.rows, *self.own_rows) if row.topic == topic)
        return replace(self, rows=tuple(rows), own_partitions=0, own_rows=())


class LeadersQuestion:
    """Asks one broker after the other until one answers; stays with that one.

    A client that begins at one broker keeps its connection to that one. One client
    for all would at times pick the one that is silent.

    Args:
        access: settings by which brokers let a client in, if they ask for any.
    """

    def __init__(self, access: Mapping[str, str]) -> None:
        self._address: str | None = None
        self._client = kept_admin(access)

    def ask(self, addresses: Iterable[str]) -> LeadersSample | None:
        """Return the first answer, or None if no broker gives one.

        Args:
            addresses: ``host:port`` of the brokers that run.
        """
        for address in sorted(addresses, key=lambda one: one != self._address):
            if sample := self._ask_one(address):
                return sample
        return None

    def close(self) -> None:
        """Let go of the client."""
        self._client.drop()

    def _ask_one(self, address: str) -> LeadersSample | None:
        self._address, asked = address, time.monotonic()
        try:
            told = self._client.at((address,)).list_topics(timeout=ASK_SECONDS)
        except KafkaException:
            self._client.drop()
            return None
        return _sample(asked, told)


class LeadersWatch(Watch[LeadersSample]):
    """A thread that asks again and again.

    Args:
        access: settings by which brokers let a client in, if they ask for any.
        interval: seconds between two questions.
    """

    def __init__(self, access: Mapping[str, str], interval: float = 0.25) -> None:
        self._question = LeadersQuestion(access)
        self._addresses: tuple[str, ...] = ()
        super().__init__("leaders", interval)

    def aim(self, addresses: tuple[str, ...]) -> None:
        """Say which brokers run and can be asked from now on."""
        self._addresses = addresses

    def _ask(self) -> LeadersSample | None:
        return self._question.ask(self._addresses)

    def _release(self) -> None:
        self._question.close()


def _sample(asked: float, metadata: "ClusterMetadata") -> LeadersSample:
    rows = tuple(
        PartitionRow(
            name,
            number,
            one.leader if one.leader >= 0 else None,
            (*one.replicas,),
            (*one.isrs,),
        )
        for name, topic in sorted(metadata.topics.items())
        for number, one in sorted(topic.partitions.items())
    )
    seen = tuple(row for row in rows if not row.topic.startswith("__"))
    own = tuple(row for row in rows if row.topic.startswith("__"))
    return LeadersSample(asked, frozenset(metadata.brokers), seen, len(own), own)
