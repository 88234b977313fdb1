"""environment.yml gives conda and Binder what the lock gives `make lab`."""

import os
import re
import subprocess
import tomllib
from typing import Any

import pytest
import yaml

from helpers.install.bootstrap import NEWEST, OLDEST
from helpers.settings import PROJECT_ROOT

POST_BUILD = PROJECT_ROOT / "postBuild"
_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)", re.MULTILINE)


@pytest.fixture
def environment() -> dict[str, Any]:
    return yaml.safe_load((PROJECT_ROOT / "environment.yml").read_text("utf-8"))


@pytest.fixture
def project() -> dict[str, Any]:
    return tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def python_of(environment: dict[str, Any]) -> tuple[int, ...]:
    (python,) = [one for one in environment["dependencies"] if "python=" in str(one)]
    return tuple(map(int, python.removeprefix("python=").split(".")))


def test_its_python_is_one_that_the_project_supports(
    environment: dict[str, Any], project: dict[str, Any]
) -> None:
    oldest, newest = ".".join(map(str, OLDEST)), f"{NEWEST[0]}.{NEWEST[1] + 1}"
    assert project["requires-python"] == f">={oldest},<{newest}"
    assert OLDEST <= python_of(environment) <= NEWEST


def test_its_packages_are_the_students_lock_and_nothing_else(
    environment: dict[str, Any],
) -> None:
    names = [one for one in environment["dependencies"] if isinstance(one, str)]
    assert [name.split("=")[0] for name in names] == ["python", "pip"]
    (packages,) = [one for one in environment["dependencies"] if isinstance(one, dict)]
    assert packages == {"pip": ["-r requirements.lock"]}
    assert environment["channels"] == ["conda-forge"]


def test_the_lock_holds_what_the_project_asks_for(project: dict[str, Any]) -> None:
    lock = (PROJECT_ROOT / "requirements.lock").read_text("utf-8")
    locked = {_plain(name): version for name, version in _PIN.findall(lock)}
    for wanted in project["dependencies"]:
        name, _, version = wanted.partition("==")
        assert _plain(name) in locked
        assert version in ("", locked[_plain(name)])


def test_what_runs_after_it_is_a_program_and_installs_the_project(
    environment: dict[str, Any], project: dict[str, Any]
) -> None:
    assert environment["name"] == project["name"]
    assert os.access(POST_BUILD, os.X_OK)
    subprocess.run(["sh", "-n", str(POST_BUILD)], check=True)
    script = POST_BUILD.read_text("utf-8")
    for step in (
        "--no-deps --no-build-isolation --editable .",
        "workbook fetch",
        "seed(",
    ):
        assert step in script


def test_it_says_what_was_never_run() -> None:
    for name in ("environment.yml", "README.md"):
        text = " ".join((PROJECT_ROOT / name).read_text("utf-8").replace("#", "").split())
        assert re.search(r"(?i)never (run with|used by) conda", text)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
