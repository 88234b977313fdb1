"""What consumer groups there are, and how far each has come."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from confluent_kafka import KafkaException, TopicPartition

from helpers.kafka import members
from helpers.kafka.offsets import looking_consumer, partitions_of
from helpers.kafka.topics import ASK_SECONDS, admin_client

_AGAIN_SECONDS = 0.5
_PROCESS = Path(__file__).with_name("coordinator_process.py")


def delete_groups(
    connection: Mapping[str, str], mine: Callable[[str], bool], seconds: float = 0
) -> dict[str, BaseException]:
    """Delete every group whose name is ``mine``.

    Args:
        connection: settings that its clients begin with.
        mine: tells by a group's name.
        seconds: for which it is tried again: a member that was killed, or a static one
            that ended, belongs to its group until its session is over.

    Returns:
        Why not, by the name of each that could not be deleted, as one with a member.

    Raises:
        KafkaException: a broker does not tell its groups; those of the others are gone.
    """
    admin = admin_client(connection)
    listed = admin.list_consumer_groups(request_timeout=ASK_SECONDS).result()
    names = [one.group_id for one in listed.valid if mine(one.group_id)]
    left = _delete(connection, names) if names else {}
    deadline = time.monotonic() + seconds
    while left and time.monotonic() < deadline:
        time.sleep(_AGAIN_SECONDS)
        left = _delete(connection, list(left))
    if listed.errors:
        raise KafkaException(listed.errors[0])
    return left


def _delete(connection: Mapping[str, str], names: list[str]) -> dict[str, BaseException]:
    told = members.run(_PROCESS, ("delete", *names), connection)
    if told is None:
        return dict.fromkeys(names, TimeoutError("its coordinator is silent"))
    why = msgspec.json.decode(told, type=dict[str, str])
    return {name: RuntimeError(words) for name, words in why.items()}


def committed_offsets(
    connection: Mapping[str, str], group: str, topic: str
) -> dict[int, int]:
    """Return, by partition, what a group has committed for a topic; {} if nothing.

    Raises:
        KafkaException: no broker answers.
    """
    # Not an admin client: librdkafka ends the whole process when one asks for offsets
    # while the group's coordinator is not ready.
    with looking_consumer(connection, group) as consumer:
        places = [TopicPartition(topic, n) for n in partitions_of(consumer, topic)]
        told = consumer.committed(places, timeout=ASK_SECONDS)
    return {one.partition: one.offset for one in told if one.offset >= 0}


@dataclass(frozen=True)
class GroupMember:
    """One member of a group.

    Attributes:
        name: its ``client.id``.
        instance: its ``group.instance.id``; None if it has none.
        partitions: pairs of topic and number that it owns now.
    """

    name: str
    instance: str | None
    partitions: tuple[tuple[str, int], ...]

    def holds(self, topic: str) -> int:
        """Return how many partitions of a topic it owns."""
        return sum(one == topic for one, _ in self.partitions)


@dataclass(frozen=True)
class Group:
    """A group, as its coordinator knows it now.

    Attributes:
        members: all of them; none if nobody is in it.
        assignor: who shares out, such as ``range``.
        is_new: whether it uses the protocol of KIP-848.
    """

    members: tuple[GroupMember, ...] = ()
    assignor: str = ""
    is_new: bool = False


def describe_group(connection: Mapping[str, str], group: str) -> Group:
    """Return what a group is now; one without members if there is no such group.

    Raises:
        TimeoutError: its coordinator does not answer.
    """
    told = members.run(_PROCESS, ("describe", group), connection)
    if told is None:
        raise TimeoutError(f"the coordinator of the group {group} is silent")
    return msgspec.json.decode(told, type=Group | None) or Group()


def members_of(connection: Mapping[str, str], group: str) -> int:
    """Return how many members a group has now; 0 if there is no such group.

    Raises:
        TimeoutError: its coordinator does not answer.
    """
    return len(describe_group(connection, group).members)
