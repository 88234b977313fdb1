"""Lesson 08: its exercises, right and wrong, while brokers die and come back."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from helpers import flights, wait_for
from helpers.course.checks.lesson_08 import DEPARTED, GUARDED, REFUSED
from helpers.course.lesson import Lesson
from helpers.kafka.replicas import replicas
from helpers.kafka.topics import admin_client
from helpers.servers.embedded.cluster import EmbeddedCluster
from tests.course import students
from tests.course.students import passes, says

LESSON = "08_replication"
TOOL = str(Path(sys.executable).with_name("kafka-leader-election"))
SECONDS = 60
CELLS = (
    "import time\n\nfrom confluent_kafka import ElectionType",
    "def look",
    "def send(",
    "day = flights.day(8)",
)
SAFE = {"min.insync.replicas": "2"}
Names = dict[str, Any]


@pytest.fixture
def names(lesson: Lesson, cluster: EmbeddedCluster) -> Iterator[Names]:
    """Give what the lesson's cells know, on brokers that all run; heal them after."""
    cluster.up()
    known: Names = {"lesson": lesson, "flights": flights, "wait_for": wait_for}
    sources = students.cells(LESSON)
    for marker in CELLS:
        (source,) = [one for one in sources if one.startswith(marker)]
        exec(source, known)  # noqa: S102 - it is our own lesson
    known["a"], known["b"], known["c"] = 1, 2, 3
    yield known
    cluster.up()


def wait_in_sync(lesson: Lesson, topic: str, at_least: int) -> None:
    """Wait until every partition has so many replicas in sync."""
    admin = admin_client(lesson.connection)

    def enough() -> bool:
        found = replicas(admin, topic)
        return bool(found) and all(len(one.in_sync) >= at_least for one in found)

    wait_for(enough, SECONDS, f"{at_least} in sync")


def wait_until_fenced(lesson: Lesson, alive: int) -> None:
    """Wait until the other brokers are fenced, which may be after they left the ISR.

    Before that, a broker may name a dead one as the controller, and librdkafka 2.16.1
    then tries that one alone, without a pause, until the request's time is up.
    """
    admin = admin_client(lesson.connection)
    wait_for(
        lambda: set(admin.list_topics(timeout=10).brokers) == {alive},
        SECONDS,
        "the dead brokers to be fenced",
    )


def test_8_1_solution(names: Names, lesson: Lesson) -> None:
    students.solve("8.1", names)
    assert "A broker died, and all" in passes("8.1")


@pytest.mark.parametrize(
    ("replication_factor", "min_isr", "answer"),
    [
        (1, None, "is gone while that broker is down"),
        (2, "2", "With one of the two down"),
        (3, None, "one broker would have an acknowledged record"),
        (3, "3", "one dead broker then stops every write"),
        (3, "2", "nobody has died"),
    ],
)
def test_8_1_mistakes_in_the_topic(
    lesson: Lesson, replication_factor: int, min_isr: str | None, answer: str
) -> None:
    config = {"min.insync.replicas": min_isr} if min_isr else {}
    guarded = lesson.topic(GUARDED)
    students.create(lesson, guarded, 1, replication_factor, **config)
    wait_in_sync(lesson, guarded, replication_factor)
    card = says("8.1")
    assert "▷ Exercise 8.1: not yet" in card
    assert answer in card


def test_8_1_without_the_topic(lesson: Lesson) -> None:
    assert f"There is no topic `{lesson.topic(GUARDED)}`" in says("8.1")


def test_8_1_with_a_producer_that_gives_up(names: Names, lesson: Lesson) -> None:
    guarded = lesson.topic(GUARDED)
    students.create(lesson, guarded, 1, 3, **SAFE)
    hasty = Producer({**names["brisk"], "message.timeout.ms": 1500})
    names["send_through_a_kill"](hasty, guarded)
    card = says("8.1")
    assert "▷ Exercise 8.1: not yet" in card
    # Of a slow start nothing got through, else a part.
    assert "give up too soon" in card


def test_8_2_and_8_3_from_two_dead_brokers_to_preferred_leaders(
    names: Names, lesson: Lesson, cluster: EmbeddedCluster
) -> None:
    departed = names["departed"] = lesson.topic(DEPARTED)
    students.create(lesson, departed, 3, 3, **SAFE)
    wait_in_sync(lesson, departed, 3)
    names["leader"], _ = names["look"](departed)
    names["refused"] = REFUSED.decode()
    for broker in {1, 2, 3} - {names["leader"]}:
        cluster.kill("broker", broker)
    wait_for(lambda: len(names["look"](departed)[1]) == 1, SECONDS, "one in sync")
    wait_until_fenced(lesson, names["leader"])

    with_acks_1 = names["send"](departed, REFUSED, acks=1)
    assert with_acks_1.startswith("acknowledged")
    assert "With `acks=1` the leader takes a record all the same" in says("8.2")
    lower(lesson, departed, "1")
    assert "That lowers the guarantee" in says("8.2")
    lower(lesson, departed, "2")

    students.solve("8.2", names)
    assert passes("8.2")

    assert "Only a replica that is in sync can be elected" in says("8.3")
    cluster.up()
    wait_in_sync(lesson, departed, 3)
    card = says("8.3")
    assert "▷ Exercise 8.3: not yet" in card
    assert "A broker that is back stays a follower" in card
    with_the_tool(lesson, departed)
    wait_for(lambda: "✔ Exercise 8.3: passed" in says("8.3"), SECONDS, "the election")


def test_8_2_with_the_record_not_sent_again(lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(DEPARTED), 3, 3, **SAFE)
    wait_in_sync(lesson, lesson.topic(DEPARTED), 3)
    assert "A refused record is gone: send it again" in says("8.2")


def test_8_3_solution(names: Names, lesson: Lesson, cluster: EmbeddedCluster) -> None:
    departed = names["departed"] = lesson.topic(DEPARTED)
    students.create(lesson, departed, 3, 3, **SAFE)
    wait_in_sync(lesson, departed, 3)
    cluster.stop("broker", 2)
    wait_for(lambda: "Broker 2 is not in sync" in says("8.3"), SECONDS, "a shorter ISR")
    students.solve("8.3", names)
    wait_for(lambda: "✔ Exercise 8.3: passed" in says("8.3"), SECONDS, "the election")


def lower(lesson: Lesson, topic: str, min_isr: str) -> None:
    """Set the topic's min ISR and wait until that is told."""
    students.configure(lesson, topic, {"min.insync.replicas": min_isr})


def with_the_tool(lesson: Lesson, topic: str) -> None:
    """Ask for a preferred election of every partition from the command line."""
    for partition in range(3):
        command = [TOOL, "--bootstrap-server", lesson.bootstrap_servers]
        command += ["--election-type", "preferred", "--topic", topic]
        command += ["--partition", str(partition)]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
