"""Offsets as they are: of a topic made just now, in an open transaction, of none."""

import time

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from helpers.course.lesson import Lesson
from helpers.kafka.offsets import begin_offsets, end_offsets, offsets_at

SOON = 60
# Records of another year would be removed at once: they are older than retention lets be.
NOW = time.time_ns() // 1_000_000
PARTITIONS = 24


@pytest.fixture
def topic(lesson: Lesson) -> str:
    """Return a topic that was made just now: some brokers may not know it yet."""
    name = lesson.topic("offsets")
    wanted = NewTopic(name, PARTITIONS, 3)
    admin = AdminClient(lesson.connection)
    admin.create_topics([wanted])[name].result(SOON)
    return name


def test_a_new_topic_begins_and_ends_at_0(lesson: Lesson, topic: str) -> None:
    nothing = dict.fromkeys(range(PARTITIONS), 0)
    assert end_offsets(lesson.connection, topic) == nothing
    assert begin_offsets(lesson.connection, topic) == nothing
    assert offsets_at(lesson.connection, topic, NOW) == nothing


def test_records_of_an_open_transaction_count(lesson: Lesson, topic: str) -> None:
    producer = Producer({**lesson.connection, "transactional.id": topic})
    producer.init_transactions(SOON)
    producer.begin_transaction()
    for minute in range(5):
        producer.produce(topic, b"x", partition=0, timestamp=NOW + minute * 60_000)
    producer.flush(SOON)
    assert end_offsets(lesson.connection, topic)[0] == 5
    found = offsets_at(lesson.connection, topic, NOW + 3 * 60_000)
    assert (found[0], found[1]) == (3, 0)
    assert offsets_at(lesson.connection, topic, NOW + 9 * 60_000)[0] == 5
    producer.abort_transaction(SOON)


def test_no_such_topic_has_none(lesson: Lesson) -> None:
    nowhere = lesson.topic("nowhere")
    assert end_offsets(lesson.connection, nowhere) == {}
    assert offsets_at(lesson.connection, nowhere, NOW) == {}
