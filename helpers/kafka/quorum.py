"""Who decides in a cluster, as Kafka's own tool tells it."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from confluent_kafka import KafkaException
from confluent_kafka.cimpl import NewTopic

from helpers.kafka.topics import admin_client
from helpers.servers.runtime import java
from helpers.servers.tools import tool_command
from helpers.settings import Settings

_TOOL_SECONDS = 30.0
_DECISION_SECONDS = 5.0


@dataclass(frozen=True)
class Quorum:
    """One answer of ``kafka-metadata-quorum describe --status``.

    Attributes:
        leader: id of the active controller.
        epoch: number of its election.
    """

    leader: int
    epoch: int


def quorum(connection: Mapping[str, str]) -> Quorum | None:
    """Return who decides, or None if nobody tells.

    Raises:
        TimeoutError: the tool does not come to an end.
    """
    servers = ("--bootstrap-server", connection["bootstrap.servers"])
    arguments = [*servers, "describe", "--status"]
    settings = Settings.from_environment()
    try:
        told = subprocess.run(
            tool_command(settings, "kafka-metadata-quorum", arguments),
            env=java.clean_environment(),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TOOL_SECONDS,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as error:
        raise TimeoutError("kafka-metadata-quorum had no answer") from error
    found = dict(re.findall(r"^(LeaderId|LeaderEpoch): +(\d+)$", told, re.MULTILINE))
    if not {"LeaderId", "LeaderEpoch"} <= set(found):
        return None
    return Quorum(int(found["LeaderId"]), int(found["LeaderEpoch"]))


def decides(connection: Mapping[str, str]) -> bool:
    """Return whether a controller answers: it is asked to check a name, no more."""
    topic = NewTopic("workbook-probe", 1, 1)
    # Named: a client that nobody holds takes its questions with it.
    admin = admin_client(connection)
    asked = admin.create_topics(
        [topic], request_timeout=_DECISION_SECONDS, validate_only=True
    )
    try:
        asked[topic.topic].result()
    except KafkaException:
        return False
    return True
