"""What students do in exercises, right and wrong."""

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
)

from helpers.course import current
from helpers.course.exercises import check, find, solution_code
from helpers.course.lesson import Lesson
from helpers.course.project import SOLUTIONS
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.environment import client_environment
from helpers.waiting import patience

_HEARD_LATE_SECONDS = 5.0


def lesson_at(cluster: EmbeddedCluster) -> Lesson:
    """Return a lesson whose names are its own; its checks look once."""
    suffix = f"-{secrets.token_hex(2)}"
    return Lesson("test", cluster, "", suffix, strict=False, patience=0)


@contextmanager
def entered(cluster: EmbeddedCluster) -> Iterator[Lesson]:
    """Enter a lesson on these servers, with the clients' environment, and tidy up."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in client_environment(cluster.status()).items():
            patch.setenv(name, value)
        lesson = lesson_at(cluster)
        current.enter(lesson)
        yield lesson
        lesson.clean_up()


def says(exercise_id: str) -> str:
    """Return the text of the check's card; nothing may raise in a student's copy."""
    return repr(check(exercise_id))


def passes(exercise_id: str) -> str:
    """Fail unless a check passes, soon: brokers may hear late of what was done.

    Returns:
        The text of its card.
    """
    deadline = time.monotonic() + _HEARD_LATE_SECONDS * patience()
    while f"✔ Exercise {exercise_id}: passed" not in (card := says(exercise_id)):
        assert find(exercise_id).repeatable, card
        assert time.monotonic() < deadline, card
        time.sleep(0.2)
    return card


def create(
    lesson: Lesson, name: str, partitions: int, replicas: int, **config: str
) -> None:
    """Create a topic and wait until every broker knows it."""
    admin = AdminClient(lesson.connection)
    settings = {key.replace("_", "."): value for key, value in config.items()}
    topic = NewTopic(name, partitions, replicas, config=settings)
    admin.create_topics([topic])[name].result(30)
    lesson.wait_for_topic(name, partitions)


def grow(lesson: Lesson, name: str, partitions: int) -> None:
    """Let a topic grow to a number of partitions."""
    admin = AdminClient(lesson.connection)
    admin.create_partitions([NewPartitions(name, partitions)])[name].result(30)
    lesson.wait_for_topic(name, partitions)


def delete(lesson: Lesson, name: str) -> None:
    """Delete a topic and wait until every broker has forgotten it."""
    admin = AdminClient(lesson.connection)
    admin.delete_topics([name])[name].result(30)
    lesson.wait_for_topic(name, 0)


def forget(lesson: Lesson, group: str) -> None:
    """Delete a group of the lesson, if it is there."""
    admin, name = AdminClient(lesson.connection), lesson.group(group)
    admin.delete_consumer_groups([name])[name].exception(30)


def send(lesson: Lesson, topic: str, *values: bytes, key: str | None = None) -> None:
    """Send records and wait for their acknowledgement."""
    producer = Producer(lesson.connection)
    for value in values:
        producer.produce(topic, value, key)
    assert producer.flush(30) == 0


@cache
def cells(lesson_name: str) -> list[str]:
    """Return the source of each of a lesson's code cells.

    From the notebook, which is JSON: what reads ``lessons/`` takes seconds to import.
    """
    notebook = json.loads((SOLUTIONS / f"{lesson_name}.ipynb").read_text("utf-8"))
    return [
        "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def run(lesson_name: str, names: dict[str, Any], *markers: str) -> None:
    """Run a lesson's own cells in which the markers stand, among these names."""
    for marker in markers:
        source = next(one for one in cells(lesson_name) if marker in one)
        exec(compile(source, marker, "exec"), names)  # noqa: S102 - our own lesson


def solve(exercise_id: str, names: dict[str, object]) -> None:
    """Run the solution as it stands in its lesson, among the lesson's own names."""
    code = compile(solution_code(exercise_id), f"exercise-{exercise_id}", "exec")
    exec(code, names)  # noqa: S102 - it is our own lesson


def configure(lesson: Lesson, topic: str, settings: dict[str, str]) -> None:
    """Set some of a topic's settings and keep the others."""
    entries = [
        ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
        for key, value in settings.items()
    ]
    resource = ConfigResource(
        ConfigResource.Type.TOPIC, topic, incremental_configs=entries
    )
    admin = AdminClient(lesson.connection)
    admin.incremental_alter_configs([resource])[resource].result(30)
