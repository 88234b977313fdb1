"""The consumers of a lesson's lag board: checked before any is started."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from confluent_kafka import Consumer, KafkaException

from helpers.inputs import InputError
from helpers.kafka import members
from helpers.kafka.crew import Crew, keep
from helpers.names import TOPIC_NAME_LIMIT, checked

if TYPE_CHECKING:
    from helpers.course.lesson import Lesson


def crew(
    lesson: "Lesson",
    group: str,
    topic: str,
    script: str | None = None,
    settings: Mapping[str, str] | None = None,
) -> Crew:
    """Return who starts the consumers of a group, with those that run already.

    Raises:
        InputError: no group or topic can have that name, there is no such script, or
            no consumer can have such settings.
    """
    checked(group, TOPIC_NAME_LIMIT)
    checked(topic, TOPIC_NAME_LIMIT)
    _check_settings(settings)
    file: Path | None = None
    if script is not None:
        file = lesson.folder / str(script)
        members.check_script(file)
    made = Crew(
        lesson.folder,
        lambda: lesson.connection,
        group,
        topic,
        script=file,
        settings=settings,
    )
    return keep(made)


def _check_settings(settings: Mapping[str, str] | None) -> None:
    """See that a consumer can be made of the settings."""
    if settings is None:
        return
    if not isinstance(settings, Mapping):
        raise InputError(
            "settings takes settings of a client by their names, such as "
            f"{{'group.protocol': 'consumer'}}, not {settings!r:.60}."
        )
    for name, value in settings.items():
        # They go to another process, as JSON: no function can.
        if not isinstance(value, str | int | float):
            raise InputError(
                f"The setting {name!r:.40} must be a text or a number, not {value!r:.40}."
            )
    try:
        Consumer({"group.id": "workbook-look", **settings}).close()
    except KafkaException as error:
        said = " ".join(error.args[0].str().split())
        raise InputError(f"No consumer can have these settings: {said}.") from error
