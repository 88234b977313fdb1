"""Lesson 14: its exercises, right and wrong, on streams of the lesson's own."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from confluent_kafka import Producer

from helpers import flights, wait_for
from helpers.course import current
from helpers.course.checks import lesson_14_worker
from helpers.course.exercises import solution_code
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.waiting import patience
from tests.course import students
from tests.course.students import passes, says

LESSON = "14_scaling_kinesis"
DAY = flights.day(8)
SHARD = "shardId-000000000000"
POISON = b"\xff no JSON"
Names = dict[str, Any]


@pytest.fixture(scope="module")
def names(cluster: EmbeddedCluster) -> Iterator[Names]:
    """Give what the lesson's cells know, once for all tests."""
    with students.entered(cluster) as lesson:
        known: Names = {"lesson": lesson, "wait_for": wait_for, "day": DAY}
        students.run(
            LESSON,
            known,
            "from lessons.scripts.streams import Streams",
            "def send(",
            "def scale(",
        )
        yield known
        known["kinesis"].close()


# Exercise 14.1


def quiet(names: Names) -> str:
    names["quiet"] = names["create"]("nyc.quiet.night", 4)
    names["send"](names["quiet"], DAY[:100])
    return str(names["quiet"])


def test_14_1_solution(names: Names) -> None:
    quiet(names)
    assert "None was merged. If a call was refused" in says("14.1")
    names["scale"](names["quiet"], 2)
    assert "has 2 open shards, and one is asked for. It takes one step more" in says(
        "14.1"
    )
    names["quiet"] = quiet(names)
    students.solve("14.1", names)
    assert "The 100 records are in the 6 closed ones" in passes("14.1")


def test_14_1_by_merges(names: Names) -> None:
    stream = quiet(names)
    for lower, upper in ((0, 1), (2, 3), (4, 5)):
        names["kinesis"].merge_shards(
            StreamName=stream,
            ShardToMerge=f"shardId-{lower:012}",
            AdjacentShardToMerge=f"shardId-{upper:012}",
        )
        names["ready"](stream)
        if lower == 0:
            assert "has 3 open shards" in (card := says("14.1"))
            assert "It takes two steps more: two merges" in card
    assert passes("14.1")


def test_14_1_mistakes(names: Names) -> None:
    stream = quiet(names)
    names["scale"](stream, 8)
    assert "has 8 open shards, and one is asked for. A split makes more" in says("14.1")
    names["create"]("nyc.quiet.night", 1)
    assert "was made anew, with 1 of 4 shards" in says("14.1")
    names["create"]("nyc.quiet.night", 4)
    names["scale"](stream, 2)
    names["scale"](stream, 1)
    assert "holds 0 records and not 100" in says("14.1")


# Exercise 14.2

EACH = "for record in records:"
LAST = "\nrun(work)\n"
OWN_LOOP = """
from lessons.scripts.worker import (
    discover, do, fetch, keep, leases, me, table, take_one, due
)
while True:
    discover()
    take_one(leases.read(table))
    known = leases.read(table)
    for lease in known.values():
        if lease.owner == me and due(lease, known):
            for record in fetch(lease)["Records"]:
                do(lease, record)
                keep(lease, record["SequenceNumber"])
"""
BEGIN = (
    "from lessons.scripts.worker import do, keep, run\n\n\ndef work(lease, records):\n"
)
ONE = '        keep(lease, record["SequenceNumber"])\n'
EVERY_SIXTH = (
    f"{BEGIN}    for number, record in enumerate(records, 1):\n"
    f"        do(lease, record)\n        if number % 6 == 0:\n    {ONE}"
)


def write_script(names: Names, mine: str) -> None:
    (names["lesson"].folder / "mine.py").write_text(mine, "utf-8")


def test_14_2_solution(names: Names) -> None:
    assert "There is no `mine.py`" in says("14.2")
    write_script(names, "# Exercise 14.2\n# Your code here.\n")
    assert "`mine.py` has no code yet" in says("14.2")
    first, _, code = solution_code("14.2").partition("\n")
    assert first == '%%writefile "{lesson.folder}/mine.py"'
    write_script(names, code)
    assert "40 records, none lost" in passes("14.2")


def test_14_2_after_each_record(names: Names) -> None:
    write_script(names, f"{BEGIN}    {EACH}\n        do(lease, record)\n{ONE}{LAST}")
    assert passes("14.2")


@pytest.mark.parametrize(
    ("mine", "said"),
    [
        (f"{BEGIN}    {EACH}\n        do(lease, record)\n{LAST}", "were done twice, all"),
        (f"{EVERY_SIXTH}{LAST}", "between two checkpoints lie 6 records"),
        (
            f"{BEGIN}    {EACH}\n        do(lease, record)\n{ONE}"
            f'    keep(lease, "SHARD_END")\n{LAST}',
            "`work` wrote `SHARD_END` itself",
        ),
        (
            f"{BEGIN}    for record in records[: len(records) // 5 * 5]:\n"
            f"        do(lease, record)\n{ONE}{LAST}",
            "and the crash alone does not explain it",
        ),
        (
            f"{BEGIN}    {EACH}\n{ONE}        do(lease, record)\n{LAST}",
            "the checkpoint was ahead of the work",
        ),
        (
            f"{BEGIN}    {EACH}\n        do(lease, record); keep(lease, 5)\n{LAST}",
            "wrote a checkpoint that is no sequence number",
        ),
        (
            f"{BEGIN}    for record in records[:5]:\n        do(lease, record)\n{LAST}",
            "must `do` every record",
        ),
        (OWN_LOOP, "their parent never came to its end"),
        (f"{BEGIN}    pass\n", "came to its end at once. Its last line is `run(work)`"),
        (f"{BEGIN}    do(records)\n{LAST}", "failed in line 5 with `TypeError"),
    ],
)
def test_14_2_mistakes(names: Names, mine: str, said: str) -> None:
    write_script(names, mine)
    card = says("14.2")
    assert "▷ Exercise 14.2: not yet" in card
    assert said in card


def test_14_2_no_record_is_done(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_14_worker, "_LONGEST_SECONDS", 5.0)
    write_script(names, f"{BEGIN}    pass\n{LAST}")
    assert f"`mine.py` did 0 records in {5 * patience():g} s" in says("14.2")


# Exercise 14.3


@pytest.fixture(scope="module")
def reported(names: Names) -> str:
    """Put a broken record between six flights; tell of it as the destination does."""
    stream = str(names["create"]("nyc.flight.reported", 1))
    names["send"](stream, DAY[:3])
    told = names["kinesis"].put_record(StreamName=stream, PartitionKey="x", Data=POISON)
    names["send"](stream, DAY[3:6])
    number = told["SequenceNumber"]
    batch = {"shardId": SHARD, "startSequenceNumber": number, "endSequenceNumber": number}
    names |= {"destination": [{"KinesisBatchInfo": batch}], "reported": stream}
    names["number"], names["producer"] = number, Producer(names["lesson"].connection)
    return stream


@pytest.fixture
def dead(names: Names, reported: str) -> str:
    """Return an empty topic for dead letters."""
    lesson = names["lesson"]
    names["dead"] = lesson.topic("nyc.flight.dead")
    if names["dead"] in names["producer"].list_topics(timeout=10).topics:
        students.delete(lesson, names["dead"])
    students.create(lesson, names["dead"], 1, 3)
    return str(names["dead"])


def test_14_3_solution(names: Names, dead: str) -> None:
    assert f"`{dead}` is empty" in says("14.3")
    students.solve("14.3", names)
    assert passes("14.3")


def _value(pick: Callable[[Names], bytes]) -> Callable[[Names], tuple[bytes, str]]:
    return lambda names: (pick(names), f"{SHARD}:{names['number']}")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (_value(lambda _: base64.b64encode(POISON)), "this is the record in base64"),
        (
            _value(lambda names: json.dumps(names["destination"][0]).encode()),
            "this is what the destination tells",
        ),
        (_value(lambda _: DAY[3].to_json()), "`AFTER_SEQUENCE_NUMBER` passes over"),
        (_value(lambda _: DAY[0].to_json()), "where `TRIM_HORIZON` begins"),
        (_value(lambda _: DAY[5].to_json()), "Fetch one record: `Limit=1`"),
        (_value(lambda _: b"something"), "is no record of the stream"),
        (lambda names: (POISON, names["number"]), "the bytes are right, but the key is"),
    ],
)
def test_14_3_mistakes(
    names: Names, dead: str, sent: Callable[[Names], tuple[bytes, str]], said: str
) -> None:
    value, key = sent(names)
    names["producer"].produce(dead, value, key)
    names["producer"].flush(10)
    card = says("14.3")
    assert "▷ Exercise 14.3: not yet" in card
    assert said in card


def test_nothing_is_there_yet(names: Names, cluster: EmbeddedCluster) -> None:
    here = names["lesson"]
    current.enter(students.lesson_at(cluster))
    try:
        assert "There is no stream" in says("14.1")
        assert "There is no `mine.py`" in says("14.2")
        assert "There is no stream" in says("14.3")
    finally:
        current.enter(here)
