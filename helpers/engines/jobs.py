"""Jobs that run on an engine, in processes that never outlive their starter."""

import atexit
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers.engines import installing
from helpers.engines.catalog import Engine
from helpers.inputs import InputError
from helpers.kafka.topics import admin_client, topic_names
from helpers.servers.errors import ServersError
from helpers.servers.runtime import java
from helpers.settings import Settings
from helpers.waiting import patience
from helpers.wording import short

_GRACE_SECONDS = 15.0
_LAST_LINES = 200
_HIDDEN = ("PIP_", "PYTHON", "SPARK_", "FLINK_", "JAVA_HOME")
_jobs: list["Job"] = []


class Job:
    """One start of an engine's job.

    Attributes:
        engine: it runs on.
        log: the file that takes what it prints.
        pid: of the process that guards its own.
    """

    def __init__(
        self, engine: Engine, process: "subprocess.Popen[bytes]", log: Path
    ) -> None:
        self.engine, self.log, self.pid = engine, log, process.pid
        self._process = process

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def memory_bytes(self) -> int:
        """Return the resident memory of all its processes; 0 if none runs.

        A process that is a second old counts: right after a fork, it shares its parent's.
        """
        total, now = 0, time.time()
        with suppress(psutil.Error):
            for one in psutil.Process(self.pid).children(recursive=True):
                with suppress(psutil.Error):
                    is_old = now - one.create_time() > 1
                    total += one.memory_info().rss if is_old else 0
        return total

    def check(self) -> None:
        """See that it still runs.

        Raises:
            ServersError: it has ended by itself; the message has its last words.
        """
        if not self.alive:
            raise ServersError(
                f"{self.engine.title} has ended by itself ({self._last_words()}): "
                f"{self.log} has all that it said."
            )

    def kill(self) -> None:
        """End all its processes at once with SIGKILL, as a crash would."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end with SIGTERM; kill it if it does not within 15 s."""
        if self.alive:
            self._process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_SECONDS * patience())
        self.kill()

    def _last_words(self) -> str:
        """Return the line that says most of why it ended."""
        with self.log.open(encoding="utf-8", errors="replace") as log:
            lines = [line.strip() for line in deque(log, _LAST_LINES) if line.strip()]
        causes = [line for line in lines if _is_cause(line)]
        (said,) = causes[-1:] or lines[-1:] or ["it said nothing"]
        return short(said, 200)

    def __repr__(self) -> str:
        state = "runs" if self.alive else f"ended, exit code {self._process.poll()}"
        return f"{self.engine.title}: {state}"


def _is_cause(line: str) -> bool:
    return "Caused by:" in line or "Error:" in line or "Exception" in line


@dataclass(frozen=True)
class Task:
    """What a job works on.

    Attributes:
        source: the topic that it reads, from its beginning or from where it was.
        target: the topic that it writes.
        name: of its group, and the beginning of the names of its own topics.
        folder: keeps its state and its log; a start in the same one goes on.
        more: further arguments, which only some jobs take.
    """

    source: str
    target: str
    name: str
    folder: Path
    more: tuple[str, ...] = ()


def start(
    settings: Settings, engine: Engine, connection: Mapping[str, str], task: Task
) -> Job:
    """Start an engine's job; it reads and writes until it is stopped.

    Args:
        settings: they name the cache with the engine.
        engine: an installed one.
        connection: the settings of a client.
        task: what it works on.

    Raises:
        InputError: the engine is not installed, a topic is not there, or the servers ask
            for more than an address.
        ServersError: it cannot be started.
    """
    if not installing.is_installed(settings, engine):
        raise InputError(
            f"{engine.title} is not installed: run `workbook engine install "
            f"{engine.name}` first."
        )
    servers = _servers(connection)
    _check_topics(connection, task.source, task.target)
    task.folder.mkdir(parents=True, exist_ok=True)
    log = task.folder / f"{engine.name}.log"
    arguments = [servers, task.source, task.target, task.name, *task.more]
    command, variables = _filled(settings, engine, task.folder)
    guard = [sys.executable, "-m", "helpers.engines.guard"]
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [*guard, *command, *arguments],
            cwd=task.folder,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _jobs.append(Job(engine, process, log))
    return _jobs[-1]


def stop_all() -> None:
    """End every job that this process has started, and forget them."""
    for job in _jobs:
        job.kill()
    _jobs.clear()


atexit.register(stop_all)


def _servers(connection: Mapping[str, str]) -> str:
    """Return the address; the engines' jobs know no password."""
    if connection.get("security.protocol", "plaintext").lower() != "plaintext":
        raise InputError(
            "These servers ask who you are, and the engines' jobs have no answer: run "
            "them on servers of your own, without WORKBOOK_MODE=attached."
        )
    return connection["bootstrap.servers"]


def _check_topics(connection: Mapping[str, str], *wanted: str) -> None:
    missing = sorted(set(wanted) - topic_names(admin_client(connection)))
    if missing:
        raise InputError(
            f"There is no topic {missing[0]}: create it first, or run the cell that does."
        )


def _filled(
    settings: Settings, engine: Engine, folder: Path
) -> tuple[list[str], dict[str, str]]:
    """Return command line and environment with every placeholder filled in."""
    places = {**installing.placeholders(settings, engine), "state": str(folder)}
    command: list[str] = []
    for part in engine.command:
        whole = java.usual_start(settings) if part == "{jvm}" else [_fill(part, places)]
        command += whole
    own = {name: _fill(value, places) for name, value in engine.environment.items()}
    usual = java.clean_environment().items()
    outer = {k: v for k, v in usual if not k.startswith(_HIDDEN)}
    return command, {**outer, **own, "TMPDIR": str(folder)}


def _fill(text: str, places: Mapping[str, str]) -> str:
    # Not by str.format: a path may hold braces, and so may an option of Java.
    for name, value in places.items():
        text = text.replace(f"{{{name}}}", value)
    return text
