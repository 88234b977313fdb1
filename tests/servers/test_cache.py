"""The cache: complete, damaged, empty; with a network and without."""

from dataclasses import replace
from pathlib import Path

import filelock
import pytest

from helpers.servers.embedded import starting
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.runtime import jars, kinesis_package
from helpers.settings import Settings
from tests.servers import maven, scenarios


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str]:
    """Return variables that leave neither jars nor npm a network."""
    return {
        "WORKBOOK_MAVEN_URL": maven.CLOSED,
        "npm_config_registry": f"{maven.CLOSED}/",
        "npm_config_cache": str(tmp_path / "npm"),
        "npm_config_fetch_retries": "0",
    }


@pytest.fixture
def repository(settings: Settings) -> "maven.Iterator[maven.Repository]":
    """Serve the jars of the user's own cache."""
    with maven.repository(jars.jars_dir(settings)) as server:
        yield server


def flip_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def a_jar(settings: Settings, name: str = "kafka-clients-4.3.1.jar") -> Path:
    file = jars.jars_dir(settings) / name
    assert file.exists()
    return file


def test_a_damaged_jar_is_fetched_again(
    copied_cache: Settings, repository: maven.Repository
) -> None:
    intact = a_jar(copied_cache).read_bytes()
    flip_a_byte(a_jar(copied_cache))
    a_jar(copied_cache, "kafka-raft-4.3.1.jar").unlink()
    mirrored = replace(copied_cache, maven_url=repository.url)
    scenarios.succeeds(mirrored, "doctor", "--fix")
    assert sorted(repository.asked) == ["kafka-clients-4.3.1.jar", "kafka-raft-4.3.1.jar"]
    assert a_jar(copied_cache).read_bytes() == intact
    assert jars.missing_jars(copied_cache) == []


@pytest.mark.parametrize("name", ["kafka-clients-4.3.1.jar", "hash4j-0.22.0.jar"])
def test_a_jar_that_cannot_be_fetched_is_named(
    copied_cache: Settings, offline: dict[str, str], name: str
) -> None:
    flip_a_byte(a_jar(copied_cache, name))
    told = scenarios.complaint(scenarios.workbook(copied_cache, "up", **offline))
    assert f"{name} is missing" in told
    assert "the network did not give it" in told
    assert scenarios.pids(copied_cache) == set()


def test_wrong_bytes_are_refused(
    copied_cache: Settings, repository: maven.Repository
) -> None:
    flip_a_byte(a_jar(copied_cache))
    repository.wrong = True
    mirrored = replace(copied_cache, maven_url=repository.url)
    told = scenarios.complaint(scenarios.workbook(mirrored, "up"))
    assert "kafka-clients-4.3.1.jar" in told
    assert "another SHA-256" in told
    assert len(jars.missing_jars(copied_cache)) == 1
    assert scenarios.pids(copied_cache) == set()


def test_a_repository_without_the_jar_is_told_of(
    copied_cache: Settings, repository: maven.Repository
) -> None:
    flip_a_byte(a_jar(copied_cache))
    repository.files.clear()
    mirrored = replace(copied_cache, maven_url=repository.url)
    told = scenarios.complaint(scenarios.workbook(mirrored, "fetch"))
    assert "kafka-clients-4.3.1.jar" in told


def test_a_filled_cache_needs_no_network(
    cluster: EmbeddedCluster, settings: Settings, offline: dict[str, str]
) -> None:
    cluster.stop("kinesis", 0)
    assert "Up after" in scenarios.succeeds(settings, "up", **offline)
    scenarios.succeeds(settings, "fetch", **offline)


def test_an_empty_cache_is_filled_from_a_mirror(
    fresh_settings: Settings, tmp_path: Path, repository: maven.Repository
) -> None:
    empty = replace(fresh_settings, cache_dir=tmp_path / "a", maven_url=repository.url)
    jars.fetch_jars(empty)
    assert jars.missing_jars(empty) == []
    assert len(repository.asked) == 53


def test_an_empty_cache_without_network_is_one_sentence(
    fresh_settings: Settings, tmp_path: Path, offline: dict[str, str]
) -> None:
    empty = replace(fresh_settings, cache_dir=tmp_path / "empty")
    for command in ("up", "fetch"):
        result = scenarios.workbook(empty, command, **offline)
        assert "connect to the network" in scenarios.complaint(result)
    assert scenarios.pids(empty) == set()


def test_a_cache_that_is_a_file_is_one_sentence(
    fresh_settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.touch()
    for command in ("up", "fetch"):
        told = scenarios.workbook(replace(fresh_settings, cache_dir=file), command)
        assert str(file) in scenarios.complaint(told)


def test_a_complete_cache_needs_no_lock_that_could_not_be_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(place: Path) -> None:
        raise PermissionError(place)

    monkeypatch.setattr(filelock, "FileLock", refuse)
    monkeypatch.setattr(kinesis_package, "FileLock", refuse)
    starting.fetch_programs(settings)


def main_js(settings: Settings) -> Path:
    return kinesis_package.package_dir(settings) / "main.js"


def test_damaged_kinesis_without_network_is_one_sentence(
    copied_cache: Settings, offline: dict[str, str]
) -> None:
    flip_a_byte(main_js(copied_cache))
    told = scenarios.complaint(scenarios.workbook(copied_cache, "up", **offline))
    assert told.startswith("workbook: kinesis-local is not in the cache and npm")
    assert scenarios.pids(copied_cache) == set()


def test_damaged_kinesis_is_installed_again(copied_cache: Settings) -> None:
    flip_a_byte(main_js(copied_cache))
    result = scenarios.workbook(copied_cache, "fetch")
    if result.returncode:
        # The one thing here that no mirror on this machine stands in for.
        assert "npm could not fetch it" in scenarios.complaint(result)
        pytest.skip("there is no network for npm")
    assert kinesis_package.is_installed(copied_cache)
    home = kinesis_package.package_dir(copied_cache).parent.parent
    assert {path.name for path in home.parent.glob("kinesis-local-*")} == {
        home.name,
        f"{home.name}.lock",
    }
