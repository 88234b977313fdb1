"""The first and the last cell of a lesson: servers up, names, and tidying."""

import json
import os
import secrets
import sys
from collections.abc import Iterable
from copy import copy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers import files, waiting
from helpers.course import current, errors, late_stop, leftovers, needs, quotas
from helpers.course.client_log import client_log
from helpers.course.leftovers import Left, Run
from helpers.course.project import check_lesson, script_file
from helpers.inputs import public, public_methods
from helpers.kafka import members
from helpers.kafka.topics import wait_until_known
from helpers.kinesis.governor import Governor
from helpers.kinesis.shards import KinesisClient
from helpers.live.words import listed
from helpers.names import KINESIS_NAME_LIMIT, TOPIC_NAME_LIMIT, checked
from helpers.owned import STATE, claim
from helpers.servers import connect, schema_registry
from helpers.servers.embedded.processes import ProcessId, find
from helpers.servers.environment import apply_to_this_process, check_this_process
from helpers.servers.errors import ServersError
from helpers.servers.interface import Cluster, ClusterStatus
from helpers.settings import Settings
from helpers.views import running

if TYPE_CHECKING:
    from confluent_kafka.schema_registry import SchemaRegistryClient

_SCHEMAS = "helpers.kafka.schemas"
# Seconds: a student waits for the answer, a run of the solutions does not.
_PATIENCE, _PATIENCE_IF_STRICT = 0.5, 5.0
# Members of the lessons' own scripts have sessions of 6 s.
_SESSION_SECONDS = 8.0
_AGAIN = (
    "This is a new run of the lesson. What your earlier run made is gone: run the cells "
    "below from the first one on."
)


@public_methods
@dataclass(frozen=True)
class Lesson:
    """What a lesson's cells need of its surroundings.

    Attributes:
        name: such as ``"04_topics"``.
        cluster: the servers, to look at and to break.
        prefix: begins every name, to keep students on one cluster apart; often empty.
        suffix: ends every name of this run, such as ``"-7f3a"``.
        strict: whether a failed check raises, as in the notebooks of solutions.
        patience: seconds for which a check looks again at what is not done.
        governor: AWS's quotas, for the clients that :meth:`apply_quotas` was given.
        streams: every name that :meth:`stream` gave.
    """

    name: str
    cluster: Cluster
    prefix: str
    suffix: str
    strict: bool
    patience: float
    governor: Governor = field(default_factory=Governor, compare=False)
    streams: set[str] = field(default_factory=set, compare=False)

    @property
    def connection(self) -> dict[str, Any]:
        """The settings that every client of Kafka begins with, and its logger.

        Asked anew each time: servers that died may have come back on other ports.
        """
        # Not made anew: what it is may hide secrets from whoever prints it.
        settings: dict[str, Any] = copy(self.cluster.connection)
        settings["logger"] = client_log().logger
        return settings

    @property
    def bootstrap_servers(self) -> str:
        """Where Kafka's clients begin, as ``host:port,host:port``."""
        return self.cluster.connection["bootstrap.servers"]

    def topic(self, base: str) -> str:
        """Return this run's name of a topic, such as ``flights-7f3a``."""
        return self._name(base, TOPIC_NAME_LIMIT)

    def group(self, base: str) -> str:
        """Return this run's name of a consumer group."""
        return self.topic(base)

    def wait_for_topic(self, topic: str, partitions: int) -> None:
        """Wait until every broker knows that a topic has so many partitions.

        Args:
            topic: its whole name.
            partitions: how many; 0 for a topic that is to be gone.

        Raises:
            InputError: that is no topic's name, or no number of partitions.
            ServersError: no broker answers.
            WaitTimeout: the brokers do not agree within 30 seconds.
        """
        wait_until_known(self.connection, topic, partitions)

    def stream(self, base: str) -> str:
        """Return this run's name of a Kinesis stream, and remember it for the end."""
        name = self._name(base, KINESIS_NAME_LIMIT)
        if name not in self.streams:
            self.streams.add(name)
            if _record(self.name, self.suffix).exists():
                _write_record(self.name, self.suffix, self.streams)
        return name

    def _name(self, base: str, limit: int) -> str:
        return checked(f"{self.prefix}{checked(base, limit)}{self.suffix}", limit)

    def apply_quotas(self, client: KinesisClient, writes: float = 1.0) -> None:
        """Apply AWS's quotas to a Kinesis client, as no endpoint but AWS does.

        They are counted in this process, for all clients of this lesson together.

        Args:
            client: of boto3; one that speaks to AWS is left alone.
            writes: the part of AWS's write rates that a shard gets, above 0 to 1.

        Raises:
            InputError: that is no client of Kinesis, or no such part.
        """
        print(quotas.apply(self.governor, client, writes))

    @property
    def registry_url(self) -> str:
        """Where schemas are registered; ``mock://…`` for the client's own memory."""
        return schema_registry.address(Settings.from_environment())

    @property
    def registry(self) -> "SchemaRegistryClient":
        """The client of the registry of schemas; each time the same one."""
        # Late: this import takes a second, and one lesson needs it.
        from helpers.kafka.schemas import registry_client

        errors.install_for_schemas()
        return registry_client(self.registry_url, self.suffix)

    @property
    def folder(self) -> Path:
        """This run's folder for files, made when it is first asked for."""
        folder = _runs() / f"{self.name}{self.suffix}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def start(self, script: str | Path, *arguments: str | float | Path) -> members.Member:
        """Start a script as a process of its own, in this run's folder.

        It lies there, or is one of those that the lessons bring.

        It finds the settings of its clients as JSON in the variable ``CONNECTION``, and
        never outlives this kernel.

        Args:
            script: its name, such as ``"member.py"``.
            arguments: what it finds in ``sys.argv[1:]``, as text.

        Raises:
            InputError: there is no such script, or too many processes run already.
        """
        file = script_file(self.folder, script)
        return members.start(file, arguments, self.connection, self.folder)

    def run(self, script: str | Path, *arguments: str | float | Path) -> str | None:
        """Run a script to its end, as :meth:`start` starts one.

        Args:
            script: its name, such as ``"describe.py"``.
            arguments: what it finds in ``sys.argv[1:]``, as text.

        Returns:
            What it printed; None if it failed, died or took longer than 30 seconds.

        Raises:
            InputError: there is no such script.
        """
        file = script_file(self.folder, script)
        return members.run(file, arguments, self.connection, self.folder)

    def clean_up(self) -> None:
        """End this run's boards and processes; remove its nodes, names, schemas, files.

        What cannot be removed is told, and the run's files stay with it.

        Raises:
            ServersError: something stays, and this is the notebook of solutions.
        """
        running.stop_all()
        members.leave_all()
        run = Run(self.prefix, self.suffix, frozenset(self.streams))
        left = self._remove_nodes()
        sessions = _SESSION_SECONDS * waiting.patience()
        left += leftovers.remove_from_kafka(self.cluster, run, sessions)
        left += leftovers.remove_from_kinesis(run)
        left += self._remove_schemas(run)
        left += leftovers.remove_files(_runs(), run, left)
        kinds = ["topics", "groups"]
        kinds += ["schemas"] if _SCHEMAS in sys.modules else []
        kinds += ["streams"] if self.streams else []
        said = leftovers.removed([*kinds, "files"], left)
        if left and self.strict:
            raise ServersError(said)
        print(said)

    def _remove_nodes(self) -> list[Left]:
        try:
            self.cluster.remove_added()
        except ServersError as error:
            return [Left(("nodes",), str(error))]
        return []

    def _remove_schemas(self, run: Run) -> list[Left]:
        # Not imported: this run has registered nothing.
        schemas = sys.modules.get(_SCHEMAS)
        if schemas is None:
            return []
        where = f"The registry of schemas at {self.registry_url}"
        return leftovers.attempt(
            where,
            "schemas",
            run,
            lambda: schemas.delete_subjects(self.registry, run.made),
        )


@public
def begin(name: str, strict: bool = False) -> Lesson:
    """Start the servers if they do not run, and point every client at them.

    Topics and streams that an earlier run of this lesson left are removed, and nodes
    that an earlier run of any lesson added.

    Args:
        name: of the lesson, as its notebook is called, such as ``"04_topics"``.
        strict: whether a failed check raises, as in the notebooks of solutions.

    Raises:
        InputError: there is no such lesson.
        ServersError: the servers do not come up; the message says what to do.
    """
    check_lesson(name, "begin")
    settings = Settings.from_environment()
    cluster = connect(settings)
    cluster.up(owner=_jupyter_pid())
    cluster.remove_added()
    status = cluster.status()
    apply_to_this_process(status)
    check_this_process(status)
    _put_tools_on_path()
    client_log().know(status.brokers)
    late_stop.install()
    needs.install(name, cluster.abilities)
    members.leave_all()
    again = _remove_ended_runs(name, cluster, status.kinesis.state == "running")
    suffix = f"-{secrets.token_hex(2)}"
    _write_record(name, suffix)
    patience = _PATIENCE_IF_STRICT if strict else _PATIENCE
    lesson = Lesson(name, cluster, settings.prefix, suffix, strict, patience)
    current.enter(lesson)
    print(_ready(status))
    if again:
        print(_AGAIN)
    return lesson


def _ready(status: ClusterStatus) -> str:
    names = [f"{len(status.brokers)} brokers"]
    names += _controllers(len(status.controllers))
    names += ["Kinesis"] if status.kinesis.state == "running" else []
    notes = status.notes if status.mode == "attached" else ()
    return "\n".join([f"Ready: {listed(names)} answer.", *notes])


def _controllers(number: int) -> list[str]:
    if number > 1:
        return [f"{number} controllers"]
    return ["a controller"] if number else []


def _jupyter_pid() -> int:
    """Return whose end ends the servers: the Jupyter server that started this kernel."""
    return int(os.environ.get("JPY_PARENT_PID") or os.getpid())


def _put_tools_on_path() -> None:
    scripts = str(Path(sys.executable).parent)
    parts = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if scripts not in parts:
        os.environ["PATH"] = os.pathsep.join([scripts, *parts])


def _remove_ended_runs(name: str, cluster: Cluster, kinesis_answers: bool) -> bool:
    """Remove what ended runs of the lesson left, and return whether there were any.

    What stays is tried again next time.
    """
    removed = False
    for file in filter(Path.is_file, _runs().glob(f"{name}-*.json")):
        kernel, run = _read_record(file)
        if kernel is None or kernel.pid == os.getpid() or find(kernel) is None:
            removed = True
            left = leftovers.remove_from_kafka(cluster, run)
            left += leftovers.remove_from_kinesis(run, kinesis_answers)
            left += leftovers.remove_files(_runs(), run, left)
            if not left:
                file.unlink(missing_ok=True)
            # Of what may cost money; a group whose member just died goes next time.
            for one in left:
                if "streams" in one.kinds:
                    print(one.told)
    return removed


def _runs() -> Path:
    return Settings.from_environment().runs_dir


def _record(name: str, suffix: str) -> Path:
    return _runs() / f"{name}{suffix}.json"


def _write_record(name: str, suffix: str, streams: Iterable[str] = ()) -> None:
    """Write down what the next run must know to remove what this one leaves."""
    kernel = asdict(ProcessId.of(os.getpid()))
    run = {"kernel": kernel, "suffix": suffix, "streams": sorted(streams)}
    file = _record(name, suffix)
    claim(file.parent.parent, STATE)
    file.parent.mkdir(exist_ok=True)
    files.write(file, json.dumps(run))


def _read_record(file: Path) -> tuple[ProcessId | None, Run]:
    """Return a run's kernel and marks; no kernel if its record cannot be read."""
    prefix = Settings.from_environment().prefix
    try:
        told = json.loads(file.read_text("utf-8"))
        streams = told.get("streams")
        known = None if streams is None else frozenset(map(str, streams))
        kernel = ProcessId(int(told["kernel"]["pid"]), str(told["kernel"]["start"]))
        return kernel, Run(prefix, str(told["suffix"]), known)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, Run(prefix, f"-{file.stem.rpartition('-')[2]}")
