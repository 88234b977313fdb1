"""Lesson 09: all members at work, a group that never stops, lag counted by hand."""

import json
from pathlib import Path

from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.groups import Group, committed_offsets, describe_group, members_of
from helpers.kafka.members import started
from helpers.kafka.offsets import begin_offsets, end_offsets
from helpers.kafka.topics import admin_client, describe

DEPARTED, GATES, LIVE = "nyc.flight.departed", "nyc.flight.gates", "nyc.flight.live"
SIX, THREE = 6, 3
SMOOTH = "cooperative-sticky"
NOTHING = -1001
"""What the client answers where a group has committed nothing."""

Numbers = dict[int, int]
Found = dict[int, float]


def six_at_work(lesson: Lesson) -> Verdict:
    """Judge exercise 9.1: six members of one group, each with a partition."""
    topic, name = lesson.topic(GATES), lesson.group("gates")
    made = describe(admin_client(lesson.connection), topic)
    if made is None:
        return not_yet(
            f"There is no topic `{topic}`. Create it first: `create` takes the short "
            f'name, `"{GATES}"`, and adds the rest.'
        )
    group = describe_group(lesson.connection, name)
    if wrong := _not_at_work(lesson, topic, made.partitions, group):
        return not_yet(wrong)
    return passed(
        f"Six members share the {made.partitions} partitions of `{topic}`, and each "
        "has at least one."
    )


def _not_at_work(lesson: Lesson, topic: str, partitions: int, group: Group) -> str:
    """Return why not all six of a group have work; empty if they have."""
    if not group.members:
        return _nobody(lesson)
    read = sorted({of for one in group.members for of, _ in one.partitions})
    if read and topic not in read:
        return f"Your members read `{read[0]}`, and not `{topic}`."
    if len(group.members) != SIX:
        return _not_six(lesson.group("gates"), len(group.members))
    idle = [one.name for one in group.members if not one.holds(topic)]
    return _why_idle(topic, partitions, idle) if idle else ""


def _nobody(lesson: Lesson) -> str:
    name = lesson.group("gates")
    if members_of(lesson.connection, lesson.group(name)):
        return _twice_named(lesson, "join", "gates")
    return (
        f"The group `{name}` has no members. A consumer is one once it has subscribed "
        "(not with `assign`) and polled, and until it is closed. Or is each in a group "
        "of another name?"
    )


def _not_six(name: str, members: int) -> str:
    said = f"`{name}` has {members} members, not {SIX}. "
    if members > SIX:
        return said + (
            "Are those of another try among them? Close them. Those that no name "
            "holds any more count as dead after 6 seconds: then run the check again."
        )
    return said + "Do all of them have the same `group.id`, and is each still open?"


def _why_idle(topic: str, partitions: int, idle: list[str]) -> str:
    said = f"Without a partition: {_listed(idle)}. "
    if partitions < SIX:
        return said + (
            f"`{topic}` has {partitions} partitions, and each has one owner in a group: "
            f"so at most {partitions} members work. Close them, create the topic "
            "anew with more, and let six join."
        )
    return said + (
        "Poll all of them again until the partitions are shared: `settle`. If you have "
        "added partitions: by default a member asks for changes only every five minutes "
        "(`topic.metadata.refresh.interval.ms`), so close them and let six join anew."
    )


def _listed(members: list[str]) -> str:
    return ", ".join(f"`{one}`" for one in sorted(members))


def _twice_named(lesson: Lesson, function: str, base: str) -> str:
    return (
        f"Your members are in the group `{lesson.group(lesson.group(base))}`. "
        f'`{function}` makes the long name itself: give it the short one, `"{base}"`.'
    )


def never_stops(lesson: Lesson) -> Verdict:
    """Judge exercise 9.2: three static members that rebalance without a full stop."""
    topic, name = lesson.topic(LIVE), lesson.group("smooth")
    group = describe_group(lesson.connection, name)
    if not group.members:
        return not_yet(_nobody_stays(lesson, name))
    if len(group.members) != THREE:
        return not_yet(_not_three(name, len(group.members)))
    if not group.is_new and group.assignor != SMOOTH:
        return not_yet(
            f"`{name}` shares out with `{group.assignor}`, an eager assignor, as this "
            "client does by default: when a fourth joins, all three give up everything."
        )
    if nameless := [one.name for one in group.members if not one.instance]:
        return not_yet(
            f"Without a `group.instance.id`: {_listed(nameless)}. Started again after a "
            "crash each is a stranger, and the others hand partitions over. End all "
            'three, `end("smooth")`, before you start others.'
        )
    if idle := [one.name for one in group.members if not one.holds(topic)]:
        return not_yet(
            f"Without a partition: {_listed(idle)}. Sharing out takes a second or two: "
            "run the check again."
        )
    return passed(f"Three static members of `{name}` share `{topic}` by {_how(group)}.")


def _nobody_stays(lesson: Lesson, name: str) -> str:
    if members_of(lesson.connection, lesson.group(name)):
        return _twice_named(lesson, "start", "smooth")
    last = started()[-1:]
    if last and (last[0].exit_code or 0) > 0:
        said = last[0].output().strip().splitlines() or ["no word"]
        return (
            f"The group `{name}` has no members: what was started last ended by itself, "
            f"with `{said[-1]}`."
        )
    return f"The group `{name}` has no members. Start three with `start`."


def _how(group: Group) -> str:
    return "the new protocol" if group.is_new else f"`{group.assignor}`"


def _not_three(name: str, members: int) -> str:
    if members > THREE:
        return (
            f"`{name}` has {members} members, not three. Start three alone. Or are those "
            'of another try among them? Then `end("smooth")`, wait 6 seconds until they '
            "count as dead, and start three."
        )
    return (
        f"`{name}` has {members} of three members. Starting takes a second. If it stays "
        "so: a `group.instance.id` belongs to *one* member, and who comes with the same "
        "one throws the first out; and members of one group cannot mix protocols."
    )


def lag_by_hand(lesson: Lesson) -> Verdict:
    """Judge exercise 9.3: the lag of a group in each partition, in a file."""
    topic = lesson.topic(DEPARTED)
    place = lesson.folder / "lag.json"
    committed = committed_offsets(lesson.connection, lesson.group("behind"), topic)
    ends = end_offsets(lesson.connection, topic)
    begins = begin_offsets(lesson.connection, topic)
    if not committed or not ends:
        return not_yet("The group `behind` has committed nothing: run the cell above.")
    if any(ends[one] < offset for one, offset in committed.items()):
        return not_yet(
            "`behind` has committed more than the topic holds: it was made anew. Run the "
            "two cells again that fill it and that commit."
        )
    found = _read(place)
    if isinstance(found, str):
        return not_yet(found)
    right = {one: end - committed.get(one, begins[one]) for one, end in ends.items()}
    if found == right:
        return passed(f"`behind` has {sum(right.values())} records still to read.")
    return not_yet(_wrong_lag(found, right, committed, ends))


def _read(place: Path) -> Found | str:
    try:
        text = json.loads(place.read_text("utf-8-sig"))
        return {int(one): _number(lag) for one, lag in text.items()}
    except OSError:
        return 'There is no file `lag.json` yet. It is `lesson.folder / "lag.json"`.'
    except (ValueError, TypeError, AttributeError, RecursionError):
        return (
            "`lag.json` is no JSON object of partitions and numbers, such as "
            '`{"0": 12, "1": 7}`. `json.dumps` makes one of a `dict`.'
        )


def _number(lag: object) -> float:
    """Return a number as it is: a part of a record is wrong, and not cut off."""
    return lag if isinstance(lag, int | float) else int(str(lag))


def _wrong_in_all(found: Found, right: Numbers, ends: Numbers) -> str:
    if missing := sorted(right.keys() - found.keys()):
        return (
            f"Partition {missing[0]} is missing. A group that has committed nothing "
            "there has *all* of it still to read."
        )
    if strange := sorted(found.keys() - right.keys()):
        return f"`departed` has no partition {strange[0]}: its {len(right)} begin at 0."
    if found == ends:
        return (
            "Those are the ends of the partitions, as for a group that has committed "
            'nothing. Did you ask for the right one? It is `lesson.group("behind")`.'
        )
    return ""


def _wrong_lag(found: Found, right: Numbers, committed: Numbers, ends: Numbers) -> str:
    if wrong := _wrong_in_all(found, right, ends):
        return wrong
    one = next(one for one in right if found[one] != right[one])
    said = f"Partition {one} has {right[one]} records to read, not {found[one]}. "
    if one not in committed:
        if found[one] == ends[one] - NOTHING:
            return said + (
                f"`committed` answers {NOTHING} for *nothing*. That is no offset, so do "
                "not subtract it."
            )
        return said + (
            "The group has committed nothing there, and begins with the earliest record."
        )
    if found[one] == committed[one]:
        return said + "That is what it *has* read. Lag is what is left: end minus that."
    if abs(found[one] - right[one]) == 1:
        return said + (
            "The committed offset is the *next* record to read, and the end is the next "
            "to be written: subtract them as they are."
        )
    return said + "Lag is the end of the partition minus the committed offset."


EXERCISES = (
    Exercise(
        "9.1",
        six_at_work,
        (
            "In a group each partition has one owner. So how many partitions does the "
            "topic need at least?",
            '`gates = create("nyc.flight.gates", 6)`, six times `join("gates", name, '
            '[gates])`, and then `settle("gates", workers, 6)`.',
        ),
    ),
    Exercise(
        "9.2",
        never_stops,
        (
            "Two settings, each for one of the two demands. One is an assignor (or a "
            "protocol), the other a name.",
            '`start("smooth", name, **{"partition.assignment.strategy": '
            '"cooperative-sticky", "group.instance.id": name})` for three names.',
        ),
    ),
    Exercise(
        "9.3",
        lag_by_hand,
        (
            "For each partition: its end minus where the group is. What does `committed` "
            "answer where nothing was committed?",
            "With a new consumer of the group: `begin, end = "
            "clerk.get_watermark_offsets(one, timeout=10)`. Where `one.offset` is below "
            "0, take `begin` in its place.",
        ),
    ),
)
