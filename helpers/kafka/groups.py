"""What consumer groups there are."""

from collections.abc import Callable
from concurrent.futures import wait

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from helpers.kafka.topics import ASK_SECONDS


def delete_groups(admin: AdminClient, mine: Callable[[str], bool]) -> None:
    """Delete every group whose name is ``mine`` and that has no member.

    A group that still has one, or whose coordinator does not answer, is let be: its
    offsets expire by themselves.
    """
    try:
        listed = admin.list_consumer_groups(request_timeout=ASK_SECONDS).result()
    except KafkaException:
        return
    names = [one.group_id for one in listed.valid if mine(one.group_id)]
    if names:
        asked = admin.delete_consumer_groups(names, request_timeout=ASK_SECONDS)
        wait(asked.values(), timeout=ASK_SECONDS)
