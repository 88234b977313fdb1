"""Lesson 13: its exercises, right and wrong, on streams of the lesson's own."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from helpers import flights, wait_for
from helpers.course import current
from helpers.servers.embedded.cluster import EmbeddedCluster
from tests.course import students
from tests.course.students import passes, says

LESSON = "13_kinesis"
run = functools.partial(students.run, LESSON)
DAY = flights.day(8)
HOT = "shardId-000000000001"
MIDDLE = 3 * 2**124
Names = dict[str, Any]


@pytest.fixture(scope="module")
def names(cluster: EmbeddedCluster) -> Iterator[Names]:
    """Give what the lesson's cells know, once for all tests."""
    with students.entered(cluster) as lesson:
        known: Names = {"lesson": lesson, "wait_for": wait_for, "day": DAY}
        known["flight"] = DAY[0]
        cells = (
            "from lessons.scripts.streams import Streams",
            "def place(",
            "def ranges(",
            "def entries(",
        )
        for marker in (*cells, "def origin(", "def split("):
            run(known, marker)
        yield known
        known["kinesis"].close()


@pytest.fixture
def governed(names: Names) -> Iterator[Names]:
    """Give the same names with a client to which the quotas apply, once a call."""
    plain = names["kinesis"]
    once = Config(retries={"total_max_attempts": 8, "mode": "standard"})
    names["kinesis"] = boto3.client("kinesis", config=once)
    names["lesson"].apply_quotas(names["kinesis"], writes=0.1)
    yield names
    names["kinesis"].close()
    names["kinesis"] = plain


def put(names: Names, stream: str, key: str, data: bytes = b"d", **more: str) -> None:
    names["kinesis"].put_record(StreamName=stream, PartitionKey=key, Data=data, **more)


def put_all(names: Names, stream: str, records: list[Any]) -> list[Any]:
    answers = []
    for first in range(0, len(records), 500):
        call = records[first : first + 500]
        told = names["kinesis"].put_records(StreamName=stream, Records=call)
        answers += told["Records"]
    return answers


def test_13_1_solution(names: Names) -> None:
    students.solve("13.1", names)
    assert "in shard 3" in passes("13.1")


def test_13_1_done_another_way(names: Names) -> None:
    each = names["create"]("nyc.each.shard", 4)
    for key in ("UA", "US", "EV", "DL"):
        put(names, each, key, b"another")
    assert passes("13.1")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ((), "No record is in"),
        (("UA", "AA", "MQ", "DL"), "MD5 puts some of them side by side"),
        (("UA",), "shard 1 and 2 and 3 of 4 holds nothing"),
        (("UA", "AA", "US", "EV", "DL"), "shard 0 holds more than one record"),
    ],
)
def test_13_1_mistakes(names: Names, keys: tuple[str, ...], said: str) -> None:
    each = names["create"]("nyc.each.shard", 4)
    for key in keys:
        put(names, each, key)
    card = says("13.1")
    assert "▷ Exercise 13.1: not yet" in card
    assert said in card


def test_13_1_the_key_was_overruled_or_the_stream_is_another(names: Names) -> None:
    each = names["create"]("nyc.each.shard", 4)
    for number in range(4):
        put(names, each, "UA", ExplicitHashKey=str(number * 2**126))
    assert "`ExplicitHashKey` was used" in says("13.1")
    names["create"]("nyc.each.shard", 2)
    assert "has 2 shards, and 4 are asked for" in says("13.1")


def test_13_2_solution(governed: Names) -> None:
    students.solve("13.2", governed)
    refused = governed["lesson"].governor.budgets(governed["complete"])
    assert sum(one.refused for one in refused.values()) > 0, "there was a retry"
    assert "All 930 flights are in" in passes("13.2")


def test_13_2_done_another_way(names: Names) -> None:
    """One after the other, which takes long with quotas and is right without them."""
    complete = names["create"]("nyc.storm.complete", 4)
    put_all(names, complete, names["entries"](DAY, lambda one: one.id))
    assert passes("13.2")


def _once(names: Names, complete: str) -> None:
    put_all(names, complete, names["entries"](DAY, names["aircraft"]))


def _the_whole_call_again(names: Names, complete: str) -> None:
    for _ in range(2):
        put_all(names, complete, names["entries"](DAY[:100], names["aircraft"]))


def _only_one_call(names: Names, complete: str) -> None:
    left = names["entries"](DAY[:500], names["aircraft"])
    while left:
        answers = put_all(names, complete, left)
        both = zip(left, answers, strict=True)
        left = [one for one, told in both if "ErrorCode" in told]


def _something_else(names: Names, complete: str) -> None:
    put(names, complete, "UA", b"late")


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (lambda names, complete: None, "No record is in"),
        (_once, "`put_records` refused them and raised nothing"),
        (_only_one_call, "the 430 after them were never sent"),
        (_the_whole_call_again, "Whoever sends a whole call again"),
        (_something_else, "no flight that was asked for"),
    ],
)
def test_13_2_mistakes(
    governed: Names, mistake: Callable[[Names, str], None], said: str
) -> None:
    complete = governed["create"]("nyc.storm.complete", 4)
    mistake(governed, complete)
    card = says("13.2")
    assert "▷ Exercise 13.2: not yet" in card
    assert said in card


def test_13_3_solution_and_a_detour(names: Names) -> None:
    by_carrier = names["create"]("by.carrier", 8)
    assert "Shard 1 is open as before: it was not split yet" in says("13.3")
    names["split"](by_carrier, "shardId-000000000004", 9 * 2**124)
    assert "You split or merged shard 4; shard 1 is the hot one" in says("13.3")
    names["split"](by_carrier, HOT, MIDDLE)
    assert "You split shard 1 in its middle, at 18.75 %" in says("13.3")
    upper = names["shard_of"]("UA", by_carrier)
    names["split"](by_carrier, upper, names["place"]("AA"))
    assert passes("13.3")
    names["by_carrier"] = names["create"]("by.carrier", 8)
    students.solve("13.3", names)
    assert "UA is in shard 8 now, AA in shard 9" in passes("13.3")


def test_13_3_a_border_beside_both(names: Names) -> None:
    by_carrier = names["create"]("by.carrier", 8)
    names["split"](by_carrier, HOT, names["place"]("UA"))
    assert "The new border lies on one side of both" in says("13.3")


def test_13_4_solution(names: Names) -> None:
    names["rush"] = DAY[:500]
    students.solve("13.4", names)
    assert "48 keys in place of 3" in passes("13.4")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (lambda one: one.origin, "nothing was added to the airport"),
        (lambda one: f"{one.origin}-{one.number % 2}", "6 keys are too few"),
        (lambda one: one.carrier, "does not begin with its flight's airport"),
    ],
)
def test_13_4_mistakes(
    names: Names, key: Callable[[flights.Flight], str], said: str
) -> None:
    salted = names["create"]("by.salted.origin", 8)
    put_all(names, salted, names["entries"](DAY[:500], key))
    card = says("13.4")
    assert "▷ Exercise 13.4: not yet" in card
    assert said in card


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (lambda one: one.origin, "nothing was added to the airport"),
        (lambda one: f"{one.origin}-{one.number % 2}", "6 keys are too few"),
        (lambda one: one.carrier, "does not begin with its flight's airport"),
    ],
)
def test_13_4_mistakes_that_quotas_refuse(
    governed: Names, key: Callable[[flights.Flight], str], said: str
) -> None:
    salted = governed["create"]("by.salted.origin", 8)
    put_all(governed, salted, governed["entries"](DAY[:500], key))
    card = says("13.4")
    assert said in card
    assert "`ErrorCode`" not in card


def test_nothing_is_there_yet(names: Names, cluster: EmbeddedCluster) -> None:
    here = names["lesson"]
    current.enter(students.lesson_at(cluster))
    try:
        for exercise in ("13.1", "13.2", "13.3", "13.4"):
            assert "There is no stream" in says(exercise)
    finally:
        current.enter(here)
