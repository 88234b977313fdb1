"""A class at work: every lesson on somebody else's servers, several at a time."""

import functools
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from confluent_kafka.admin import AdminClient

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.waiting import wait_for
from tests.attached.conftest import Student
from tests.lessons import lessons_of, run_lesson
from tests.servers import clients

AT_ONCE = 2
LESSONS = lessons_of("attached")

Runs = dict[str, Future[None]]


@pytest.fixture(scope="module")
def runs(at_school: Callable[..., Student]) -> Iterator[Runs]:
    """Begin each lesson as a student of its own name, some at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(_work, name, at_school(_of(name))) for name in LESSONS}


def _work(name: str, student: Student) -> None:
    run_lesson(Path("notebooks", f"{name}.ipynb"), student.env)


def _of(lesson: str) -> str:
    return f"student{lesson[:2]}"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_and_leaves_nothing(
    cluster: EmbeddedCluster, runs: Runs, name: str
) -> None:
    runs[name].result()
    left = functools.partial(names_left, cluster, f"{_of(name)}.")
    wait_for(lambda: not left(), 30, "the end of what it made")


def names_left(cluster: EmbeddedCluster, prefix: str) -> set[str]:
    """Return the topics, groups and streams of a prefix."""
    status = cluster.status()
    admin = AdminClient({"bootstrap.servers": status.bootstrap_servers})
    groups = admin.list_consumer_groups().result(clients.TIMEOUT).valid
    kinesis = boto3.client(
        "kinesis",
        endpoint_url=status.kinesis_endpoint,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",  # noqa: S106 - it takes any
    )
    names = clients.topics(status) | {group.group_id for group in groups}
    names |= set(kinesis.list_streams()["StreamNames"])
    kinesis.close()
    return {name for name in names if name.startswith(prefix)}
