"""Ask a cluster that somebody else runs whether it answers, and who it is."""

import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from helpers.servers.errors import ServersError
from helpers.servers.quiet import QUIET

_POLL_SECONDS = 0.1

_FINAL = (
    KafkaError._AUTHENTICATION,
    KafkaError._SSL,
    KafkaError._RESOLVE,
    KafkaError._ALL_BROKERS_DOWN,
)
_ADVICE = {
    KafkaError._AUTHENTICATION: "check the user name, the password and the mechanism in "
    "the file that WORKBOOK_CLIENT_PROPERTIES names",
    KafkaError._SSL: "check security.protocol and the certificates in the file that "
    "WORKBOOK_CLIENT_PROPERTIES names",
    KafkaError._RESOLVE: "check KAFKA_BOOTSTRAP_SERVERS",
}
_OTHER_ADVICE = (
    "check KAFKA_BOOTSTRAP_SERVERS, the network, and the security.protocol in the file "
    "that WORKBOOK_CLIENT_PROPERTIES names"
)


@dataclass(frozen=True)
class Broker:
    """A broker and where it says that clients find it."""

    id: int
    host: str
    port: int


class KafkaQuestion:
    """Asks for the brokers of one cluster, again and again by one client.

    Args:
        connection: settings of a client.
    """

    def __init__(self, connection: Mapping[str, str]) -> None:
        self._connection = connection
        self._errors: list[KafkaError] = []
        self._client: AdminClient | None = None

    def brokers(self, seconds: float) -> tuple[Broker, ...]:
        """Return the brokers in the order of their ids.

        Args:
            seconds: until the cluster is taken for silent.

        Raises:
            ServersError: it is, or does not let this client in; the message says
                what to check.
        """
        self._errors.clear()
        client = self._made()
        asked = client.describe_cluster(request_timeout=seconds)
        self._follow(client, asked, seconds)
        try:
            nodes = asked.result(0).nodes if asked.done() else None
        except KafkaException as error:
            self._errors.append(error.args[0])
            nodes = None
        if not nodes:
            # A client that was refused goes on knocking; the next one begins anew.
            self._client = None
            raise ServersError(self._complaint(seconds))
        found = (Broker(node.id, node.host, node.port) for node in nodes)
        return tuple(sorted(found, key=lambda one: one.id))

    def _made(self) -> AdminClient:
        if self._client is None:
            settings: dict[str, Any] = {
                **self._connection,
                "socket.connection.setup.timeout.ms": 5000,
                # What librdkafka has to say is told in one sentence.
                "error_cb": self._errors.append,
                **QUIET,
            }
            try:
                self._client = AdminClient(settings)
            except KafkaException as error:
                raise ServersError(
                    f"Kafka's client refuses its settings ({_reason(error.args[0])}): "
                    "mend the file that WORKBOOK_CLIENT_PROPERTIES names."
                ) from error
        return self._client

    def _follow(self, client: AdminClient, asked: "Future[Any]", seconds: float) -> None:
        """Wait for the answer, or for an error that waiting does not mend."""
        deadline = time.monotonic() + seconds
        while not asked.done() and time.monotonic() < deadline:
            client.poll(_POLL_SECONDS)
            if any(error.code() in _FINAL for error in self._errors):
                return

    def _complaint(self, seconds: float) -> str:
        servers = self._connection["bootstrap.servers"]
        worst = min(self._errors, key=_weight, default=None)
        if worst is None:
            return f"Kafka at {servers} is silent for {seconds:g} s: {_OTHER_ADVICE}."
        advice = _ADVICE.get(worst.code(), _OTHER_ADVICE)
        return f"Kafka at {servers} cannot be used ({_reason(worst)}): {advice}."


def _weight(error: KafkaError) -> int:
    """Return 0 for what says most; "all brokers down" says least."""
    order = (*_ADVICE, KafkaError._TRANSPORT)
    return order.index(error.code()) if error.code() in order else len(order)


def _reason(error: KafkaError) -> str:
    """Return the first line of librdkafka's own words, without what repeats it."""
    return error.str().splitlines()[0].strip(" .") if error.str() else error.name()
