"""Servers of a single test's own, for tests that break them."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.owned import CACHE, claim
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.processes import belonging_to
from helpers.servers.embedded.starting import fetch_programs
from helpers.servers.runtime import class_data
from helpers.settings import Settings
from tests.conftest import own_settings


@pytest.fixture(scope="session", autouse=True)
def filled_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Download what the servers need once, so that no test depends on another."""
    settings = own_settings(tmp_path_factory.mktemp("cache"))
    fetch_programs(settings)
    # Else the first start would have it made beside the servers that a test counts.
    class_data.make_archive(settings)


@pytest.fixture
def fresh_settings(tmp_path: Path) -> Iterator[Settings]:
    """Return settings of one test's own, where nothing runs yet."""
    settings = own_settings(tmp_path)
    yield settings
    EmbeddedCluster(settings).down()
    assert belonging_to(settings.state_dir) == []


@pytest.fixture
def fresh_cluster(fresh_settings: Settings) -> EmbeddedCluster:
    """Return servers of one test's own, not started yet."""
    return EmbeddedCluster(fresh_settings)


@pytest.fixture
def copied_cache(fresh_settings: Settings, tmp_path: Path) -> Settings:
    """Return settings with a copy of the cache, which a test may damage."""
    target = tmp_path / "copied cache"
    claim(target, CACHE)
    for folder in fresh_settings.cache_dir.glob("k*-*"):
        if folder.is_dir():
            shutil.copytree(folder, target / folder.name)
    return replace(fresh_settings, cache_dir=target)
