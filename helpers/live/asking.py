"""Questions to brokers that may be silent: each that is costs a second or two."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from helpers.servers.quiet import QUIET

T = TypeVar("T")
Setting = str | int | bool

# Long enough for librdkafka, short enough that a silent broker is given up.
_CLIENT = {"socket.timeout.ms": 2000, **QUIET}
ASK_SECONDS = 1.0
_SILENT = (KafkaError._TIMED_OUT, KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN)
_LOOKING: dict[str, Setting] = {
    "group.id": "workbook-look",
    "enable.auto.commit": False,
    # A record counts from when it is there, not from when it may be read.
    "isolation.level": "read_uncommitted",
}


class Kept(Generic[T]):
    """A client that is made anew when other brokers run than before.

    Args:
        make: the client's class.
        settings: of the client, but for where it begins.
    """

    def __init__(
        self, make: Callable[[dict[str, Any]], T], settings: Mapping[str, Setting]
    ) -> None:
        self._make, self._settings = make, settings
        self._client: tuple[tuple[str, ...], T] | None = None

    def at(self, addresses: tuple[str, ...]) -> T:
        """Return a client that begins at brokers that run."""
        if self._client is None or self._client[0] != addresses:
            servers = {"bootstrap.servers": ",".join(addresses)}
            self._client = addresses, self._make({**self._settings, **servers})
        return self._client[1]

    def drop(self) -> None:
        """Let go of the client: one made anew learns who leads now."""
        self._client = None


def kept_admin(access: Mapping[str, str]) -> Kept[AdminClient]:
    """Keep an admin client, let in by some settings if brokers ask for any."""
    return Kept(AdminClient, {**access, **_CLIENT})


def kept_consumer(
    access: Mapping[str, str], settings: Mapping[str, Setting] = MappingProxyType({})
) -> Kept[Consumer]:
    """Keep a consumer that only looks: it joins no group and commits nothing.

    Args:
        access: settings by which brokers let a client in, if they ask for any.
        settings: more of the consumer's, as a group whose offsets may be asked for.
    """
    return Kept(Consumer, {**access, **_CLIENT, **_LOOKING, **settings})


def reaches(
    consumer: Consumer, topic: str, leaders: Iterable[tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    """Return the first offset of partitions and the one after their last.

    A consumer asks, for the reason told in :mod:`helpers.kafka.offsets`.

    Args:
        consumer: that may ask.
        topic: its name.
        leaders: each partition with the broker that leads it.

    Returns:
        Nothing for a partition whose leader does not answer.
    """
    found: dict[int, tuple[int, int]] = {}
    silent: set[int] = set()
    for number, leader in leaders:
        # A silent broker costs once, however many partitions it leads.
        if leader in silent:
            continue
        try:
            place = TopicPartition(topic, number)
            found[number] = consumer.get_watermark_offsets(place, timeout=ASK_SECONDS)
        except KafkaException as error:
            if error.args[0].code() in _SILENT:
                silent.add(leader)
    return found


def answer(future: "Future[T]") -> T | None:
    """Return what a broker answered, or None if it did not."""
    try:
        return future.result(2 * ASK_SECONDS)
    except (KafkaException, TimeoutError):
        return None
