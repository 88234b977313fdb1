"""A pytest plugin: servers for notebooks, a set of its own for each worker.

Lessons kill brokers, so two workers cannot share servers.
"""

import os
import tempfile
from pathlib import Path

import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings

_FOLDER: pytest.StashKey["tempfile.TemporaryDirectory[str]"] = pytest.StashKey()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start servers in a folder of this worker's own."""
    if _only_hands_out(session.config):
        return
    folder = session.config.stash[_FOLDER] = tempfile.TemporaryDirectory()
    os.environ["WORKBOOK_STATE_DIR"] = str(Path(folder.name, "state"))
    os.environ["WORKBOOK_PROGRESS_FILE"] = str(Path(folder.name, "progress.json"))
    # Owned by this process, so that they end with it, however it ends.
    EmbeddedCluster(Settings.from_environment()).up(owner=os.getpid())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop them, and remove their folder."""
    folder = session.config.stash.get(_FOLDER, None)
    if folder:
        EmbeddedCluster(Settings.from_environment()).down()
        folder.cleanup()


def _only_hands_out(config: pytest.Config) -> bool:
    """Tell whether this process gives the tests to workers and runs none."""
    return bool(config.getoption("numprocesses", None)) and not hasattr(
        config, "workerinput"
    )
