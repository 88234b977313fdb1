"""What a student may give wrongly: one sentence that says what to do, and no change.

What an argument's kind alone makes wrong, ``tests/unit/test_public_helpers.py`` tries on
every helper; here is what the servers, or a range, make wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from helpers import flights
from helpers.counting import countdown
from helpers.course import view
from helpers.course.errors import sentence
from helpers.course.exercises import check, hint, solution
from helpers.course.lesson import Lesson
from helpers.kafka import members
from helpers.kafka.members import Member
from helpers.kafka.topics import topic_names
from helpers.replaying import replay
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.lag_board import LagBoard
from helpers.views.rebalance_views import RebalanceTimeline
from helpers.waiting import patience, wait_for
from tests.course import students

SECONDS = "takes a number of seconds above 0, such as 10, not"
WAITED = f"Waited {0.1 * patience():g} s for it"


@dataclass(frozen=True)
class Place:
    """Where the mistakes are made.

    Attributes:
        lesson: in progress.
        topic: one of its topics, with one partition.
        busy: a consumer that is in a group.
        group: its name.
        member: a script that runs.
        board: of a group's lag, with one consumer.
    """

    lesson: Lesson
    topic: str
    busy: Consumer
    group: str
    member: Member
    board: LagBoard


def closed(place: Place) -> None:
    consumer = reader(place)
    consumer.close()
    consumer.poll(1)


def unknown_topic(place: Place) -> None:
    consumer = reader(place)
    consumer.get_watermark_offsets(TopicPartition("no-such-topic", 0), timeout=10)


def silent_brokers(place: Place) -> None:
    lost = {"bootstrap.servers": "127.0.0.1:9", "log_level": 0, "group.id": "any"}
    Consumer(lost).committed([TopicPartition(place.topic, 0)], timeout=1)


def group_in_use(place: Place) -> None:
    admin = AdminClient(place.lesson.connection)
    admin.delete_consumer_groups([place.group])[place.group].result(30)


def with_timeline(place: Place, act: Callable[[RebalanceTimeline], object]) -> None:
    timeline = view.rebalances(place.group)
    try:
        act(timeline)
    finally:
        timeline.stop()


def record_what_has_stopped(place: Place) -> None:
    board = view.partitions(place.topic)
    board.stop()
    with view.record(board, place.lesson.folder / "flight"):
        pass


def record_twice(place: Place) -> None:
    board, file = view.partitions(place.topic), place.lesson.folder / "flight"
    try:
        with view.record(board, file), view.record(board, file):
            pass
    finally:
        board.stop()
        file.with_name("flight.json.gz").unlink()


def record_nowhere(place: Place) -> None:
    board = view.partitions(place.topic)
    try:
        with view.record(board, place.lesson.folder / "idle.py" / "flight"):
            pass
    finally:
        board.stop()


def peak_into_nothing(place: Place) -> None:
    board = view.lag(place.group, "nowhere")
    try:
        wait_for(lambda: board.snapshot.about.is_there is False, 60, "brokers' answer")
        board.replay_peak(5)
    finally:
        board.stop()


def add_to_what_has_stopped(place: Place) -> None:
    board = view.lag("stopped", place.topic)
    board.stop()
    board.add()


def add_after_its_script_is_gone(place: Place) -> None:
    script = place.lesson.folder / "gone.py"
    script.write_text("")
    board = view.lag("scripted", place.topic, script.name)
    script.unlink()
    try:
        board.add()
    finally:
        board.stop()


def output_of_an_ended_run(place: Place) -> None:
    member = place.lesson.start("idle.py")
    member.kill()
    member.output_file.unlink()
    member.output()


def add_to_a_recording(_: Place) -> None:
    replay = view.recording("09_lag")
    try:
        replay.view.add()
    finally:
        replay.stop()


def reader(place: Place) -> Consumer:
    return Consumer({**place.lesson.connection, "group.id": place.lesson.group("other")})


# What is done, and what the sentence says.
CASES: dict[str, tuple[Callable[[Place], object], str]] = {
    "start, no script": (
        lambda p: p.lesson.start("no.py"),
        "There is no script no.py in",
    ),
    "start, a long name": (
        lambda p: p.lesson.start("x" * 300),
        f"There is no script {'x' * 59}… in",
    ),
    "start, a long argument": (
        lambda p: p.lesson.start("idle.py", "x" * 300_000),
        "could not be started ([Errno 7] Argument list too long",
    ),
    "start, a zero byte": (
        lambda p: p.lesson.start("idle.py", "a\0b"),
        "(embedded null byte): give it short arguments",
    ),
    "output, gone": (output_of_an_ended_run, "is gone with the files of its run"),
    "wait, negative": (lambda p: p.member.wait(-1), f"wait {SECONDS} -1"),
    "wait, zero": (lambda p: p.member.wait(0), f"wait {SECONDS} 0"),
    "wait_for, negative": (lambda _: wait_for(bool, -1, "it"), f"wait_for {SECONDS} -1"),
    "wait_for, interval": (
        lambda _: wait_for(bool, 1, "it", interval=-1),
        "interval takes a number of seconds from 0 on, such as 10, not -1",
    ),
    "wait_for, in vain": (lambda _: wait_for(bool, 0.1, "it"), WAITED),
    "countdown, negative": (
        lambda _: countdown(bool, -1, "it"),
        f"countdown {SECONDS} -1",
    ),
    "countdown, no deadline": (
        lambda _: countdown(bool, 1, "it", timeout=0),
        f"countdown {SECONDS} 0",
    ),
    "countdown, in vain": (
        lambda _: countdown(bool, 0.1, "it", timeout=0.1),
        WAITED,
    ),
    "day, zero": (lambda _: flights.day(0), "February 2013 has the days 1 to 28, not 0"),
    "replay, negative": (lambda _: replay([], -1), "A replay takes 0 to 300 s, not -1"),
    "topic, empty": (lambda p: p.lesson.topic(""), "'' cannot be a name: it has no"),
    "kill, no broker": (
        lambda p: p.lesson.cluster.kill("broker", 9),
        "There is no broker 9: choose one of 1, 2, 3.",
    ),
    "add, fewer than none": (
        lambda p: p.lesson.cluster.add("broker", -1),
        "-1 nodes cannot be added: ask for 1 or more.",
    ),
    "topic, two words": (lambda p: p.lesson.topic("a b"), "use letters, digits, '.'"),
    "group, an umlaut": (lambda p: p.lesson.group("ü"), "use letters, digits, '.'"),
    "topic, too long": (lambda p: p.lesson.topic("x" * 300), "and 249 are allowed"),
    "check, unknown": (lambda _: check("6.9"), "there are: 6.1, 6.2, 6.3, 6.4"),
    "hint, unknown": (lambda _: hint("six"), "There is no exercise 'six'"),
    "solution, unknown": (lambda _: solution("6"), "There is no exercise '6'"),
    "view, too long": (lambda _: view.partitions("x" * 300), "and 249 are allowed"),
    "segments, negative": (
        lambda p: view.segments(p.topic, -1),
        "A partition is a whole number from 0 on, such as 0, not -1",
    ),
    "segments, huge": (
        lambda p: view.segments(p.topic, 2**31),
        "such as 0, not 2147483648",
    ),
    "windows, too short": (
        lambda p: view.windows(p.topic, 0),
        "A window is 0.5 to 24 hours long, such as 1, not 0",
    ),
    "windows, before its time": (
        lambda p: view.windows(p.topic, lateness=-1),
        "A lateness is 0 to 672 hours, such as 1, not -1",
    ),
    "rebalances of no group": (
        lambda _: view.rebalances(),
        "names of one or more groups",
    ),
    "rebalances, two words": (lambda _: view.rebalances("a b"), "use letters, digits"),
    "rebalances, no window": (
        lambda _: view.rebalances("a", window=0),
        "rebalances takes a number of seconds above 0",
    ),
    "timeline, no such group": (
        lambda p: with_timeline(p, lambda it: it.last("other")),
        "not 'other'",
    ),
    "timeline, nobody yet": (
        lambda p: with_timeline(p, lambda it: it.last(p.group)),
        "Nobody has joined the group",
    ),
    "lag of no topic": (lambda p: view.lag(p.group, "a b"), "'a b' cannot be a name"),
    "lag, no script": (
        lambda p: view.lag(p.group, p.topic, "no.py"),
        "There is no script no.py in",
    ),
    "lag, a function": (
        lambda p: view.lag(p.group, p.topic, settings={"stats_cb": print}),  # type: ignore[dict-item]
        "The setting 'stats_cb' must be a text or a number",
    ),
    "lag, setting out of range": (
        lambda p: view.lag(
            p.group,
            p.topic,
            settings={"auto.commit.interval.ms": "99999999999"},
        ),
        "is outside allowed range",
    ),
    "lag, other servers": (
        lambda p: view.lag(
            p.group, p.topic, settings={"bootstrap.servers": "127.0.0.1:9"}
        ),
        "The course sets 'bootstrap.servers' itself",
    ),
    "lag, another login": (
        lambda p: view.lag(p.group, p.topic, settings={"sasl.username": "anna"}),
        "The course sets 'sasl.username' itself",
    ),
    "lag, script gone": (add_after_its_script_is_gone, "There is no script gone.py in"),
    "lag, unknown setting": (
        lambda p: view.lag(p.group, p.topic, settings={"no.such": "1"}),
        'No consumer can have these settings: No such configuration property: "no.such"',
    ),
    "lag, settings at odds": (
        lambda p: view.lag(
            p.group,
            p.topic,
            settings={"group.protocol": "consumer", "session.timeout.ms": "6000"},
        ),
        "`session.timeout.ms` is not supported for `group.protocol=consumer`",
    ),
    "throttle, nobody": (
        lambda p: p.board.throttle("me", 5),
        "No consumer 'me' runs here: there are consumer-A",
    ),
    "throttle, negative": (
        lambda p: p.board.throttle("consumer-A", -1),
        "throttle takes 0 to 60,000 milliseconds a record, such as 100, not -1",
    ),
    "remove, nobody": (lambda p: p.board.remove("B"), "No consumer 'B' runs here"),
    "peak, negative": (lambda p: p.board.replay_peak(-1), "A replay takes 0 to 300 s"),
    "peak, no topic": (peak_into_nothing, "There is no topic nowhere: create it first."),
    "add, stopped": (add_to_what_has_stopped, "This board has stopped: run its cell"),
    "add, recorded": (add_to_a_recording, "this is a recording, or a board that only"),
    "record, stopped": (record_what_has_stopped, "This view has stopped: run its cell"),
    "record, twice": (record_twice, "flight.json.gz is being recorded already"),
    "record, nowhere": (record_nowhere, "could not be written"),
    "recording, empty": (lambda _: view.recording(""), "named by its file"),
    "recording, a zero byte": (lambda _: view.recording("a\0"), "named by its file"),
    "recording, missing": (lambda _: view.recording("no"), "There is no recording"),
    "a closed consumer": (closed, "closed and cannot be used any more. Run the cell"),
    "an unknown topic": (unknown_topic, "has no such partition. `kafka-topics"),
    "brokers that are down": (silent_brokers, "paused or dead? `lesson.cluster.up()`"),
    "a group in use": (group_in_use, "Close its consumers first"),
    "nothing to commit": (
        lambda p: p.busy.commit(asynchronous=False),
        "There is nothing to commit",
    ),
    "a negative offset": (
        lambda p: p.busy.commit(
            offsets=[TopicPartition(p.topic, 0, -7)], asynchronous=False
        ),
        "or an offset is below 0",
    ),
    "a transaction without a name": (
        lambda p: Producer(p.lesson.connection).begin_transaction(),
        "lacks a setting that this call needs",
    ),
}


@pytest.fixture(scope="module")
def place(cluster: EmbeddedCluster) -> Iterator[Place]:
    """Give a lesson with a topic, a group in use and a script that runs."""
    with students.entered(cluster) as lesson:
        yield from _place(lesson)


def _place(lesson: Lesson) -> Iterator[Place]:
    topic, group = lesson.topic("topic"), lesson.group("busy")
    students.create(lesson, topic, 1, 3)
    busy = Consumer({**lesson.connection, "group.id": group})
    busy.subscribe([topic])
    wait_for(lambda: busy.poll(0.1) or busy.assignment(), 60, "its partition")
    (lesson.folder / "idle.py").write_text("import time\ntime.sleep(600)")
    board = view.lag(lesson.group("watched"), topic)
    board.add()
    yield Place(lesson, topic, busy, group, lesson.start("idle.py"), board)
    busy.close()


@pytest.mark.parametrize("case", CASES)
def test_one_sentence_and_no_change(place: Place, case: str) -> None:
    act, answer = CASES[case]
    before = state(place)
    with pytest.raises(Exception) as error:  # noqa: PT011 - of many kinds, by their text
        act(place)
    said = sentence(error.value)
    assert answer in said
    assert "\n" not in said
    assert state(place) == before


def state(place: Place) -> tuple[object, ...]:
    """Return what no mistake may change."""
    admin = AdminClient(place.lesson.connection)
    (partition,) = place.busy.committed(place.busy.assignment(), timeout=30)
    members_now = [member.pid for member in members.running()]
    files = sorted(file.name for file in place.lesson.folder.iterdir())
    return topic_names(admin), partition.offset, members_now, files
