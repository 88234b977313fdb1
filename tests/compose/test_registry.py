"""The registry of schemas as a container, and the lesson that uses it."""

import json
import os
from pathlib import Path
from urllib.request import urlopen

import pytest

from helpers.servers import schema_registry
from helpers.servers.compose.cluster import ComposeCluster
from helpers.servers.compose.docker import docker
from helpers.settings import Settings
from tests.compose.conftest import PORTS, compose
from tests.lessons import run_lesson
from tests.servers import scenarios

IMAGE = "apicurio/apicurio-registry:3.3.3"


@pytest.fixture
def registry(well: ComposeCluster) -> str:
    """Return the address of a registry that runs."""
    if not docker("images", "--quiet", IMAGE):
        pytest.skip(f"the image {IMAGE} is not here")
    compose(well, "up", "--wait", "registry")
    return schema_registry.of_own_servers("compose")


def test_lesson_11_takes_the_registry_that_runs_and_leaves_nothing_in_it(
    registry: str, compose_settings: Settings
) -> None:
    assert (
        registry == f"http://127.0.0.1:{PORTS['WORKBOOK_REGISTRY_PORT']}/apis/ccompat/v7"
    )
    own = {
        "WORKBOOK_MODE": "compose",
        "WORKBOOK_PROGRESS_FILE": str(compose_settings.progress_file),
        **PORTS,
    }
    env = {**os.environ, **scenarios.environment(compose_settings, **own)}
    run_lesson(Path("notebooks/solutions/11_serialization.ipynb"), env)
    with urlopen(f"{registry}/subjects", timeout=10) as answer:
        assert json.load(answer) == []
