"""Every lesson on somebody else's servers, under a name of one's own."""

from collections.abc import Callable
from pathlib import Path

import boto3
import pytest
from confluent_kafka.admin import AdminClient

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.waiting import wait_for
from tests.attached.conftest import Student
from tests.lessons import lessons_of, run_lesson
from tests.servers import clients


@pytest.mark.parametrize("name", lessons_of("attached"))
def test_a_lesson_runs_and_leaves_nothing(
    cluster: EmbeddedCluster, student: Callable[..., Student], name: str
) -> None:
    run_lesson(Path("notebooks", "solutions", f"{name}.ipynb"), student("anna").env)
    wait_for(lambda: not names_left(cluster, "anna."), 30, "the end of what it made")


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
