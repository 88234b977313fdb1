"""Disks that servers had better not be kept on, and memory that a container limits."""

import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from helpers.servers import doctor, folders
from helpers.servers.doctor import Finding
from helpers.servers.embedded import limits
from helpers.settings import PROJECT_ROOT, Settings, SettingsError


@pytest.mark.parametrize(
    ("mountpoint", "kind", "folder", "says"),
    [
        ("/home", "nfs4", "/home/ann/clone/.workbook", "a network disk (nfs4)"),
        ("/mnt/c", "9p", "/mnt/c/Users/ann/clone", "a disk of Windows"),
        ("/sandbox", "9p", "/sandbox/clone", "None"),
        ("/media/stick", "vfat", "/media/stick/clone", "without links and permissions"),
        ("/", "ext4", "/home/ann/Dropbox (Personal)/clone", "is synchronised with other"),
        ("/", "ext4", "/home/ann/clone", "None"),
        ("/home/an", "nfs4", "/home/ann/clone", "None"),
    ],
)
def test_a_disk_that_is_no_place_for_servers_is_told(
    monkeypatch: pytest.MonkeyPatch, mountpoint: str, kind: str, folder: str, says: str
) -> None:
    disks = [
        SimpleNamespace(mountpoint="/", fstype="ext4"),
        SimpleNamespace(mountpoint=mountpoint, fstype=kind),
    ]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: disks)
    monkeypatch.setattr(folders, "existing", lambda path: path)
    told = str(folders.trouble(Path(folder)))
    assert says in told
    assert told == "None" or told.startswith(folder)


def test_a_containers_limit_counts_and_none_is_a_lot(tmp_path: Path) -> None:
    assert limits.container_memory(tmp_path) == sys.maxsize
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("3000\n")
    assert limits.container_memory(tmp_path) == sys.maxsize
    (tmp_path / "memory.max").write_text("5000\n")
    assert limits.container_memory(tmp_path) == 2000


def test_what_is_bad_and_safe_to_mend_is_mended() -> None:
    mended: list[str] = []
    findings = [
        Finding("good", True, "", mend=lambda: mended.append("good")),
        Finding("bad", False, "", mend=lambda: mended.append("bad")),
        Finding("hopeless", False, ""),
    ]
    assert doctor.mend(findings)
    assert mended == ["bad"]
    assert not doctor.mend([findings[0], findings[2]])


def test_a_colon_in_the_caches_path_is_refused() -> None:
    with pytest.raises(SettingsError, match="WORKBOOK_CACHE_DIR to a folder without"):
        Settings.from_environment({"WORKBOOK_CACHE_DIR": "/home/a:b"})


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("WORKBOOK_WORK_DIR", "{state}/work"),
        ("WORKBOOK_WORK_DIR", "{state}/../linked/work"),
        ("WORKBOOK_PROGRESS_FILE", "{cache}/mine/progress.json"),
        ("WORKBOOK_WORK_DIR", "lessons/../.workbook/data/work"),
        ("WORKBOOK_WORK_DIR", ".venv/work"),
    ],
)
def test_the_students_own_is_kept_from_what_clean_empties(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    monkeypatch.chdir(PROJECT_ROOT)
    state, cache = tmp_path / "state", tmp_path / "cache"
    (tmp_path / "linked").symlink_to(state)
    own = {"WORKBOOK_STATE_DIR": str(state), "WORKBOOK_CACHE_DIR": str(cache)}
    with pytest.raises(SettingsError, match=f"{name} is .* `make clean` empties"):
        Settings.from_environment({**own, name: place.format(state=state, cache=cache)})


def test_what_only_looks_as_if_it_were_in_there_is_taken() -> None:
    work = f"{PROJECT_ROOT}/.workbook/../mywork"
    assert Settings.from_environment({"WORKBOOK_WORK_DIR": work})
