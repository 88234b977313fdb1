"""The end of what a run made, each engine's part whatever becomes of the others'."""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import KafkaError, KafkaException

from helpers.kafka.groups import delete_groups
from helpers.kafka.topics import admin_client, delete_topics, topic_names
from helpers.kinesis.streams import delete_streams
from helpers.live.words import listed
from helpers.servers.errors import ServersError
from helpers.servers.interface import Cluster
from helpers.views import running

_SUFFIX = re.compile("-[0-9a-f]{4}")

Remover = Callable[[], Mapping[str, BaseException]]
"""Removes what it can, and returns why not by the name of what is left; raises whatever
the engine's client does if the engine does not answer."""


@dataclass(frozen=True)
class Run:
    """What tells the things of one run from all others.

    Attributes:
        prefix: begins their names; often empty.
        suffix: ends them, such as ``"-7f3a"``.
        streams: the names that it asked for; None if nobody knows.
    """

    prefix: str
    suffix: str
    streams: frozenset[str] | None = None

    @property
    def is_marked(self) -> bool:
        """Whether it has a suffix as runs have; any other would mark others' things."""
        return bool(_SUFFIX.fullmatch(self.suffix))

    def made(self, name: str) -> bool:
        """Tell whether a name carries both marks."""
        ends = self.is_marked and name.endswith(self.suffix)
        return ends and name.startswith(self.prefix)


@dataclass(frozen=True)
class Left:
    """Something that is still there, or may be.

    Attributes:
        kinds: of what, such as ``("topics", "groups")``.
        told: what it is, why, and what to do, in sentences.
    """

    kinds: tuple[str, ...]
    told: str


def remove_from_kafka(cluster: Cluster, run: Run, seconds: float = 0) -> list[Left]:
    """Remove a run's groups and topics, and return what is left.

    Args:
        cluster: whose brokers are asked.
        run: whose.
        seconds: for which a group may still have members.
    """
    # A view of a topic that goes would wait for it for ever.
    running.stop_about(run.made)
    where = "Kafka"
    try:
        connection = cluster.connection
        where = f"Kafka at {connection.get('bootstrap.servers')}"
        admin = admin_client(connection)
        topics = list(filter(run.made, topic_names(admin)))
    except (KafkaException, ServersError) as error:
        return [_unanswered(where, ("topics", "groups"), run, error)]
    return [
        *attempt(
            where, "groups", run, lambda: delete_groups(connection, run.made, seconds)
        ),
        *attempt(where, "topics", run, lambda: delete_topics(admin, topics)),
    ]


def remove_from_kinesis(run: Run, answers: bool = True) -> list[Left]:
    """Remove a run's streams, and return what is left.

    Args:
        run: whose.
        answers: whether Kinesis is asked at all; if not, nothing is waited for.
    """

    def remove() -> Mapping[str, BaseException]:
        if not answers:
            raise ConnectionError("it did not answer just now")
        return delete_streams(run.made)

    where = f"Kinesis at {os.environ.get('AWS_ENDPOINT_URL_KINESIS') or 'AWS'}"
    return attempt(where, "streams", run, remove)


def attempt(where: str, kind: str, run: Run, remove: Remover) -> list[Left]:
    """Remove the things of one kind, and return what is left.

    Args:
        where: the engine and its address.
        kind: of what, such as ``"topics"``.
        run: whose.
        remove: does it.
    """
    try:
        refused = remove()
    # Whatever it is: the other engines' things must go all the same.
    except Exception as error:
        # Many classes have no Kinesis: who asked for no stream misses none.
        is_none = kind == "streams" and run.streams == frozenset()
        return [] if is_none else [_unanswered(where, (kind,), run, error)]
    return [_refused(kind, refused)] if refused else []


def remove_files(runs: Path, run: Run, left: Sequence[Left]) -> list[Left]:
    """Remove a run's folders, unless something is left that may need them.

    Args:
        runs: the folder that they are in.
        run: whose.
        left: what else is.
    """
    folders = list(runs.glob(f"*{run.suffix}")) if run.is_marked else []
    if folders and left:
        where = listed(folders)
        return [Left(("files",), f"The files of this run stay until then, in {where}.")]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    stuck = list(filter(Path.exists, folders))
    told = f"{listed(stuck)} cannot be removed whole: remove it yourself."
    return [Left(("files",), told)] if stuck else []


def removed(kinds: Iterable[str], left: Sequence[Left]) -> str:
    """Say which kinds are removed to the last one, and then what is left."""
    not_whole = {kind for one in left for kind in one.kinds}
    whole = [kind for kind in kinds if kind not in not_whole]
    said = [f"Removed the {listed(whole)} of this run."] if whole else []
    return "\n".join([*said, *(one.told for one in left)])


def _unanswered(
    where: str, kinds: tuple[str, ...], run: Run, error: BaseException
) -> Left:
    known = ", ".join(sorted(run.streams or ())) if "streams" in kinds else ""
    told = (
        f"{where} cannot be asked ({_reason(error)}), so {listed(kinds)} whose names end "
        f"in {run.suffix} may still be there{known and f': {known}'}."
    )
    return Left(kinds, f"{told} {_advice('Run this cell again when it answers.', kinds)}")


def _refused(kind: str, refused: Mapping[str, BaseException]) -> Left:
    names: dict[str, list[str]] = {}
    for name, error in sorted(refused.items()):
        names.setdefault(_reason(error), []).append(name)
    which = "; ".join(f"{', '.join(names[why])} ({why})" for why in names)
    again = "Close what still uses them, and run" if kind == "groups" else "Run"
    advice = _advice(f"{again} this cell again.", (kind,))
    return Left((kind,), f"These {kind} are still there: {which}. {advice}")


def _advice(again: str, kinds: tuple[str, ...]) -> str:
    costs = "On AWS each costs money until it is deleted. "
    return (costs if "streams" in kinds else "") + again


def _reason(error: BaseException) -> str:
    """Return a client library's own words in one line."""
    inner = error.args[0] if isinstance(error, KafkaException) else error
    words = inner.str() if isinstance(inner, KafkaError) else str(inner)
    return " ".join(words.split()).strip(" .") or type(error).__name__
