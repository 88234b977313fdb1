"""Questions to brokers of which one may be silent."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import TypeVar

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

T = TypeVar("T")

ASK_SECONDS = 1.0
"""How long a broker may take for its answer."""
# Long enough for librdkafka, short enough that a silent broker is given up.
_CLIENT = {"socket.timeout.ms": 2000, "log_level": 0}


class Asker:
    """Keeps one client, and makes it anew when other brokers run.

    Args:
        access: settings by which brokers let a client in, if they ask for any.
    """

    def __init__(self, access: Mapping[str, str]) -> None:
        self._access = access
        self._client: tuple[tuple[str, ...], AdminClient] | None = None

    def admin(self, addresses: tuple[str, ...]) -> AdminClient:
        """Return a client that begins at brokers that run."""
        if self._client is None or self._client[0] != addresses:
            servers = {"bootstrap.servers": ",".join(addresses)}
            self._client = addresses, AdminClient({**self._access, **servers, **_CLIENT})
        return self._client[1]

    def forget(self) -> None:
        """Have the next client made anew."""
        self._client = None


def answer(future: "Future[T]") -> T | None:
    """Return what a broker answered, or None if it did not."""
    try:
        return future.result(2 * ASK_SECONDS)
    except (KafkaException, TimeoutError):
        return None
