"""Who leads each partition of a topic, and which replicas are in sync."""

from dataclasses import dataclass

from confluent_kafka.admin import AdminClient

from helpers.kafka.topics import ASK_SECONDS


@dataclass(frozen=True)
class ReplicaFacts:
    """One partition's replicas as the cluster describes them.

    Attributes:
        partition: its number.
        leader: id of the broker that leads it, or None if nobody does.
        replicas: ids of the brokers that shall have a copy, in their order.
        in_sync: ids of those that have kept up with the leader.
    """

    partition: int
    leader: int | None
    replicas: tuple[int, ...]
    in_sync: tuple[int, ...]

    @property
    def preferred(self) -> int:
        """The broker that a preferred election would choose."""
        return self.replicas[0]


def replicas(admin: AdminClient, topic: str) -> tuple[ReplicaFacts, ...]:
    """Return the partitions of a topic in order; none if there is no such topic.

    Raises:
        KafkaException: no broker answers.
    """
    found = admin.list_topics(timeout=ASK_SECONDS).topics.get(topic)
    partitions = found.partitions if found else {}
    return tuple(
        ReplicaFacts(
            number,
            one.leader if one.leader >= 0 else None,
            tuple(one.replicas),
            tuple(sorted(one.isrs)),
        )
        for number, one in sorted(partitions.items())
    )
