"""A Lab from the command line: one for a clone, and its servers end with it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from helpers.course.notebooks import read_lesson
from helpers.course.project import LESSONS
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.conftest import own_settings
from tests.labs import (
    END_TIMEOUT,
    WORKBOOK,
    RunningLab,
    ask,
    lab_environment,
    running_lab,
    wait_for_silence,
)


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """Return settings of this test's own, in a folder with a space in its name."""
    return own_settings(tmp_path / "a folder")


@pytest.fixture(scope="module")
def lab(settings: Settings) -> Iterator[RunningLab]:
    """Return one Lab for all tests that only look at it."""
    with running_lab(settings) as running:
        yield running


def start_kernel(lab: RunningLab) -> psutil.Process:
    """Start a kernel through the Lab's own interface and return its process."""
    kernel = {"name": "streaming-workbook"}
    kernel_id = ask(lab, "POST", "kernels", kernel)["id"]
    family = psutil.Process(lab.process.pid)

    def running() -> psutil.Process | None:
        children = family.children(recursive=True)
        return next(
            (one for one in children if kernel_id in " ".join(one.cmdline())), None
        )

    kernel = wait_for(running, 30, "the kernel's process")
    assert kernel is not None
    return kernel


def test_servers_outlive_a_killed_kernel_and_end_with_a_killed_lab(
    place: Settings,
) -> None:
    with running_lab(place) as lab:
        before = EmbeddedCluster(place).status()
        assert before.all_running
        other, kernel = start_kernel(lab), start_kernel(lab)
        kernel.kill()
        wait_for(lambda: not kernel.is_running(), END_TIMEOUT, "the end of the kernel")
        pids = [node.pid for node in EmbeddedCluster(place).status().nodes]
        assert pids == [node.pid for node in before.nodes]
        # Asked to end while it replaces a kernel, Jupyter never ends: its
        # ``_async_shutdown_kernel`` raises before its loop is stopped.
        lab.process.kill()
        wait_for(lambda: not other.is_running(), END_TIMEOUT, "the end of the kernel")
        wait_for_silence(place)


def test_servers_from_up_survive_a_lab(place: Settings) -> None:
    cluster = EmbeddedCluster(place)
    before = cluster.up()
    with running_lab(place) as lab:
        lab.process.kill()
        lab.process.wait(END_TIMEOUT)
        assert cluster.status().all_running
        assert cluster.status().brokers[0].pid == before.brokers[0].pid
        cluster.down()


def test_a_second_lab_gives_the_address_of_the_first(lab: RunningLab) -> None:
    second = subprocess.run(
        [str(WORKBOOK), "lab", "--no-browser"],
        env=lab.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    token = lab.url.partition("token=")[2]
    assert "runs already" in second.stdout
    assert token in second.stdout


def test_the_lab_keeps_its_token_and_listens_on_loopback_only(lab: RunningLab) -> None:
    server = lab.url[: lab.url.index("/lab")]
    answer = requests.get(f"{server}/api/contents", timeout=30)
    assert answer.status_code == requests.codes.forbidden
    listening = [
        connection.laddr.ip
        for connection in psutil.Process(lab.process.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {"127.0.0.1"}


def test_a_terminal_finds_the_labs_own_commands(lab: RunningLab) -> None:
    ask(lab, "POST", "terminals", {})
    family = psutil.Process(lab.process.pid)

    def shell() -> psutil.Process | None:
        return next((c for c in family.children() if c.terminal()), None)

    # A login shell would begin with a path of its own.
    started = wait_for(shell, 30, "the terminal's shell")
    assert started.cmdline() == [os.environ.get("SHELL") or "/bin/sh"]
    assert started.environ()["PATH"].startswith(str(WORKBOOK.parent))


def test_a_token_switched_off_stays_on_and_sigterm_stops_the_servers(
    place: Settings,
) -> None:
    config = place.state_dir.parent / "home" / ".jupyter"
    config.mkdir(parents=True)
    setting = "c.IdentityProvider.token = ''\nc.ServerApp.ip = '0.0.0.0'\n"
    (config / "jupyter_server_config.py").write_text(setting)
    os.environ["HOME"], old = str(config.parent), os.environ["HOME"]
    try:
        with running_lab(place) as lab:
            assert lab.url.startswith("http://127.0.0.1:")
            assert lab.url.partition("token=")[2]
            lab.process.send_signal(signal.SIGTERM)
            assert lab.process.wait(END_TIMEOUT) is not None
            wait_for_silence(place)
        nodes = EmbeddedCluster(place).status().nodes
        assert {node.state for node in nodes} == {"stopped"}
    finally:
        os.environ["HOME"] = old


def test_a_lab_whose_servers_cannot_start_says_so_and_leaves_nothing(
    place: Settings,
) -> None:
    env = lab_environment(place)
    env["WORKBOOK_CACHE_DIR"] = str(place.state_dir.parent / "empty cache")
    env["WORKBOOK_MAVEN_URL"] = "http://127.0.0.1:9/"
    result = subprocess.run(
        [str(WORKBOOK), "lab", "--no-browser"],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 1
    assert "could not be fetched" in result.stderr
    assert "Traceback" not in result.stderr
    wait_for_silence(place)


def test_a_lesson_is_edited_as_a_notebook_and_saved_as_text(
    lab: RunningLab, settings: Settings
) -> None:
    file = settings.work_dir.parent / "00_welcome.py"
    file.write_bytes((LESSONS / "00_welcome.py").read_bytes())
    model = ask(lab, "GET", f"contents/{file.name}?type=notebook")
    model["content"]["cells"][0]["source"] += "\n\nOne more line."
    ask(lab, "PUT", f"contents/{file.name}", model)
    after = file.read_text("utf-8")
    assert "# One more line." in after
    kept = read_lesson(file).cells
    assert [cell.source for cell in kept[1:]] == [
        cell.source for cell in read_lesson(LESSONS / "00_welcome.py").cells[1:]
    ]
    assert 'tags=["solution", "exercise-0.1"]' in after
