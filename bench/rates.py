"""Records a second: a lesson's code against the client alone.

Both send the same keys and values to topics of the same kind and read all of them
back. *A lesson's code* is the cells of lesson 04, over four months in place of a day.
*The client alone* has its bytes ready before the clock starts, and of what it reads it
takes the length.
"""

import time
from collections.abc import Callable, Iterable

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from bench.figure import Figure, Goal
from bench.place import running_servers
from helpers import flights
from helpers.names import unique
from helpers.servers.embedded.cluster import EmbeddedCluster

# Most of the time is the brokers', and doubles in some rounds: the best one counts.
ROUNDS = 25
_MONTHS = 4
_PARTITIONS = 3
_FLUSH = 60
_READ = 60

Rates = tuple[float, float]


def measure() -> list[Figure]:
    """Produce and consume the month in both ways, by turns."""
    with running_servers() as (_, cluster):
        connection = cluster.connection
        ways: list[Callable[[dict[str, str]], Rates]] = [_lesson, _bare]
        for way in ways:
            way(connection)
        found = [[way(connection) for way in _turned(ways, n)] for n in range(ROUNDS)]
    rounds = [_turned(one, -number) for number, one in enumerate(found)]
    return [
        _figure(rounds, "produce", 0, 0.75),
        _figure(rounds, "consume", 1, 0.75),
    ]


def a_load(cluster: EmbeddedCluster) -> None:
    """Write and read the flights of a month as a lesson does, some times over."""
    _lesson(cluster.connection)


def _turned(ways: list, number: int) -> list:  # type: ignore[type-arg]
    """Begin with another one each round."""
    cut = number % len(ways)
    return ways[cut:] + ways[:cut]


def _figure(rounds: list[list[Rates]], verb: str, which: int, goal: float) -> Figure:
    lesson, bare = (max(one[way][which] for one in rounds) for way in range(2))
    return Figure(
        f"{verb}: a lesson's code to the client alone",
        lesson / bare,
        "",
        Goal("≥", goal),
        f"{lesson:,.0f} to {bare:,.0f} records/s, JSON and an object for each event "
        f"included; best of {ROUNDS} rounds by turns, 99,804 flights, 3 partitions, "
        "3 replicas",
        headline=verb == "consume",
    )


def _lesson(connection: dict[str, str]) -> Rates:
    """As in lesson 04: events in, bytes on the wire, events out."""
    month = list(flights.all_flights()) * _MONTHS
    topic, producer = _connected(connection)
    begin = time.perf_counter()
    for flight in month:
        producer.produce(topic, key=flight.origin, value=flight.to_json())
    producer.flush(_FLUSH)
    produced = len(month) / (time.perf_counter() - begin)
    return produced, _consume(connection, topic, len(month), flights.from_json)


def _bare(connection: dict[str, str]) -> Rates:
    """Bytes that are ready, and left as bytes."""
    month = [(flight.origin, flight.to_json()) for flight in flights.all_flights()]
    pairs = month * _MONTHS
    topic, produced = _produce(connection, pairs, len(pairs))
    return produced, _consume(connection, topic, len(pairs), len)


def _produce(
    connection: dict[str, str], pairs: Iterable[tuple[str, bytes]], count: int
) -> tuple[str, float]:
    topic, producer = _connected(connection)
    begin = time.perf_counter()
    for key, value in pairs:
        producer.produce(topic, key=key, value=value)
    producer.flush(_FLUSH)
    return topic, count / (time.perf_counter() - begin)


def _connected(connection: dict[str, str]) -> tuple[str, Producer]:
    """Return a new topic and a producer whose first record is in each partition.

    A broker may not know yet that it leads; the client then waits for a second.
    """
    topic = _new_topic(connection)
    producer = Producer(connection)
    value = flights.day(1)[0].to_json()
    for partition in range(_PARTITIONS):
        producer.produce(topic, value, partition=partition)
    producer.flush(_FLUSH)
    return topic, producer


def _consume(
    connection: dict[str, str],
    topic: str,
    count: int,
    decode: Callable[[bytes], object],
) -> float:
    """Return records a second from the first record on: joining a group is not it."""
    group = {"group.id": topic, "auto.offset.reset": "earliest"}
    reader = Consumer({**connection, **group})
    reader.subscribe([topic])
    reader.consume(_PARTITIONS, timeout=_READ)
    begin = time.perf_counter()
    messages = reader.consume(count, timeout=_READ)
    for message in messages:
        decode(message.value())
    taken = time.perf_counter() - begin
    reader.close()
    if len(messages) != count:
        raise RuntimeError(f"{len(messages)} of {count} records came back.")
    return count / taken


def _new_topic(connection: dict[str, str]) -> str:
    name = unique("bench")
    # Kept until the answer is there: a client that is let go of ends its requests.
    admin = AdminClient(connection)
    admin.create_topics([NewTopic(name, _PARTITIONS, 3)])[name].result(30)
    return name
