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

from helpers.inputs import InputError
from helpers.names import TOPIC_NAME_LIMIT, checked
from helpers.servers.errors import ServersError
from helpers.servers.quiet import QUIET
from helpers.waiting import wait_for

ASK_SECONDS = 10.0
"""How long one question may take, in seconds."""

_KNOWN_SECONDS = 30
# One that has just died stands in the metadata for up to nine seconds.
_ONE_SECONDS = 2.0

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


def admin_client(connection: Mapping[str, Any]) -> AdminClient:
    """Return an admin client that gives up on a silent broker soon."""
    return AdminClient({**connection, "socket.timeout.ms": 4000, **QUIET})


def topic_names(admin: AdminClient) -> set[str]:
    """Return the names of all topics.

    Raises:
        KafkaException: no broker answers.
    """
    return set(admin.list_topics(timeout=ASK_SECONDS).topics)


def wait_until_known(connection: Mapping[str, Any], name: str, partitions: int) -> None:
    """Wait until each broker says that a topic has so many partitions.

    The controller answers before its brokers have heard. Who joins a group meanwhile
    may share out a topic that the coordinator does not know: librdkafka 2.16.1 then
    leaves the members without partitions for good, since their own list of topics, of
    another broker, changes no more (seen in 2 of 200 groups on a busy machine).

    Args:
        connection: the settings of a client.
        name: of the topic.
        partitions: how many; 0 for a topic that is to be gone.

    Raises:
        InputError: that is no topic's name, or no number of partitions.
        ServersError: no broker answers.
        WaitTimeout: the brokers do not agree within 30 seconds.
    """
    topic = checked(name, TOPIC_NAME_LIMIT)
    if partitions < 0:
        raise InputError(f"A topic cannot have {partitions} partitions.")
    admin = admin_client(connection)

    def known() -> bool:
        addresses = _addresses(admin)
        return all(_says(one, connection, topic) == partitions for one in addresses)

    what = f"every broker to know {partitions} partitions of {topic}"
    wait_for(known, _KNOWN_SECONDS, what)


def _addresses(admin: AdminClient) -> list[str]:
    """Return where each broker that the cluster counts as running is reached."""
    try:
        brokers = admin.list_topics(timeout=ASK_SECONDS).brokers.values()
    except KafkaException as error:
        raise ServersError(
            "No broker answers: `workbook status` shows what runs, and `workbook up` "
            "starts what does not."
        ) from error
    return [f"{one.host}:{one.port}" for one in brokers]


def _says(address: str, connection: Mapping[str, Any], name: str) -> int | None:
    """Return how many partitions this broker knows; None if it does not answer."""
    # A new client connects to no other broker than the one that it is given.
    client = admin_client({**connection, "bootstrap.servers": address})
    try:
        found = client.list_topics(timeout=_ONE_SECONDS).topics.get(name)
    except KafkaException:
        return None
    return len(found.partitions) if found else 0


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
