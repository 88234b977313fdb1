"""Reads a topic of flights from its beginning on, on a thread of its own."""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    Message,
    TopicPartition,
)

from helpers.live.aim import AimedWatch
from helpers.live.asking import Setting, kept_consumer
from helpers.live.snapshot import EVENTS_KEPT, Event
from helpers.live.windows_arrivals import HOLD_SECONDS, Arrival, Arrivals
from helpers.live.windows_job import WindowsJob
from helpers.live.windows_snapshot import Reports

_AT_ONCE = 2000
_PART_SECONDS = 0.1
_MILLISECONDS = 1000
_READING: dict[str, Setting] = {
    "auto.offset.reset": "error",
    "enable.partition.eof": True,
    "fetch.wait.max.ms": 50,  # so soon an end is told
}
# What was read is not there any more: it is another topic, or its log begins later.
_ANEW = (
    KafkaError._AUTO_OFFSET_RESET,
    KafkaError._UNKNOWN_PARTITION,
    KafkaError._UNKNOWN_TOPIC,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
)


@dataclass(frozen=True)
class ReportsSample:
    """What was read of a topic.

    Attributes:
        asked: monotonic seconds when the topic was last read; None if it never was.
        reports: what became of its reports; None if there are none.
        passed_over: how many values were no flight's.
        events: the last lines of the log, oldest first.
        told: how many lines there were in all, those of a topic before it, too.
    """

    asked: float | None = None
    reports: Reports | None = None
    passed_over: int = 0
    events: tuple[Event, ...] = ()
    told: int = 0


class ReportsWatch(AimedWatch[ReportsSample]):
    """A thread that reads what comes, and judges it as a windowed job would.

    Args:
        topic: its name.
        hours: how long a window is.
        lateness: how many hours the watermark stays behind the newest event time.
        access: settings by which brokers let a client in, if they ask for any.
        interval: seconds between two readings.
    """

    def __init__(
        self,
        topic: str,
        hours: float,
        lateness: float,
        access: Mapping[str, str],
        interval: float = 0.05,
    ) -> None:
        self._topic = topic
        self._settings = hours, lateness
        self._kept = kept_consumer(access, _READING)
        self._reading: tuple[Consumer, tuple[int, ...]] | None = None
        self._events: deque[Event] = deque(maxlen=EVENTS_KEPT)
        self._told = 0
        self._forget()
        super().__init__("reports", interval)

    def _ask(self) -> ReportsSample | None:
        aim = self._aim
        if aim.is_there is False:
            self._forget()
            return ReportsSample(events=tuple(self._events), told=self._told)
        if not aim.addresses or not aim.partitions:
            return None
        has_come = self._read(self._assigned(aim.addresses, aim.partitions))
        ready = self._arrivals.ready(aim.partitions, time.time())
        told = self._job.take(ready)
        self._events.extend(told)
        self._told += len(told)
        # Until then nobody can tell whether there are any.
        if not has_come and not self._arrivals.all_read(aim.partitions):
            return None
        return self._known()

    def _release(self) -> None:
        self._reading = None
        self._kept.drop()

    def _known(self) -> ReportsSample:
        job = self._job
        return ReportsSample(
            time.monotonic(),
            job.reports(time.time()),
            job.passed_over,
            tuple(self._events),
            self._told,
        )

    def _forget(self) -> None:
        """Begin anew: a topic of the same name is another topic."""
        self._job, self._arrivals = WindowsJob(*self._settings), Arrivals()
        self._next: dict[int, int] = {}
        self._reading = None
        self._kept.drop()

    def _assigned(
        self, addresses: tuple[str, ...], partitions: tuple[int, ...]
    ) -> Consumer:
        """Return a consumer that goes on where the last one was."""
        consumer = self._kept.at(addresses)
        if self._reading is None or self._reading != (consumer, partitions):
            self._reading = consumer, partitions
            consumer.assign(
                [
                    TopicPartition(
                        self._topic, number, self._next.get(number, OFFSET_BEGINNING)
                    )
                    for number in partitions
                ]
            )
        return consumer

    def _read(self, consumer: Consumer) -> bool:
        """Take what has come; return whether anything has."""
        found = False
        for message in consumer.consume(_AT_ONCE, timeout=_PART_SECONDS):
            error = message.error()
            if error is None:
                found = True
                self._keep(message)
            elif error.code() == KafkaError._PARTITION_EOF:
                self._arrivals.end(message.partition() or 0)
            elif error.code() in _ANEW:
                self._forget()
                return False
        return found

    def _keep(self, message: Message) -> None:
        number, now = message.partition() or 0, time.time()
        self._next[number] = (message.offset() or 0) + 1
        # A producer may give any timestamp, and no clock can tell one of a year 300,000.
        at = min(max(0.0, message.timestamp()[1] / _MILLISECONDS), now + HOLD_SECONDS)
        self._arrivals.add(Arrival(at, message.value(), number), now)
