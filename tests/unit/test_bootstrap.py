"""Whether the environment that runs these tests is taken as it is, or made anew."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.install import bootstrap, pip_settings
from helpers.settings import PROJECT_ROOT

PIP = [sys.executable, "-m", "pip"]


@pytest.fixture(autouse=True)
def another_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask as another Python does that comes first on somebody's path."""
    monkeypatch.chdir(PROJECT_ROOT)
    monkeypatch.setattr(sys, "version", "3.13.0 (of somebody's own)")
    monkeypatch.delenv("PYTHON", raising=False)


def test_another_python_on_the_path_changes_nothing() -> None:
    assert bootstrap.is_done("test")
    assert bootstrap.is_done("lab"), "the environment of the tests holds the lab's"


def test_a_python_that_is_named_is_the_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON", "/somewhere/python3.13")
    assert not bootstrap.is_done("test")


def test_another_lock_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bootstrap.LOCKS, "test", "README.md")
    assert not bootstrap.is_done("test")


def test_an_environment_that_was_moved_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bootstrap.python_serves()
    (tmp_path / bootstrap.VENV).symlink_to(PROJECT_ROOT / bootstrap.VENV)
    monkeypatch.chdir(tmp_path)
    assert not bootstrap.python_serves(), "its pip names the place where it was made"


def test_the_lock_of_a_setup_empties_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bootstrap, "is_done", lambda _: True)
    (photo := tmp_path / "photo.jpg").write_text("mine")
    (tmp_path / ".workbook").mkdir()
    (tmp_path / ".workbook" / "setup.lock").symlink_to(photo)
    bootstrap.set_up("lab")
    assert photo.read_text() == "mine"


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an environment with one package and its script; return its record."""
    monkeypatch.chdir(tmp_path)
    site = tmp_path / bootstrap.VENV / "lib" / "python3.13" / "site-packages"
    names = ["one/__init__.py", "one/deep/er.py", "two.py", "../../../bin/one"]
    names.append("one-1.0.dist-info/RECORD")
    for name in names:
        (site / name).resolve().parent.mkdir(parents=True, exist_ok=True)
        (site / name).resolve().touch()
    record = site / names[-1]
    record.write_text("".join(f"{name},sha256=,1\n" for name in names))
    return record


@pytest.mark.parametrize("gone", ["one/__init__.py", "two.py", "../../../bin/one"])
def test_a_package_that_was_removed_is_missed(record: Path, gone: str) -> None:
    (found,) = bootstrap.records()
    assert bootstrap.is_whole([found])
    path = record.parent.parent / gone
    path.rename(path.with_name("aside"))
    if "/" in gone and ".." not in gone:
        path.parent.rename(path.parent.with_name("aside"))
    assert not bootstrap.is_whole([found])


def test_a_package_that_is_gone_with_its_record_is_missed(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "fingerprint", lambda _: "of today")
    monkeypatch.setattr(bootstrap, "python_serves", lambda: True)
    Path(bootstrap.stamp("lab")).write_text(f"of today\n{bootstrap.records()[0]}")
    assert bootstrap.is_stamped("lab")
    record.unlink()
    assert not bootstrap.is_stamped("lab")


def test_what_pip_is_told_is_where_packages_are_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://all.example/simple\nproxy = http://p:1\n"
        "no-index = true\nconstraint = /nowhere\nno-binary = :all:\n"
        "[install]\nindex-url = https://key:it's@a.example/simple\nuser = true\n"
        "[freeze]\ntimeout = 1\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setenv("PIP_PROXY", "http://mine:2")
    monkeypatch.setenv("PIP_TARGET", "/nowhere")
    monkeypatch.setenv("PIP_PYTHON", "/nowhere")
    told = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "https://key:it's@a.example/simple",
        "PIP_PROXY": "http://mine:2",
    }
    found = pip_settings.own(PIP)
    assert found.items() >= told.items()
    # The machine may have a configuration, too.
    assert found.keys() <= {"PIP_CONFIG_FILE", *pip_settings.KEPT}
    assert "PIP_TIMEOUT" not in found
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    assert pip_settings.own(PIP)["PIP_NO_INDEX"] == "true"
    config.write_text("no configuration")
    assert pip_settings.own(PIP)["PIP_PROXY"] == "http://mine:2"


def test_a_failure_is_told_with_what_helps_and_its_own_words(
    capfd: pytest.CaptureFixture[str],
) -> None:
    words = "[Errno 28] No space left on device"
    code = f"import sys; sys.exit({words!r})"
    with pytest.raises(SystemExit, match="free space on that disk, and run") as raised:
        bootstrap.run([sys.executable, "-c", code], {})
    assert "network" not in str(raised.value)
    assert words in capfd.readouterr().err


def test_the_settings_of_another_projects_python_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONUTF8", "PYTHON"):
        monkeypatch.setenv(name, "/nowhere")
    bootstrap.forget_settings_of_python()
    assert [name for name in os.environ if name.startswith("PYTHON")] == ["PYTHON"]


@pytest.mark.parametrize(
    ("name", "says"),
    [(".workbook", "cannot be used (File exists): free"), (".venv", "in ")],
)
def test_a_file_where_a_folder_must_be(tmp_path: Path, name: str, says: str) -> None:
    script = tmp_path / "helpers" / "install" / "bootstrap.py"
    script.parent.mkdir(parents=True)
    script.write_bytes(Path(bootstrap.__file__).read_bytes())
    (tmp_path / name).write_text("a file")
    for lock in (*bootstrap.LOCKS.values(), "pyproject.toml"):
        (tmp_path / lock).touch()
    code = f"import runpy, sys\nsys.executable = {shutil.which('false')!r}\n"
    code += (
        f"sys.argv[1:] = ['lab']\nrunpy.run_path({str(script)!r}, run_name='__main__')"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    ).stderr
    assert told.startswith(f"workbook: {name} {says}")
    assert told.count("\n") == 1
    assert (tmp_path / name).read_text() == "a file"


def test_the_project_is_named_in_letters_that_every_locale_has(record: Path) -> None:
    site = record.parent.parent
    name = site / "helpers.pth"
    name.write_text("/home/é/the clone", "utf-8")
    bootstrap.name_this_folder()
    first, _ = name.read_text("ascii").splitlines()
    assert (site / first).resolve() == Path.cwd()
