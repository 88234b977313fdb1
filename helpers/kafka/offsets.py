"""Offsets of a topic's partitions: where each ends, and where it was at a time."""

from collections.abc import Mapping

from confluent_kafka import TopicPartition
from confluent_kafka.admin import OffsetSpec  # type: ignore[attr-defined]

from helpers.kafka.topics import ASK_SECONDS, admin_client


def begin_offsets(connection: Mapping[str, str], topic: str) -> dict[int, int]:
    """Return, by partition, the offset of the first record that is still there.

    Raises:
        KafkaException: no broker answers, or there is no such topic.
    """
    return _ask(connection, topic, OffsetSpec.earliest())


def end_offsets(connection: Mapping[str, str], topic: str) -> dict[int, int]:
    """Return, by partition, the offset that its next record will get.

    Raises:
        KafkaException: no broker answers, or there is no such topic.
    """
    return _ask(connection, topic, OffsetSpec.latest())


def offsets_at(
    connection: Mapping[str, str], topic: str, milliseconds: int
) -> dict[int, int]:
    """Return, by partition, the first offset at or after a time.

    Args:
        connection: settings of a client.
        topic: its name.
        milliseconds: since 1970, as the timestamps of records.

    Returns:
        The end of a partition, where it has no such record.

    Raises:
        KafkaException: no broker answers, or there is no such topic.
    """
    found = _ask(connection, topic, OffsetSpec.for_timestamp(milliseconds))
    ends = end_offsets(connection, topic)
    return {one: offset if offset >= 0 else ends[one] for one, offset in found.items()}


def _ask(connection: Mapping[str, str], topic: str, spec: OffsetSpec) -> dict[int, int]:
    admin = admin_client(connection)
    partitions = admin.list_topics(topic, timeout=ASK_SECONDS).topics[topic].partitions
    asked = {TopicPartition(topic, number): spec for number in partitions}
    answers = admin.list_offsets(asked, request_timeout=ASK_SECONDS)
    return {one.partition: answers[one].result(ASK_SECONDS).offset for one in answers}
