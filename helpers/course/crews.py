"""The consumers of a lesson's lag board: checked before any is started."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from confluent_kafka import Consumer, KafkaException

from helpers.inputs import InputError
from helpers.kafka import members
from helpers.kafka.crew import Crew, keep
from helpers.names import TOPIC_NAME_LIMIT, checked
from helpers.wording import shown

if TYPE_CHECKING:
    from helpers.course.lesson import Lesson

# Where the servers are, who may in, and whose consumers these are.
_OURS = frozenset({"bootstrap.servers", "client.id", "group.id", "metadata.broker.list"})
_OURS_BEGIN = ("oauthbearer", "sasl.", "security.", "ssl.", "https.")


def crew(
    lesson: "Lesson",
    group: str,
    topic: str,
    script: str | None = None,
    settings: Mapping[str, object] | None = None,
) -> Crew:
    """Return who starts the consumers of a group, with those that run already.

    Raises:
        InputError: no group or topic can have that name, there is no such script, or
            no consumer can have such settings.
    """
    checked(group, TOPIC_NAME_LIMIT)
    checked(topic, TOPIC_NAME_LIMIT)
    _check_settings(settings or {})
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


def _check_settings(settings: Mapping[str, object]) -> None:
    """See that a consumer can be made of the settings, and that it stays this group's."""
    for name, value in settings.items():
        if name in _OURS or name.startswith(_OURS_BEGIN):
            raise InputError(
                f"The course sets {shown(name)} itself: leave it out of the settings."
            )
        # They go to another process, as JSON: no function can.
        if not isinstance(value, str | int | float):
            raise InputError(
                f"The setting {shown(name)} must be a text or a number, not "
                f"{shown(value)}."
            )
    try:
        Consumer({"group.id": "workbook-look", **settings}).close()
    except KafkaException as error:
        said = " ".join(error.args[0].str().split())
        raise InputError(f"No consumer can have these settings: {said}.") from error
