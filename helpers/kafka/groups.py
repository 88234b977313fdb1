"""What consumer groups there are, and how far each has come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from confluent_kafka import (
    Consumer,
    ConsumerGroupType,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    MemberDescription,
)

from helpers.kafka.topics import ASK_SECONDS, QUIET, refused


def delete_groups(
    admin: AdminClient, mine: Callable[[str], bool]
) -> dict[str, BaseException]:
    """Delete every group whose name is ``mine``.

    Returns:
        Why not, by the name of each that could not be deleted, as one with a member.

    Raises:
        KafkaException: a broker does not tell its groups; those of the others are gone.
    """
    listed = admin.list_consumer_groups(request_timeout=ASK_SECONDS).result()
    names = [one.group_id for one in listed.valid if mine(one.group_id)]
    left: dict[str, BaseException] = {}
    if names:
        asked = admin.delete_consumer_groups(names, request_timeout=ASK_SECONDS)
        left = refused(asked)
    if listed.errors:
        raise KafkaException(listed.errors[0])
    return left


def committed_offsets(
    connection: Mapping[str, str], group: str, topic: str
) -> dict[int, int]:
    """Return, by partition, what a group has committed for a topic; {} if nothing.

    Raises:
        KafkaException: no broker answers.
    """
    # Not an admin client: librdkafka ends the whole process when one asks for offsets
    # while the group's coordinator is not ready.
    consumer = Consumer({**connection, "group.id": group, **QUIET})
    try:
        found = consumer.list_topics(topic, timeout=ASK_SECONDS).topics[topic].partitions
        places = [TopicPartition(topic, number) for number in found]
        told = consumer.committed(places, timeout=ASK_SECONDS)
    finally:
        consumer.close()
    return {one.partition: one.offset for one in told if one.offset >= 0}


@dataclass(frozen=True)
class GroupMember:
    """One member of a group.

    Attributes:
        name: its ``client.id``.
        instance: its ``group.instance.id``; None if it has none.
        partitions: pairs of topic and number that it owns now.
    """

    name: str
    instance: str | None
    partitions: tuple[tuple[str, int], ...]

    def holds(self, topic: str) -> int:
        """Return how many partitions of a topic it owns."""
        return sum(one == topic for one, _ in self.partitions)


@dataclass(frozen=True)
class Group:
    """A group, as its coordinator knows it now.

    Attributes:
        members: all of them; none if nobody is in it.
        assignor: who shares out, such as ``range``.
        is_new: whether it uses the protocol of KIP-848.
    """

    members: tuple[GroupMember, ...] = ()
    assignor: str = ""
    is_new: bool = False


def describe_group(admin: AdminClient, group: str) -> Group:
    """Return what a group is now; one without members if there is no such group.

    Raises:
        KafkaException: no broker answers.
    """
    asked = admin.describe_consumer_groups([group], request_timeout=ASK_SECONDS)
    try:
        found = asked[group].result(ASK_SECONDS)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND:
            return Group()
        raise
    members = tuple(map(_member, found.members))
    return Group(
        members, found.partition_assignor, found.type == ConsumerGroupType.CONSUMER
    )


def _member(one: MemberDescription) -> GroupMember:
    places = one.assignment.topic_partitions if one.assignment else []
    owned = tuple(sorted((place.topic, place.partition) for place in places))
    return GroupMember(one.client_id, one.group_instance_id, owned)


def members_of(admin: AdminClient, group: str) -> int:
    """Return how many members a group has now; 0 if there is no such group.

    Raises:
        KafkaException: no broker answers.
    """
    return len(describe_group(admin, group).members)
