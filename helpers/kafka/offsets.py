"""Offsets of a topic's partitions: where each ends, and where it was at a time.

A consumer asks, not an admin client: ``AdminClient.list_offsets`` can end the whole
process. librdkafka 2.16.0 begins that question on the caller's thread and, when an
answer about leaders comes meanwhile, goes on with it on its own thread, too
(``rd_kafka_topic_partition_list_query_leaders_async``): one of both then works on
memory that the other has freed.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from helpers.kafka.topics import ASK_SECONDS, QUIET
from helpers.waiting import WaitTimeout, wait_for

# A consumer must name a group; this one is never joined.
_NO_GROUP = "workbook-look"
_LATE_SECONDS = 1.0


@contextmanager
def looking_consumer(
    connection: Mapping[str, str],
    group: str = _NO_GROUP,
    settings: Mapping[str, str | int | bool] | None = None,
) -> Iterator[Consumer]:
    """Have a consumer that joins no group and commits nothing, and is closed then.

    Args:
        connection: settings of a client.
        group: whose committed offsets may be asked for.
        settings: more of the consumer's.
    """
    ours = {"group.id": group, "enable.auto.commit": False, **QUIET}
    consumer = Consumer({**connection, **ours, **(settings or {})})
    try:
        yield consumer
    finally:
        consumer.close()


def partitions_of(consumer: Consumer, topic: str) -> Iterable[int]:
    """Return a topic's partitions; none if there is no such topic.

    Raises:
        KafkaException: no broker answers.
    """

    def known() -> Iterable[int]:
        answer = consumer.list_topics(topic, timeout=ASK_SECONDS)
        return tuple(answer.topics[topic].partitions)

    # A broker that was away may hear late of a new topic.
    with suppress(WaitTimeout):
        return wait_for(known, _LATE_SECONDS, topic)
    return ()


def reach(consumer: Consumer, place: TopicPartition) -> tuple[int, int]:
    """Return a partition's first offset and the one after its last.

    Raises:
        KafkaException: its leader does not answer.
    """

    def answer() -> tuple[int, ...]:
        try:
            return consumer.get_watermark_offsets(place, ASK_SECONDS)
        except KafkaException as error:
            # A leader elected just now does not know yet what all in sync have.
            if error.args[0].code() != KafkaError.OFFSET_NOT_AVAILABLE:
                raise
            return ()

    low, high = wait_for(answer, ASK_SECONDS, f"the end of partition {place.partition}")
    return low, high


def begin_offsets(connection: Mapping[str, str], topic: str) -> dict[int, int]:
    """Return, by partition, the offset of the first record that is still there.

    Raises:
        KafkaException: no broker answers.
    """
    return {one: low for one, (low, _) in _reaches(connection, topic).items()}


def end_offsets(connection: Mapping[str, str], topic: str) -> dict[int, int]:
    """Return, by partition, the offset that its next record will get.

    Raises:
        KafkaException: no broker answers.
    """
    return {one: high for one, (_, high) in _reaches(connection, topic).items()}


def _reaches(connection: Mapping[str, str], topic: str) -> dict[int, tuple[int, int]]:
    # As far as records are there, not as far as they may be read.
    every = {"isolation.level": "read_uncommitted"}
    with looking_consumer(connection, settings=every) as consumer:
        return {
            number: reach(consumer, TopicPartition(topic, number))
            for number in partitions_of(consumer, topic)
        }


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
        KafkaException: no broker answers.
    """
    ends = end_offsets(connection, topic)
    with looking_consumer(connection) as consumer:
        asked = [TopicPartition(topic, number, milliseconds) for number in ends]
        found = consumer.offsets_for_times(asked, timeout=ASK_SECONDS)
    return {
        one.partition: one.offset if one.offset >= 0 else ends[one.partition]
        for one in found
    }
