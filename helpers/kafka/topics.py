"""What topics there are, and what they are made of."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, as_completed, wait
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    ConfigResource,
    ConfigSource,
)

from helpers.servers.quiet import QUIET

ASK_SECONDS = 10.0
"""How long one question may take, in seconds."""

# Of a large cluster: more than are dead at once.
_MOST_ASKED = 4

# Somebody else was faster.
_GONE = (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError.GROUP_ID_NOT_FOUND)


@dataclass(frozen=True)
class TopicFacts:
    """A topic as the cluster describes it.

    Attributes:
        name: its name.
        partitions: how many it has.
        replication_factor: replicas of its first partition.
        config: settings made for this topic, without those it inherits.
    """

    name: str
    partitions: int
    replication_factor: int
    config: dict[str, str]


def admin_client(connection: Mapping[str, str]) -> AdminClient:
    """Return an admin client that gives up on a silent broker soon."""
    return AdminClient({**connection, "socket.timeout.ms": 4000, **QUIET})


def topic_names(admin: AdminClient) -> set[str]:
    """Return the names of all topics.

    Raises:
        KafkaException: no broker answers.
    """
    return set(admin.list_topics(timeout=ASK_SECONDS).topics)


def describe(admin: AdminClient, name: str) -> TopicFacts | None:
    """Return the facts of a topic, or None if there is no such topic.

    Raises:
        KafkaException: no broker answers.
        TimeoutError: a broker does not answer in time.
    """
    answer = admin.list_topics(timeout=ASK_SECONDS)
    found = answer.topics.get(name)
    if found is None:
        return None
    replicas = len(found.partitions[0].replicas) if found.partitions else 0
    config = _own_config(admin, name, sorted(answer.brokers)[:_MOST_ASKED])
    return TopicFacts(name, len(found.partitions), replicas, config)


def _own_config(admin: AdminClient, name: str, brokers: list[int]) -> dict[str, str]:
    """Return the settings that were made for this topic itself.

    Several brokers are asked, and the first to answer is heard: right after a kill
    metadata still names the dead one, as the controller or as a leader.
    """
    resource = ConfigResource(ConfigResource.Type.TOPIC, name)

    def ask(broker: int) -> Future[dict[str, Any]]:
        asked = {"broker": broker, "request_timeout": ASK_SECONDS}
        return admin.describe_configs([resource], **asked)[resource]

    entries = _first_answer([ask(broker) for broker in brokers]).values()
    own = ConfigSource.DYNAMIC_TOPIC_CONFIG.value
    return {entry.name: entry.value for entry in entries if entry.source == own}


def _first_answer(asked: list[Future[dict[str, Any]]]) -> dict[str, Any]:
    """Return the first answer that comes; raise the last failure if none does."""
    failure: BaseException = TimeoutError()
    for one in as_completed(asked, ASK_SECONDS + 1):
        failed = one.exception()
        if failed is None:
            return one.result()
        failure = failed
    raise failure


def delete_topics(admin: AdminClient, names: Iterable[str]) -> dict[str, BaseException]:
    """Delete the topics that are there.

    Returns:
        Why not, by the name of each that could not be deleted.

    Raises:
        KafkaException: no broker answers.
    """
    present = topic_names(admin) & set(names)
    return refused(admin.delete_topics(list(present))) if present else {}


def refused(asked: Mapping[str, "Future[None]"]) -> dict[str, BaseException]:
    """Wait for the end of deletions; return why not, by name, where one failed."""
    wait(asked.values(), timeout=ASK_SECONDS)
    failures = {
        name: one.exception() if one.done() else TimeoutError("No answer came in time.")
        for name, one in asked.items()
    }
    return {name: error for name, error in failures.items() if error and _is_left(error)}


def _is_left(error: BaseException) -> bool:
    return not isinstance(error, KafkaException) or error.args[0].code() not in _GONE
