"""The lessons that need Kinesis, with LocalStack in place of the embedded endpoint."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import psutil
import pytest

from helpers.course.project import LESSONS
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.lessons import lessons_of, run_lesson
from tests.servers import scenarios


def with_kinesis() -> list[str]:
    """Return the names of the lessons that call Kinesis."""
    names = lessons_of("attached")
    return [n for n in names if "boto3" in (LESSONS / f"{n}.py").read_text("utf-8")]


def test_it_listens_on_this_machine_alone(localstack: str) -> None:
    assert streams(localstack) == [], "its kinesis-mock starts with the first call"
    port = urlsplit(localstack).port
    (owner,) = {
        one.pid
        for one in psutil.net_connections("tcp")
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port
    }
    assert owner is not None
    family = [psutil.Process(owner), *psutil.Process(owner).children(recursive=True)]
    addresses = {
        one.laddr.ip
        for process in family
        for one in process.net_connections("tcp")
        if one.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


# Lesson 00 is left to the soak: the others make each of its calls and many more.
# The longest takes three minutes, and LocalStack feels it when others compute.
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", with_kinesis()[1:])
def test_a_lesson_runs_on_localstack(
    localstack: str, cluster: EmbeddedCluster, settings: Settings, name: str
) -> None:
    env = on_localstack(localstack, cluster, settings)
    run_lesson(Path("notebooks", "solutions", f"{name}.ipynb"), env)
    # A stream that is deleted stays in the list for a moment.
    wait_for(lambda: not streams(localstack), 30, "the end of its streams")


def on_localstack(
    localstack: str, cluster: EmbeddedCluster, settings: Settings
) -> dict[str, str]:
    """Return an environment in which Kafka is the worker's, and Kinesis LocalStack."""
    own = {
        "WORKBOOK_MODE": "attached",
        "WORKBOOK_PREFIX": "anna",
        "WORKBOOK_PROGRESS_FILE": str(settings.progress_file),
        "KAFKA_BOOTSTRAP_SERVERS": cluster.status().bootstrap_servers or "",
        "AWS_ENDPOINT_URL_KINESIS": localstack,
    }
    return {**os.environ, **scenarios.environment(settings, **own)}


def streams(endpoint: str) -> list[str]:
    """Return the names of all streams."""
    kinesis = boto3.client(
        "kinesis",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",  # noqa: S106 - it takes any
    )
    names: list[str] = kinesis.list_streams()["StreamNames"]
    kinesis.close()
    return names
