"""Whether nodes answer, asked as a client would ask."""

import logging

import boto3
import botocore.config
import botocore.exceptions
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from helpers.servers.embedded.kinesis_node import REGION

_ASK_SECONDS = 1.0

# Refused connections are expected while a broker starts; librdkafka tells each.
_QUIET = logging.getLogger("helpers.servers.health")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


class BrokerProbe:
    """Asks one broker which brokers it knows."""

    def __init__(self, port: int) -> None:
        self._client = AdminClient(
            {"bootstrap.servers": f"127.0.0.1:{port}", "socket.timeout.ms": 1000},
            logger=_QUIET,
        )

    def brokers(self) -> set[int]:
        """Return the ids of the brokers it would send clients to; empty if silent."""
        try:
            return set(self._client.list_topics(timeout=_ASK_SECONDS).brokers)
        except KafkaException:
            return set()


class KinesisProbe:
    """Asks a Kinesis endpoint for its streams."""

    def __init__(self, port: int) -> None:
        self._client = boto3.client(
            "kinesis",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name=REGION,
            aws_access_key_id="workbook",
            aws_secret_access_key="workbook",  # noqa: S106 - it takes any
            config=botocore.config.Config(
                connect_timeout=_ASK_SECONDS,
                read_timeout=_ASK_SECONDS,
                retries={"max_attempts": 0},
                proxies={},
            ),
        )

    def answers(self) -> bool:
        """Return whether it lists its streams."""
        try:
            self._client.list_streams()
        except botocore.exceptions.BotoCoreError:
            return False
        return True
