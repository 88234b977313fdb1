"""What every client of a lesson begins with may be printed, and has a logger."""

from types import SimpleNamespace
from typing import Any

from confluent_kafka import Producer

from helpers.course.lesson import Lesson
from helpers.servers.attached.properties import Connection

SERVERS = {"bootstrap.servers": "127.0.0.1:9", "sasl.password": "s3cret"}


def lesson_on(connection: dict[str, str]) -> Lesson:
    cluster: Any = SimpleNamespace(connection=connection)
    return Lesson("test", cluster, "", "-7f3a", strict=False, patience=0)


def test_it_has_the_lessons_logger_and_still_hides_its_secrets() -> None:
    connection = lesson_on(Connection(SERVERS)).connection
    assert connection.items() >= SERVERS.items()
    assert "s3cret" not in repr(connection)
    assert "'logger': <Logger lesson" in repr(connection)


def test_the_servers_own_settings_stay_as_they_are() -> None:
    settings = Connection(SERVERS)
    assert lesson_on(settings).connection != settings == SERVERS


def test_a_client_can_be_made_with_its_logger_and_without() -> None:
    connection = lesson_on({"bootstrap.servers": "127.0.0.1:9"}).connection
    for settings in (connection, {**connection, "logger": None, "log_level": 0}):
        Producer(settings).close()
