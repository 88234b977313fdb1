"""Whether the environment that runs these tests is taken as it is, or made anew."""

import sys
from pathlib import Path

import pytest

from helpers.install import bootstrap
from helpers.settings import PROJECT_ROOT


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
