"""Lesson 08: what a dead broker may not stop, and what comes after it."""

from collections import Counter
from contextlib import suppress

from helpers import flights
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.records import read_all
from helpers.kafka.replicas import ReplicaFacts, replicas
from helpers.kafka.topics import TopicFacts, admin_client, describe
from helpers.live.words import listed
from helpers.servers.interface import BREAK_NODES
from helpers.waiting import WaitTimeout, wait_for

GUARDED = "nyc.flight.guarded"
DEPARTED = "nyc.flight.departed"
REFUSED = b"UA1545 is cancelled"
REPLICAS = 3
MIN_ISR = "2"
_DAY = 8
_NOTICED_SECONDS = 20


def guarded_topic(lesson: Lesson) -> Verdict:
    """Judge exercise 8.1: the topic's guarantee, a broker that died, every record."""
    name = lesson.topic(GUARDED)
    admin = admin_client(lesson.connection)
    facts = describe(admin, name)
    if facts is None:
        return not_yet(
            f"There is no topic `{name}`. Create it, and wait for its `result()`."
        )
    if wrong := _weak_copies(facts) or _weak_promise(facts):
        return not_yet(wrong)
    if not _has_lost_a_broker(lesson, name):
        return not_yet(
            f"All three brokers keep `{name}`, and its first leader leads: nobody has "
            "died. Call `send_through_a_kill(producer, topic)`."
        )
    return _complete(lesson, name)


def _has_lost_a_broker(lesson: Lesson, name: str) -> bool:
    admin = admin_client(lesson.connection)

    def noticed() -> bool:
        (only,) = replicas(admin, name)
        return only.leader != only.preferred or len(only.in_sync) < REPLICAS

    if not all(broker.state == "running" for broker in lesson.cluster.status().brokers):
        # A producer that gives up at once is back before the controller notices.
        with suppress(WaitTimeout):
            wait_for(noticed, _NOTICED_SECONDS, "the controller to give a broker up")
    return noticed()


def _weak_copies(facts: TopicFacts) -> str | None:
    said = f"`{facts.name}` has {facts.replication_factor} "
    if facts.replication_factor == 1:
        return said + (
            "replica, so it is gone while that broker is down, and no `acks` helps. "
            "Delete it and create it with 3."
        )
    if facts.replication_factor != REPLICAS:
        return said + (
            "replicas. With one of the two down, only one broker has a new record, or "
            "nothing can be written. Delete it and create it with 3."
        )
    if facts.partitions != 1:
        return f"`{facts.name}` has {facts.partitions} partitions; 1 is asked for."
    return None


def _weak_promise(facts: TopicFacts) -> str | None:
    least = facts.config.get("min.insync.replicas", "1")
    if least == MIN_ISR:
        return None
    said = f"`min.insync.replicas` of `{facts.name}` is {least}. "
    if least == "1":
        return said + (
            "`acks=all` waits for all that are *in sync*, and that may be the leader "
            "alone: one broker would have an acknowledged record. Set it to 2."
        )
    return said + (
        "With 3 replicas, one dead broker then stops every write with `acks=all`. Set it "
        "to 2."
    )


def _complete(lesson: Lesson, name: str) -> Verdict:
    wanted = Counter(flight.to_json() for flight in flights.day(_DAY))
    found = Counter(record.value for record in read_all(lesson.connection, name))
    missing = (wanted - found).total()
    if missing == wanted.total():
        return not_yet(
            f"`{name}` has none of the flights. Call `send_through_a_kill`, with a "
            "producer that does not give up too soon (`message.timeout.ms`)."
        )
    if missing:
        return not_yet(
            f"{missing} of {wanted.total()} flights are not in `{name}`. Did the "
            "producer ask for `acks` 0 or 1, or give up too soon (`retries`, "
            "`message.timeout.ms`)? The election takes about 3 s. Delete the topic and "
            "try again."
        )
    said = (
        f"A broker died, and all {wanted.total()} flights are in `{name}`. No "
        "server keeps which `acks` you asked for: only `all` waits for the second broker."
    )
    if twice := (found - wanted).total():
        said += f" {twice} are there twice; `enable.idempotence` would prevent that."
    return passed(said)


def refused_record(lesson: Lesson) -> Verdict:
    """Judge exercise 8.2: the record is there, with the guarantee as it was."""
    name = lesson.topic(DEPARTED)
    admin = admin_client(lesson.connection)
    facts = describe(admin, name)
    if facts is None:
        return not_yet(f"There is no topic `{name}`. Run the cell that creates it.")
    least = facts.config.get("min.insync.replicas", "1")
    if least != MIN_ISR:
        return not_yet(
            f"`min.insync.replicas` of `{name}` is {least} now. That lowers the "
            "guarantee for every producer, until somebody remembers. Set it back to 2, "
            "start a broker, and send again."
        )
    only = replicas(admin, name)[0]
    if len(only.in_sync) < int(MIN_ISR):
        return not_yet(
            f"In sync in partition 0 of `{name}`: only broker {_list(only.in_sync)}. "
            "With `acks=1` the leader takes a record all the same, but no second broker "
            "has it. The cause is the dead brokers: start at least one."
        )
    values = [one.value for one in read_all(lesson.connection, name) if not one.partition]
    if REFUSED not in values:
        return not_yet(
            f"{len(only.in_sync)} replicas are in sync again, but the record is not in "
            "partition 0. A refused record is gone: send it again."
        )
    return passed(f"The record is there, and brokers {_list(only.in_sync)} are in sync.")


def preferred_leaders(lesson: Lesson) -> Verdict:
    """Judge exercise 8.3: every partition led by the first of its replicas."""
    name = lesson.topic(DEPARTED)
    found = replicas(admin_client(lesson.connection), name)
    if not found:
        return not_yet(f"There is no topic `{name}`. Run the cell that creates it.")
    if lagging := [one for one in found if len(one.in_sync) < REPLICAS]:
        return not_yet(_lagging(lagging[0]))
    if len({one.preferred for one in found}) < REPLICAS:
        return not_yet(
            "Two partitions have the same first replica now. The order of the replicas "
            "need not change: only the leader. Ask for an election of type `PREFERRED`."
        )
    if wrong := [one for one in found if one.leader != one.preferred]:
        return not_yet(_strayed(wrong))
    return passed("Every partition is led by the first of its replicas.")


def _lagging(one: ReplicaFacts) -> str:
    missing = _list(set(one.replicas) - set(one.in_sync))
    return (
        f"Broker {missing} is not in sync in partition {one.partition}. Only a replica "
        "that is in sync can be elected: start the broker, and wait for the ISR."
    )


def _strayed(wrong: list[ReplicaFacts]) -> str:
    one = wrong[0]
    return (
        f"Not led by the preferred leader: {len(wrong)} of {REPLICAS} partitions. "
        f"Partition {one.partition} is led by {one.leader}, and its first replica is "
        f"{one.preferred}. A broker that is back stays a follower until an election. "
        "Did you name every partition, once its ISR was full?"
    )


def _list(brokers: set[int] | tuple[int, ...]) -> str:
    return listed(sorted(brokers))


EXERCISES = (
    Exercise(
        "8.1",
        guarded_topic,
        (
            "One of three brokers may die, and two must have each record. Which "
            "replication factor, which min ISR?",
            '`NewTopic(name, 1, 3, config={"min.insync.replicas": "2"})`, and a '
            'producer with `{**brisk, "acks": "all"}`.',
        ),
        frozenset({BREAK_NODES}),
    ),
    Exercise(
        "8.2",
        refused_record,
        (
            "Why was it refused? How many replicas must be in sync, and how many are?",
            '`lesson.cluster.start("broker", n)` starts one. Wait until the ISR has two, '
            "then `send` again.",
        ),
        frozenset({BREAK_NODES}),
    ),
    Exercise(
        "8.3",
        preferred_leaders,
        (
            "You did it above for partition 0. Is every broker in sync?",
            "`lesson.cluster.up()`, wait for the ISRs, then `admin.elect_leaders` with a "
            "`TopicPartition` for each of 0, 1 and 2.",
        ),
        frozenset({BREAK_NODES}),
    ),
)
