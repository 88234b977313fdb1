"""How much a topic's partitions hold, and what holds for it, as brokers tell it."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    ConfigResource,
    OffsetSpec,
)

from helpers.live.topic_snapshot import SizeFacts
from helpers.live.watch import Watch

# Long enough for librdkafka, short enough that a silent broker is given up.
_CLIENT = {"socket.timeout.ms": 2000, "log_level": 0}
_ASK_SECONDS = 1.0
# A setting of a topic is changed by hand, if at all.
_CONFIG_SECONDS = 2.0

Bytes = Callable[[int, int], int | None]
"""Called with partition and broker; returns the size of that copy, or None."""


@dataclass(frozen=True)
class Aim:
    """Whom to ask, and about what.

    Attributes:
        addresses: ``host:port`` of the brokers that run.
        leaders: by partition, the broker that leads it and runs.
        size_of: how to learn how large a copy is.
    """

    addresses: tuple[str, ...] = ()
    leaders: tuple[tuple[int, int], ...] = ()
    size_of: Bytes = lambda partition, broker: None


@dataclass(frozen=True)
class TopicSample:
    """What was learned of a topic.

    Attributes:
        sizes: of the partitions whose leader answered, the others as last known.
        min_in_sync: the topic's ``min.insync.replicas``, or None.
        eligible: by partition, the eligible leader replicas, or None.
    """

    sizes: tuple[SizeFacts, ...] = ()
    min_in_sync: int | None = None
    eligible: dict[int, tuple[int, ...]] | None = None


class TopicWatch(Watch[TopicSample]):
    """A thread that asks again and again.

    Args:
        topic: its name.
        access: settings by which brokers let a client in, if they ask for any.
        interval: seconds between two questions.
    """

    def __init__(
        self, topic: str, access: Mapping[str, str], interval: float = 0.3
    ) -> None:
        self._topic = topic
        self._access = access
        self._aim = Aim()
        self._client: tuple[tuple[str, ...], AdminClient] | None = None
        self._min: tuple[float, int | None] = (0.0, None)
        super().__init__("topic", interval)

    def aim(self, aim: Aim) -> None:
        """Say what to ask from now on."""
        self._aim = aim

    def _ask(self) -> TopicSample | None:
        aim = self._aim
        if not aim.addresses or not aim.leaders:
            return None
        admin = self._admin(aim.addresses)
        known = {one.partition: one for one in self.sample.sizes} if self.sample else {}
        found = {**known, **_sizes(admin, self._topic, aim)}
        sizes = tuple(found[number] for number in sorted(found))
        return TopicSample(sizes, self._min_in_sync(admin))

    def _admin(self, addresses: tuple[str, ...]) -> AdminClient:
        """Return a client that begins at brokers that run."""
        if self._client is None or self._client[0] != addresses:
            servers = {"bootstrap.servers": ",".join(addresses)}
            self._client = addresses, AdminClient({**self._access, **servers, **_CLIENT})
        return self._client[1]

    def _min_in_sync(self, admin: AdminClient) -> int | None:
        asked, known = self._min
        if time.monotonic() - asked > _CONFIG_SECONDS:
            self._min = time.monotonic(), _min_in_sync(admin, self._topic) or known
        return self._min[1]


def _sizes(admin: AdminClient, topic: str, aim: Aim) -> dict[int, SizeFacts]:
    """Return the sizes of the partitions whose leader answers."""
    numbers = [partition for partition, _ in aim.leaders]
    begins = _offsets(admin, topic, numbers, OffsetSpec.earliest())
    ends = _offsets(admin, topic, numbers, OffsetSpec.latest())
    return {
        partition: SizeFacts(
            partition,
            begins[partition],
            ends[partition],
            aim.size_of(partition, leader),
        )
        for partition, leader in aim.leaders
        if partition in begins and partition in ends
    }


def _offsets(
    admin: AdminClient, topic: str, partitions: Sequence[int], which: OffsetSpec
) -> dict[int, int]:
    wanted = {TopicPartition(topic, number): which for number in partitions}
    asked = admin.list_offsets(wanted, request_timeout=_ASK_SECONDS)
    answers = {one.partition: _answer(future) for one, future in asked.items()}
    return {number: one.offset for number, one in answers.items() if one is not None}


def _min_in_sync(admin: AdminClient, topic: str) -> int | None:
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    asked = admin.describe_configs([resource], request_timeout=_ASK_SECONDS)
    entries = _answer(asked[resource])
    return int(entries["min.insync.replicas"].value) if entries else None


def _answer(future: "Future[object]"):  # type: ignore[no-untyped-def] # noqa: ANN202
    """Return what a broker answered, or None if it did not."""
    try:
        return future.result(2 * _ASK_SECONDS)
    except (KafkaException, TimeoutError):
        return None
