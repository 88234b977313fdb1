"""The two commands on a fresh clone: bare PATH, no root, a space, settings of others."""

import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from helpers.servers.embedded.processes import belonging_to
from helpers.waiting import wait_for
from tests.setup.clones import Clone, fresh_clone

pytestmark = pytest.mark.timeout(900)
ADDRESS = re.compile(
    r"(http://127\.0\.0\.1:\d+)/lab/tree/work/00_welcome\.ipynb\?token=\w+"
)


@pytest.fixture(scope="module")
def clone() -> Iterator[Clone]:
    # Not pytest's own folder, which an unprivileged user cannot enter.
    parent = Path(tempfile.mkdtemp(prefix="fresh "))
    yield fresh_clone(parent)
    shutil.rmtree(parent)


def test_a_killed_setup_is_taken_up_again_by_two_at_once(clone: Clone) -> None:
    killed = clone.start("make", "setup")
    pip = clone.folder / ".venv" / "bin" / "pip"
    wait_for(pip.exists, 120, "the virtual environment")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    both = [clone.start("make", "setup") for _ in range(2)]
    outputs = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert sum("Another set-up" in output for output in outputs) == 1
    assert sum("Installing" in output for output in outputs) == 1


def test_make_lab_serves_the_first_lesson(clone: Clone) -> None:
    lab = clone.start("make", "lab", "ARGS=--no-browser")
    assert lab.stdout is not None
    lines = []
    for line in lab.stdout:
        lines.append(line)
        if found := ADDRESS.search(line):
            break
    else:
        pytest.fail("no address in:\n" + "".join(lines))
    # Jupyter prints its address shortly before it listens there.
    wait_for(lambda: _answers(found[0]), 60, "the Lab to answer")
    assert "Kafka's jars" in "".join(lines)
    _end_lab(clone, lab.pid)
    lab.communicate()


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=60).ok
    except requests.RequestException:
        return False


def _end_lab(clone: Clone, group: int) -> None:
    """Kill make and the Lab, and wait for the end of what they started."""
    state = clone.folder / ".workbook"
    family = psutil.Process(group).children(recursive=True)
    os.killpg(group, signal.SIGKILL)
    psutil.wait_procs(family, timeout=30)
    wait_for(lambda: not belonging_to(state), 60, "the end of the servers")


def test_the_setup_needs_no_network_and_nothing_new_the_second_time(clone: Clone) -> None:
    closed = "http://127.0.0.1:9/"
    output = clone.run(
        "make",
        "up",
        WORKBOOK_MAVEN_URL=closed,
        PIP_INDEX_URL=closed,
        npm_config_registry=closed,
    )
    assert "Installing" not in output
    assert "Up after" in output
    clone.run("make", "down")


def test_doctor_finds_nothing_wrong(clone: Clone) -> None:
    lines = clone.run("make", "doctor").splitlines()
    assert len(lines) == 10
    assert all(line.startswith("ok ") for line in lines), lines


def test_another_projects_helpers_are_not_taken_for_ours(clone: Clone) -> None:
    # Of what is set there, this alone is more than a Python could begin with.
    status = clone.run(".venv/bin/workbook", "status", PYTHONHOME="")
    assert "broker 1" in status


@pytest.mark.soak
def test_a_moved_clone_is_set_up_again(clone: Clone) -> None:
    clone.run("make", "setup")
    moved = clone.folder.with_name("moved clone")
    clone.folder.rename(moved)
    try:
        other = Clone(moved, clone.env, clone.user)
        assert "Installing" in other.run("make", "status")
    finally:
        moved.rename(clone.folder)


def test_clean_says_what_it_frees_and_keeps_the_students_work(clone: Clone) -> None:
    cache = Path(clone.env["HOME"], ".cache", "streaming-workbook")
    note, photo = clone.folder / "work" / "mine.txt", cache / "photo.jpg"
    for file in (note, photo):
        file.write_text("mine")
    output = clone.run("make", "clean")
    assert re.search(r"Freed \d+\.\d MB in all", output)
    assert ".venv" in output
    assert not (clone.folder / ".venv").exists()
    assert not (clone.folder / ".workbook").exists()
    assert f"{cache} holds files that are not the workbook's: they stay" in output
    assert list(cache.iterdir()) == [photo]
    assert note.read_text() == "mine"
