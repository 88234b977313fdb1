"""Run the job on an engine and look what it does: the answer, a kill, odd events, load.

What is measured goes into the table of lesson 12; the tests ask the same.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import NewTopic  # type: ignore[attr-defined]
from msgspec.structs import replace

from helpers.engines import answers, jobs, reports
from helpers.engines.answers import Answer
from helpers.engines.catalog import Engine
from helpers.engines.jobs import Job, Task
from helpers.flights import Flight
from helpers.kafka.topics import admin_client, wait_until_known
from helpers.settings import Settings
from helpers.waiting import WaitTimeout, patience, wait_for

AIRPORTS = ("EWR", "JFK", "LGA")
"""Each has a partition of its own: one without events would hold back a watermark, and
one of two airports would close the windows of both by either's clock."""

_DEADLINE = 180.0
# A member that was killed belongs to its group for up to 45 s more.
_STEADY_SECONDS = 60.0
_RECOUNTED_SECONDS = 5.0
_AT_ONCE = 5000
_FEW = 50
_FULL_QUEUE_SECONDS = 0.1
NO_FLIGHT = b"this is no flight"


@dataclass
class Trial:
    """One job on one engine, its two topics, and what it has answered so far.

    Attributes:
        settings: they name the cache with the engine.
        engine: an installed one.
        connection: the settings of a client.
        folder: keeps the job's state.
        name: begins the names of its topics.
        answer: the newest record of each airport and hour that was read.
        results: how many records of the result were read.
        memory: the most bytes that the job was seen to take.
    """

    settings: Settings
    engine: Engine
    connection: Mapping[str, str]
    folder: Path
    name: str
    answer: Answer = field(default_factory=dict)
    results: int = 0
    memory: int = 0

    def __post_init__(self) -> None:
        """Create the topics, and begin to follow the result."""
        self.source, self.target = f"{self.name}.reported", f"{self.name}.answered"
        admin = admin_client(self.connection)
        for topic, partitions in ((self.source, len(AIRPORTS)), (self.target, 1)):
            admin.create_topics([NewTopic(topic, partitions, 3)])[topic].result()
            wait_until_known(self.connection, topic, partitions)
        follow = {"group.id": f"{self.name}.follows", "auto.offset.reset": "earliest"}
        self._consumer = Consumer({**self.connection, **follow})
        self._consumer.subscribe([self.target])
        self._producer = Producer({**self.connection, "enable.idempotence": True})

    def close(self) -> None:
        """Stop to follow the result."""
        self._consumer.close()

    def start(self, *more: str) -> Job:
        """Start the job, or start it again where it was."""
        task = Task(self.source, self.target, self.name, self.folder, more)
        return jobs.start(self.settings, self.engine, self.connection, task)

    def send(self, events: Iterable[Flight]) -> None:
        """Send reports to their airport's partition, and wait until they are taken."""
        for one in events:
            self.send_value(one.origin, one.to_json())
        self._producer.flush()

    def send_value(self, airport: str, value: bytes) -> None:
        """Send one value, without waiting for more than room in the queue."""
        partition = AIRPORTS.index(airport)
        while True:
            try:
                return self._producer.produce(self.source, value, airport, partition)
            except BufferError:
                self._producer.poll(_FULL_QUEUE_SECONDS)

    def look(self, job: Job) -> None:
        """Read what has come of the result, and how much memory the job takes.

        Raises:
            ServersError: the job has ended by itself.
        """
        messages = self._consumer.consume(_AT_ONCE, 0.2)
        self.results += len(messages)
        self.answer.update(answers.read(one.value() for one in messages))
        self.memory = max(self.memory, job.memory_bytes())
        job.check()

    def wait_for_first(self, job: Job, seconds: float = _DEADLINE) -> None:
        """Wait until there is a result that was not read yet.

        Raises:
            ServersError: the job has ended by itself.
            WaitTimeout: none came.
        """
        before = self.results

        def came() -> bool:
            self.look(job)
            return self.results > before

        wait_for(came, seconds, f"a result of {self.engine.title}", 0.0)

    def wait_for_answer(
        self, job: Job, wanted: Answer, seconds: float = _DEADLINE
    ) -> bool:
        """Wait until the answer is the wanted one, or no more results come.

        That is for 60 s, or for 5 s where only the number of reports is wrong.

        Returns:
            Whether it is.

        Raises:
            ServersError: the job has ended by itself.
        """
        begin = changed = time.monotonic()
        before = self.results
        while self.answer != wanted and time.monotonic() - begin < seconds * patience():
            self.look(job)
            if self.results != before:
                changed, before = time.monotonic(), self.results
            counted_twice = not answers.wrong_hours(wanted, self.answer)
            steady = _RECOUNTED_SECONDS * patience() if counted_twice else _STEADY_SECONDS
            if before and time.monotonic() - changed > steady:
                break
        return self.answer == wanted


def after_kills(trial: Trial, events: list[Flight], kills: int) -> str:
    """Kill the job again and again while events come in; start it again each time.

    Args:
        trial: a new one.
        events: the first half is answered in peace.
        kills: how many.

    Returns:
        What became of the answer, in a few words.

    Raises:
        ServersError: the job has ended by itself.
        WaitTimeout: it gave no result.
    """
    half, step = len(events) // 2, len(events) // 2 // (kills + 1)
    trial.send(events[:half])
    job = trial.start()
    try:
        if not trial.wait_for_answer(job, answers.batch(events[:half])):
            raise WaitTimeout(f"{trial.engine.title} gave no right answer before.")
        for begin in range(half, half + kills * step, step):
            _send_slowly(trial, job, events[begin : begin + step])
            job.kill()
            job = trial.start()
        trial.send(events[half + kills * step :])
        wanted = answers.batch(events)
        trial.wait_for_answer(job, wanted)
        return answers.difference(wanted, trial.answer)
    finally:
        job.stop()


def _send_slowly(trial: Trial, job: Job, events: list[Flight]) -> None:
    """Send events a few at a time, and see at least one result of this job."""
    before = trial.results
    for begin in range(0, len(events), _FEW):
        trial.send(events[begin : begin + _FEW])
        trial.look(job)
    if trial.results == before:
        trial.wait_for_first(job)


def odd_events(trial: Trial, job: Job, events: list[Flight]) -> tuple[str, str]:
    """Send a report that is days late, a record that is no flight, and then one more.

    Args:
        trial: whose answer for ``events`` is complete.
        job: that runs.
        events: what it has been sent.

    Returns:
        What became of the late one, and of the one that is no flight.

    Raises:
        ServersError: the job has ended by itself.
    """
    late, last = reports.too_late(), _one_more(events)
    trial.send([late])
    trial.send_value(late.origin, NO_FLIGHT)
    trial.send([last])
    dropped, taken = answers.batch([*events, last]), answers.batch([*events, late, last])

    def settled() -> bool:
        trial.look(job)
        return trial.answer in (dropped, taken)

    wait_for(settled, _DEADLINE, f"{trial.engine.title} to go on", 0.0)
    return "taken" if trial.answer == taken else "dropped", "passed over"


def _one_more(events: list[Flight]) -> Flight:
    """Return one more flight of the last hour, from the late one's airport."""
    origin = reports.too_late().origin
    last = max(
        (one for one in events if one.origin == origin), key=lambda one: one.planned
    )
    return replace(last, carrier="ZY")
