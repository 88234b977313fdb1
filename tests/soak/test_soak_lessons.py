"""Every lesson in the kind and mode in which the tests of each change do not run it.

Those run the solutions on servers of one's own, and the student's copies attached.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings
from tests.attached.conftest import Student
from tests.lessons import lessons_of, run_lesson
from tests.localstack.test_lessons import on_localstack, with_kinesis
from tests.servers import scenarios

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]


@pytest.mark.parametrize("name", lessons_of("embedded"))
def test_a_students_copy_on_servers_of_ones_own(
    cluster: EmbeddedCluster, settings: Settings, name: str
) -> None:
    own = {"WORKBOOK_PROGRESS_FILE": str(settings.progress_file)}
    run_lesson(Path("notebooks", f"{name}.ipynb"), scenarios.environment(settings, **own))


@pytest.mark.parametrize("name", lessons_of("attached"))
def test_the_solutions_attached(student: Callable[..., Student], name: str) -> None:
    run_lesson(Path("notebooks", "solutions", f"{name}.ipynb"), student("anna").env)


@pytest.mark.parametrize("name", with_kinesis())
def test_a_students_copy_on_localstack(
    localstack: str, cluster: EmbeddedCluster, settings: Settings, name: str
) -> None:
    env = on_localstack(localstack, cluster, settings)
    run_lesson(Path("notebooks", f"{name}.ipynb"), env)
