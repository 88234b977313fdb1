"""Lesson 07: its exercises, right and wrong, on topics of the lesson's own."""

import functools
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from confluent_kafka import Message, Producer

from helpers import flights, wait_for
from helpers.course.lesson import Lesson
from helpers.servers.embedded.cluster import EmbeddedCluster
from tests.course import students
from tests.course.students import passes, says

LESSON = "07_partitions"
run = functools.partial(students.run, LESSON)
DAY = flights.day(8)
Names = dict[str, Any]
ORDERED = {"enable.idempotence": True, "sticky.partitioning.linger.ms": 0}


@pytest.fixture(scope="module")
def names(cluster: EmbeddedCluster) -> Iterator[Names]:
    """Give what the lesson's cells know, once for all tests."""
    with students.entered(cluster) as lesson:
        known = _known(lesson)
        yield known
        known["looker"].close()
        lesson.clean_up()
        # Its clients end before the servers do.
        known.clear()


def _known(lesson: Lesson) -> Names:
    known: Names = {"lesson": lesson, "flights": flights, "wait_for": wait_for}
    known |= {"day": DAY, "Producer": Producer, "write_rate": 10, "read_rate": 10}
    known["safe"] = {**lesson.connection, "enable.idempotence": True}
    run(known, "create = topics.creator(")
    known["storm"] = known["counted"] = known["create"]("nyc.storm.departed", 1)
    for marker in ("looker = ", "def held(", "def read(", "def partitions_needed("):
        run(known, marker)
    known["producer"] = Producer({**lesson.connection, **ORDERED})
    return known


def fresh(names: Names, base: str, partitions: int) -> str:
    """Create a topic, or empty it, and wait until every broker knows."""
    topic: str = names["create"](base, partitions)
    names["lesson"].wait_for_topic(topic, partitions)
    return topic


def gone(names: Names, base: str) -> None:
    """Delete a topic that an earlier test may have left."""
    topic = fresh(names, base, 1)
    students.delete(names["lesson"], topic)


def send_day(names: Names, key: Callable[[flights.Flight], str | None]) -> None:
    send(names, names["balanced"], [(one.to_json(), key(one)) for one in DAY])


def send(names: Names, topic: str, records: list[tuple[bytes, Any]], **kw: str) -> None:
    producer = Producer({**names["lesson"].connection, **ORDERED, **kw})
    for value, key in records:
        producer.produce(topic, value, key=key)
    assert producer.flush(30) == 0


def test_create_begins_anew(names: Names) -> None:
    students.send(names["lesson"], names["storm"], b"one")
    assert names["held"](names["storm"]) == [1]
    again = fresh(names, "nyc.storm.departed", 5)
    assert names["held"](again) == [0] * 5


def test_7_1_solution(names: Names) -> None:
    gone(names, "nyc.storm.balanced")
    students.solve("7.1", names)
    assert "every aircraft's flights are in order" in passes("7.1")


def test_7_1_done_another_way(names: Names) -> None:
    """Another hash, and the aircraft one after the other."""
    names["balanced"] = fresh(names, "nyc.storm.balanced", 6)
    day = sorted(DAY, key=lambda one: one.tailnum)
    records = [(one.to_json(), one.tailnum) for one in day]
    send(names, names["balanced"], records, partitioner="murmur2_random")
    assert passes("7.1")


def _twice(names: Names) -> None:
    send_day(names, lambda one: one.tailnum)
    send_day(names, lambda one: one.tailnum)


def _shuffled(names: Names) -> None:
    day = random.Random(7).sample(DAY, len(DAY))
    send(names, names["balanced"], [(one.to_json(), one.tailnum) for one in day])


def _a_part(names: Names) -> None:
    records = [(one.to_json(), one.tailnum) for one in DAY[:900]]
    send(names, names["balanced"], records)


def _other_values(names: Names) -> None:
    send(names, names["balanced"], [(b"late", "N1")])


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (lambda names: None, "there is no record yet"),
        (lambda names: send_day(names, lambda one: None), "your records have no key"),
        (lambda names: send_day(names, lambda one: one.origin), "You used 3 keys"),
        (lambda names: send_day(names, lambda one: one.carrier), "UA alone has 159"),
        (lambda names: send_day(names, lambda one: one.id), "in several partitions"),
        (_twice, "930 flights are there more than once"),
        (_shuffled, "are not in the order of `day`"),
        (_a_part, "30 of 930 flights are missing. Did you make a new"),
        (_other_values, "some values are not those of the day"),
    ],
)
def test_7_1_mistakes(names: Names, mistake: Callable[[Names], None], said: str) -> None:
    names["balanced"] = fresh(names, "nyc.storm.balanced", 6)
    mistake(names)
    card = says("7.1")
    assert "▷ Exercise 7.1: not yet" in card
    assert said in card


def test_7_1_without_the_topic(names: Names) -> None:
    gone(names, "nyc.storm.balanced")
    assert "Begin your cell with" in says("7.1")


@pytest.fixture(scope="module")
def java(names: Names) -> Names:
    """Fill the topic that the Java producer fills in the lesson."""
    by_java = fresh(names, "by.java", 3)
    records = [(one.id.encode(), one.tailnum) for one in DAY]
    send(names, by_java, records, partitioner="murmur2_random")
    names["java"] = {one.tailnum.encode(): 0 for one in DAY if one.tailnum}
    return names


@pytest.fixture
def joined(java: Names) -> Names:
    """Give an empty topic for the landings."""
    java["landed"] = fresh(java, "nyc.flight.landed", 3)
    return java


def landings(names: Names, partitioner: str, keys: list[Any] | None = None) -> None:
    keys = list(names["java"]) if keys is None else keys
    records = [(b"landed", key) for key in keys]
    send(names, names["landed"], records, partitioner=partitioner)


def test_7_2_solution(joined: Names) -> None:
    students.solve("7.2", joined)
    assert "All 574 aircraft" in passes("7.2")


def test_7_2_done_another_way(joined: Names) -> None:
    """The partitioner that hashes an empty key too, and each flight its landing."""
    keys = [one.tailnum for one in DAY if one.tailnum]
    landings(joined, "murmur2", keys)
    assert passes("7.2")


def _mixed(names: Names) -> None:
    landings(names, "consistent_random")
    landings(names, "murmur2_random")


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (lambda names: None, "there is no record yet"),
        (
            lambda names: landings(names, "consistent"),
            "It is CRC32, librdkafka's default",
        ),
        (lambda names: landings(names, "fnv1a"), "so this is not murmur2. Send with"),
        (_mixed, "some aircraft are in two partitions"),
        (lambda names: landings(names, "random", [None]), "your records have no key"),
        (lambda names: landings(names, "murmur2", ["N351JB"]), "573 of 574 aircraft are"),
        (lambda names: landings(names, "murmur2", ["b'N1'"]), "You sent the key b'N1'"),
        (
            lambda names: students.grow(names["lesson"], names["landed"], 4),
            "4 partitions",
        ),
    ],
)
def test_7_2_mistakes(joined: Names, mistake: Callable[[Names], None], said: str) -> None:
    mistake(joined)
    card = says("7.2")
    assert "▷ Exercise 7.2: not yet" in card
    assert said in card


def test_7_2_without_the_topic(java: Names) -> None:
    gone(java, "nyc.flight.landed")
    assert "Begin your cell with" in says("7.2")


def test_7_2_before_the_java_producer(names: Names) -> None:
    # The last one of 7.2: the tests before it share what it deletes.
    gone(names, "by.java")
    assert "run the cells of the Java producer" in says("7.2")


@pytest.fixture
def narrow(names: Names) -> Names:
    """Fill the topic that gets too small, if it is not there yet, and empty its heir."""
    if "departed" not in names:
        names["departed"] = fresh(names, "nyc.flight.departed", 4)
        records = [(one.to_json(), one.tailnum) for one in DAY if one.tailnum]
        send(names, names["departed"], records)
    names["wide"] = fresh(names, "nyc.flight.departed.wide", 6)
    return names


def test_the_old_topic_made_again_is_whole(names: Names) -> None:
    """A producer that knew six partitions would lose what it takes for the last two's."""
    run(names, "departed = create(")
    topic, old = names["departed"], names["producer"]
    students.grow(names["lesson"], topic, 6)
    # It asks each time anew, and remembers what it hears.
    assert len(old.list_topics(topic, 10).topics[topic].partitions) == 6
    run(names, "departed = create(")
    assert sum(names["held"](names.pop("departed"))) == 769


def test_7_3_solution(narrow: Names) -> None:
    students.solve("7.3", narrow)
    assert "all 769 records" in passes("7.3")


def test_7_3_done_another_way(narrow: Names) -> None:
    """As Java would spread them."""
    copied = [(m.value(), m.key()) for m in narrow["read"](narrow["departed"])]
    send(narrow, narrow["wide"], copied, partitioner="murmur2")
    assert passes("7.3")


def copy(names: Names, **change: Callable[[Message, int], object]) -> None:
    """Copy with something else in place of what the copy must have."""
    producer = Producer(names["lesson"].connection)
    for number, message in enumerate(names["read"](names["departed"])):
        given = {"key": message.key()} | {
            name: value(message, number) for name, value in change.items()
        }
        producer.produce(names["wide"], message.value(), **given)
    assert producer.flush(30) == 0


def _copied_twice(names: Names) -> None:
    copy(names)
    copy(names)


def _copied_backwards(names: Names) -> None:
    messages = names["read"](names["departed"])[::-1]
    send(names, names["wide"], [(m.value(), m.key()) for m in messages])


def _grown(names: Names) -> None:
    # Without its name the next test makes it anew.
    students.grow(names["lesson"], names.pop("departed"), 6)


def _copied_in_part(names: Names) -> None:
    messages = names["read"](names["departed"])[:700]
    send(names, names["wide"], [(m.value(), m.key()) for m in messages])


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (lambda names: None, "there is no record yet. Did you flush?"),
        (lambda names: copy(names, key=lambda m, n: None), "the copies have no key"),
        (lambda names: copy(names, partition=lambda m, n: m.partition()), "nothing lies"),
        (lambda names: copy(names, partition=lambda m, n: n % 6), "in more than one"),
        (_copied_twice, "1538 records, and `departed` has 769: copied twice?"),
        (_copied_backwards, "are not those of `departed`, in their order"),
        (_copied_in_part, "700 of 769 records. Did the reading end too early? Did you"),
        (_grown, "Letting it grow keeps old records where they are"),
        (lambda names: students.grow(names["lesson"], names["wide"], 7), "7 partitions"),
    ],
)
def test_7_3_mistakes(narrow: Names, mistake: Callable[[Names], None], said: str) -> None:
    mistake(narrow)
    card = says("7.3")
    assert "▷ Exercise 7.3: not yet" in card
    assert said in card


def test_7_3_without_the_topic(narrow: Names) -> None:
    students.delete(narrow["lesson"], narrow["wide"])
    assert "Begin your cell with" in says("7.3")


def test_7_4_solution(names: Names) -> None:
    students.solve("7.4", names)
    assert passes("7.4")


@pytest.mark.parametrize(
    ("partitions", "said"),
    [
        (1, "that counts producers, not partitions"),
        (3, "the number of consumers does not multiply"),
        (5, "the writing side only"),
        (20, "The two sides are not added"),
        (10, "They can be read at 40 MB/s"),
        (16, "They would do, but each costs something"),
    ],
)
def test_7_4_mistakes(names: Names, partitions: int, said: str) -> None:
    fresh(names, "nyc.radar.measured", partitions)
    card = says("7.4")
    assert "▷ Exercise 7.4: not yet" in card
    assert said in card


def test_7_4_without_the_topic(names: Names) -> None:
    gone(names, "nyc.radar.measured")
    assert "There is no topic" in says("7.4")
