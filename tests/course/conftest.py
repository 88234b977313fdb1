"""A lesson in progress, on servers of the tests' own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.course.lesson import Lesson
from helpers.servers.embedded.cluster import EmbeddedCluster
from tests.course import students


@pytest.fixture(autouse=True)
def progress_apart(own_progress: Path) -> None:
    """Have every test here keep a progress of its own."""


@pytest.fixture
def lesson(cluster: EmbeddedCluster) -> Iterator[Lesson]:
    """Enter a lesson whose names are this test's own, and tidy up after it."""
    with students.entered(cluster) as lesson:
        yield lesson
