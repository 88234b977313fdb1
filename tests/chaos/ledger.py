"""Clients that work on through every fault, and what each was promised."""

import random
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from helpers.waiting import wait_for

PARTITIONS = 3
_QUIET = {"log_level": 0, "socket.timeout.ms": 3000, "reconnect.backoff.max.ms": 500}
_PACE_SECONDS = 0.01
_IN_A_TRANSACTION = 5
_TRANSACTION_SECONDS = 20
_READ_SECONDS = 120
_DECIDED_SECONDS = 120
_COMMITTED = {"isolation.level": "read_committed"}


@dataclass
class Ledger:
    """What the producers were told of each value.

    Attributes:
        acknowledged: by a broker, outside of transactions.
        committed: in transactions whose commit was confirmed.
        aborted: in transactions whose abort was confirmed.
        seen: by the members of the group.
        errors: names of what clients raised, for the report.
    """

    acknowledged: set[bytes] = field(default_factory=set)
    committed: set[bytes] = field(default_factory=set)
    aborted: set[bytes] = field(default_factory=set)
    seen: set[bytes] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    @property
    def promised(self) -> set[bytes]:
        """Everything that must be there."""
        return self.acknowledged | self.committed


class Work:
    """A producer, a producer of transactions and a group of two, each on a thread.

    Args:
        connection: settings of their clients.
        topic: with three partitions and a min ISR of 2.
        seed: of what is committed and what is aborted.
    """

    def __init__(self, connection: dict[str, str], topic: str, seed: int) -> None:
        self.ledger = Ledger()
        self._settings = {**connection, **_QUIET}
        self._topic = topic
        self._random = random.Random(seed)
        self._stop = threading.Event()
        self._no_more = threading.Event()
        produce = (self._produce, self._transact)
        self._writers = [threading.Thread(target=one) for one in produce]
        self._readers = [threading.Thread(target=self._read) for _ in range(2)]

    def __enter__(self) -> "Work":
        for thread in (*self._writers, *self._readers):
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_writing()
        self._no_more.set()
        for thread in self._readers:
            thread.join()

    def stop_writing(self) -> None:
        """Write nothing new, and return when all that was written is decided."""
        self._stop.set()
        for thread in self._writers:
            thread.join()

    def _produce(self) -> None:
        # Without a limit of its own each record is sent until it is acknowledged.
        durable = {"acks": "all", "enable.idempotence": True, "linger.ms": 5}
        producer = Producer({**self._settings, **durable})
        for number in _numbers(self._stop):
            value = b"plain-%d" % number
            with suppress(BufferError):  # what is not taken is not promised
                producer.produce(self._topic, value, on_delivery=self._note)
            producer.poll(0)
        producer.flush()

    def _note(self, error: KafkaError | None, message: Message) -> None:
        if error is None:
            self.ledger.acknowledged.add(message.value() or b"")
        else:
            self.ledger.errors.append(error.name())

    def _transact(self) -> None:
        producer = None
        for number in _numbers(self._stop):
            try:
                producer = producer or self._transactional()
                self._one_transaction(producer, number)
            except KafkaException as error:
                self.ledger.errors.append(error.args[0].name())
                producer = None
        # Whoever has the same id next ends what may still be open.
        wait_for(self._ends_what_is_open, _DECIDED_SECONDS, "the end of transactions")

    def _ends_what_is_open(self) -> bool:
        try:
            return bool(self._transactional())
        except KafkaException:
            return False

    def _transactional(self) -> Producer:
        own = {"transactional.id": f"{self._topic}-transactions"}
        producer = Producer({**self._settings, **own})
        producer.init_transactions(_TRANSACTION_SECONDS)
        return producer

    def _one_transaction(self, producer: Producer, number: int) -> None:
        """Write some records and commit or abort; of what fails nothing is promised."""
        values = [b"part-%d-%d" % (number, part) for part in range(_IN_A_TRANSACTION)]
        producer.begin_transaction()
        for value in values:
            producer.produce(self._topic, value)
        if self._random.random() < 0.5:
            producer.flush(self._random.random())
            producer.abort_transaction(_TRANSACTION_SECONDS)
            self.ledger.aborted.update(values)
        else:
            producer.commit_transaction(_TRANSACTION_SECONDS)
            self.ledger.committed.update(values)

    def _read(self) -> None:
        group = {"group.id": f"{self._topic}-readers", "auto.offset.reset": "earliest"}
        consumer = Consumer({**self._settings, **group, **_COMMITTED})
        consumer.subscribe([self._topic])
        while not self._no_more.is_set():
            message = consumer.poll(0.2)
            if message is not None and not message.error():
                self.ledger.seen.add(message.value() or b"")
        consumer.close()


def _numbers(stop: threading.Event) -> Iterator[int]:
    number = 0
    while not stop.wait(_PACE_SECONDS):
        yield number
        number += 1


def everything(connection: dict[str, str], topic: str) -> set[bytes]:
    """Return all that a reader of committed records finds in a topic."""
    ends = {"enable.partition.eof": True, "group.id": "ledger"}
    reader = Consumer({**connection, **_QUIET, **_COMMITTED, **ends})
    reader.assign([TopicPartition(topic, number, 0) for number in range(PARTITIONS)])
    found, at_end = set(), 0
    try:
        while at_end < PARTITIONS:
            message = reader.poll(_READ_SECONDS)
            assert message is not None, "the rest of the topic is not told"
            error = message.error()
            if error is None:
                found.add(message.value() or b"")
            at_end += error is not None and error.code() == KafkaError._PARTITION_EOF
        return found
    finally:
        reader.close()
