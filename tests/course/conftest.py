"""A lesson in progress, on servers of the tests' own."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.course import current
from helpers.course.lesson import Lesson
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.environment import client_environment


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the progress of each test apart from the developer's and the others'."""
    file = tmp_path / "progress.json"
    monkeypatch.setenv("WORKBOOK_PROGRESS_FILE", str(file))
    return file


@pytest.fixture
def lesson(cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lesson]:
    """Enter a lesson whose names are this test's own, and tidy up after it."""
    status = cluster.status()
    for name, value in client_environment(status).items():
        monkeypatch.setenv(name, value)
    suffix = f"-{secrets.token_hex(2)}"
    entered = Lesson("test", cluster, "", suffix, False)
    current.enter(entered)
    yield entered
    entered.clean_up()
