"""Only what the workbook made is ever removed."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.inputs import InputError
from helpers.install import bootstrap, clean
from helpers.install.clean import ENVIRONMENT, Place
from helpers.install.facts import runs_for_others
from helpers.owned import CACHE, STATE, Kind, claim, remove
from helpers.servers.embedded import processes, storage
from helpers.servers.embedded.layout import Layout
from helpers.servers.runtime.jars import fetch_jars
from helpers.servers.runtime.kinesis_package import fetch_kinesis
from helpers.settings import PROJECT_ROOT, Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that somebody has used already."""
    made = tmp_path / "pictures"
    fill(made, "photo.jpg")
    return made


def fill(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)


def left(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*"))


def emptied(folder: Path, kind: Kind) -> str | None:
    return Place("all of it", folder, kind).empty()


@pytest.mark.parametrize(
    ("kind", "own"), [(STATE, "data/broker-1/a"), (CACHE, "kafka-4.3.1/a.jar")]
)
def test_what_others_have_in_a_folder_stays(folder: Path, kind: Kind, own: str) -> None:
    (folder / "photo.jpg").unlink()
    claim(folder, kind)
    fill(folder, own, "photo.jpg")
    assert "pictures holds files that are not the workbook's: they stay" in (
        emptied(folder, kind) or ""
    )
    assert left(folder) == ["photo.jpg"]


@pytest.mark.parametrize(
    ("kind", "foreign"), [(STATE, "data/flights.csv"), (CACHE, "kafka-4.3.1/mine.txt")]
)
def test_what_others_have_under_our_names_stays(
    folder: Path, kind: Kind, foreign: str
) -> None:
    fill(folder, foreign)
    before = left(folder)
    with pytest.raises(InputError, match=f"where other files are: set {kind.setting} to"):
        claim(folder, kind)
    assert "was not made by the workbook: it stays" in (emptied(folder, kind) or "")
    assert left(folder) == before


def test_downloads_take_nobodys_place(folder: Path, settings: Settings) -> None:
    fill(folder, "kafka-4.3.1/mine.txt", "kinesis-local-0.6.2/node_modules/mine")
    before, there = left(folder), replace(settings, cache_dir=folder)
    for fetch in (fetch_jars, fetch_kinesis):
        with pytest.raises(InputError, match="Downloads cannot be kept in "):
            fetch(there)
    assert left(folder) == before


@pytest.mark.parametrize("name", [".DS_Store", "lost+found"])
def test_what_a_system_puts_into_a_folder_is_nobodys(tmp_path: Path, name: str) -> None:
    fill(tmp_path, name)
    claim(tmp_path, STATE)
    emptied(tmp_path, STATE)
    assert left(tmp_path) == [name]


@pytest.mark.parametrize("name", ["data", "logs", "photos", "servers.json"])
def test_a_state_folder_with_others_data_is_refused(tmp_path: Path, name: str) -> None:
    fill(tmp_path, f"{name}/mine.txt")
    with pytest.raises(InputError, match="where other files are: set WORKBOOK_STATE_DIR"):
        Layout(tmp_path).make()
    assert left(tmp_path) == [name, f"{name}/mine.txt"]


def test_the_clone_itself_is_no_state_folder() -> None:
    before = sorted(PROJECT_ROOT.iterdir())
    with pytest.raises(InputError, match="where other files are: set WORKBOOK_STATE_DIR"):
        claim(PROJECT_ROOT, STATE)
    assert sorted(PROJECT_ROOT.iterdir()) == before


OLD_STATE = ("servers.json", "servers.4711", "data/controller-101/a", "logs/a")
OLD_CACHE = ("kafka-4.3.1.lock", "kafka-4.3.1/a.jar", "kinesis-local-0.6.2/a")


@pytest.mark.parametrize(
    ("name", "kind", "own"),
    [
        (".workbook", STATE, OLD_STATE),
        ("elsewhere", STATE, OLD_STATE),
        ("elsewhere", CACHE, OLD_CACHE),
        (".venv", ENVIRONMENT, ("workbook-lab.sha256", "bin/python")),
    ],
)
def test_a_folder_from_before_there_were_markers_is_known(
    tmp_path: Path, name: str, kind: Kind, own: tuple[str, ...]
) -> None:
    fill(tmp_path / name, *own)
    claim(tmp_path / name, kind)
    assert emptied(tmp_path / name, kind) is None
    assert left(tmp_path) == []


def test_links_lead_to_what_stays(tmp_path: Path, folder: Path) -> None:
    fill(tmp_path / "big disk", "kept")
    (tmp_path / ".workbook").symlink_to(folder)
    with pytest.raises(InputError, match="where other files are"):
        claim(tmp_path / ".workbook", STATE)
    assert emptied(tmp_path / ".workbook", STATE)
    assert left(folder) == ["photo.jpg"]
    (folder / "photo.jpg").unlink()
    claim(tmp_path / ".workbook", STATE)
    (folder / "data").symlink_to(tmp_path / "big disk")
    fill(folder, "logs/broker-1.log", "photo.jpg")
    emptied(tmp_path / ".workbook", STATE)
    assert left(folder) == ["photo.jpg"]
    assert left(tmp_path / "big disk") == ["kept"]
    (folder / "photo.jpg").unlink()
    claim(tmp_path / ".workbook", STATE)
    assert emptied(tmp_path / ".workbook", STATE) is None
    assert folder.exists()
    assert (tmp_path / ".workbook").is_symlink(), "somebody wants it to lie there"


def test_what_could_not_be_removed_is_told_and_not_freed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(tmp_path, STATE)
    fill(tmp_path, "data/broker-1/a")
    place = Place("data", tmp_path, STATE)
    size = place.size()

    def refused(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(clean, "remove", refused)
    assert (
        place.empty()
        == f"{tmp_path / 'data'} could not be removed whole (Permission denied)."
    )
    assert place.size() == size > 0


def test_a_fresh_cluster_leaves_what_is_no_nodes_data(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "state")
    layout.make()
    fill(layout.data, "broker-1/a", "controller-101/a", "mine/a", "broker-notes.txt")
    storage.empty(layout)
    assert left(layout.data) == ["broker-notes.txt", "mine", "mine/a"]


def test_an_environment_of_somebody_elses_is_neither_filled_nor_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path, ".venv/bin/mine")
    with pytest.raises(SystemExit, match=r"\.venv in .* was not made by the workbook"):
        bootstrap.install("lab")
    assert emptied(Path(".venv"), ENVIRONMENT)
    assert clean.ask() == {}, "a Python of somebody else's knows nothing of us"
    assert left(tmp_path) == [".venv", ".venv/bin", ".venv/bin/mine"]
    (tmp_path / ".venv").rename(tmp_path / "mine")
    (tmp_path / ".venv").symlink_to("mine")
    with pytest.raises(SystemExit, match="or is a link: give it another name"):
        bootstrap.install("lab")
    places = clean.places({}, [])
    assert not list(places), "nothing behind a link is removed"


def test_removing_nothing_is_no_error(tmp_path: Path) -> None:
    remove(tmp_path / "nothing")


def test_servers_of_another_clone_keep_the_downloads(tmp_path: Path) -> None:
    mine, other, cache = (tmp_path / name for name in ("mine", "other", "cache"))
    code = "import time; time.sleep(600)"
    command = [sys.executable, "-c", code, "-cp", f"{cache}/kafka-4.3.1/*"]
    other.mkdir()
    process = processes.spawn(command, other, tmp_path / "output", os.environ)
    try:
        assert runs_for_others((mine,), cache)
        (link := tmp_path / "link").symlink_to(cache)
        assert runs_for_others((mine,), link)
        assert not runs_for_others((mine, other), cache), "they are stopped first"
        assert not runs_for_others((mine,), tmp_path / "another cache")
    finally:
        processes.kill([process])


def test_without_an_environment_servers_that_may_run_keep_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clean, "is_installed", lambda: False)
    record = tmp_path / "servers.json"
    nodes = [{"process": None}, {"process": {"pid": os.getpid(), "start": "1"}}]
    record.write_text(json.dumps({"nodes": nodes}))
    with pytest.raises(SystemExit, match="so nothing was removed: run `make down`"):
        clean.stop_servers([tmp_path])
    for ended in ('{"nodes": [{"process": null}]}', '{"nodes": 5}', "damaged"):
        record.write_text(ended)
        clean.stop_servers([tmp_path])
