"""Somebody else's servers: embedded ones of the tests' own, known by address alone."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings
from tests.conftest import own_settings
from tests.servers import scenarios


@dataclass(frozen=True)
class Student:
    """Somebody who is attached, with folders of their own.

    Attributes:
        settings: theirs.
        env: what their processes see.
    """

    settings: Settings
    env: dict[str, str]


@pytest.fixture
def student(cluster: EmbeddedCluster, tmp_path: Path) -> Callable[..., Student]:
    """Return what makes a student of a name, attached to the worker's servers."""
    return _maker(cluster, tmp_path)


@pytest.fixture(scope="module")
def at_school(
    cluster: EmbeddedCluster, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Student]:
    """Return the same, of students who stay for all tests of a module."""
    return _maker(cluster, tmp_path_factory.mktemp("school"))


def _maker(cluster: EmbeddedCluster, folder: Path) -> Callable[..., Student]:
    status = cluster.status()

    def make(name: str, **more: str) -> Student:
        own = own_settings(folder / name)
        variables = {
            "WORKBOOK_MODE": "attached",
            "WORKBOOK_PREFIX": name,
            "WORKBOOK_PROGRESS_FILE": str(own.progress_file),
            "KAFKA_BOOTSTRAP_SERVERS": status.bootstrap_servers or "",
            "AWS_ENDPOINT_URL_KINESIS": status.kinesis_endpoint or "",
            # Whoever runs the tests may have credentials; a student has none.
            "HOME": str(folder),
            "WORKBOOK_CACHE_DIR": str(own.cache_dir),
            **more,
        }
        env = scenarios.environment(own, **variables)
        mine = {
            k: v for k, v in env.items() if k.startswith(("WORKBOOK", "KAFKA", "AWS"))
        }
        return Student(Settings.from_environment(mine), {**os.environ, **env})

    return make
