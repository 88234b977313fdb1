"""The lessons on containers: the solutions, and in the soak the students' copies."""

import os
from pathlib import Path

import pytest

from helpers.servers.compose.cluster import ComposeCluster
from helpers.settings import Settings
from tests.compose.conftest import PORTS
from tests.lessons import lessons_of, run_lesson
from tests.servers import clients, scenarios


@pytest.mark.parametrize(
    "folder",
    ["notebooks/solutions", pytest.param("notebooks", marks=pytest.mark.soak)],
)
@pytest.mark.parametrize("name", lessons_of("compose"))
def test_a_lesson_runs_on_containers(
    well: ComposeCluster, compose_settings: Settings, folder: str, name: str
) -> None:
    own = {
        "WORKBOOK_MODE": "compose",
        "WORKBOOK_PROGRESS_FILE": str(compose_settings.progress_file),
        **PORTS,
    }
    env = {**os.environ, **scenarios.environment(compose_settings, **own)}
    run_lesson(Path(folder, f"{name}.ipynb"), env)
    assert not [one for one in clients.topics(well.status()) if one.startswith("nyc.")]
