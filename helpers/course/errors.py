"""A failed call of a client library ends in a sentence that says what to do."""

import html
import tomllib
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    ParamValidationError,
)
from botocore.exceptions import ConnectionError as NoConnectionError
from confluent_kafka import KafkaError, KafkaException
from IPython.core.getipython import get_ipython
from IPython.display import HTML, display

from helpers.course.current import NoLessonError
from helpers.course.exercises import ExerciseFailed, UnknownExercise
from helpers.course.new_kernel import sentence_on
from helpers.inputs import InputError
from helpers.servers.errors import ServersError
from helpers.settings import SettingsError
from helpers.waiting import WaitTimeout

# Ours: the message is the sentence already.
_SENTENCES = (
    InputError,
    ServersError,
    SettingsError,
    WaitTimeout,
    NoLessonError,
    ExerciseFailed,
    UnknownExercise,
)
_CLIENTS = (KafkaException, BotoCoreError, ClientError)

_ADVICE: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("advice.toml").read_text("utf-8")
)


class _Shell(Protocol):
    InteractiveTB: Any

    def _showtraceback(
        self, kind: type[BaseException], error: BaseException, lines: list[str]
    ) -> None: ...


def sentence(error: BaseException) -> str:
    """Return what happened and what to do, for an error of a client library."""
    if isinstance(error, _SENTENCES):
        return str(error)
    if isinstance(error, KafkaException):
        return _kafka_sentence(error)
    if isinstance(error, ClientError):
        found = error.response.get("Error", {})
        advice = _ADVICE["aws"].get(found.get("Code", ""), "")
        # Some endpoints send a whole request back.
        told = " ".join(str(found.get("Message")).split())
        return f"{advice} ({found.get('Code')}: {told})".strip()
    if isinstance(error, ParamValidationError):
        return _parameter_sentence(error)
    if isinstance(error, NoConnectionError | HTTPClientError):
        return "Kinesis does not answer. Run the set-up cell again to start it."
    return _ADVICE["closed"].get(str(error)) or _schema_sentence(error)


def _kafka_sentence(error: KafkaException) -> str:
    inner = error.args[0] if error.args else error
    if not isinstance(inner, KafkaError):
        return _schema_sentence(error) or type(error).__name__
    advice = _ADVICE["kafka"].get(inner.name(), "")
    return f"{advice} ({inner.name()}: {inner.str()})".strip()


def _parameter_sentence(error: ParamValidationError) -> str:
    """Return what boto3 refused to send, in one line."""
    report = "; ".join(str(error.kwargs["report"]).splitlines())
    found = [
        advice for name, advice in _ADVICE["parameters"].items() if name in report
    ] or ["boto3 does not send this: a value has the wrong type or size."]
    return f"{found[0]} ({report})"


def _schema_sentence(error: BaseException) -> str:
    found = [advice for mark, advice in _ADVICE["schemas"].items() if mark in str(error)]
    return f"{found[0]} ({error})" if found else str(error)


def install() -> None:
    """Make this kernel's cells end so. Outside a notebook nothing happens."""
    _install((*_SENTENCES, *_CLIENTS))


def install_for_schemas() -> None:
    """Do so for Avro and the registry of schemas, too."""
    _install((*_SENTENCES, *_CLIENTS, *_of_schemas()))


def _of_schemas() -> tuple[type[Exception], ...]:
    # Late: these imports take a second, and one lesson needs them.
    from confluent_kafka.schema_registry.error import (
        SchemaParseException,
        SchemaRegistryError,
    )
    from confluent_kafka.serialization import SerializationError
    from fastavro.read import SchemaResolutionError

    return (
        SchemaParseException,
        SchemaRegistryError,
        SchemaResolutionError,
        SerializationError,
    )


def _install(kinds: tuple[type[BaseException], ...]) -> None:
    shell = get_ipython()
    if shell is not None:
        shell.set_custom_exc((*kinds, RuntimeError, NameError), show)


def _has_sentence(error: BaseException) -> bool:
    """Tell whether we have words for it: a closed client raises a plain RuntimeError."""
    if isinstance(error, NameError):
        return sentence_on(error) is not None
    if isinstance(error, RuntimeError) and not isinstance(error, _SENTENCES):
        return str(error) in _ADVICE["closed"]
    return True


def show(
    shell: _Shell,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,
) -> list[str]:
    """End a cell in a sentence, if there is one for the error, as IPython asks for it."""
    if not _has_sentence(error):
        plain = shell.InteractiveTB.structured_traceback
        lines = list(plain(kind, error, trace, tb_offset=tb_offset))
        shell._showtraceback(kind, error, lines)
        return lines
    said = sentence_on(error) if isinstance(error, NameError) else sentence(error)
    lines = [f"{kind.__name__}: {said}"]
    # Sent as an error all the same: the cells below must not run on, and a test
    # must see it.
    shell._showtraceback(kind, error, lines)
    details = "".join(traceback.format_exception(kind, error, trace))
    display(
        HTML(
            f"<details><summary>Where it happened ({kind.__name__})</summary>"
            f"<pre>{html.escape(details)}</pre></details>"
        )
    )
    return lines
