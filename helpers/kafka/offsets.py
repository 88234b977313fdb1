"""Offsets of a topic's partitions: where each ends, and where it was at a time.

A consumer asks, not an admin client: ``AdminClient.list_offsets`` can end the whole
process (seen with librdkafka 2.16.0). It begins on the caller's thread and, when an
answer about leaders comes meanwhile, goes on on librdkafka's own, too: one of both then
works on memory that the other has freed. Source: ``rdkafka_partition.c`` of 2.15.0,
``rd_kafka_topic_partition_list_query_leaders_async``.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from helpers.kafka.topics import ASK_SECONDS
from helpers.servers.quiet import QUIET
from helpers.waiting import WaitTimeout, wait_for

# A consumer must name a group; this one is never joined.
_NO_GROUP = "workbook-look"
_LATE_SECONDS = 1.0
_PAUSE_SECONDS = 0.05
_SOON = (
    # A leader elected just now does not know yet what all in sync have.
    KafkaError.OFFSET_NOT_AVAILABLE,
    # Not every broker has heard yet who leads.
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    # The client gave up its connection to one that is gone.
    KafkaError._DESTROY_BROKER,
)
# As far as records are there, not as far as they may be read.
_EVERY = {"isolation.level": "read_uncommitted"}

T = TypeVar("T")


@contextmanager
def looking_consumer(
    connection: Mapping[str, str],
    group: str = _NO_GROUP,
    settings: Mapping[str, str | int | bool] | None = None,
) -> Iterator[Consumer]:
    """Have a consumer that joins no group and commits nothing, and is closed then.

    It looks for its group's coordinator all the same: on a new cluster that alone makes
    the topic ``__consumer_offsets``.

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
    return _told(lambda: consumer.get_watermark_offsets(place, ASK_SECONDS))


def _told(ask: Callable[[], T]) -> T:
    """Ask again while a leader is being elected, or is so new that it cannot tell."""
    deadline = time.monotonic() + ASK_SECONDS
    while True:
        try:
            return ask()
        except KafkaException as error:
            if error.args[0].code() not in _SOON or time.monotonic() > deadline:
                raise
        time.sleep(_PAUSE_SECONDS)


def begin_offsets(connection: Mapping[str, str], topic: str) -> dict[int, int]:
    """Return, by partition, the offset of the first record that is still there.

    Without such a topic that is {}.

    Raises:
        KafkaException: no broker answers.
    """
    return {one: low for one, (low, _) in _reaches(connection, topic).items()}


def end_offsets(connection: Mapping[str, str], topic: str) -> dict[int, int]:
    """Return, by partition, the offset that its next record will get.

    Without such a topic that is {}.

    Raises:
        KafkaException: no broker answers.
    """
    return {one: high for one, (_, high) in _reaches(connection, topic).items()}


def _reaches(connection: Mapping[str, str], topic: str) -> dict[int, tuple[int, int]]:
    with looking_consumer(connection, settings=_EVERY) as consumer:
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
        The end of a partition, where it has no such record; {} if there is no such
        topic.

    Raises:
        KafkaException: no broker answers.
    """
    ends = end_offsets(connection, topic)
    if not ends:
        return {}
    with looking_consumer(connection, settings=_EVERY) as consumer:
        asked = [TopicPartition(topic, number, milliseconds) for number in ends]
        found = _told(lambda: consumer.offsets_for_times(asked, timeout=ASK_SECONDS))
    if failed := next((one.error for one in found if one.error), None):
        raise KafkaException(failed)
    return {
        one.partition: one.offset if one.offset >= 0 else ends[one.partition]
        for one in found
    }
