"""The last cell: each engine's things go, whatever the other one does."""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from confluent_kafka import Consumer
from confluent_kafka.admin import AdminClient

from helpers.course.lesson import Lesson
from helpers.kafka import topics
from helpers.kafka.topics import topic_names
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.errors import ServersError
from helpers.waiting import wait_for
from tests.course import students
from tests.course.refusing import refusing

WITHIN = 30
NOWHERE = "http://127.0.0.1:9"

Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def own_run(tmp_path: Path, monkeypatch: Patch) -> None:
    """Keep the files of each test's runs apart, as in a kernel without schemas."""
    monkeypatch.setenv("WORKBOOK_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.delitem(sys.modules, "helpers.kafka.schemas", raising=False)


def endpoint(address: str) -> Callable[[Patch], None]:
    return lambda patch: patch.setenv("AWS_ENDPOINT_URL_KINESIS", address)


def socks_proxy(patch: Patch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"):
        proxy = "socks5://127.0.0.1:9" if "http" in name.lower() else ""
        patch.setenv(name, proxy)


def no_credentials(patch: Patch) -> None:
    patch.setattr(boto3, "DEFAULT_SESSION", None)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.delenv(name)


def a_program_that_is_none(patch: Patch) -> None:
    no_credentials(patch)
    config = Path(os.environ["WORKBOOK_STATE_DIR"]).with_name("config")
    config.write_text("[default]\ncredential_process = /nowhere/at-all\n", "utf-8")
    patch.setenv("AWS_CONFIG_FILE", str(config))


# How Kinesis cannot be asked, and what the sentence says of it.
WAYS: dict[str, tuple[Callable[[Patch], None], str]] = {
    "silent": (endpoint(NOWHERE), f"Kinesis at {NOWHERE} cannot be asked (Could not"),
    "malformed": (endpoint("http://"), "Kinesis at http:// cannot be asked (Invalid"),
    "no port": (endpoint("http://127.0.0.1:99999"), "asked (Port out of range"),
    "no ipv6": (endpoint("http://[::1"), "Kinesis at http://[::1 cannot be asked ("),
    "socks": (socks_proxy, "cannot be asked (Failed to connect to proxy"),
    "no credentials": (no_credentials, "asked (Unable to locate credentials)"),
    "no program": (a_program_that_is_none, "asked ([Errno 2] No such file"),
}


def run_of(lesson: Lesson) -> Lesson:
    """Give a run with a topic, a file and the name of a stream."""
    made = students.lesson_at(lesson.cluster)
    students.create(made, made.topic("t"), 1, 1)
    (made.folder / "file.txt").write_text("kept", "utf-8")
    made.stream("s")
    return made


def topics_of(made: Lesson) -> set[str]:
    names = topic_names(AdminClient(made.connection))
    return {name for name in names if name.endswith(made.suffix)}


def said_at_the_end(made: Lesson, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    made.clean_up()
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("way", WAYS)
def test_kafkas_names_go_and_streams_that_may_be_left_are_told(
    lesson: Lesson, monkeypatch: Patch, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    made, (fail, says) = run_of(lesson), WAYS[way]
    with monkeypatch.context() as patch:
        fail(patch)
        whole, streams, files = said_at_the_end(made, capsys)
    assert whole == "Removed the topics and groups of this run."
    assert says in streams
    assert streams.endswith(
        f"so streams whose names end in {made.suffix} may still be there: "
        f"{made.stream('s')}. On AWS each costs money until it is deleted. "
        "Run this cell again when it answers."
    )
    assert files == f"The files of this run stay until then, in {made.folder}."
    wait_for(lambda: not topics_of(made), WITHIN, "the end of its topics")
    again = said_at_the_end(made, capsys)
    assert again == ["Removed the topics, groups, streams and files of this run."]
    assert not list(made.folder.iterdir())


def test_a_token_that_has_expired_is_told(
    lesson: Lesson, monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
) -> None:
    made, codes = run_of(lesson), ["ExpiredTokenException"]
    address = os.environ["AWS_ENDPOINT_URL_KINESIS"]
    with refusing(address, codes, "ListStreams") as at, monkeypatch.context() as patch:
        endpoint(at)(patch)
        _, streams, _ = said_at_the_end(made, capsys)
    assert "cannot be asked (An error occurred (ExpiredTokenException)" in streams


def test_without_kinesis_a_run_that_asked_for_no_stream_misses_none(
    cluster: EmbeddedCluster,
    lesson: Lesson,
    monkeypatch: Patch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = students.lesson_at(cluster)
    endpoint("http://")(monkeypatch)
    said = said_at_the_end(made, capsys)
    assert said == ["Removed the topics, groups and files of this run."]


def test_streams_go_and_kafka_that_is_silent_is_told(
    lesson: Lesson, monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
) -> None:
    silent: Any = SimpleNamespace(
        connection={"bootstrap.servers": "127.0.0.1:9"}, remove_added=lambda: None
    )
    made = replace(students.lesson_at(lesson.cluster), cluster=silent)
    kinesis = boto3.client("kinesis")
    kinesis.create_stream(StreamName=made.stream("s"), ShardCount=1)
    monkeypatch.setattr(topics, "ASK_SECONDS", 0.2)
    whole, kafka = said_at_the_end(made, capsys)
    assert whole == "Removed the streams and files of this run."
    assert "Kafka at 127.0.0.1:9 cannot be asked (" in kafka
    assert f"so topics and groups whose names end in {made.suffix} may still" in kafka

    def gone() -> bool:
        return made.stream("s") not in kinesis.list_streams()["StreamNames"]

    wait_for(gone, WITHIN, "the end of its stream")
    kinesis.close()


def test_a_group_in_use_is_named_and_its_topic_goes(
    lesson: Lesson, capsys: pytest.CaptureFixture[str]
) -> None:
    made = run_of(lesson)
    with ExitStack() as stack:
        group = {"group.id": made.group("g"), "topic.metadata.refresh.interval.ms": 100}
        consumer = Consumer({**made.connection, **group})
        stack.callback(consumer.close)
        consumer.subscribe([made.topic("t")])
        wait_for(lambda: consumer.poll(0.1) or consumer.assignment(), WITHIN, "a share")
        # As in the solutions, whose runs must leave nothing.
        with pytest.raises(ServersError) as kept:
            replace(made, strict=True).clean_up()
    whole, groups, _ = str(kept.value).splitlines()
    assert whole == "Removed the topics and streams of this run."
    assert groups == (
        f"These groups are still there: {made.group('g')} (Broker: The group is not "
        "empty). Close what still uses them, and run this cell again."
    )
    again = said_at_the_end(made, capsys)
    assert again == ["Removed the topics, groups, streams and files of this run."]
