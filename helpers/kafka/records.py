"""Read what a topic holds, from its beginning to its end of now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from helpers.kafka.topics import ASK_SECONDS, QUIET
from helpers.waiting import wait_for

_IDLE_SECONDS = 5.0


@dataclass(frozen=True)
class Record:
    """One record of a partition.

    Attributes:
        partition: its partition's number.
        offset: its place there.
        key: its key; None if it has none.
        value: its value; empty for a tombstone.
        tombstone: whether it has no value at all, which an empty value is not.
        headers: each name with its value, in their order.
        time_ms: its timestamp, in milliseconds since 1970.
    """

    partition: int
    offset: int
    key: bytes | None
    value: bytes
    tombstone: bool = False
    headers: tuple[tuple[str, bytes], ...] = ()
    time_ms: int = 0


def read_all(
    connection: Mapping[str, str], topic: str, limit: int = 10_000
) -> list[Record]:
    """Return the records of a topic, at most ``limit``, by partition and offset.

    No group is joined and no offset committed: looking changes nothing.

    Raises:
        KafkaException: no broker answers, or there is no such topic.
    """
    consumer = Consumer(
        {
            **connection,
            "group.id": "workbook-look",
            "enable.auto.commit": False,
            **QUIET,
        }
    )
    try:
        expected = min(_assign_from_start(consumer, topic), limit)
        messages = consumer.consume(expected, timeout=_IDLE_SECONDS) if expected else []
        records = [
            Record(
                m.partition() or 0,
                m.offset() or 0,
                m.key(),
                m.value() or b"",
                m.value() is None,
                _headers(m),
                m.timestamp()[1],
            )
            for m in messages
            if m.error() is None
        ]
        return sorted(records, key=lambda record: (record.partition, record.offset))
    finally:
        consumer.close()


def _headers(message: Message) -> tuple[tuple[str, bytes], ...]:
    # What is sent may be a dictionary or text; what is read is a list of bytes.
    pairs = cast(list[tuple[str, bytes | None]], message.headers() or [])
    return tuple((name, value or b"") for name, value in pairs)


def _assign_from_start(consumer: Consumer, topic: str) -> int:
    """Assign every partition from its first offset; return how many offsets there are."""
    partitions = consumer.list_topics(topic, timeout=ASK_SECONDS).topics[topic].partitions
    places = {number: TopicPartition(topic, number) for number in partitions}
    spans = {number: _span(consumer, place) for number, place in places.items()}
    consumer.assign([TopicPartition(topic, n, low) for n, (low, _) in spans.items()])
    return sum(high - low for low, high in spans.values())


def _span(consumer: Consumer, place: TopicPartition) -> tuple[int, int]:
    """Return a partition's first offset and the one after its last."""

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
