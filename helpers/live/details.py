"""What librdkafka does not ask: the size of a log on disk, who is eligible to lead.

And when a partition's newest record was written: librdkafka's only question for that
is ``list_offsets``, which can end the whole process (:mod:`helpers.kafka.offsets`).

Asked through kafka-python, whose requests end after a second when a broker is silent.
It gets no secrets: where brokers ask for any, all stay unknown.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

_TIMEOUT_MS = 1000
_BOOTSTRAP_MS = 1500

Leaders = Sequence[tuple[int, int]]
"""Pairs of a partition and the broker that leads it and runs."""


class Details:
    """Asks about one topic; connects when it is first asked.

    Args:
        topic: its name.
        access: settings by which brokers let a client in, if they ask for any.
    """

    def __init__(self, topic: str, access: Mapping[str, str]) -> None:
        self._topic = topic
        self._may_ask = (
            access.get("security.protocol", "plaintext").lower() == "plaintext"
        )
        self._addresses: tuple[str, ...] = ()
        self._client: Any = None

    def bytes(self, addresses: Sequence[str], leaders: Leaders) -> dict[int, int]:
        """Return how large the leader's log of each partition is, where it answers."""
        led: dict[int, list[int]] = defaultdict(list)
        for partition, broker in leaders:
            led[broker].append(partition)
        found: dict[int, int] = {}
        for broker, partitions in led.items():
            wanted = {"topic_partitions": {self._topic: partitions}, "brokers": [broker]}
            for answer in self._ask(addresses, "describe_log_dirs", wanted) or ():
                found |= _sizes(answer["log_dirs"], self._topic)
        return found

    def eligible(self, addresses: Sequence[str]) -> dict[int, tuple[int, ...]] | None:
        """Return each partition's eligible leader replicas, or None if nobody tells."""
        asked = {"topics": [self._topic]}
        answer = self._ask(addresses, "describe_topic_partitions", asked)
        if answer is None or not answer["topics"]:
            return None
        return {
            one["partition_index"]: (*(one["eligible_leader_replicas"] or ()),)
            for one in answer["topics"][0]["partitions"]
        }

    def newest(self, addresses: Sequence[str], partition: int) -> tuple[int, int] | None:
        """Return offset and timestamp of the record with a partition's latest timestamp.

        The timestamp is in milliseconds since 1970. None if there is no record, or
        nobody tells.
        """
        from kafka import TopicPartition
        from kafka.admin import OffsetSpec

        place = TopicPartition(self._topic, partition)
        asked = {"topic_partition_specs": {place: OffsetSpec.MAX_TIMESTAMP}}
        answer = self._ask(addresses, "list_partition_offsets", asked)
        if answer is None or answer[place].offset < 0:
            return None
        return answer[place].offset, answer[place].timestamp

    def close(self) -> None:
        """Let go of the connections."""
        client, self._client = self._client, None
        if client:
            client.close()

    def _ask(self, addresses: Sequence[str], method: str, about: dict[str, Any]) -> Any:  # noqa: ANN401
        if not self._may_ask:
            return None
        # Imported on the thread that asks, since it is slow; a fault in it is not hidden.
        from helpers.live.details_client import Client

        try:
            return getattr(self._connected(Client, tuple(addresses)), method)(**about)
        # Whatever a client makes of servers that end while it asks: not known now.
        except Exception:
            self.close()
            return None

    def _connected(self, client: type, addresses: tuple[str, ...]) -> Any:  # noqa: ANN401
        if self._client is None or addresses != self._addresses:
            self.close()
            self._addresses = addresses
            self._client = client(
                bootstrap_servers=list(addresses),
                request_timeout_ms=_TIMEOUT_MS,
                bootstrap_timeout_ms=_BOOTSTRAP_MS,
            )
        return self._client


def _sizes(log_dirs: Sequence[dict[str, Any]], topic: str) -> dict[int, int]:
    return {
        one["partition_index"]: one["partition_size"]
        for log_dir in log_dirs
        for found in log_dir["topics"]
        if found["name"] == topic
        for one in found["partitions"]
    }
