"""Read what a topic holds, from its beginning to its end of now."""

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
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
from helpers.waiting import WaitTimeout, wait_for

_IDLE_SECONDS = 5.0
_PART_SECONDS = 0.1
_AT_ONCE = 1000
_LATE_SECONDS = 1.0
_END = KafkaError._PARTITION_EOF


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
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 50,  # so soon an end is told
            **QUIET,
        }
    )
    try:
        messages = _consumed(consumer, _assign_from_start(consumer, topic), limit)
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
        ]
        return sorted(records, key=lambda record: (record.partition, record.offset))
    finally:
        consumer.close()


def _headers(message: Message) -> tuple[tuple[str, bytes], ...]:
    # What is sent may be a dictionary or text; what is read is a list of bytes.
    pairs = cast(list[tuple[str, bytes | None]], message.headers() or [])
    return tuple((name, value or b"") for name, value in pairs)


def _consumed(consumer: Consumer, partitions: int, limit: int) -> list[Message]:
    """Return what there is up to the end of each partition, at most ``limit``.

    Offsets do not tell how much that is: a compacted partition has gaps.
    """
    found: list[Message] = []
    heard = time.monotonic()
    while partitions and len(found) < limit and time.monotonic() - heard < _IDLE_SECONDS:
        for message in consumer.consume(_AT_ONCE, timeout=_PART_SECONDS):
            heard = time.monotonic()
            if (error := message.error()) is None:
                found.append(message)
            partitions -= error is not None and error.code() == _END
    return found[:limit]


def _assign_from_start(consumer: Consumer, topic: str) -> int:
    """Assign each partition from its first offset; return how many there are."""
    partitions = _partitions(consumer, topic)
    places = {number: TopicPartition(topic, number) for number in partitions}
    spans = {number: _span(consumer, place) for number, place in places.items()}
    consumer.assign([TopicPartition(topic, n, low) for n, (low, _) in spans.items()])
    return len(spans)


def _partitions(consumer: Consumer, topic: str) -> Iterable[int]:
    """Return a topic's partitions; none if there is no such topic."""

    def known() -> Iterable[int]:
        answer = consumer.list_topics(topic, timeout=ASK_SECONDS)
        return tuple(answer.topics[topic].partitions)

    # A broker that was away may hear late of a new topic.
    with suppress(WaitTimeout):
        return wait_for(known, _LATE_SECONDS, topic)
    return ()


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
