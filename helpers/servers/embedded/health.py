"""Whether nodes answer, asked as a client would ask."""

import http.client
from collections.abc import Sequence
from http import HTTPStatus

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from helpers.servers.embedded.ports import LOOPBACK
from helpers.servers.errors import ServersError
from helpers.servers.quiet import QUIET

_ASK_SECONDS = 1.0
_ANSWER_SECONDS = 15.0

# A starting broker refuses for seconds; by default each try comes later than the last.
_IMPATIENT = {"socket.timeout.ms": 1000, "reconnect.backoff.max.ms": 100}


class BrokerProbe:
    """Asks one broker which brokers it knows."""

    def __init__(self, port: int) -> None:
        self._client = AdminClient(
            {"bootstrap.servers": f"127.0.0.1:{port}", **_IMPATIENT, **QUIET}
        )

    def brokers(self) -> set[int]:
        """Return the ids of the brokers it would send clients to; empty if silent."""
        try:
            return set(self._client.list_topics(timeout=_ASK_SECONDS).brokers)
        except KafkaException:
            return set()

    def reaches_controller(self) -> bool:
        """Return whether it passes a request on to the controller and has an answer.

        The request is to check a topic's name, and creates nothing.
        """
        # Metadata names the broker to ask, and a client without topics renews them every
        # five minutes only: it would ask one that has died for as long.
        if not self.brokers():
            return False
        topic = NewTopic("workbook-probe", 1, 1)
        asked = self._client.create_topics(
            [topic], request_timeout=_ASK_SECONDS, validate_only=True
        )
        try:
            asked[topic.topic].result()
        except KafkaException as error:
            return bool(error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS)
        return True


Replicas = dict[tuple[str, int], tuple[int, ...]]
"""The brokers that hold each partition, by topic and number."""


def replicas_on(broker: int, ports: Sequence[int]) -> Replicas:
    """Return the partitions of which a broker holds a replica, with all their brokers.

    Args:
        broker: its id.
        ports: of brokers that can be asked.

    Raises:
        ServersError: none of them answers.
    """
    addresses = ",".join(f"127.0.0.1:{port}" for port in ports)
    client = AdminClient({"bootstrap.servers": addresses, **QUIET})
    try:
        topics = client.list_topics(timeout=_ANSWER_SECONDS).topics
    except KafkaException as error:
        raise ServersError(f"No broker tells its topics ({error}).") from error
    return {
        (name, number): tuple(partition.replicas)
        for name, topic in topics.items()
        for number, partition in topic.partitions.items()
        if broker in partition.replicas
    }


class KinesisProbe:
    """Asks a Kinesis endpoint whether it is well.

    By plain HTTP: boto3 would read the student's own AWS configuration, and fail
    on a profile that is none.
    """

    def __init__(self, port: int, path: str = "/healthcheck") -> None:
        self._port = port
        self._path = path

    def answers(self) -> bool:
        """Return whether it says that it is healthy."""
        connection = http.client.HTTPConnection(
            LOOPBACK, self._port, timeout=_ASK_SECONDS
        )
        try:
            connection.request("GET", self._path)
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
