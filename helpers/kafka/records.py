"""Read what a topic holds, from its beginning to its end of now."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from confluent_kafka import (
    Consumer,
    KafkaError,
    Message,
    TopicPartition,
)

from helpers.kafka.offsets import looking_consumer, partitions_of, reach

_IDLE_SECONDS = 5.0
_PART_SECONDS = 0.1
_AT_ONCE = 1000
_END = KafkaError._PARTITION_EOF
_TO_THE_END = {
    "enable.partition.eof": True,
    "fetch.wait.max.ms": 50,  # so soon an end is told
}


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

    No group is joined and no offset committed. Without such a topic there are none.

    Raises:
        KafkaException: no broker answers.
    """
    with looking_consumer(connection, settings=_TO_THE_END) as consumer:
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
    places = [TopicPartition(topic, n) for n in partitions_of(consumer, topic)]
    for place in places:
        place.offset, _ = reach(consumer, place)
    consumer.assign(places)
    return len(places)
