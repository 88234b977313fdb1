"""What is done to servers: by tests/servers once or a few times, by the soak many."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from helpers.servers.embedded import record
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.ports import is_free
from helpers.servers.embedded.processes import (
    OWNER_VARIABLE,
    ProcessId,
    belonging_to,
    mark,
)
from helpers.servers.embedded.starting import first_record
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.servers import clients

WORKBOOK = str(Path(sys.executable).with_name("workbook"))
COMMAND_TIMEOUT = 240
END_TIMEOUT = 60
RECOVERY_TIMEOUT = 90

Text = subprocess.CompletedProcess[str]


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """Return an environment in which commands mean the servers of ``settings``."""
    own = {
        "WORKBOOK_STATE_DIR": str(settings.state_dir),
        "WORKBOOK_WORK_DIR": str(settings.work_dir),
        "WORKBOOK_CACHE_DIR": str(settings.cache_dir),
        "WORKBOOK_MAVEN_URL": settings.maven_url or "",
    }
    return {**os.environ, **own, **more}


def workbook(settings: Settings, *arguments: str, **more: str) -> Text:
    """Run the ``workbook`` script to its end."""
    return subprocess.run(
        [WORKBOOK, *arguments],
        env=environment(settings, **more),
        capture_output=True,
        text=True,
        timeout=COMMAND_TIMEOUT,
        check=False,
    )


def succeeds(settings: Settings, *arguments: str, **more: str) -> str:
    """Run the ``workbook`` script and return what it prints."""
    return good(workbook(settings, *arguments, **more))


def good(result: Text) -> str:
    """Return what a command printed that succeeded."""
    assert result.returncode == 0, result.stderr
    return result.stdout


def complaint(result: Text) -> str:
    """Return the one sentence with which a command failed."""
    assert result.returncode == 1, (result.returncode, result.stdout, result.stderr)
    assert "Traceback" not in result.stdout + result.stderr
    # A progress bar rewrites its line with carriage returns.
    lines = re.split(r"[\r\n]+", result.stderr.strip())
    assert lines[-1].startswith("workbook: "), result.stderr
    assert sum(line.startswith("workbook: ") for line in lines) == 1
    return lines[-1]


def status_json(settings: Settings) -> dict[str, Any]:
    """Return what ``workbook status --json`` tells."""
    parsed = json.loads(succeeds(settings, "status", "--json"))
    assert isinstance(parsed, dict)
    return parsed


def pids(settings: Settings) -> set[int]:
    """Return the pids of everything that was spawned for these settings."""
    return {process.pid for process in belonging_to(settings.state_dir)}


def ports(settings: Settings) -> set[int]:
    """Return the ports of all nodes, running or not."""
    nodes = EmbeddedCluster(settings).status().nodes
    return {node.port for node in nodes if node.port}


def write_record(settings: Settings, identity: ProcessId) -> None:
    """Write a record in which every node is that process."""
    layout = Layout(settings.state_dir)
    none = first_record(layout)
    running = {"port": 1, "process": identity, "wanted": "running"}
    nodes = tuple(replace(node, **running) for node in none.nodes)
    record.save(layout.record, replace(none, nodes=nodes, supervisor=identity))


def assert_nothing_left(settings: Settings) -> None:
    """Fail if a process or a listening port remains."""
    assert belonging_to(settings.state_dir) == []
    # The kernel closes a killed process's sockets a moment after its main thread.
    wait_for(lambda: not left_ports(settings), END_TIMEOUT, "the ports of ended servers")


def left_ports(settings: Settings) -> set[int]:
    """Return the ports of ended nodes that nobody else has taken and that are held."""
    left = {port for port in ports(settings) if not is_free(port)}
    return left - (ports_of_others(settings) if left else set())


def ports_of_others(settings: Settings) -> set[int]:
    """Return the ports of other clusters: they may take what this one gave free."""
    own, found = mark(settings.state_dir)[OWNER_VARIABLE], set()
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(OWNER_VARIABLE, own) != own:
                connections = process.net_connections("inet")
                found |= {one.laddr.port for one in connections if one.laddr}
    return found


def wait_until_nothing_left(settings: Settings) -> None:
    """Wait for the end of servers that end without being told to."""
    folder = settings.state_dir
    wait_for(lambda: not belonging_to(folder), END_TIMEOUT, "the end of all servers")
    assert_nothing_left(settings)


@contextmanager
def idle_process() -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process that does nothing: an owner, or somebody else's program."""
    code = "import signal; signal.pause()"
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def taken(*wanted: int | None) -> Iterator[None]:
    """Listen on ports, as another program would; some may be another's already."""
    listeners = [_listener(port) for port in wanted if port]
    try:
        assert [port for port in wanted if port and is_free(port)] == []
        yield
    finally:
        for listener in listeners:
            listener.close()


def _listener(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError:
        listener.close()
    return listener


def two_ups_at_once(settings: Settings) -> None:
    """Two commands that start at once give one cluster, and both tell of it."""
    command = [sys.executable, "-m", "helpers", "up"]
    env = environment(settings)
    both = [
        subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=COMMAND_TIMEOUT)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    told = [set(map(int, re.findall(r"pid (\d+)", output))) for output in outputs]
    assert told[0] == told[1] == pids(settings)
    assert len(told[0]) == 5


def killed_owner(settings: Settings) -> None:
    """Servers of an owner end when SIGKILL ends the owner."""
    with idle_process() as owner:
        succeeds(settings, "up", "--owner", str(owner.pid))
        assert len(pids(settings)) == 7, "five servers, their supervisor and its shell"
        owner.kill()
        owner.wait()
        wait_until_nothing_left(settings)


def freeze_all(cluster: EmbeddedCluster, settings: Settings, seconds: float) -> None:
    """Stop every process for a while, as a laptop's lid does; all must recover."""
    status = cluster.status()
    frozen = pids(settings)
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        end = time.monotonic() + seconds
        wait_for(lambda: time.monotonic() >= end, seconds + 5, "the end of the freeze")
        assert not clients.can_produce(status, "frozen")
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    wait_until_healthy(status, "frozen")
    assert pids(settings) == frozen


def wait_until_healthy(status: Any, topic: str) -> None:  # noqa: ANN401
    """Wait until all three replicas take part and a record reaches them all."""
    wait_for(
        lambda: clients.can_produce(status, topic), RECOVERY_TIMEOUT, "acknowledgement"
    )
    wait_for(
        lambda: clients.insync_replicas(status, topic) == {1, 2, 3},
        RECOVERY_TIMEOUT,
        "three replicas in sync",
    )


def up_down(settings: Settings) -> int:
    """Start and stop the servers; return the bytes that they leave on the disk."""
    succeeds(settings, "up")
    succeeds(settings, "down")
    assert_nothing_left(settings)
    files = settings.state_dir.rglob("*")
    return sum(file.lstat().st_blocks * 512 for file in files)


def assert_no_growth(sizes: list[int]) -> None:
    """Fail if the disk use of up/down cycles grows from the second one on.

    A start writes some twenty records of registrations into the metadata log, of
    which each of four nodes has a copy: one block of 4 KiB each, 16 KiB a cycle, and
    twice that is allowed. The logs vary by some 64 KiB, once. Data left behind by each
    cycle would be more: a broker's empty data folder and its log take 100 KiB.
    """
    allowed = 32 * 1024 * (len(sizes) - 2) + 64 * 1024
    assert sizes[-1] - sizes[1] <= allowed, sizes


def kill_and_start(cluster: EmbeddedCluster, broker: int, topic: str) -> None:
    """Kill a broker, write without it, start it: it takes part again."""
    cluster.kill("broker", broker)
    assert cluster.status().brokers[broker - 1].state == "killed"
    wait_for(
        lambda: clients.can_produce(cluster.status(), topic),
        RECOVERY_TIMEOUT,
        "an acknowledgement without the killed broker",
    )
    cluster.start("broker", broker)
    wait_until_healthy(cluster.status(), topic)


def listen_addresses(pid: int) -> set[str]:
    """Return the addresses on which a process takes connections."""
    connections = psutil.Process(pid).net_connections("inet")
    return {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN}
