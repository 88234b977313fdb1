"""What brokers tell of offsets, and what they do not."""

from concurrent.futures import Future

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    ListOffsetsResultInfo,
)

from helpers.live.asking import offsets


def told(offset: int) -> "Future[ListOffsetsResultInfo]":
    made: Future[ListOffsetsResultInfo] = Future()
    made.set_result(ListOffsetsResultInfo(offset, -1, 0))
    return made


def refused() -> "Future[ListOffsetsResultInfo]":
    made: Future[ListOffsetsResultInfo] = Future()
    made.set_exception(KafkaException(KafkaError(KafkaError._TIMED_OUT)))
    return made


def test_an_offset_that_nobody_told_is_not_known() -> None:
    answers = (told(300), told(0), told(-1001), refused())
    infos = {TopicPartition("t", n): one for n, one in enumerate(answers)}
    assert offsets(infos) == {0: 300, 1: 0}
