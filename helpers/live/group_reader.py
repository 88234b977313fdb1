"""What a group has committed, and when the record at that place was written.

A consumer asks, not an admin client: librdkafka ends the whole process when an admin
client asks for the offsets of a group whose coordinator is not ready.
"""

import time
from collections.abc import Collection, Iterable, Mapping

from confluent_kafka import (
    TIMESTAMP_NOT_AVAILABLE,
    KafkaException,
    TopicPartition,
)

from helpers.live.asking import ASK_SECONDS, Setting, kept_consumer, reaches

_READ_SECONDS = 0.5
# One record is wanted, not what fits into a fetch.
_SMALL: dict[str, Setting] = {
    "fetch.wait.max.ms": 50,
    "max.partition.fetch.bytes": 1024,
    "auto.offset.reset": "earliest",
}


class GroupReader:
    """Looks at a group's offsets and at single records; never joins the group.

    Args:
        group: its name.
        topic: its name.
        access: settings by which brokers let a client in, if they ask for any.
    """

    def __init__(self, group: str, topic: str, access: Mapping[str, str]) -> None:
        self._topic = topic
        self._client = kept_consumer(access, {"group.id": group, **_SMALL})
        self._known: dict[int, tuple[int, float]] = {}

    def committed(
        self, addresses: tuple[str, ...], partitions: Iterable[int]
    ) -> dict[int, int] | None:
        """Return, by partition, what the group reads next; None if nobody answers.

        Args:
            addresses: brokers to begin at.
            partitions: to ask for; where nothing is committed there is no answer.
        """
        places = [TopicPartition(self._topic, number) for number in partitions]
        if not places:
            return {}
        try:
            found = self._client.at(addresses).committed(places, timeout=ASK_SECONDS)
        except KafkaException:
            return None
        if any(one.error for one in found):
            return None
        return {one.partition: one.offset for one in found if one.offset >= 0}

    def reaches(
        self, addresses: tuple[str, ...], leaders: Iterable[tuple[int, int]]
    ) -> dict[int, tuple[int, int]]:
        """Return the first offset of partitions and the one after their last.

        Args:
            addresses: brokers to begin at.
            leaders: each partition with the broker that leads it.

        Returns:
            Nothing for a partition whose leader does not answer.
        """
        return reaches(self._client.at(addresses), self._topic, leaders)

    def written(
        self,
        addresses: tuple[str, ...],
        places: Mapping[int, int],
        led: Collection[int],
    ) -> dict[int, float]:
        """Return when the record at each place was written, in seconds since 1970.

        Args:
            addresses: brokers to begin at.
            places: by partition, an offset; a record that is gone stands for the next.
            led: partitions whose leader runs; of others only what is known is told.

        Returns:
            Nothing for a partition whose leader does not answer within half a second.
        """
        new = {p: at for p, at in places.items() if not self._knows(p, at) and p in led}
        if new:
            self._known |= self._read(addresses, new)
        return {p: self._known[p][1] for p, at in places.items() if self._knows(p, at)}

    def forget(self) -> None:
        """Know nothing any more: the topic is another one now."""
        self._known.clear()

    def close(self) -> None:
        """Let go of the client: one made anew learns who coordinates now."""
        self._client.drop()

    def _knows(self, partition: int, offset: int) -> bool:
        return partition in self._known and self._known[partition][0] == offset

    def _read(
        self, addresses: tuple[str, ...], places: Mapping[int, int]
    ) -> dict[int, tuple[int, float]]:
        consumer = self._client.at(addresses)
        consumer.assign([TopicPartition(self._topic, p, at) for p, at in places.items()])
        found: dict[int, tuple[int, float]] = {}
        deadline = time.monotonic() + _READ_SECONDS
        while len(found) < len(places) and (left := deadline - time.monotonic()) > 0:
            message = consumer.poll(left)
            if message is None or message.error():
                continue
            kind, milliseconds = message.timestamp()
            partition = message.partition() or 0
            if kind != TIMESTAMP_NOT_AVAILABLE and partition not in found:
                found[partition] = places[partition], milliseconds / 1000
        consumer.unassign()
        return found
