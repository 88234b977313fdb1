"""Questions to brokers that may be silent: none costs more than a second or two."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from typing import TypeVar

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    ListOffsetsResultInfo,
    OffsetSpec,
)

T = TypeVar("T")
Infos = Mapping[TopicPartition, "Future[ListOffsetsResultInfo]"]

# Long enough for librdkafka, short enough that a silent broker is given up.
CLIENT = {"socket.timeout.ms": 2000, "log_level": 0}
ASK_SECONDS = 1.0


class KeptAdmin:
    """An admin client that is made anew when other brokers run than before.

    Args:
        access: settings by which brokers let a client in, if they ask for any.
    """

    def __init__(self, access: Mapping[str, str]) -> None:
        self._access = access
        self._client: tuple[tuple[str, ...], AdminClient] | None = None

    def at(self, addresses: tuple[str, ...]) -> AdminClient:
        """Return a client that begins at brokers that run."""
        if self._client is None or self._client[0] != addresses:
            servers = {"bootstrap.servers": ",".join(addresses)}
            self._client = addresses, AdminClient({**self._access, **servers, **CLIENT})
        return self._client[1]

    def drop(self) -> None:
        """Let go of the client: one made anew learns who leads now."""
        self._client = None


def ask_offsets(
    admin: AdminClient, topic: str, partitions: Iterable[int], which: OffsetSpec
) -> Infos:
    """Ask the leaders of some partitions, without waiting for their answers."""
    wanted = {TopicPartition(topic, number): which for number in partitions}
    infos: Infos = admin.list_offsets(wanted, request_timeout=ASK_SECONDS)
    return infos


def offsets(infos: Infos) -> dict[int, int]:
    """Return the offset of each partition whose leader told one.

    The client names the offset -1001, and no error, for a leader that died just now.
    """
    answers = {one.partition: answer(future) for one, future in infos.items()}
    return {
        number: one.offset
        for number, one in answers.items()
        if one is not None and one.offset >= 0
    }


def answer(future: "Future[T]") -> T | None:
    """Return what a broker answered, or None if it did not."""
    try:
        return future.result(2 * ASK_SECONDS)
    except (KafkaException, TimeoutError):
        return None
