"""Servers that somebody else runs, behind the same calls as one's own."""

import time
from functools import cached_property
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from helpers.inputs import public_methods
from helpers.servers.attached import kinesis
from helpers.servers.attached.kafka import Broker, KafkaQuestion
from helpers.servers.attached.kinesis import KinesisAnswer
from helpers.servers.attached.properties import Connection, client_settings
from helpers.servers.errors import ServersError
from helpers.servers.interface import (
    ClusterStatus,
    NodeState,
    NodeStatus,
    Role,
    SegmentFile,
)
from helpers.settings import Attached, Settings

_KAFKA_SECONDS = 15.0
# A board looks five times a second; servers that many share are asked less often.
_KAFKA_FRESH = 1.0
_KINESIS_FRESH = 15.0
_PORTS = {"http": 80, "https": 443}


@public_methods
class AttachedCluster:
    """Looks and asks, and changes nothing but what clients may change.

    Args:
        settings: of this clone.
        target: where the servers are.
    """

    def __init__(self, settings: Settings, target: Attached) -> None:
        self._settings = settings
        self._target = target
        self._brokers: tuple[float, tuple[Broker, ...]] | None = None
        self._kinesis: tuple[float, KinesisAnswer] | None = None

    @property
    def abilities(self) -> frozenset[str]:
        """None: these servers are not the caller's."""
        return frozenset()

    @cached_property
    def connection(self) -> dict[str, str]:
        """The addresses, and what the servers ask for; secrets are not printed."""
        file = self._target.properties
        settings = client_settings(file) if file else {}
        return Connection(
            {**settings, "bootstrap.servers": self._target.bootstrap_servers}
        )

    def up(self, owner: int | None = None, keep: bool = False) -> ClusterStatus:
        """Start nothing, and check that Kafka answers; of Kinesis the status tells."""
        self._brokers = self._kinesis = None
        return self.status()

    def down(self) -> None:
        """Refuse: others may be using these servers."""
        self._refuse("stop these servers")

    def reset(self) -> ClusterStatus:
        """Refuse: others' records are on these servers."""
        self._refuse("remove the data of these servers")

    def status(self) -> ClusterStatus:
        """Return what the servers tell of themselves, at most some seconds ago."""
        brokers, answer = self._ask_kafka(), self._ask_kinesis()
        mine = f"Attached to {self._target.bootstrap_servers}; your names begin with "
        mine += f"'{self._target.prefix}'."
        return ClusterStatus(
            mode=self._settings.mode,
            brokers=tuple(map(_broker, brokers)),
            controllers=(),
            kinesis=_kinesis(answer),
            kinesis_url=answer.url,
            notes=(mine, answer.problem) if answer.problem else (mine,),
        )

    def stop(self, role: Role, node_id: int) -> None:
        """Refuse."""
        self._refuse(f"stop {_named(role, node_id)}")

    def kill(self, role: Role, node_id: int) -> None:
        """Refuse."""
        self._refuse(f"kill {_named(role, node_id)}")

    def pause(self, role: Role, node_id: int) -> None:
        """Refuse."""
        self._refuse(f"pause {_named(role, node_id)}")

    def resume(self, role: Role, node_id: int) -> None:
        """Refuse."""
        self._refuse(f"resume {_named(role, node_id)}")

    def start(self, role: Role, node_id: int) -> None:
        """Refuse."""
        self._refuse(f"start {_named(role, node_id)}")

    def add(self, role: Role, number: int = 1) -> tuple[int, ...]:
        """Refuse."""
        self._refuse(f"add a {role}")

    def remove(self, role: Role, node_id: int) -> None:
        """Refuse."""
        self._refuse(f"remove {_named(role, node_id)}")

    def remove_added(self) -> None:
        """Do nothing: none was added from here."""

    def partition_dir(self, topic: str, partition: int, broker: int) -> Path:
        """Refuse: the files are on another machine."""
        self._refuse(f"open the files of broker {broker}")

    def replica_folders(self, broker: int) -> tuple[str, ...]:
        """Refuse."""
        self._refuse(f"open the files of broker {broker}")

    def segment_files(
        self, topic: str, partition: int, broker: int
    ) -> tuple[SegmentFile, ...]:
        """Refuse."""
        self._refuse(f"open the files of broker {broker}")

    def read_segment(self, topic: str, partition: int, broker: int, name: str) -> bytes:
        """Refuse."""
        self._refuse(f"open the files of broker {broker}")

    def _refuse(self, what: str) -> NoReturn:
        raise ServersError(
            f"The workbook is attached to {self._target.bootstrap_servers} and cannot "
            f"{what}: only whoever runs them can."
        )

    @cached_property
    def _question(self) -> KafkaQuestion:
        return KafkaQuestion(self.connection)

    def _ask_kafka(self) -> tuple[Broker, ...]:
        if self._brokers is None or _age(self._brokers[0]) > _KAFKA_FRESH:
            found = self._question.brokers(_KAFKA_SECONDS)
            self._brokers = time.monotonic(), found
        return self._brokers[1]

    def _ask_kinesis(self) -> KinesisAnswer:
        if self._kinesis is None or _age(self._kinesis[0]) > _KINESIS_FRESH:
            answer = kinesis.ask(self._target.kinesis_endpoint)
            self._kinesis = time.monotonic(), answer
        return self._kinesis[1]


def _age(when: float) -> float:
    return time.monotonic() - when


def _named(role: Role, node_id: int) -> str:
    return "Kinesis" if role == "kinesis" else f"{role} {node_id}"


def _broker(found: Broker) -> NodeStatus:
    return NodeStatus("broker", found.id, "running", None, found.port, None, found.host)


def _kinesis(answer: KinesisAnswer) -> NodeStatus:
    state: NodeState = "failed" if answer.problem else "running"
    host, port = _place(answer.url or "")
    return NodeStatus("kinesis", 0, state, None, port, None, host)


def _place(url: str) -> tuple[str, int | None]:
    """Return host and port; no port of an address that is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return "", None
    return parts.hostname or "", port
