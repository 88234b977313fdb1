"""What all tests share: servers of their own, far from the caller's."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from helpers.kafka.topics import admin_client, delete_topics, topic_names
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.processes import belonging_to
from helpers.settings import Settings
from helpers.waiting import patience

_KEPT = (
    "WORKBOOK_CACHE_DIR",
    "WORKBOOK_MAVEN_URL",
    "WORKBOOK_PATIENCE",
    "WORKBOOK_REQUIRE_BROWSER",
)
_FOREIGN = ("WORKBOOK_", "KAFKA_", "AWS_")


def pytest_configure() -> None:
    """Stop what a test has started, too, when the tests are asked to end."""

    def end(number: int, frame: FrameType | None) -> None:
        # Who asks twice must not cut off the tidying.
        signal.signal(number, signal.SIG_IGN)
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGTERM, end)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lengthen the deadline of a test that has one of its own, as all others are."""
    for item in items:
        if mark := item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(mark.args[0] * patience()), append=False)


@pytest.fixture(scope="session", autouse=True)
def no_settings_of_the_caller() -> None:
    """Drop every variable that could point a test at somebody's cluster."""
    for name in list(os.environ):
        if name.startswith(_FOREIGN) and name not in _KEPT:
            del os.environ[name]


@pytest.fixture(scope="session")
def settings(
    no_settings_of_the_caller: None, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Return settings with a state folder of this worker's own."""
    return own_settings(tmp_path_factory.mktemp("state of tests"))


@pytest.fixture(scope="session")
def shared_cluster(settings: Settings) -> Iterator[EmbeddedCluster]:
    """Return servers that all modules of this worker share and may break."""
    servers = EmbeddedCluster(settings)
    yield servers
    servers.down()
    assert belonging_to(settings.state_dir) == []


@pytest.fixture(scope="module")
def cluster(shared_cluster: EmbeddedCluster) -> EmbeddedCluster:
    """Return this worker's servers: every node running, none added, and no topic.

    The modules share them, since a start costs eight seconds of a processor.
    """
    # Owned by this process, so that they end with it, however it ends.
    shared_cluster.up(owner=os.getpid())
    shared_cluster.remove_added()
    admin = admin_client(shared_cluster.connection)
    delete_topics(admin, (name for name in topic_names(admin) if name[:2] != "__"))
    return shared_cluster


def own_settings(folder: Path) -> Settings:
    """Return settings whose state and work folders lie in ``folder``."""
    variables = {name: os.environ[name] for name in _KEPT if name in os.environ}
    variables["WORKBOOK_STATE_DIR"] = str(folder / "state")
    variables["WORKBOOK_WORK_DIR"] = str(folder / "work")
    variables["WORKBOOK_PROGRESS_FILE"] = str(folder / "progress.json")
    return Settings.from_environment(variables)


@pytest.fixture
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the progress of each test apart from the developer's and the others'."""
    file = tmp_path / "progress.json"
    monkeypatch.setenv("WORKBOOK_PROGRESS_FILE", str(file))
    return file
