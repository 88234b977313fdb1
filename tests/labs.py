"""Labs for tests: started as a student starts them, ended as a test wants."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from helpers.course.work import FIRST_LESSON, seed
from helpers.lab.prepare import arrange_workspace, lab_dir
from helpers.servers.embedded.ports import reservations
from helpers.servers.embedded.processes import belonging_to
from helpers.settings import Settings
from helpers.waiting import wait_for

WORKBOOK = Path(sys.executable).with_name("workbook")
START_TIMEOUT = 120
END_TIMEOUT = 60
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab\S*\?token=\w+")


@dataclass(frozen=True)
class RunningLab:
    """A Lab that answers.

    Attributes:
        url: its address with the token, as it prints it.
        process: the process that became JupyterLab.
        env: its environment.
    """

    url: str
    process: "subprocess.Popen[bytes]"
    env: dict[str, str]


def lab_environment(settings: Settings) -> dict[str, str]:
    """Return an environment in which ``workbook`` works in the folders of a test."""
    return {
        **without_pytest(),
        "WORKBOOK_STATE_DIR": str(settings.state_dir),
        "WORKBOOK_WORK_DIR": str(settings.work_dir),
        "WORKBOOK_CACHE_DIR": str(settings.cache_dir),
        "WORKBOOK_PROGRESS_FILE": str(settings.progress_file),
    }


def without_pytest() -> dict[str, str]:
    """Return an environment whose kernels show what the client's C library prints.

    A kernel that finds itself in a test shows none of it.
    """
    return {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}


@contextmanager
def running_lab(settings: Settings) -> Iterator[RunningLab]:
    """Start a Lab, give it to the test, and end it and its servers."""
    settings.state_dir.parent.mkdir(parents=True, exist_ok=True)
    output = settings.state_dir.with_name("lab-output.txt")
    env = lab_environment(settings)
    # Jupyter looks for a free port long before it listens there, and two Labs that start
    # together would find the same one.
    with reservations() as ports, output.open("wb") as sink:
        env["JUPYTER_PORT"] = str(ports.take(None))
        command = [str(WORKBOOK), "lab", "--no-browser"]
        process = subprocess.Popen(command, env=env, stdout=sink, stderr=sink)
        try:
            address = _address(process, output)
        except BaseException:
            _end(process, settings)
            raise
    try:
        yield RunningLab(address, process, env)
    finally:
        _end(process, settings)


def clear(lab: RunningLab, settings: Settings) -> None:
    """Make a Lab like new for the next test: kernels, notebooks, layout and theme."""
    for session in ask(lab, "GET", "sessions"):
        ask(lab, "DELETE", f"sessions/{session['id']}")
    for folder in (settings.work_dir, lab_dir(settings) / "config"):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(lab_dir(settings) / "workspaces")
    settings.progress_file.unlink(missing_ok=True)
    seed(settings.work_dir)
    notebook = (settings.work_dir / FIRST_LESSON).relative_to(settings.work_dir.parent)
    arrange_workspace(settings, notebook.as_posix())


def ask(lab: RunningLab, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
    """Call the Lab's own interface, such as ``sessions``; return what it answers."""
    base, _, token = lab.url.partition("?token=")
    answer = requests.request(
        method,
        f"{base[: base.index('/lab')]}/api/{path}",
        headers={"Authorization": f"token {token}"},
        json=body,
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json() if answer.content else None


def _end(process: "subprocess.Popen[bytes]", settings: Settings) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.wait(END_TIMEOUT)
    wait_for_silence(settings)


def wait_for_silence(settings: Settings) -> None:
    """Wait until no server of these settings lives."""
    folder = settings.state_dir
    wait_for(lambda: not belonging_to(folder), END_TIMEOUT, "the end of all servers")


def _address(process: "subprocess.Popen[bytes]", output: Path) -> str:
    def printed() -> str | None:
        text = output.read_text("utf-8", "replace")
        assert process.poll() is None, f"the Lab ended at its start:\n{text}"
        found = _ADDRESS.search(text)
        return found[0] if found else None

    url = wait_for(printed, START_TIMEOUT, "the address of the Lab")
    assert url is not None
    # It prints its address a moment before it listens there.
    wait_for(lambda: _answers(url), START_TIMEOUT, "the Lab to answer")
    return url


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=10).ok
    except requests.RequestException:
        return False
