"""The doctor's report, and settings and folders that cannot be used."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.servers import doctor
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.processes import ProcessId
from helpers.settings import Settings
from tests.servers import scenarios

LINES = [
    "platform",
    "Python",
    "Java",
    "Node",
    "ports",
    "files",
    "disk",
    "folders",
    "memory",
    "cache",
]
COMMANDS = [
    ["up"],
    ["down"],
    ["reset"],
    ["status"],
    ["doctor"],
    ["fetch"],
    ["broker", "stop", "1"],
]


def report(text: str) -> dict[str, str]:
    """Return the lines of a report by what they are about."""
    return {line.split()[1]: line for line in text.splitlines()}


def test_a_healthy_machine_gets_one_good_line_each(fresh_settings: Settings) -> None:
    told = scenarios.succeeds(fresh_settings, "doctor")
    assert [line.split()[1] for line in told.splitlines()] == LINES
    assert all(line.startswith("ok ") for line in told.splitlines())
    assert "fix:" not in told
    assert not fresh_settings.state_dir.exists(), "it looks, and changes nothing"


def test_running_servers_are_good_news(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    line = report(scenarios.succeeds(settings, "doctor"))["ports"]
    for node in cluster.status().nodes:
        assert str(node.port) in line


def test_taken_ports_are_told_of_and_no_fault(fresh_settings: Settings) -> None:
    with scenarios.taken(9092):
        line = report(scenarios.succeeds(fresh_settings, "doctor"))["ports"]
    assert line.startswith("ok ")
    assert "9092" in line
    assert "others will be used" in line


def test_an_empty_cache_has_a_fix(fresh_settings: Settings, tmp_path: Path) -> None:
    empty = replace(fresh_settings, cache_dir=tmp_path / "empty")
    result = scenarios.workbook(empty, "doctor")
    assert result.returncode == 1
    lines = report(result.stdout)
    assert list(lines) == LINES
    assert lines["cache"].startswith("BAD")
    assert "53 jars and kinesis-mock missing" in lines["cache"]
    assert lines["cache"].endswith("fix: workbook fetch")


def test_a_cache_that_is_never_made_faster_is_told_of(
    copied_cache: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def line() -> str:
        return next(
            str(one) for one in doctor.examine(copied_cache) if one.what == "cache"
        )

    assert line().endswith(f"complete in {copied_cache.cache_dir}")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert line().endswith("no archive of classes: each start takes about twice as long")
    assert line().startswith("ok ")


def test_a_disk_that_runs_no_program_is_told_of(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Mount:
        f_flag = 8

    monkeypatch.setattr(os, "ST_NOEXEC", 8, raising=False)
    monkeypatch.setattr(os, "statvfs", lambda _: Mount)
    disk = next(one for one in doctor.examine(settings) if one.what == "disk")
    assert not disk.good
    assert "noexec" in disk.state
    assert "WORKBOOK_STATE_DIR" in disk.fix


def test_one_damaged_jar_is_counted(copied_cache: Settings) -> None:
    next(copied_cache.cache_dir.rglob("*.jar")).write_bytes(b"")
    result = scenarios.workbook(copied_cache, "doctor")
    assert result.returncode == 1
    assert "1 jars missing or damaged" in report(result.stdout)["cache"]


@pytest.mark.parametrize(
    ("name", "value"), [("WORKBOOK_JAVA", "/nowhere"), ("WORKBOOK_MODE", "nonsense")]
)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_bad_setting_is_one_sentence_for_every_command(
    fresh_settings: Settings, command: list[str], name: str, value: str
) -> None:
    told = scenarios.workbook(fresh_settings, *command, **{name: value})
    assert f"{name} is '{value}'" in scenarios.complaint(told)
    assert told.stdout == ""


@pytest.mark.parametrize("program", ["true", "false"])
def test_a_java_that_is_none_is_told_of(fresh_settings: Settings, program: str) -> None:
    path = shutil.which(program)
    assert path is not None
    result = scenarios.workbook(fresh_settings, "doctor", WORKBOOK_JAVA=path)
    assert result.returncode == 1
    assert result.stderr == ""
    line = report(result.stdout)["Java"]
    assert line.startswith("BAD")
    assert line.endswith("fix: unset WORKBOOK_JAVA")
    told = scenarios.workbook(fresh_settings, "up", WORKBOOK_JAVA=path)
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert told.stderr.startswith("workbook: ")


CHANGING = [command for command in COMMANDS if command[0] not in ("doctor", "fetch")]


@pytest.mark.parametrize("place", ["file", "below a file", "no place at all"])
def test_a_state_folder_that_cannot_be_is_one_sentence(
    fresh_settings: Settings, tmp_path: Path, place: str
) -> None:
    file = tmp_path / "file"
    file.touch()
    folder = {
        "file": file,
        "below a file": file / "a",
        "no place at all": Path("/proc/a"),
    }
    bad = replace(fresh_settings, state_dir=folder[place])
    for command in CHANGING:
        if command != ["status"]:
            told = scenarios.complaint(scenarios.workbook(bad, *command))
            assert str(folder[place]) in told
            assert "WORKBOOK_STATE_DIR" in told
    assert "stopped" in scenarios.succeeds(bad, "status")
    result = scenarios.workbook(bad, "doctor")
    assert result.stderr == ""
    assert (result.returncode, report(result.stdout)["disk"][:3]) in (
        (1, "BAD"),
        # Root may write everywhere, as far as the file system tells.
        (0 if os.geteuid() == 0 and place == "no place at all" else 1, "ok "),
    )


def test_somebody_elses_data_is_never_reset(
    fresh_settings: Settings, tmp_path: Path
) -> None:
    flights = tmp_path / "mine" / "data" / "flights.csv"
    flights.parent.mkdir(parents=True)
    flights.write_text("mine")
    mine = replace(fresh_settings, state_dir=tmp_path / "mine")
    for command in ("up", "reset"):
        told = scenarios.complaint(scenarios.workbook(mine, command))
        assert f"in '{mine.state_dir}', where other files are" in told
    assert [path.name for path in mine.state_dir.rglob("*")] == ["data", "flights.csv"]


def test_a_state_folder_without_write_permission_is_one_sentence(
    fresh_settings: Settings,
) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    fresh_settings.state_dir.mkdir()
    fresh_settings.state_dir.chmod(0o500)
    try:
        told = scenarios.workbook(fresh_settings, "up")
        assert str(fresh_settings.state_dir) in scenarios.complaint(told)
        disk = report(scenarios.workbook(fresh_settings, "doctor").stdout)["disk"]
        assert disk.startswith("BAD")
    finally:
        fresh_settings.state_dir.chmod(0o700)


def test_a_process_of_another_user_is_one_sentence(fresh_settings: Settings) -> None:
    if os.geteuid() == 0:
        pytest.skip("to root no process is another user's")
    fresh_settings.state_dir.mkdir()
    foreign = ProcessId.of(1)
    scenarios.write_record(fresh_settings, foreign)
    try:
        scenarios.succeeds(fresh_settings, "status")
        told = scenarios.complaint(scenarios.workbook(fresh_settings, "down"))
        assert "Process 1 is of another user" in told
    finally:
        (fresh_settings.state_dir / "servers.json").unlink()
