"""Lesson 06's exercises: each mistake gets its own answer."""

import functools
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from helpers import flights
from helpers.course.checks import crash_test, dead_letters
from helpers.course.checks.lesson_06 import DEPARTED
from helpers.course.exercises import solution_code
from helpers.course.lesson import Lesson
from helpers.kafka import members
from tests.commits import commit
from tests.course import students
from tests.course.students import passes, says

NAME = "06_consumers"
run = functools.partial(students.run, NAME)
DAY = flights.day(8)
PARTITIONS = range(3)
GOOD = [(one.id, one.to_json()) for one in DAY[:6]]
POISON = [("X-1", b"\xff\xfe\x00"), ("X-2", b'{"day": 8'), ("X-3", b'{"day": 8}')]
WHY = [("why", b"it is broken")]


def reader(lesson: Lesson, group: str, **more: object) -> Consumer:
    settings = {"group.id": lesson.group(group), "auto.offset.reset": "earliest"}
    return Consumer({**lesson.connection, **settings, **more})


def topic(lesson: Lesson, base: str, partitions: int = 1) -> str:
    name = lesson.topic(base)
    students.create(lesson, name, partitions, 3, retention_ms="-1")
    return name


def names(lesson: Lesson) -> dict[str, Any]:
    """Return what the lesson's cells have defined before its exercises."""
    return {
        "lesson": lesson,
        "flights": flights,
        "datetime": datetime,
        "TopicPartition": TopicPartition,
        "producer": Producer(lesson.connection),
        "reader": lambda group, **more: reader(lesson, group, **more),
        "departed": lesson.topic(DEPARTED),
        "reported": lesson.topic(dead_letters.REPORTED),
        "checked": lesson.topic(dead_letters.CHECKED),
        "dead": lesson.topic(dead_letters.DEAD),
        "records": [*GOOD, *POISON],
    }


# Exercise 6.1

BEGIN = """
import sqlite3
from lessons.scripts.batches import batches, consumer, place
database = sqlite3.connect(place)
"""
PLAIN = BEGIN + 'database.execute("CREATE TABLE IF NOT EXISTS told (flight TEXT)")\n'
ROWS = 'database.executemany("INSERT INTO told VALUES (?)", rows)'
LOOP = """
for messages in batches():
    rows = [(message.key().decode(),) for message in messages]
"""
# The place in the topic is kept beside the rows, in one transaction of the database.
WITH_OFFSET = (
    PLAIN
    + """
from lessons.scripts.batches import topic
database.execute("CREATE TABLE IF NOT EXISTS place (next INTEGER)")
def begin(consumer, partitions):
    (kept,) = database.execute("SELECT max(next) FROM place").fetchone()
    partitions[0].offset = kept or 0
    consumer.assign(partitions)
consumer.subscribe([topic], on_assign=begin)
for messages in batches():
    rows = [(message.key().decode(),) for message in messages]
    database.executemany("INSERT INTO told VALUES (?)", rows)
    database.execute("INSERT INTO place VALUES (?)", (messages[-1].offset() + 1,))
    database.commit()
    consumer.commit(asynchronous=False)
"""
)
ASKS_FIRST = """
for messages in batches():
    for message in messages:
        key = (message.key().decode(),)
        if not database.execute("SELECT 1 FROM told WHERE flight = ?", key).fetchall():
            database.execute("INSERT INTO told VALUES (?)", key)
    with database: pass
    consumer.commit(asynchronous=False)
"""
KEEP, COMMIT = "    database.commit()\n", "    consumer.commit(asynchronous=False)\n"


@pytest.fixture
def told(lesson: Lesson) -> Lesson:
    """Bring the lesson to exercise 6.1, with 430 flights: five batches."""
    name = topic(lesson, crash_test.CANCELLED)
    producer = Producer(lesson.connection)
    for one in DAY[:430]:
        producer.produce(name, one.to_json(), one.id)
    assert producer.flush(30) == 0
    return lesson


def write(lesson: Lesson, name: str, code: str) -> None:
    (lesson.folder / name).write_text(f"{code}\n", "utf-8")


def test_6_1_solution(told: Lesson) -> None:
    assert "There is no `mine.py`" in says("6.1")
    first, _, code = solution_code("6.1").partition("\n")
    assert first == '%%writefile "{lesson.folder}/mine.py"'
    write(told, "mine.py", code)
    assert passes("6.1")
    assert passes("6.1"), "each look begins anew"
    assert members.running() == []


@pytest.mark.parametrize("code", [WITH_OFFSET, PLAIN + ASKS_FIRST], ids=["place", "asks"])
def test_6_1_done_another_way(told: Lesson, code: str) -> None:
    write(told, "mine.py", code)
    assert passes("6.1")


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("# Exercise 6.1\n# Your code here.\n", "`mine.py` has no code yet"),
        (PLAIN + LOOP + f"    {ROWS}\n" + KEEP + COMMIT, "told more than once, such as"),
        (PLAIN + LOOP + COMMIT + f"    {ROWS}\n" + KEEP, "never told, such as"),
        (PLAIN + LOOP + f"    {ROWS}\n" + COMMIT + KEEP, "never told, such as"),
        (PLAIN + LOOP + f"    {ROWS}\n" + COMMIT, "The table `told` is empty"),
        (PLAIN + LOOP + f"    {ROWS}\n" + KEEP, "ended without its commit number 3"),
        (PLAIN + "print(1 / 0)", "failed with `ZeroDivisionError: division by zero`"),
        (BEGIN + LOOP + COMMIT, "The table `told` cannot be read (no such table"),
        (
            PLAIN.replace(" IF NOT EXISTS", "") + LOOP + COMMIT,
            "table told already exists",
        ),
        ("import time\nwhile True: time.sleep(1)", "did not come to its end"),
    ],
    ids=[
        "stub",
        "plain",
        "first",
        "between",
        "unkept",
        "uncommitted",
        "raises",
        "table",
        "exists",
        "endless",
    ],
)
def test_6_1_mistakes(
    told: Lesson, monkeypatch: pytest.MonkeyPatch, code: str, answer: str
) -> None:
    if "while True" in code:
        monkeypatch.setattr(crash_test, "LONGEST_SECONDS", 2.0)
    write(told, "mine.py", code)
    card = says("6.1")
    assert "▷ Exercise 6.1: not yet" in card
    assert answer in card
    assert members.running() == []


def test_6_1_without_the_topic(lesson: Lesson) -> None:
    assert "Run the cell that creates it" in says("6.1")


# Exercises 6.2 and 6.3


@pytest.fixture
def departed(lesson: Lesson) -> Lesson:
    """Bring the lesson to exercise 6.2: the day in three partitions, dated."""
    name = topic(lesson, DEPARTED, 3)
    producer = Producer(lesson.connection)
    for number, one in enumerate(sorted(DAY, key=lambda one: one.happened)):
        when = int(one.happened.timestamp() * 1000)
        producer.produce(name, one.to_json(), one.id, number % 3, timestamp=when)
    assert producer.flush(30) == 0
    return lesson


def at(lesson: Lesson, when: datetime, per_second: int = 1000) -> list[TopicPartition]:
    asker = reader(lesson, "ask")
    moment = int(when.timestamp() * per_second)
    name = lesson.topic(DEPARTED)
    asked = [TopicPartition(name, number, moment) for number in PARTITIONS]
    found = asker.offsets_for_times(asked, timeout=20)
    asker.close()
    return found


def test_6_2_solution(departed: Lesson) -> None:
    assert "has committed nothing" in says("6.2")
    students.solve("6.2", names(departed))
    assert passes("6.2")


def test_6_2_by_the_command_line(departed: Lesson) -> None:
    command = f"kafka-consumer-groups --bootstrap-server {departed.bootstrap_servers} "
    command += f"--group {departed.group('night')} --topic {departed.topic(DEPARTED)} "
    command += "--reset-offsets --to-datetime 2013-02-08T16:00:00.000-05:00 --execute"
    shell(command)
    assert passes("6.2")


def test_6_2_mistakes(departed: Lesson) -> None:
    four = datetime(2013, 2, 8, 16, tzinfo=flights.NEW_YORK)
    right = at(departed, four)
    late = [TopicPartition(one.topic, one.partition, one.offset + 1) for one in right]
    noon = four.replace(hour=12)
    times = [TopicPartition(one.topic, one.partition, 1360357200000) for one in right]
    for offsets, answer in (
        (times, "those are times"),
        (right[:1], "has no offset for partition 1"),
        (at(departed, four, per_second=1), "it is in *seconds*"),
        (at(departed, four.replace(tzinfo=UTC)), "That is 16:00 in UTC"),
        (late, "The committed offset is the *next* record to read"),
        (at(departed, noon), "Is it the first record at or after 16:00"),
    ):
        students.forget(departed, "night")
        commit(departed.connection, departed.group("night"), *offsets)
        card = says("6.2")
        assert "▷ Exercise 6.2: not yet" in card
        assert answer in card


def test_6_2_read_to_the_end(departed: Lesson) -> None:
    read_on(departed, "night").close()
    assert "That is the end of each partition" in says("6.2")


def read_on(lesson: Lesson, group: str) -> Consumer:
    """Read all of `departed` in a group, and return the consumer, still a member."""
    consumer = reader(lesson, group)
    consumer.subscribe([lesson.topic(DEPARTED)])
    assert len(consumer.consume(len(DAY), timeout=30)) == len(DAY)
    consumer.commit(asynchronous=False)
    return consumer


def shell(command: str) -> str:
    scripts = str(Path(sys.executable).parent)
    env = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    told = subprocess.run(
        command, shell=True, env=env, capture_output=True, text=True, check=False
    )
    return told.stdout + told.stderr


def test_6_3_solution_and_mistakes(departed: Lesson) -> None:
    busy = read_on(departed, "second")
    assert "still has 1 member" in says("6.3")
    command = solution_code("6.3").splitlines()[-1].removeprefix("!")
    values = {"servers": departed.bootstrap_servers, "second": departed.group("second")}
    command = command.format(**values, departed=departed.topic(DEPARTED))
    assert "is inactive, but the current state is Stable" in shell(command)
    busy.close()
    assert "Nothing has moved. `--dry-run` only shows" in says("6.3")
    shell(command)
    assert passes("6.3")
    shell(command)
    assert "40, 40, 40 records. `--shift-by` counts from where" in says("6.3")


@pytest.mark.parametrize(
    ("steps", "answer"),
    [
        ((20, 20, 20), "passed"),
        ((0, 0, 0), "Nothing has moved"),
        ((0, 20, 0), "0, 20, 0 records. Move *each* partition"),
        ((7, 7, 6), "7, 7, 6 records. Move *each* partition"),
        ((310, 310, 310), "Go to the end first"),
    ],
)
def test_6_3_from_python(
    departed: Lesson, steps: tuple[int, int, int], answer: str
) -> None:
    name, end = departed.topic(DEPARTED), len(DAY) // 3
    places = [TopicPartition(name, n, end - step) for n, step in enumerate(steps)]
    commit(departed.connection, departed.group("second"), *places)
    assert answer in says("6.3")


def test_6_2_and_6_3_without_the_topic(lesson: Lesson) -> None:
    assert "Run the cell that creates it" in says("6.2")
    assert "Run the cell that creates it" in says("6.3")


# Exercise 6.4


@pytest.fixture
def reported(lesson: Lesson) -> Lesson:
    """Bring the lesson to exercise 6.4."""
    for base in (dead_letters.REPORTED, dead_letters.CHECKED, dead_letters.DEAD):
        topic(lesson, base)
    send(lesson, dead_letters.REPORTED, [*GOOD[:3], *POISON, *GOOD[3:]])
    return lesson


Sent = list[tuple[str, bytes]]


def send(
    lesson: Lesson, base: str, records: Sent, headers: Sequence[tuple[str, bytes]] = ()
) -> None:
    producer = Producer(lesson.connection)
    for key, value in records:
        producer.produce(lesson.topic(base), value, key, headers=list(headers))
    assert producer.flush(30) == 0


def test_6_4_solution(reported: Lesson) -> None:
    assert "`dead` is empty" in says("6.4")
    students.solve("6.4", names(reported))
    assert passes("6.4")


def test_6_4_after_a_try_that_raised(lesson: Lesson) -> None:
    """Its consumer is still open when the topics are made anew."""
    known = names(lesson) | {"day": flights.day(8)}
    topics = "kinds ="
    before = (
        "create = topics.creator(",
        "import Producer",
        "def open_consumer",
        "def reader",
    )
    run(known, *before, topics)
    checker = known["reader"]("checker")
    checker.subscribe([known["reported"]])
    assert checker.consume(len(known["records"]), timeout=20)
    run(known, topics)
    students.solve("6.4", known)
    assert passes("6.4")


def test_6_4_done_another_way_after_a_crash(reported: Lesson) -> None:
    send(reported, dead_letters.DEAD, [*POISON, *POISON], [("try", b"2"), *WHY])
    send(reported, dead_letters.CHECKED, [*GOOD[::-1], *GOOD])
    name = reported.topic(dead_letters.REPORTED)
    commit(reported.connection, reported.group("checker"), TopicPartition(name, 0, 9))
    assert "Some are there twice" in says("6.4")
    assert passes("6.4")


def test_6_4_after_a_try_without_headers(reported: Lesson) -> None:
    send(reported, dead_letters.CHECKED, GOOD)
    send(reported, dead_letters.DEAD, POISON)
    assert "has no header `why`" in says("6.4")
    send(reported, dead_letters.DEAD, POISON, WHY)
    name = reported.topic(dead_letters.REPORTED)
    commit(reported.connection, reported.group("checker"), TopicPartition(name, 0, 9))
    assert passes("6.4")


MENDED = [*POISON[:2], ("X-3", b"KeyError: scheduled")]


@pytest.mark.parametrize(
    ("dead", "headers", "checked", "answer"),
    [
        (POISON[:2], WHY, GOOD, "`dead` lacks the record `X-3`"),
        (POISON, [], GOOD, "`X-1` in `dead` has no header `why`"),
        (POISON, [("reason", b"x")], GOOD, "Its headers: reason"),
        (POISON, [("why", b"")], GOOD, "The header `why` of `X-1` is empty"),
        (MENDED, WHY, GOOD, "which is not what came"),
        ([("", POISON[0][1])], WHY, GOOD, "Keep the one it came with"),
        ([*POISON, GOOD[0]], WHY, GOOD, "is in `dead`, though it can be read"),
        ([*POISON, GOOD[0]], WHY, GOOD, "run the one that creates the topics again"),
        (POISON, WHY, GOOD[:3], "`checked` lacks 3 of 6 records"),
        (POISON, WHY, [(k, v + b" ") for k, v in GOOD], "is not as it came"),
        (POISON, WHY, [*GOOD, POISON[0]], "which nobody can read"),
        (POISON, WHY, GOOD, "has committed nothing, and the topic goes on"),
    ],
)
def test_6_4_mistakes(
    reported: Lesson,
    dead: Sent,
    headers: list[tuple[str, bytes]],
    checked: Sent,
    answer: str,
) -> None:
    send(reported, dead_letters.DEAD, dead, headers)
    send(reported, dead_letters.CHECKED, checked)
    card = says("6.4")
    assert "▷ Exercise 6.4: not yet" in card
    assert answer in card


def test_6_4_without_its_topics(lesson: Lesson) -> None:
    assert "Run the cell that creates it" in says("6.4")


def test_what_the_lesson_says_of_transactions(lesson: Lesson) -> None:
    at_servers = f"--bootstrap-server {lesson.bootstrap_servers}"
    features = shell(f"kafka-features {at_servers} describe").splitlines()
    (of_brokers,) = [line for line in features if "transaction.version" in line]
    assert "FinalizedVersionLevel: 2" in of_brokers
    name = topic(lesson, "transacted")
    settings = {"transactional.id": name, "log_level": 3}
    producer = Producer({**lesson.connection, **settings})
    producer.init_transactions(30)
    for value in (b"1", b"2"):
        producer.begin_transaction()
        producer.produce(name, value)
        producer.commit_transaction(30)
    told = shell(f"kafka-transactions {at_servers} describe --transactional-id {name}")
    # Version 2 raises the epoch with each transaction; version 1 leaves it.
    epoch = told.splitlines()[0].split().index("ProducerEpoch")
    assert told.splitlines()[1].split()[epoch] == "0"
