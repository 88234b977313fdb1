"""Lesson 03: its exercises, right and wrong, on servers that grow and break."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient
from IPython.core.interactiveshell import InteractiveShell

from helpers import flights
from helpers.course import current
from helpers.course.checks.lesson_03 import TOPIC, placement
from helpers.course.lesson import Lesson
from helpers.kafka.quorum import quorum
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.waiting import wait_for
from tests.course import students
from tests.course.students import passes, says

LESSON = "03_cluster"
Names = dict[str, Any]


@pytest.fixture(scope="module")
def shell() -> Iterator[InteractiveShell]:
    """Return a notebook's shell: solutions call Kafka's tools with ``!``."""
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    yield InteractiveShell()
    os.environ["PATH"] = before


@pytest.fixture(scope="module")
def entered(
    cluster: EmbeddedCluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lesson]:
    """Give one lesson for all tests here: nodes take seconds to come and go."""
    state = tmp_path_factory.mktemp("a student's state")
    before = os.environ.get("WORKBOOK_STATE_DIR")
    os.environ["WORKBOOK_STATE_DIR"] = str(state)
    made = students.lesson_at(cluster)
    current.enter(made)
    yield made
    made.clean_up()
    assert [n.id for n in cluster.status().nodes] == [1, 2, 3, 101, 0]
    assert cluster.status().all_running
    assert placement(made) == {}
    del os.environ["WORKBOOK_STATE_DIR"]
    if before:
        os.environ["WORKBOOK_STATE_DIR"] = before


@pytest.fixture(scope="module")
def names(entered: Lesson) -> Names:
    """Give what the lesson's cells know."""
    return {
        "lesson": entered,
        "json": json,
        "flights": flights,
        "wait_for": wait_for,
        "servers": entered.bootstrap_servers,
        "admin": AdminClient(entered.connection),
    }


def run(shell: InteractiveShell, names: Names, marker: str) -> None:
    """Run the lesson's own cell in which the marker stands, as a notebook runs it."""
    cells = students.cells(LESSON)
    shell.user_ns.update(names)
    result = shell.run_cell(next(one for one in cells if marker in one))
    result.raise_error()
    names.update(shell.user_ns)


def move(shell: InteractiveShell, names: Names, plan: dict[int, list[int]]) -> None:
    """Move partitions as a student does, and wait until the move has ended."""
    shell.user_ns.update(names)
    shell.run_cell(f"plan = write_plan({plan})").raise_error()
    names.update(shell.user_ns)
    run(shell, names, 'plan}" --execute')
    wait_for(lambda: plan.items() <= placement(names["lesson"]).items(), 30, "the moves")


def test_3_1_before_anything_is_there(entered: Lesson) -> None:
    assert f"There is no topic `{entered.topic(TOPIC)}`" in says("3.1")
    assert "There is no topic" in says("3.2")


def test_3_1_and_3_2_mistakes_and_solutions(
    shell: InteractiveShell, names: Names, entered: Lesson
) -> None:
    for marker in ("departed = lesson.topic", "def placement", "def write_plan"):
        run(shell, names, marker)
    assert "There is no broker 4 now" in says("3.1")
    entered.cluster.add("broker")
    assert "is on brokers" in (card := says("3.1"))
    assert "`--execute`" in card
    move(shell, names, {2: [4, 1]})
    assert "a copy of partition 2, and none of partition 1" in says("3.1")
    move(shell, names, {1: [4]})
    assert "Partition 1 has one copy now, on broker 4" in says("3.1")
    move(shell, names, {1: [4, 1, 2]})
    assert "Partition 1 has 3 copies" in says("3.1")
    # Another order is another preferred leader, and as right.
    move(shell, names, {1: [3, 4]})
    assert passes("3.1")
    run(shell, names, "# Exercise 3.1")
    assert passes("3.1")

    assert "Broker 4 still holds partition 1 and 2" in says("3.2")
    move(shell, names, {1: [2], 2: [1]})
    assert "partition 1 and 2 has one copy only" in says("3.2")
    move(shell, names, {1: [3, 2], 2: [1, 3]})
    assert passes("3.2")
    move(shell, names, {0: [4, 1]})
    run(shell, names, "# Exercise 3.2")
    assert passes("3.2")


def test_3_2_with_a_new_topic_in_place_of_the_old(entered: Lesson) -> None:
    students.delete(entered, entered.topic(TOPIC))
    students.create(entered, entered.topic(TOPIC), 6, 2)
    plan = [n for n, brokers in placement(entered).items() if 4 in brokers]
    if plan:
        entered.cluster.remove("broker", 4)
    assert "did you delete it and create it anew?" in says("3.2")


def test_3_3_mistakes_and_solution(
    shell: InteractiveShell, names: Names, entered: Lesson
) -> None:
    entered.cluster.add("controller", 2)
    entered.cluster.kill("controller", 101)
    assert "There is no file `active.json`" in says("3.3")
    truth = wait_for(lambda: quorum(entered.connection), 60, "a successor")
    right = {"id": truth.leader, "epoch": truth.epoch}
    for wrong, answer in (
        ({**right, "id": 101}, "You name 101"),
        ({**right, "id": 2}, "2 is a broker"),
        ({**right, "epoch": truth.epoch - 1}, f"is not {truth.epoch - 1}"),
        ({key: str(one) for key, one in right.items()}, "but as text"),
        ([truth.leader, truth.epoch], "is not JSON such as"),
    ):
        (entered.folder / "active.json").write_text(json.dumps(wrong))
        assert answer in (card := says("3.3")), card
    (entered.folder / "active.json").write_text(str(right))
    assert "is not JSON such as" in says("3.3"), "Python's quotes are not JSON's"
    run(shell, names, "# Exercise 3.3")
    assert passes("3.3")


def test_3_4_mistakes_and_solution(
    shell: InteractiveShell, names: Names, entered: Lesson
) -> None:
    """One of three is dead since the test before; here the second one ends."""
    entered.cluster.kill("controller", 102)
    assert "1 of 3 controllers runs: 103. A majority is 2." in says("3.4")
    entered.cluster.start("controller", 102)
    entered.cluster.pause("controller", 102)
    assert "Controller 102 is paused" in says("3.4")
    names["first"] = 101
    run(shell, names, "# Exercise 3.4")
    assert "✔ Exercise 3.4: passed" in (card := says("3.4")), card
