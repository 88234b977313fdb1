"""The servers as a whole: down, reset, starts cut short."""

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.processes import ProcessId, belonging_to
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.servers import clients, scenarios


def test_data_survives_down_and_nothing_else_does(
    fresh_cluster: EmbeddedCluster, fresh_settings: Settings
) -> None:
    first = fresh_cluster.up()
    clients.create_topic(first, "kept")
    clients.produce(first, "kept", b"record")
    cluster_id = clients.kafka_cluster_id(first)
    fresh_cluster.down()
    scenarios.assert_nothing_left(fresh_settings)
    assert {node.state for node in fresh_cluster.status().nodes} == {"stopped"}
    fresh_cluster.down()

    second = fresh_cluster.up()
    assert clients.kafka_cluster_id(second) == cluster_id
    assert clients.consume(second, "kept", 1) == [b"record"]

    # Paused servers do not end by themselves.
    for node in second.nodes:
        fresh_cluster.pause(node.role, node.id)
    before = scenarios.pids(fresh_settings)
    fresh = fresh_cluster.reset()
    assert fresh.all_running
    assert not before & scenarios.pids(fresh_settings)
    assert clients.kafka_cluster_id(fresh) != cluster_id
    assert "kept" not in clients.topics(fresh)
    clients.create_topic(fresh, "kept")


def test_what_a_killed_up_leaves_is_reaped(fresh_settings: Settings) -> None:
    # A storage tool that went on would format for a cluster that never comes.
    kill_up_when(fresh_settings, 1, tool="kafka.tools.StorageTool")
    kill_up_when(fresh_settings, 3, tool="kafka.Kafka")
    scenarios.succeeds(fresh_settings, "down")
    scenarios.assert_nothing_left(fresh_settings)
    kill_up_when(fresh_settings, 5)
    scenarios.succeeds(fresh_settings, "up")
    status = EmbeddedCluster(fresh_settings).status()
    assert status.all_running
    assert scenarios.pids(fresh_settings) == {node.pid for node in status.nodes}
    clients.create_topic(status, "after")
    assert not (fresh_settings.state_dir / "set-aside").exists()


def kill_up_when(settings: Settings, number: int, *options: str, tool: str = "") -> None:
    """Kill a starting ``workbook up`` once it has started so many processes."""
    command = [sys.executable, "-m", "helpers", "up", *options]
    starting = subprocess.Popen(
        command, env=scenarios.environment(settings), stdout=subprocess.DEVNULL
    )
    wait_for(lambda: len(commands(settings, tool)) >= number, 60, "some processes", 0.01)
    os.kill(starting.pid, signal.SIGKILL)
    assert starting.wait() == -signal.SIGKILL, "it had ended already"


def commands(settings: Settings, part: str) -> list[str]:
    """Return the command lines with that part of the processes of these settings."""
    found = []
    for pid in scenarios.pids(settings):
        with suppress(psutil.NoSuchProcess):
            found.append(" ".join(psutil.Process(pid).cmdline()))
    return [line for line in found if part in line]


def test_what_a_killed_up_of_an_owner_leaves_ends_with_the_owner(
    fresh_settings: Settings,
) -> None:
    with scenarios.idle_process() as owner:
        kill_up_when(fresh_settings, 3, "--owner", str(owner.pid))
        owner.kill()
        owner.wait()
        scenarios.wait_until_nothing_left(fresh_settings)


def test_what_ends_needs_neither_room_nor_a_folder_of_its_own(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    killed = scenarios.good(without_room(settings, "broker", "kill", "2"))
    assert re.search(r"broker 2 +failed", killed)
    told = scenarios.complaint(without_room(settings, "up"))
    assert "files could not be used" in told
    (settings.state_dir / ".workbook-state").unlink()
    (photo := settings.state_dir / "photo.jpg").write_text("mine")
    told = scenarios.complaint(without_room(settings, "up"))
    assert "where other files are: set WORKBOOK_STATE_DIR" in told
    scenarios.good(without_room(settings, "down"))
    photo.unlink()
    scenarios.assert_nothing_left(settings)
    assert {node.state for node in cluster.status().nodes} == {"stopped"}
    cluster.up(owner=os.getpid())


def without_room(settings: Settings, *arguments: str) -> scenarios.Text:
    """Run the ``workbook`` script where no file may grow by a byte."""
    return subprocess.run(
        ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", scenarios.WORKBOOK, *arguments],
        env=scenarios.environment(settings),
        capture_output=True,
        text=True,
        timeout=scenarios.COMMAND_TIMEOUT,
        check=False,
    )


# A shell that starts tests in the background makes them ignore Ctrl-C; a terminal
# does not.
AS_IN_A_TERMINAL = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("helpers", run_name="__main__")
"""


# The second is what a terminal sends that is closed.
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_an_up_that_is_told_to_end_ends_what_it_has_started(
    fresh_settings: Settings, number: signal.Signals
) -> None:
    command = [sys.executable, "-c", AS_IN_A_TERMINAL, "up"]
    env = scenarios.environment(fresh_settings)
    starting = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    wait_for(
        lambda: len(belonging_to(fresh_settings.state_dir)) == 5, 60, "five processes"
    )
    starting.send_signal(number)
    assert starting.wait(60) == 130
    scenarios.assert_nothing_left(fresh_settings)


GARBAGE = [
    b"",
    b"\xff\xfe\x00",
    b"[]",
    b"{}",
    b'{"nodes": [], "owners": [], "supervisor": null}',
    b'{"nodes": [{"role": "broker", "id": 1}], "owners": 3, "supervisor": []}',
    b'{"nodes": "abc", "owners": [{"pid": "x", "start": 1}], "supervisor": null}',
]


def test_a_wrong_record_is_as_none(
    cluster: EmbeddedCluster, settings: Settings, tmp_path: Path
) -> None:
    file = settings.state_dir / "servers.json"
    good = file.read_bytes()
    for garbage in (*GARBAGE, good[:100], b"[" * 100_000):
        file.write_bytes(garbage)
        assert {node.state for node in cluster.status().nodes} == {"stopped"}
    before = scenarios.pids(settings)
    link = tmp_path / "link"
    link.symlink_to(settings.state_dir)
    with scenarios.idle_process() as innocent:
        # Its pid was once that of a server; the time of its start tells them apart.
        scenarios.write_record(settings, ProcessId(innocent.pid, "of another"))
        assert "failed" in scenarios.succeeds(settings, "status")
        # The servers that run are nobody's now, and are replaced.
        scenarios.succeeds(settings, "up", WORKBOOK_STATE_DIR=str(link))
        status = cluster.status()
        assert status.all_running
        assert scenarios.pids(settings) == {node.pid for node in status.nodes}
        assert not before & scenarios.pids(settings)
        # What was started by way of a link is found without it, and without a record.
        file.unlink()
        scenarios.succeeds(settings, "down")
        assert scenarios.pids(settings) == set()
        assert innocent.poll() is None
