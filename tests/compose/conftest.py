"""Containers of the tests' own; without an engine these tests are skipped by name."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.servers.compose.cluster import ComposeCluster
from helpers.servers.compose.docker import docker
from helpers.servers.errors import ServersError
from helpers.settings import Settings
from tests.conftest import own_settings

PORTS = {
    "WORKBOOK_BROKER_1_PORT": "19292",
    "WORKBOOK_BROKER_2_PORT": "19294",
    "WORKBOOK_BROKER_3_PORT": "19296",
    "WORKBOOK_KINESIS_PORT": "14566",
    "WORKBOOK_REGISTRY_PORT": "18281",
}
"""Beside those of a developer's own containers."""


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """Skip where there is no engine with compose."""
    try:
        docker("version")
        docker("compose", "version")
    except ServersError as error:
        pytest.skip(f"no container engine: {error}")


@pytest.fixture(scope="session")
def compose_settings(
    no_settings_of_the_caller: None, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Return settings of containers of the tests' own."""
    os.environ.update(PORTS)
    own = own_settings(tmp_path_factory.mktemp("compose"))
    return replace(own, mode="compose")


@pytest.fixture(scope="session")
def containers(engine: None, compose_settings: Settings) -> Iterator[ComposeCluster]:
    """Return running containers that go, with their data, after the last test."""
    cluster = ComposeCluster(compose_settings)
    cluster.up()
    yield cluster
    compose(cluster, "down", "--volumes")


def compose(cluster: ComposeCluster, *arguments: str) -> None:
    """Run ``docker compose`` on the containers of the tests, the registry included."""
    file = str(Path(__file__).parents[2] / "docker-compose.yml")
    where = ("--project-name", cluster.project, "--file", file, "--profile", "registry")
    docker("compose", *where, *arguments, seconds=180)


@pytest.fixture
def well(containers: ComposeCluster) -> ComposeCluster:
    """Return the containers with every node running."""
    containers.up()
    return containers
