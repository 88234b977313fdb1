"""What consumer groups there are, and how far each has come."""

from collections.abc import Callable, Mapping
from concurrent.futures import wait

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from helpers.kafka.topics import ASK_SECONDS, QUIET


def delete_groups(admin: AdminClient, mine: Callable[[str], bool]) -> None:
    """Delete every group whose name is ``mine`` and that has no member.

    A group that still has one, or whose coordinator does not answer, is let be: its
    offsets expire by themselves.
    """
    try:
        listed = admin.list_consumer_groups(request_timeout=ASK_SECONDS).result()
    except KafkaException:
        return
    names = [one.group_id for one in listed.valid if mine(one.group_id)]
    if names:
        asked = admin.delete_consumer_groups(names, request_timeout=ASK_SECONDS)
        wait(asked.values(), timeout=ASK_SECONDS)


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


def members_of(admin: AdminClient, group: str) -> int:
    """Return how many members a group has now; 0 if there is no such group.

    Raises:
        KafkaException: no broker answers.
    """
    asked = admin.describe_consumer_groups([group], request_timeout=ASK_SECONDS)
    try:
        return len(asked[group].result(ASK_SECONDS).members)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND:
            return 0
        raise
