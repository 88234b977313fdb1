"""Commits on servers whose coordinators may not be ready yet."""

from collections.abc import Mapping

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from helpers.waiting import wait_for

_SECONDS = 60
# What a broker answers to whom it does not serve yet; a client alone raises it at once.
_NOT_YET = (
    KafkaError.NOT_COORDINATOR,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
)


def commit(connection: Mapping[str, str], group: str, *offsets: TopicPartition) -> None:
    """Commit offsets for a group without members."""
    consumer = Consumer({**connection, "group.id": group, "log_level": 0})
    wait_for(lambda: _committed(consumer, offsets), _SECONDS, "a commit")
    consumer.close()


def _committed(consumer: Consumer, offsets: tuple[TopicPartition, ...]) -> bool:
    try:
        return bool(consumer.commit(offsets=list(offsets), asynchronous=False))
    except KafkaException as error:
        if error.args[0].code() not in _NOT_YET:
            raise
        return False
