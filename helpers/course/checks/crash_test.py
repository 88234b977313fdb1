"""Exercise 6.1: the student's worker, killed twice at chosen moments, and its effect."""

import secrets
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from helpers.course.checks import scripts
from helpers.course.exercises import Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka import crashes, members
from helpers.kafka.groups import committed_offsets
from helpers.kafka.members import Member
from helpers.kafka.offsets import end_offsets
from helpers.kafka.records import read_all
from helpers.kafka.topics import admin_client, topic_names
from helpers.waiting import WaitTimeout, patience

CANCELLED = "nyc.flight.cancelled"
SCRIPT = "mine.py"
CRASHES = ("before:3", "after:2", "")
"""Where each process ends: two by a kill, the last one by itself."""
LONGEST_SECONDS = 40.0
_KILLED = -9


def told_once(lesson: Lesson) -> Verdict:
    """Judge exercise 6.1: each flight once, though two processes were killed."""
    topic = lesson.topic(CANCELLED)
    if topic not in topic_names(admin_client(lesson.connection)):
        return not_yet(f"There is no topic `{topic}`. Run the cell that creates it.")
    if wanting := scripts.wanting(lesson.folder / SCRIPT):
        return not_yet(wanting)
    mark = secrets.token_hex(2)
    group, place = lesson.group(f"check-{mark}"), lesson.folder / f"check-{mark}.db"
    ended = []
    for crash in CRASHES:
        try:
            ended.append(_run(lesson, (topic, group, place), crash))
        except WaitTimeout:
            return not_yet(_too_long())
        if wrong := _wrong_end(ended[-1], crash):
            return not_yet(wrong)
    return _judged(lesson, topic, group, place)


def _run(lesson: Lesson, arguments: tuple[object, ...], crash: str) -> Member:
    """Run the worker until it ends; it must not run on if it does not.

    Raises:
        WaitTimeout: it did not end.
    """
    variables = {crashes.VARIABLE: crash}
    script = lesson.folder / SCRIPT
    worker = members.start(
        script, arguments, lesson.connection, lesson.folder, **variables
    )
    try:
        worker.wait(LONGEST_SECONDS)
    finally:
        worker.kill()
    return worker


def _too_long() -> str:
    return (
        f"`{SCRIPT}` did not come to its end within {LONGEST_SECONDS * patience():g} s. "
        "Loop over `batches()`, which ends at the end of the topic, and do not wait in "
        "between."
    )


def _wrong_end(worker: Member, crash: str) -> str:
    """Return what is wrong with how a process ended; empty if it ended as it should."""
    if worker.exit_code == (_KILLED if crash else 0):
        return ""
    if worker.exit_code == 0:
        number = crash.partition(":")[2]
        return (
            f"`{SCRIPT}` ended without its commit number {number}, so nothing says how "
            "far the group came, and after a crash it begins anew. Call "
            "`consumer.commit(asynchronous=False)` for each batch."
        )
    printed = worker.output().strip().splitlines() or ["no word"]
    again = " after a crash" if not crash else ""
    return f"`{SCRIPT}` failed{again} with `{printed[-1]}`."


def _judged(lesson: Lesson, topic: str, group: str, place: Path) -> Verdict:
    wanted = {(one.key or b"").decode() for one in read_all(lesson.connection, topic)}
    try:
        told = Counter(_rows(place))
    except (sqlite3.Error, OSError) as error:
        return not_yet(
            f"The table `told` cannot be read ({error}). `sqlite3.connect(place)` opens "
            "the file; create the table there, with a column `flight`."
        )
    if wrong := _wrong_rows(wanted, told):
        return not_yet(wrong)
    if committed_offsets(lesson.connection, group, topic) != end_offsets(
        lesson.connection, topic
    ):
        return not_yet(
            "Each flight is told once, but the group's last commit is not the end of the "
            "topic: commit also after the last batch."
        )
    return passed(
        f"{len(wanted)} flights, each told once, though two processes were killed on the "
        "way."
    )


def _rows(place: Path) -> list[str]:
    if not place.is_file():
        raise FileNotFoundError("there is no such file")
    with closing(sqlite3.connect(place)) as database:
        return [str(flight) for (flight,) in database.execute("SELECT flight FROM told")]


def _wrong_rows(wanted: set[str], told: Counter[str]) -> str:
    """Return what is wrong with the table; empty if each flight is there once."""
    missing = sorted(wanted - told.keys())
    twice = sorted(flight for flight, times in told.items() if times > 1)
    strangers = sorted(told.keys() - wanted)
    if not told:
        return "The table `told` is empty. SQLite keeps rows after `database.commit()`."
    if strangers:
        return (
            f"`told` has {strangers[0]!r}, which is no flight's id. The id is the "
            "message's key: `message.key().decode()`."
        )
    if missing:
        return (
            f"{len(missing)} flights were never told, such as {missing[0]}. The offset "
            "was committed before their rows were kept: first `database.commit()`, then "
            "`consumer.commit(…)`."
        )
    if twice:
        return (
            f"{len(twice)} flights were told more than once, such as {twice[0]}. Their "
            "batch was worked on again after the crash, as it must be. Make a second "
            "time do nothing: let `flight` be the table's primary key."
        )
    return ""
