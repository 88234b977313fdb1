"""A lesson in progress, on servers of the tests' own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.course.lesson import Lesson
from helpers.servers.embedded.cluster import EmbeddedCluster
from tests.course import students


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the progress of each test apart from the developer's and the others'."""
    file = tmp_path / "progress.json"
    monkeypatch.setenv("WORKBOOK_PROGRESS_FILE", str(file))
    return file


@pytest.fixture
def lesson(cluster: EmbeddedCluster) -> Iterator[Lesson]:
    """Enter a lesson whose names are this test's own, and tidy up after it."""
    with students.entered(cluster) as lesson:
        yield lesson
