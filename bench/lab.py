"""How long ``make lab`` takes the second time, beside a plain ``jupyter lab``."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import requests

from bench.figure import Figure, Goal
from bench.place import alternately, own_environment, own_settings, seconds
from helpers.servers.embedded.ports import reservations
from helpers.servers.embedded.processes import belonging_to
from helpers.settings import PROJECT_ROOT, Settings
from helpers.waiting import wait_for

ROUNDS = 3
_TIMEOUT = 300
_MAKE = ("make", "lab", "ARGS=--no-browser")
_PLAIN = (sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root")


def measure() -> list[Figure]:
    """Start both by turns, the servers down before each, once everything is there."""
    with own_settings() as settings:
        _until_it_answers(settings, _MAKE)
        ours, plain = alternately(
            ROUNDS,
            lambda: _until_it_answers(settings, _MAKE),
            lambda: _until_it_answers(settings, _PLAIN),
        )
    basis = (
        f"until the Lab answers, servers down before: {ours:.1f} s, a plain "
        f"`jupyter lab` {plain:.1f} s; medians of {ROUNDS} by turns"
    )
    return [
        Figure("`make lab`, the second time", ours, "s", Goal("≤", 10), basis),
        Figure(
            "`make lab` to a plain `jupyter lab`",
            ours / plain,
            "",
            None,
            basis,
            headline=True,
        ),
    ]


def _until_it_answers(settings: Settings, command: tuple[str, ...]) -> float:
    with reservations() as ports:
        port = ports.take(None)
    with _running(settings, command, port) as process:
        return seconds(lambda: wait_for(lambda: _answers(process, port), _TIMEOUT, "Lab"))


@contextmanager
def _running(
    settings: Settings, command: tuple[str, ...], port: int
) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the Lab, and end it with the servers that it has started."""
    process = subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        env={**own_environment(settings), "JUPYTER_PORT": str(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(_TIMEOUT)
        folder = settings.state_dir
        wait_for(lambda: not belonging_to(folder), _TIMEOUT, "the end of the servers")


def _answers(process: "subprocess.Popen[bytes]", port: int) -> bool:
    if process.poll() is not None:
        raise RuntimeError("The Lab ended at its start.")
    try:
        return requests.get(f"http://127.0.0.1:{port}/api", timeout=5).ok
    except requests.RequestException:
        return False
