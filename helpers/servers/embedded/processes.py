"""Processes, known by more than their pid, so that a reused pid is no mistake."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from helpers.servers.errors import ServersError
from helpers.waiting import patience

OWNER_VARIABLE = "WORKBOOK_SERVERS_OF"
"""Set in every server's environment: the state folder it belongs to."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class ProcessId:
    """One process and no other.

    Attributes:
        pid: process id.
        start: tells it from others that had this pid or will have it. It does not move
            when the machine's clock is set, or the machine slept.
    """

    pid: int
    start: str

    @classmethod
    def of(cls, pid: int) -> "ProcessId":
        """Return the identity of the process that has ``pid`` now.

        Raises:
            psutil.NoSuchProcess: there is none.
        """
        return cls(pid, _start_of(psutil.Process(pid)))


def _start_of(process: psutil.Process) -> str:
    # Its hash is made of the pid and a time that no clock moves: on Linux the time since
    # the boot, which after another boot may come again.
    return f"{_boot()}{hash(process):x}"


@cache
def _boot() -> str:
    return _BOOT_ID.read_text().strip() + " " if _BOOT_ID.exists() else ""


def find(identity: ProcessId | None) -> psutil.Process | None:
    """Return the process if it still lives, else None; a zombie does not live."""
    if identity is None:
        return None
    try:
        process = psutil.Process(identity.pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            _reap(identity.pid)
            return None
        return process if _start_of(process) == identity.start else None
    # The second: a damaged record may name what can be no pid.
    except (psutil.NoSuchProcess, ValueError, OverflowError):
        return None


def is_paused(process: psutil.Process) -> bool:
    """Return whether SIGSTOP holds the process."""
    try:
        return bool(process.status() == psutil.STATUS_STOPPED)
    except psutil.NoSuchProcess:
        return False


def listens(identity: ProcessId | None, port: int) -> bool:
    """Return whether it is this process that takes connections at a port."""
    process = find(identity)
    try:
        taken = process.net_connections("tcp") if process else []
    except psutil.NoSuchProcess:
        return False
    return any(
        one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in taken
    )


def memory_bytes(process: psutil.Process) -> int | None:
    """Return its resident memory, or None if it ended or may not be looked at."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return None


def send(identity: ProcessId | None, signum: signal.Signals) -> None:
    """Send a signal to the process if it still lives."""
    if identity and (process := find(identity)):
        try:
            process.send_signal(signum)
        except psutil.NoSuchProcess:
            return
        except psutil.AccessDenied as error:
            raise ServersError(
                f"Process {identity.pid} is of another user: "
                "only that user can stop or change these servers."
            ) from error


def wait_gone(identities: Sequence[ProcessId], timeout: float) -> list[ProcessId]:
    """Wait for the end of the processes; return those left after ``timeout`` seconds.

    ``WORKBOOK_PATIENCE`` lengthens them.
    """
    deadline = time.monotonic() + timeout * patience()
    left = [one for one in identities if find(one)]
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left = [one for one in left if find(one)]
    return left


def end(identities: Sequence[ProcessId], grace: float) -> None:
    """Ask the processes to end, paused ones too; after ``grace`` seconds kill them."""
    for identity in identities:
        send(identity, signal.SIGTERM)
        send(identity, signal.SIGCONT)
    kill(wait_gone(identities, grace))


def kill(identities: Sequence[ProcessId]) -> None:
    """End the processes with SIGKILL and wait until they are gone."""
    for identity in identities:
        send(identity, signal.SIGKILL)
    wait_gone(identities, timeout=10)


def spawn(
    command: Sequence[str | Path],
    state_dir: Path,
    output: Path,
    env: Mapping[str, str],
    cwd: Path | None = None,
) -> ProcessId:
    """Start a server that outlives this process and ignores its terminal.

    Args:
        command: program and arguments.
        state_dir: whose server it is; also its working directory by default.
        output: file that takes what it prints.
        env: its environment.
        cwd: its working directory.
    """
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd or state_dir,
            env={**env, **mark(state_dir)},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    identity = ProcessId.of(process.pid)
    # Nobody waits for it here; find() reaps it when it ends as our child.
    process.returncode = 0
    return identity


def mark(state_dir: Path) -> dict[str, str]:
    """Return what the environment of a server says about whose it is."""
    # Resolved: the same folder may be named through a link, or with "..".
    return {OWNER_VARIABLE: str(state_dir.resolve())}


def belonging_to(state_dir: Path) -> list[ProcessId]:
    """Return every living process that was spawned for ``state_dir``."""
    mine = mark(state_dir)[OWNER_VARIABLE]
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(OWNER_VARIABLE) == mine:
                found.append(ProcessId.of(process.pid))
        except (psutil.Error, OSError):
            continue
    return [one for one in found if find(one)]


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
