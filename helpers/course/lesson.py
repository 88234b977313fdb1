"""The set-up cell of a lesson: servers up, clients pointed at them."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from helpers.names import KINESIS_NAME_LIMIT, unique
from helpers.servers import connect
from helpers.servers.environment import apply_to_this_process
from helpers.servers.interface import Cluster
from helpers.servers.report import status_text


@dataclass(frozen=True)
class Lesson:
    """What a lesson's cells need of its surroundings.

    Attributes:
        name: such as ``"00_welcome"``.
        cluster: the servers, to look at and to break.
        bootstrap_servers: where Kafka's clients begin, as ``host:port,host:port``.
    """

    name: str
    cluster: Cluster
    bootstrap_servers: str

    def topic(self, base: str) -> str:
        """Return a topic name that nobody else uses, such as ``flights-7f3a``."""
        return unique(base)

    def stream(self, base: str) -> str:
        """Return a Kinesis stream name that nobody else uses."""
        return unique(base, KINESIS_NAME_LIMIT)

    def nodes(self) -> str:
        """Return the servers as a table: role, state, address, process, memory."""
        return status_text(self.cluster.status())


def begin(name: str) -> Lesson:
    """Start the servers if they do not run, and point every client at them.

    Args:
        name: of the lesson, as its notebook is called.

    Raises:
        ServersError: the servers do not come up; the message says what to do.
    """
    cluster = connect()
    status = cluster.up(owner=_jupyter_pid())
    apply_to_this_process(status)
    _put_tools_on_path()
    print(f"Ready: {len(status.brokers)} brokers, a controller and Kinesis answer.")
    return Lesson(name, cluster, status.bootstrap_servers or "")


def _jupyter_pid() -> int:
    """Return whose end ends the servers: the Jupyter server that started this kernel."""
    return int(os.environ.get("JPY_PARENT_PID") or os.getpid())


def _put_tools_on_path() -> None:
    scripts = str(Path(sys.executable).parent)
    parts = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if scripts not in parts:
        os.environ["PATH"] = os.pathsep.join([scripts, *parts])
