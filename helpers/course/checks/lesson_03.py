"""Lesson 03: partitions moved, a broker drained, the quorum named and mended."""

import json
from collections.abc import Callable

from helpers import flights
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.quorum import decides, quorum
from helpers.kafka.records import read_all
from helpers.kafka.topics import ASK_SECONDS, admin_client
from helpers.servers.interface import ADD_NODES
from helpers.waiting import WaitTimeout, wait_for

TOPIC = "nyc.flight.departed"
JOINED = 4
ASKED_FOR = 1
COPIES = 2
ANSWER = "active.json"
# A reassignment goes on after its tool has ended.
_MOVE_SECONDS = 8.0
# A broker hears of a move a moment after it began.
_NEWS_SECONDS = 1.0
_ELECTION_SECONDS = 20.0

Placement = dict[int, list[int]]


def placement(lesson: Lesson) -> Placement:
    """Return the brokers of each partition of the lesson's topic; empty without it."""
    name = lesson.topic(TOPIC)
    found = admin_client(lesson.connection).list_topics(timeout=ASK_SECONDS).topics
    partitions = found[name].partitions if name in found else {}
    return {number: list(one.replicas) for number, one in sorted(partitions.items())}


def moved_partition(lesson: Lesson) -> Verdict:
    """Judge exercise 3.1: partition 1 has two copies, one of them on broker 4."""
    found = _settled(lesson, lambda now: _is_moved(now.get(ASKED_FOR, [])))
    if not found:
        return not_yet(_no_topic(lesson))
    brokers = found[ASKED_FOR]
    if _is_moved(brokers):
        return passed(f"Partition 1 has its copies on brokers {_listed(brokers)}.")
    return not_yet(_why_not_moved(lesson, found, brokers))


def _is_moved(brokers: list[int]) -> bool:
    return JOINED in brokers and len(brokers) == COPIES


def _why_not_moved(lesson: Lesson, found: Placement, brokers: list[int]) -> str:
    if brokers == [JOINED]:
        return (
            "Partition 1 has one copy now, on broker 4. `replicas` names all brokers "
            "that shall hold the partition, not only the new one. Give it a second one."
        )
    if JOINED in brokers:
        return (
            f"Partition 1 has {len(brokers)} copies, on brokers {_listed(brokers)}. "
            "`replicas` is the whole list: name two brokers, and the others drop theirs."
        )
    if not _has_joined(lesson):
        return "There is no broker 4 now. Run the cell with `add`, and then this again."
    others = [n for n, held in found.items() if n > ASKED_FOR and JOINED in held]
    if others:
        return (
            f"Broker 4 has a copy of partition {others[0]}, and none of partition 1. "
            "Partitions are counted from 0."
        )
    return (
        f"Partition 1 is on brokers {_listed(brokers)}, as before. A plan in a file "
        "moves nothing, and `--generate` and `--verify` do not either: run the tool "
        "with `--execute`. If it printed an error, the first line says what it refused."
    )


def _has_joined(lesson: Lesson) -> bool:
    known = admin_client(lesson.connection).list_topics(timeout=ASK_SECONDS).brokers
    return JOINED in known


def drained_broker(lesson: Lesson) -> Verdict:
    """Judge exercise 3.2: nothing of the topic on broker 4, nothing lost."""
    found = _settled(lesson, _is_drained)
    if not found:
        return not_yet(_no_topic(lesson))
    if held := [number for number, brokers in found.items() if JOINED in brokers]:
        return not_yet(
            f"Broker 4 still holds partition {_listed(held)}. Each partition that "
            "it holds needs a row in the plan, with brokers other than 4."
        )
    if thin := [number for number, brokers in found.items() if len(brokers) < COPIES]:
        return not_yet(
            f"Broker 4 holds nothing more, but partition {_listed(thin)} has one copy "
            "only. Leaving 4 out of the list is half of it: name another one instead."
        )
    if not _is_drained(found):
        return not_yet(
            "Some partitions have more than two copies: name two brokers for each."
        )
    records, sent = len(read_all(lesson.connection, lesson.topic(TOPIC))), _sent()
    if records < sent:
        return not_yet(
            f"The topic holds {records} records, and {sent} were sent. Draining moves a "
            "topic; did you delete it and create it anew?"
        )
    return passed(
        f"Broker 4 holds none of the topic, and its {records} records are here."
    )


def _is_drained(found: Placement) -> bool:
    return all(JOINED not in held and len(held) == COPIES for held in found.values())


def _sent() -> int:
    return len(flights.day(8))


def _settled(lesson: Lesson, is_done: Callable[[Placement], bool]) -> Placement:
    """Return the placement once it is as wanted, or as it is after some seconds."""
    if placement(lesson):
        _in_time(lambda: is_done(placement(lesson)), _NEWS_SECONDS)
        _in_time(lambda: not _is_moving(placement(lesson)), _MOVE_SECONDS)
    return placement(lesson)


def _is_moving(found: Placement) -> bool:
    """Tell whether some partition has its old copies beside its new ones."""
    return any(len(brokers) > COPIES for brokers in found.values())


def _in_time(condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether it comes true; an answer that is late is not judged a mistake."""
    try:
        return wait_for(condition, seconds, "an exercise's effect", interval=0.2)
    except WaitTimeout:
        return False


def _no_topic(lesson: Lesson) -> str:
    return f"There is no topic `{lesson.topic(TOPIC)}`: run the cell that creates it."


def _listed(numbers: list[int]) -> str:
    return " and ".join(map(str, numbers))


def named_controller(lesson: Lesson) -> Verdict:
    """Judge exercise 3.3: the file names the active controller and its epoch."""
    file = lesson.folder / ANSWER
    if not file.exists():
        return not_yet(
            f"There is no file `{ANSWER}` in `lesson.folder`, which is `{file.parent}`."
        )
    try:
        answer = json.loads(file.read_text("utf-8"))
        given = answer["id"], answer["epoch"]
    except (ValueError, KeyError, TypeError):
        return not_yet(
            f'`{ANSWER}` is not JSON such as `{{"id": 7, "epoch": 12}}`. `json.dumps` '
            "makes it of a dictionary."
        )
    truth = quorum(lesson.connection)
    if truth is None:
        return not_yet("Nobody tells who decides: have the controllers a majority?")
    return _judged_name(lesson, given, (truth.leader, truth.epoch))


def _judged_name(
    lesson: Lesson, given: tuple[object, object], truth: tuple[int, int]
) -> Verdict:
    if given == truth:
        return passed(f"Controller {truth[0]} decides, elected in epoch {truth[1]}.")
    if given == tuple(map(str, truth)):
        return not_yet("Both are right, but as text. Numbers in JSON have no quotes.")
    brokers = [node.id for node in lesson.cluster.status().brokers]
    if given[0] in brokers:
        return not_yet(
            f"{given[0]} is a broker. Brokers observe; the controller that decides is "
            "the tool's `LeaderId`, in what `describe --status` prints."
        )
    if given[0] != truth[0]:
        return not_yet(
            f"You name {given[0]}, and that is not the active controller now. It was "
            "one before, or has a vote only. Ask the tool again: `LeaderId`."
        )
    return not_yet(
        f"Controller {given[0]} is right. Its epoch is not {given[1]}: take "
        "`LeaderEpoch`, which counts elections, of an answer of now."
    )


def mended_quorum(lesson: Lesson) -> Verdict:
    """Judge exercise 3.4: there is a majority, and it decides."""
    controllers = lesson.cluster.status().controllers
    running = [node.id for node in controllers if node.state == "running"]
    paused = [node.id for node in controllers if node.state == "paused"]
    needed = len(controllers) // 2 + 1
    if len(running) < needed and paused:
        return not_yet(
            f"Controller {_listed(paused)} is paused: it has a vote, and says nothing. "
            "Resume it, or start another one."
        )
    if len(running) < needed:
        return not_yet(
            f"{len(running)} of {len(controllers)} controllers runs: {_listed(running)}. "
            f"A majority is {needed}. Brokers have no vote; which controllers died?"
        )
    # After an election the brokers take a moment to find who won.
    if not _in_time(lambda: decides(lesson.connection), _ELECTION_SECONDS):
        return not_yet("Enough controllers run, and none decides yet: check once more.")
    return passed(
        f"{len(running)} of {len(controllers)} controllers run, and they decide again."
    )


_NEEDS = frozenset({ADD_NODES})

EXERCISES = (
    Exercise(
        "3.1",
        moved_partition,
        (
            "The plan is `{partition: [all brokers that shall hold it]}`. You moved "
            "partition 0 with two lines; which of them change?",
            "`plan = write_plan({1: [4, 2]})`, and then the cell with "
            "`kafka-reassign-partitions` and `--execute` again.",
        ),
        needs=_NEEDS,
    ),
    Exercise(
        "3.2",
        drained_broker,
        (
            "Look at `placement(departed)`: which partitions have a 4 in their list?",
            "Give each of these two brokers of 1, 2 and 3, all in one plan: "
            "`write_plan({0: [1, 2], 1: [1, 2]})`. Then execute it.",
        ),
        needs=_NEEDS,
    ),
    Exercise(
        "3.3",
        named_controller,
        (
            "`describe --status` prints both, as `LeaderId` and `LeaderEpoch`.",
            'Write what you read: `(lesson.folder / "active.json").write_text('
            'json.dumps({"id": …, "epoch": …}))`.',
        ),
    ),
    Exercise(
        "3.4",
        mended_quorum,
        (
            "The board shows which ones are dead. How many of three are a majority?",
            '`lesson.cluster.start("controller", 101)`, with the id of a dead one.',
        ),
        needs=_NEEDS,
    ),
)
