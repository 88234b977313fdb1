"""Lesson 09: its exercises, right and wrong, with groups that really form."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import NewPartitions  # type: ignore[attr-defined]

from helpers import flights, wait_for
from helpers.course.checks.lesson_09 import DEPARTED, GATES, LIVE
from helpers.course.lesson import Lesson
from helpers.kafka import members
from tests.commits import commit
from tests.course import students
from tests.course.students import passes, says

LESSON = "09_groups_and_lag"
SECONDS = 60
CELLS = (
    "from confluent_kafka import Consumer, Producer",
    "def join(",
    "from lessons.scripts.groups import Groups",
    "from lessons.scripts.members import Members",
)
ASKS_AGAIN_AND_AGAIN = """
import json, os, select, sys
from helpers.kafka.groups import describe_group
connection = json.loads(os.environ["CONNECTION"])
while not select.select([sys.stdin], [], [], 0)[0]:
    try:
        describe_group(connection, sys.argv[1])
        print("told", flush=True)
    except TimeoutError:
        print("silent", flush=True)
"""
Names = dict[str, Any]


@pytest.fixture
def names(lesson: Lesson) -> Iterator[Names]:
    """Give what the lesson's cells know; close all after."""
    known: Names = {"lesson": lesson, "flights": flights, "wait_for": wait_for}
    known |= {"json": json, "TopicPartition": TopicPartition, "workers": []}
    known["live"] = lesson.topic(LIVE)
    students.run(LESSON, known, *CELLS)
    yield known
    for worker in known["workers"]:
        worker.close()
    members.end_all()


def test_9_1_solution(names: Names) -> None:
    assert "Create it first" in says("9.1")
    students.solve("9.1", names)
    assert passes("9.1")


def test_9_1_more_partitions_than_members_are_right_too(names: Names) -> None:
    share(names, partitions=7, workers=6, groups=1)
    assert passes("9.1")


def test_9_1_too_few_partitions(names: Names) -> None:
    share(names, partitions=4, workers=6, groups=1)
    card = says("9.1")
    assert "▷ Exercise 9.1: not yet" in card
    assert "has 4 partitions, and each has one owner" in card


def test_9_1_each_in_a_group_of_its_own(names: Names) -> None:
    share(names, partitions=6, workers=2, groups=2)
    assert "has 1 members, not 6. Do all of them have the same `group.id`" in says("9.1")


def test_9_1_with_those_of_another_try(names: Names) -> None:
    share(names, partitions=7, workers=7, groups=1)
    assert "has 7 members, not 6. Are those of another try among them?" in says("9.1")


def test_9_1_named_twice(names: Names, lesson: Lesson) -> None:
    names["create"](GATES, 6)
    worker = names["join"](lesson.group("gates"), "w", [lesson.topic(GATES)])
    names["workers"] = [worker]
    names["settle"](lesson.group("gates"), [worker], 6)
    assert '`join` makes the long name itself: give it the short one, `"gates"`' in says(
        "9.1"
    )


def test_9_1_of_another_topic(names: Names) -> None:
    names["create"](GATES, 6)
    names["workers"] = [names["join"]("gates", "w", [names["create"](LIVE, 6)])]
    names["settle"]("gates", names["workers"], 6)
    assert "Your members read `nyc.flight.live" in says("9.1")


def test_9_1_with_partitions_that_no_member_knows(names: Names, lesson: Lesson) -> None:
    share(names, partitions=4, workers=6, groups=1)
    topic = lesson.topic(GATES)
    names["admin"].create_partitions([NewPartitions(topic, 6)])[topic].result()
    wait_for(lambda: "every five minutes" in says("9.1"), SECONDS, "the partitions")
    # The solution makes the topic anew, and so is right after a wrong try, too.
    students.solve("9.1", names)
    assert passes("9.1")


def test_9_1_assigned_by_hand(names: Names, lesson: Lesson) -> None:
    gates = names["create"]("nyc.flight.gates", 6)
    settings = {**lesson.connection, "group.id": lesson.group("gates")}
    worker = Consumer(settings)
    names["workers"] = [worker]
    worker.assign([TopicPartition(gates, 0)])
    worker.poll(0.5)
    assert "has no members" in says("9.1")


def test_a_coordinator_that_falls_silent_ends_no_kernel(
    names: Names, lesson: Lesson
) -> None:
    share(names, partitions=6, workers=1, groups=1)
    broker = wait_for(lambda: names["describe"]("gates")["coordinator"], SECONDS, "it")
    with subprocess.Popen(
        [sys.executable, "-c", ASKS_AGAIN_AND_AGAIN, lesson.group("gates")],
        env={
            **os.environ,
            members.CONNECTION_VARIABLE: json.dumps(lesson.cluster.connection),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as kernel:
        assert kernel.stdout is not None
        assert kernel.stdout.readline() == b"told\n"
        lesson.cluster.pause("broker", broker)
        try:
            answers = [kernel.stdout.readline() for _ in range(2)]
        finally:
            lesson.cluster.resume("broker", broker)
        kernel.communicate(b"enough\n", SECONDS)
    assert set(answers) <= {b"told\n", b"silent\n"}
    assert kernel.returncode == 0


def share(names: Names, partitions: int, workers: int, groups: int) -> None:
    """Let workers share the topic of 9.1, in the right group and perhaps others."""
    topic = names["create"](GATES, partitions)
    for number in range(workers):
        group = "gates" if number < workers / groups else f"other-{number}"
        names["workers"].append(names["join"](group, f"w{number}", [topic]))
    mine = names["workers"][: max(1, workers // groups)]
    names["settle"]("gates", mine, partitions)


def test_9_2_solution(names: Names, lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(LIVE), 6, 3)
    # On a new cluster no broker knows at once who coordinates.
    wait_for(lambda: "has no members. Start three" in says("9.2"), SECONDS, "an answer")
    students.solve("9.2", names)
    assert passes("9.2")
    assert "`cooperative-sticky`" in says("9.2")


def test_9_2_by_the_new_protocol(names: Names, lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(LIVE), 6, 3)
    for name in "ABC":
        more = {"group.protocol": "consumer", "group.instance.id": name}
        names["start"]("smooth", name, **more)
    wait_for(lambda: "✔ Exercise 9.2: passed" in says("9.2"), SECONDS, "the shares")
    assert "by the new protocol" in says("9.2")


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({"group.instance.id": "{}"}, "an eager assignor, as this client does"),
        (
            {"partition.assignment.strategy": "cooperative-sticky"},
            "Without a `group.instance.id`: `A`, `B`, `C`. Started again",
        ),
    ],
)
def test_9_2_with_one_setting_missing(
    names: Names, lesson: Lesson, more: dict[str, str], answer: str
) -> None:
    students.create(lesson, lesson.topic(LIVE), 6, 3)
    for name in "ABC":
        own = {key: value.format(name) for key, value in more.items()}
        names["start"]("smooth", name, **own)
    wait_for(lambda: answer in says("9.2"), SECONDS, "three members")
    assert "▷ Exercise 9.2: not yet" in says("9.2")


def test_9_2_with_a_setting_that_nobody_knows(names: Names, lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(LIVE), 6, 3)
    names["start"]("smooth", "A", group_instance_id="A")
    wait_for(lambda: "ended by itself, with `cimpl.Kafka" in says("9.2"), SECONDS, "it")
    # A later one that was ended on purpose does not bring that up again.
    names["start"]("smooth", "A").kill()
    wait_for(lambda: "has no members. Start three" in says("9.2"), SECONDS, "its end")


def test_9_2_named_twice(names: Names, lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(LIVE), 6, 3)
    names["start"](lesson.group("smooth"), "A")
    wait_for(lambda: "`start` makes the long name" in says("9.2"), SECONDS, "a member")


def test_9_2_with_those_of_another_try(names: Names, lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(LIVE), 6, 3)
    for name in "ABCD":
        names["start"]("smooth", name)
    wait_for(lambda: "has 4 members, not three" in says("9.2"), SECONDS, "four members")


def test_9_2_with_one_name_for_all(names: Names, lesson: Lesson) -> None:
    students.create(lesson, lesson.topic(LIVE), 6, 3)
    for name in "ABC":
        names["start"]("smooth", name, **{"group.instance.id": "same"})
    wait_for(lambda: "belongs to *one* member" in says("9.2"), SECONDS, "the fenced")


def test_9_3_solution_and_its_mistakes(names: Names, lesson: Lesson) -> None:
    topic = lesson.topic(DEPARTED)
    students.create(lesson, topic, 4, 3)
    assert "run the cell above" in says("9.3")
    fill(lesson, topic)
    commit_behind(lesson, topic)
    assert "There is no file `lag.json` yet" in says("9.3")
    names["departed"] = topic
    students.solve("9.3", names)
    assert passes("9.3")


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("12", "is no JSON object"),
        ("[" * 100_000, "is no JSON object"),
        ('{"0": 150.7, "1": 50, "2": 250, "3": 250}', "150 records to read, not 150.7"),
        ('{"0": Infinity, "1": 50, "2": 250, "3": 250}', "to read, not inf"),
        ('{"0": 150, "1": 50, "2": 250, "3": 250, "4": 0}', "has no partition 4: its 4"),
        ('{"0": 150, "1": 50}', "Partition 2 is missing"),
        ('{"0": 150, "1": 50, "2": 1251, "3": 1251}', "-1001 for *nothing*"),
        ('{"0": 150, "1": 50, "2": 0, "3": 0}', "begins with the earliest record"),
        ('{"0": 100, "1": 200, "2": 250, "3": 250}', "what it *has* read"),
        ('{"0": 250, "1": 250, "2": 250, "3": 250}', "Those are the ends"),
        ('{"0": 149, "1": 49, "2": 250, "3": 250}', "is the *next* record to read"),
        ('{"0": 7, "1": 50, "2": 250, "3": 250}', "Lag is the end of the partition"),
    ],
)
def test_9_3_mistakes(lesson: Lesson, written: str, answer: str) -> None:
    topic = lesson.topic(DEPARTED)
    students.create(lesson, topic, 4, 3)
    fill(lesson, topic)
    commit_behind(lesson, topic)
    (lesson.folder / "lag.json").write_text(written, "utf-8")
    card = says("9.3")
    assert "▷ Exercise 9.3: not yet" in card
    assert answer in card


def fill(lesson: Lesson, topic: str) -> None:
    """Send 250 records to each of four partitions."""
    producer = Producer(lesson.connection)
    for number in range(1000):
        producer.produce(topic, b"x", partition=number % 4)
    assert producer.flush(30) == 0


def commit_behind(lesson: Lesson, topic: str) -> None:
    """Commit for the group as the lesson's cell does."""
    places = [TopicPartition(topic, 0, 100), TopicPartition(topic, 1, 200)]
    commit(lesson.connection, lesson.group("behind"), *places)
