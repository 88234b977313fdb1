"""The first and the last cell of a lesson: servers up, names, and tidying."""

import json
import os
import re
import secrets
import shutil
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from helpers import files
from helpers.course import current, errors, needs, quotas
from helpers.kafka import members
from helpers.kafka.groups import delete_groups
from helpers.kafka.topics import admin_client, delete_topics, topic_names
from helpers.kinesis.governor import Governor
from helpers.kinesis.shards import KinesisClient
from helpers.kinesis.streams import delete_streams
from helpers.names import KINESIS_NAME_LIMIT, TOPIC_NAME_LIMIT, checked
from helpers.owned import claim_state
from helpers.servers import connect, schema_registry
from helpers.servers.embedded.processes import ProcessId, find
from helpers.servers.environment import apply_to_this_process, check_this_process
from helpers.servers.interface import Cluster, ClusterStatus
from helpers.settings import Settings
from helpers.views import running

if TYPE_CHECKING:
    from confluent_kafka.schema_registry import SchemaRegistryClient

_SUFFIX = re.compile("-[0-9a-f]{4}")
# Seconds: a student waits for the answer, a run of the solutions does not.
_PATIENCE, _PATIENCE_IF_STRICT = 0.5, 5.0


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
    """

    name: str
    cluster: Cluster
    prefix: str
    suffix: str
    strict: bool
    patience: float
    governor: Governor = field(default_factory=Governor, compare=False)

    @property
    def connection(self) -> dict[str, str]:
        """The settings that every client of Kafka begins with.

        Asked anew each time: servers that died may have come back on other ports.
        """
        return self.cluster.connection

    @property
    def bootstrap_servers(self) -> str:
        """Where Kafka's clients begin, as ``host:port,host:port``."""
        return self.connection["bootstrap.servers"]

    def topic(self, base: str) -> str:
        """Return this run's name of a topic, such as ``flights-7f3a``."""
        return checked(f"{self.prefix}{base}{self.suffix}", TOPIC_NAME_LIMIT)

    def group(self, base: str) -> str:
        """Return this run's name of a consumer group."""
        return self.topic(base)

    def stream(self, base: str) -> str:
        """Return this run's name of a Kinesis stream."""
        return checked(f"{self.prefix}{base}{self.suffix}", KINESIS_NAME_LIMIT)

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

    def start(self, script: str | Path, *arguments: object) -> members.Member:
        """Start a script of this run's folder as a process of its own.

        It finds the settings of its clients as JSON in the variable ``CONNECTION``, and
        never outlives this kernel.

        Args:
            script: its name, such as ``"worker.py"``.
            arguments: what it finds in ``sys.argv[1:]``, as text.

        Raises:
            InputError: there is no such script, or too many processes run already.
        """
        return members.start(self.folder / str(script), arguments, self.connection)

    def clean_up(self) -> None:
        """End this run's processes; remove its nodes, names, schemas and files."""
        members.leave_all()
        self.cluster.remove_added()
        self._remove_schemas()
        left = _remove(self.connection, self.prefix, self.suffix)
        print("Removed the topics, groups, streams and files of this run.")
        if left:
            print(
                f"But these streams are still there: {', '.join(left)}. On AWS each "
                "costs money until it is deleted: run this cell again."
            )

    def _remove_schemas(self) -> None:
        # Not imported: this run has registered nothing.
        schemas = sys.modules.get("helpers.kafka.schemas")
        if schemas is not None:
            schemas.delete_subjects(
                self.registry,
                lambda topic: (
                    topic.startswith(self.prefix) and topic.endswith(self.suffix)
                ),
            )


def begin(name: str, strict: bool = False) -> Lesson:
    """Start the servers if they do not run, and point every client at them.

    Topics and streams that an earlier run of this lesson left are removed, and nodes
    that an earlier run of any lesson added.

    Args:
        name: of the lesson, as its notebook is called.
        strict: whether a failed check raises, as in the notebooks of solutions.

    Raises:
        ServersError: the servers do not come up; the message says what to do.
    """
    errors.install()
    settings = Settings.from_environment()
    cluster = connect(settings)
    cluster.up(owner=_jupyter_pid())
    cluster.remove_added()
    status = cluster.status()
    apply_to_this_process(status)
    check_this_process(status)
    _put_tools_on_path()
    needs.install(cluster.abilities)
    members.leave_all()
    suffix = _suffix_of_new_run(name, cluster.connection, settings.prefix)
    patience = _PATIENCE_IF_STRICT if strict else _PATIENCE
    lesson = Lesson(name, cluster, settings.prefix, suffix, strict, patience)
    current.enter(lesson)
    print(_ready(status))
    return lesson


def _ready(status: ClusterStatus) -> str:
    names = [f"{len(status.brokers)} brokers"]
    names += _controllers(len(status.controllers))
    names += ["Kinesis"] if status.kinesis.state == "running" else []
    *most, last = names
    said = f"{', '.join(most)} and {last}" if most else last
    notes = status.notes if status.mode == "attached" else ()
    return "\n".join([f"Ready: {said} answer.", *notes])


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


def _suffix_of_new_run(name: str, connection: dict[str, str], prefix: str) -> str:
    """Remove what ended runs of the lesson left; return the suffix of a new one."""
    runs = _runs()
    claim_state(runs.parent)
    runs.mkdir(exist_ok=True)
    for file in runs.glob(f"{name}-*.json"):
        kernel, suffix = _read_run(file)
        ended = kernel is None or kernel.pid == os.getpid() or find(kernel) is None
        # What is left is tried again by the next run.
        if ended and not _remove(connection, prefix, suffix):
            file.unlink(missing_ok=True)
    suffix = f"-{secrets.token_hex(2)}"
    run = {"kernel": asdict(ProcessId.of(os.getpid())), "suffix": suffix}
    files.write(runs / f"{name}{suffix}.json", json.dumps(run))
    return suffix


def _runs() -> Path:
    return Settings.from_environment().runs_dir


def _read_run(file: Path) -> tuple[ProcessId | None, str]:
    try:
        run = json.loads(file.read_text("utf-8"))
        return ProcessId(**run["kernel"]), str(run["suffix"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, f"-{file.stem.rpartition('-')[2]}"


def _remove(connection: dict[str, str], prefix: str, suffix: str) -> tuple[str, ...]:
    """Remove what carries both marks; a suffix that no run has removes nothing.

    Returns:
        The streams that could not be deleted.
    """
    if not _SUFFIX.fullmatch(suffix):
        return ()

    def mine(name: str) -> bool:
        return name.startswith(prefix) and name.endswith(suffix)

    # A view of a topic that goes would wait for it for ever.
    running.stop_about(mine)
    # First: they are what costs money where Kinesis is AWS's.
    left = delete_streams(mine)
    admin = admin_client(connection)
    delete_groups(admin, mine)
    delete_topics(admin, filter(mine, topic_names(admin)))
    for folder in _runs().glob(f"*{suffix}"):
        shutil.rmtree(folder, ignore_errors=True)
    return left
