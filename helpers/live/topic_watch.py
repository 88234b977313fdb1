"""How much a topic's partitions hold, and what holds for it, as brokers tell it."""

import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    ConfigResource,
    OffsetSpec,
)

from helpers.live.details import Details
from helpers.live.topic_snapshot import SizeFacts
from helpers.live.watch import Watch

T = TypeVar("T")

# Long enough for librdkafka, short enough that a silent broker is given up.
_CLIENT = {"socket.timeout.ms": 2000, "log_level": 0}
_ASK_SECONDS = 1.0
# What is seldom different, or of less use when it is new, is asked for less often.
_RARELY_SECONDS = 1.5


@dataclass(frozen=True)
class Aim:
    """Whom to ask, and about what.

    Attributes:
        addresses: ``host:port`` of the brokers that run.
        leaders: each partition with the broker that leads it and runs.
        is_there: whether the topic is known to be there, or not to be.
        all_in_sync: whether every replica is in sync; then none is merely eligible.
    """

    addresses: tuple[str, ...] = ()
    leaders: tuple[tuple[int, int], ...] = ()
    is_there: bool | None = None
    all_in_sync: bool = False


@dataclass(frozen=True)
class TopicSample:
    """What was learned of a topic.

    Attributes:
        asked: monotonic seconds when it was asked; None if it was not.
        sizes: of the partitions whose leader answered, the others as last known.
        min_in_sync: the topic's ``min.insync.replicas``, or None.
        eligible: by partition, the eligible leader replicas, or None.
    """

    asked: float | None = None
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
        self._details = Details(topic, access)
        self._rare = 0.0
        super().__init__("topic", interval)

    def aim(self, aim: Aim) -> None:
        """Say what to ask from now on."""
        self._aim = aim

    def _ask(self) -> TopicSample | None:
        aim, known = self._aim, self.sample or TopicSample()
        if aim.is_there is False:
            self._rare = 0.0
            return TopicSample()
        if not aim.leaders:
            return None
        asked = time.monotonic()
        admin = self._admin(aim.addresses)
        offsets = _offsets(admin, self._topic, aim)
        rarely = asked - self._rare > _RARELY_SECONDS
        volume = self._details.bytes(aim.addresses, aim.leaders) if rarely else {}
        minimum = _min_in_sync(admin, self._topic) if rarely else None
        self._rare = asked if rarely else self._rare
        return TopicSample(
            asked=asked if offsets else known.asked,
            sizes=_merged(known.sizes, offsets, volume),
            min_in_sync=minimum or known.min_in_sync,
            eligible={} if aim.all_in_sync else self._details.eligible(aim.addresses),
        )

    def _release(self) -> None:
        self._client = None
        self._details.close()

    def _admin(self, addresses: tuple[str, ...]) -> AdminClient:
        """Return a client that begins at brokers that run."""
        if self._client is None or self._client[0] != addresses:
            servers = {"bootstrap.servers": ",".join(addresses)}
            self._client = addresses, AdminClient({**self._access, **servers, **_CLIENT})
        return self._client[1]


def _merged(
    known: tuple[SizeFacts, ...],
    offsets: Mapping[int, tuple[int, int]],
    volume: Mapping[int, int],
) -> tuple[SizeFacts, ...]:
    """Return what is known now: the new where there is any, else the old."""
    old = {one.partition: one for one in known}
    return tuple(
        SizeFacts(
            number,
            *offsets.get(number, (before.begin, before.end)),
            volume.get(number, before.bytes),
        )
        for number in sorted(old.keys() | offsets.keys() | volume.keys())
        for before in [old.get(number, SizeFacts(number))]
    )


def _offsets(admin: AdminClient, topic: str, aim: Aim) -> dict[int, tuple[int, int]]:
    """Return begin and end of the partitions whose leader answers."""
    begins = _asked_offsets(admin, topic, aim, OffsetSpec.earliest())
    ends = _asked_offsets(admin, topic, aim, OffsetSpec.latest())
    return {one: (begins[one], ends[one]) for one in begins.keys() & ends.keys()}


def _asked_offsets(
    admin: AdminClient, topic: str, aim: Aim, which: OffsetSpec
) -> dict[int, int]:
    wanted = {TopicPartition(topic, number): which for number, _ in aim.leaders}
    asked = admin.list_offsets(wanted, request_timeout=_ASK_SECONDS)
    answers = {one.partition: _answer(future) for one, future in asked.items()}
    return {number: one.offset for number, one in answers.items() if one is not None}


def _min_in_sync(admin: AdminClient, topic: str) -> int | None:
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    asked = admin.describe_configs([resource], request_timeout=_ASK_SECONDS)
    entries = _answer(asked[resource])
    return int(entries["min.insync.replicas"].value) if entries else None


def _answer(future: "Future[T]") -> T | None:
    """Return what a broker answered, or None if it did not."""
    try:
        return future.result(2 * _ASK_SECONDS)
    except (KafkaException, TimeoutError):
        return None
