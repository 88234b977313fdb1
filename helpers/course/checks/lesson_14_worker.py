"""Exercise 14.2: the student's worker, killed once, and what it did."""

import re
import secrets
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from helpers.course.checks import scripts
from helpers.course.checks.lesson_13_look import client
from helpers.course.exercises import Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.members import Member
from helpers.kinesis.shards import HASH_KEYS, KinesisClient
from helpers.waiting import WaitTimeout, patience, wait_for

SCRIPT = "mine.py"
PARENT_RECORDS, CHILD_RECORDS = 30, 10
MOST_TWICE = 5
_KILLED_AFTER, _KILLED_AT_LAST = 13, 18
"""Records that are done when it is killed: in a batch of 25, and in no step of five.
It is killed early if its checkpoint is then ahead of its work, and else at the last."""
_PAUSE = 0.06
_LONGEST_SECONDS = 25.0
_RENEWALS = 20
"""Changes of the table without a record done, after which no more is to come. A
time would not do: an engine may be slow."""
_KILLED = -signal.SIGKILL
_PARENT = "shardId-000000000000"
_END = "SHARD_END"
_WATCHED = """
CREATE TABLE leases (shard TEXT PRIMARY KEY, owner, counter, checkpoint, parents);
CREATE TABLE kept (shard, checkpoint);
CREATE TRIGGER keeping AFTER UPDATE OF checkpoint ON leases
BEGIN INSERT INTO kept VALUES (new.shard, new.checkpoint); END;
"""
"""The lesson's table, and a second one in which every checkpoint stays: one kill shows
what is repeated after one moment, not what could be after another."""


@dataclass(frozen=True)
class _Run:
    """A worker's stream, its table of leases, and shards and numbers of what was sent."""

    lesson: Lesson
    stream: str
    table: Path
    records: tuple[tuple[str, str], ...]

    @property
    def sent(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.records)

    def start(self) -> Member:
        # The same name: its leases are its own at once, and nobody need wait.
        return self.lesson.start(SCRIPT, self.stream, self.table, "mine", _PAUSE)

    def done(self) -> list[list[str]]:
        """Return the lines that were written: shard, sequence number, time."""
        file = self.table.with_name(f"{self.table.name}.mine")
        if not file.is_file():
            return []
        lines = map(str.split, file.read_text("utf-8").splitlines())
        return [line for line in lines if len(line) == 3]  # noqa: PLR2004

    def times(self) -> Counter[tuple[str, str]]:
        return Counter((shard, number) for shard, number, _ in self.done())

    def leases(self) -> dict[str, tuple[int, str | None]]:
        """Return counters and checkpoints by shard; none if there is no such table."""
        rows = self._rows("SELECT shard, counter, checkpoint FROM leases")
        return {shard: rest for shard, *rest in rows}

    def kept(self, shard: str) -> list[str]:
        """Return every checkpoint of a shard, in the order of writing."""
        rows = self._rows("SELECT shard, checkpoint FROM kept ORDER BY rowid")
        return [checkpoint for of, checkpoint in rows if of == shard]

    def step(self) -> int:
        """Return the most records of the first shard between two checkpoints."""
        numbers = [number for shard, number in self.records if shard == _PARENT]
        places = {number: place for place, number in enumerate(numbers, 1)}
        places[_END] = len(numbers)
        at = [0, *(places[one] for one in self.kept(_PARENT) if one in places)]
        return max((after - before for before, after in pairwise(at)), default=0)

    def _rows(self, query: str) -> list[Any]:
        try:
            with closing(sqlite3.connect(self.table, timeout=10)) as table:
                return table.execute(query).fetchall()
        except sqlite3.Error:
            return []

    def in_the_midst(self) -> bool:
        """Tell whether the next record's work goes on, and has for a while."""
        _, checkpoint = self.leases().get(_PARENT, (0, None))
        lines = self.done()
        is_ahead = checkpoint and checkpoint not in {number for _, number, _ in lines}
        if len(lines) < (_KILLED_AFTER if is_ahead else _KILLED_AT_LAST):
            return False
        return time.time() - float(lines[-1][2]) > _PAUSE / 3

    def complete(self) -> bool:
        return self.sent <= self.times().keys()


def careful(lesson: Lesson) -> Verdict:
    """Judge exercise 14.2: nothing lost, and at most five done twice."""
    if wanting := scripts.wanting(lesson.folder / SCRIPT):
        return not_yet(wanting)
    kinesis, mark = client(), secrets.token_hex(2)
    stream = lesson.stream(f"check-{mark}")
    kinesis.create_stream(StreamName=stream, ShardCount=1)
    try:
        table = lesson.folder / f"check-{mark}.db"
        run = _Run(lesson, stream, table, _prepare(kinesis, stream))
        with closing(sqlite3.connect(table)) as made:
            made.executescript(_WATCHED)
        return _judged(run, _crash(run))
    finally:
        kinesis.delete_stream(StreamName=stream)


def _prepare(kinesis: KinesisClient, stream: str) -> tuple[tuple[str, str], ...]:
    """Fill a stream's one shard, and its children; return shards and numbers."""
    _wait_until_active(kinesis, stream)
    sent = _put(kinesis, stream, PARENT_RECORDS)
    kinesis.split_shard(
        StreamName=stream,
        ShardToSplit=_PARENT,
        NewStartingHashKey=str(HASH_KEYS // 2),
    )
    _wait_until_active(kinesis, stream)
    return (*sent, *_put(kinesis, stream, CHILD_RECORDS))


def _wait_until_active(kinesis: KinesisClient, stream: str) -> None:
    def active() -> bool:
        told = kinesis.describe_stream_summary(StreamName=stream)
        return bool(told["StreamDescriptionSummary"]["StreamStatus"] == "ACTIVE")

    wait_for(active, _LONGEST_SECONDS, "the stream of the check")


def _put(kinesis: KinesisClient, stream: str, number: int) -> list[tuple[str, str]]:
    records = [{"Data": b"{}", "PartitionKey": str(key)} for key in range(number)]
    told = kinesis.put_records(StreamName=stream, Records=records)["Records"]
    return [(one["ShardId"], one["SequenceNumber"]) for one in told]


def _crash(run: _Run) -> str:
    """Run the worker, kill it in a batch, run it again; return what went wrong."""
    worker = run.start()
    try:
        wait_for(
            lambda: run.in_the_midst() or not worker.alive,
            _LONGEST_SECONDS,
            "the midst of a batch",
            interval=0.01,
        )
    except WaitTimeout:
        return _too_few(run)
    finally:
        worker.kill()
    if not run.done() or worker.exit_code != _KILLED:
        return _ended(worker)
    return _again(run)


def _again(run: _Run) -> str:
    idle = _idle(run)
    worker = run.start()
    try:
        wait_for(
            lambda: run.complete() or idle() or not worker.alive,
            _LONGEST_SECONDS / 2,
            "all records",
        )
    except WaitTimeout:
        return ""
    finally:
        worker.kill()
    return "" if worker.exit_code == _KILLED else _ended(worker)


def _idle(run: _Run) -> Callable[[], bool]:
    """Return what tells whether the leases are renewed and no record is done."""
    at_first = last = len(run.done())
    since = 0

    def idle() -> bool:
        nonlocal last, since
        lines, counters = len(run.done()), sum(one for one, _ in run.leases().values())
        if lines != last:
            last, since = lines, counters
        return last > at_first and counters - since > _RENEWALS

    return idle


def _too_few(run: _Run) -> str:
    seconds = _LONGEST_SECONDS * patience()
    return (
        f"`{SCRIPT}` did {len(run.done())} records in {seconds:g} s. `work` "
        "gets a lease and a list of records, and calls `do(lease, record)` for each."
    )


def _ended(worker: Member) -> str:
    printed = worker.output().strip().splitlines()
    if printed and "StartingSequenceNumber" in printed[-1]:
        return (
            f"`{SCRIPT}` wrote a checkpoint that is no sequence number, and could not "
            'read on from there. Give `keep` the record\'s `record["SequenceNumber"]`.'
        )
    if printed:
        at = re.findall(rf'{SCRIPT}", line (\d+)', "\n".join(printed))
        where = f" in line {at[-1]}" if at else ""
        return f"`{SCRIPT}` failed{where} with `{printed[-1]}`."
    return f"`{SCRIPT}` came to its end at once. Its last line is `run(work)`."


def _judged(run: _Run, wrong: str) -> Verdict:
    if wrong:
        return not_yet(wrong)
    times = run.times()
    if missing := run.sent - times.keys():
        return not_yet(_lost(run, missing))
    if run.kept(_PARENT).count(_END) > 1:
        return not_yet(_early_end())
    twice = sum(count - 1 for count in times.values())
    if twice > MOST_TWICE:
        return not_yet(
            f"Nothing is lost, but {twice} records were done twice, all that came after "
            f"the last checkpoint. {MOST_TWICE} are allowed: your `work`, which `run` "
            "gets, calls `keep` more often than once a batch, and with the number of the "
            "record that is done just then."
        )
    if (step := run.step()) > MOST_TWICE:
        return not_yet(
            f"Nothing is lost, and {twice} records were done twice. At another moment it "
            f"would be more: between two checkpoints lie {step} records, and a worker "
            f"that dies right before the second does all {step} again."
        )
    return passed(
        f"Killed in the midst of a batch: {len(run.sent)} records, none lost, {twice} "
        "done twice. The price: each checkpoint is one more write to the table of leases."
    )


def _early_end() -> str:
    return (
        f"`work` wrote `{_END}` itself. A worker that dies right after that leaves a "
        "shard that counts as read, whatever is still in it. Leave it to `run`, which "
        "knows when the shard is closed and at its end."
    )


def _lost(run: _Run, missing: frozenset[tuple[str, str]]) -> str:
    many = f"{len(missing)} of the records were never done"
    if all(shard != _PARENT for shard, _ in missing) and _END not in run.kept(_PARENT):
        return (
            f"{many}, all of the children: their parent never came to its end. Leave "
            f"`{_END}` to `run`, which calls `work` and then writes it."
        )
    if 0 < sum(shard != _PARENT for shard, _ in missing) < CHILD_RECORDS:
        return (
            f"{many}, and the crash alone does not explain it. `work` must `do` every "
            "record that it is given, also where a batch is short."
        )
    return (
        f"{many}: the checkpoint was ahead of the work when the worker died. First "
        "`do(lease, record)`, then `keep` with that record's number."
    )
