"""The process that asks the coordinators of groups one thing, and ends.

``describe GROUP`` prints the group as JSON, or null if there is none; ``delete GROUP
...`` deletes groups, and prints why not, by name, where one is left. It is started by
:mod:`helpers.kafka.groups`.

It is a process of its own because librdkafka ends the whole process when a coordinator
dies while an admin client asks it. Nothing but this then ends.
"""

import json
import os
import sys

import msgspec
from confluent_kafka import ConsumerGroupType, KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    MemberDescription,
)

from helpers.kafka.groups import Group, GroupMember
from helpers.kafka.members import CONNECTION_VARIABLE
from helpers.kafka.topics import ASK_SECONDS, admin_client, refused


def main(verb: str, *groups: str) -> None:
    """Do what the verb says.

    Raises:
        KafkaException: no broker answers.
        TimeoutError: the coordinator does not answer in time.
    """
    admin = admin_client(json.loads(os.environ[CONNECTION_VARIABLE]))
    does = _delete if verb == "delete" else _describe
    sys.stdout.buffer.write(msgspec.json.encode(does(admin, *groups)))


def _delete(admin: AdminClient, *groups: str) -> dict[str, str]:
    asked = admin.delete_consumer_groups(list(groups), request_timeout=ASK_SECONDS)
    return {name: _words(error) for name, error in refused(asked).items()}


def _words(error: BaseException) -> str:
    inner = error.args[0] if isinstance(error, KafkaException) else error
    return inner.str() if isinstance(inner, KafkaError) else str(inner)


def _describe(admin: AdminClient, group: str) -> Group | None:
    asked = admin.describe_consumer_groups([group], request_timeout=ASK_SECONDS)
    try:
        found = asked[group].result(ASK_SECONDS)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND:
            return None
        raise
    members = tuple(map(_member, found.members))
    return Group(
        members, found.partition_assignor, found.type == ConsumerGroupType.CONSUMER
    )


def _member(one: MemberDescription) -> GroupMember:
    places = one.assignment.topic_partitions if one.assignment else []
    owned = tuple(sorted((place.topic, place.partition) for place in places))
    return GroupMember(one.client_id, one.group_instance_id, owned)


if __name__ == "__main__":
    main(*sys.argv[1:])
