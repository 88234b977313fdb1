"""Servers that end with the process they were started for."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress

import psutil
import pytest

from helpers.servers.embedded import record
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.layout import Layout
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.servers import scenarios


def supervisor(settings: Settings) -> int:
    """Return the pid of the shell whose child watches the owners."""
    current = record.load(Layout(settings.state_dir).record)
    assert current is not None
    assert current.supervisor is not None
    return current.supervisor.pid


def watcher(settings: Settings) -> psutil.Process:
    """Return the process that watches the owners."""
    shell = psutil.Process(supervisor(settings))

    def child() -> psutil.Process | None:
        with suppress(psutil.Error):
            # It sleeps for a second before it starts another one.
            return next((c for c in shell.children() if c.name() != "sleep"), None)
        return None

    found = wait_for(child, 30, "the supervisor")
    assert found is not None
    return found


def test_servers_end_with_the_last_of_several_owners(fresh_settings: Settings) -> None:
    with scenarios.idle_process() as first, scenarios.idle_process() as second:
        scenarios.succeeds(fresh_settings, "up", "--owner", str(first.pid))
        running = scenarios.pids(fresh_settings)
        assert len(running) == 7, "five servers, their supervisor and its shell"
        scenarios.succeeds(fresh_settings, "up", "--owner", str(second.pid))
        assert scenarios.pids(fresh_settings) == running
        first.kill()
        first.wait()
        # A third owner may come after the first is gone; the second still counts.
        with scenarios.idle_process() as third:
            scenarios.succeeds(fresh_settings, "up", "--owner", str(third.pid))
        assert_stays(fresh_settings, watcher(fresh_settings))
        # Whatever ends it may end every Python.
        killed = watcher(fresh_settings)
        killed.kill()
        wait_for(lambda: watcher(fresh_settings) != killed, 30, "another supervisor")
        # What that one has read holds, whatever becomes of the file.
        assert_stays(fresh_settings, watching := watcher(fresh_settings))
        (fresh_settings.state_dir / "servers.json").write_text("damaged")
        assert_stays(fresh_settings, watching)
        second.kill()
        second.wait()
        scenarios.wait_until_nothing_left(fresh_settings)


def assert_stays(settings: Settings, watching: psutil.Process) -> None:
    """Fail if the supervisor, given time for some looks, ended anything."""
    before = scenarios.pids(settings)
    looks = watching.num_ctx_switches().voluntary + 4
    wait_for(
        lambda: watching.num_ctx_switches().voluntary >= looks,
        30,
        "the supervisor's looks",
    )
    assert scenarios.pids(settings) == before


def test_workbook_up_keeps_a_labs_servers_and_a_plain_up_does_not(
    fresh_settings: Settings,
) -> None:
    with scenarios.idle_process() as owner:
        scenarios.succeeds(fresh_settings, "up", "--owner", str(owner.pid))
        before = supervisor(fresh_settings)
        EmbeddedCluster(fresh_settings).up()
        assert supervisor(fresh_settings) == before
        assert_stays(fresh_settings, watcher(fresh_settings))
        scenarios.succeeds(fresh_settings, "up")
        wait_for(lambda: not psutil.pid_exists(before), 30, "the supervisor's end")
    assert EmbeddedCluster(fresh_settings).status().all_running
    # The servers are nobody's now, and survive a later owner.
    with scenarios.idle_process() as owner:
        scenarios.succeeds(fresh_settings, "up", "--owner", str(owner.pid))
    assert len(scenarios.pids(fresh_settings)) == 5, "there is no supervisor to end them"
    assert EmbeddedCluster(fresh_settings).status().all_running


def test_a_down_that_is_cut_short_leaves_nothing_to_the_owners_end(
    fresh_settings: Settings,
) -> None:
    with scenarios.idle_process() as owner:
        scenarios.succeeds(fresh_settings, "up", "--owner", str(owner.pid))
        env = scenarios.environment(fresh_settings)
        down = subprocess.Popen([scenarios.WORKBOOK, "down"], env=env)
        before = scenarios.pids(fresh_settings)
        wait_for(lambda: scenarios.pids(fresh_settings) < before, 30, "a first end", 0.01)
        down.kill()
        down.wait()
        assert scenarios.pids(fresh_settings), "it had ended all of them"
        owner.kill()
        owner.wait()
        scenarios.wait_until_nothing_left(fresh_settings)


def test_servers_whose_folder_is_removed_with_their_owners_end(
    fresh_settings: Settings,
) -> None:
    with scenarios.idle_process() as owner:
        EmbeddedCluster(fresh_settings).up(owner=owner.pid)
    # Brokers and whoever watches may write there meanwhile.
    shutil.rmtree(fresh_settings.state_dir, ignore_errors=True)
    scenarios.wait_until_nothing_left(fresh_settings)


@pytest.mark.soak
def test_a_killed_supervisor_is_replaced(fresh_settings: Settings) -> None:
    with scenarios.idle_process() as owner:
        scenarios.succeeds(fresh_settings, "up", "--owner", str(owner.pid))
        old = supervisor(fresh_settings)
        os.kill(old, signal.SIGKILL)
        wait_for(lambda: old not in scenarios.pids(fresh_settings), 10, "its end")
        scenarios.succeeds(fresh_settings, "up", "--owner", str(owner.pid))
        assert supervisor(fresh_settings) != old
        owner.kill()
        owner.wait()
        scenarios.wait_until_nothing_left(fresh_settings)


@pytest.mark.soak
def test_servers_started_anew_are_watched_anew(fresh_settings: Settings) -> None:
    with scenarios.idle_process() as first:
        scenarios.succeeds(fresh_settings, "up", "--owner", str(first.pid))
        old = supervisor(fresh_settings)
    # The old supervisor may still be about; it must not be taken for the new one.
    with scenarios.idle_process() as second:
        wait_for(
            lambda: EmbeddedCluster(fresh_settings).status().kinesis.pid is None,
            scenarios.END_TIMEOUT,
            "the end of the first owner's servers",
        )
        scenarios.succeeds(fresh_settings, "up", "--owner", str(second.pid))
        assert supervisor(fresh_settings) != old
    scenarios.wait_until_nothing_left(fresh_settings)


@pytest.mark.soak
def test_reset_keeps_the_owner(fresh_settings: Settings) -> None:
    with scenarios.idle_process() as owner:
        scenarios.succeeds(fresh_settings, "up", "--owner", str(owner.pid))
        scenarios.succeeds(fresh_settings, "reset")
        assert len(scenarios.pids(fresh_settings)) == 7
    scenarios.wait_until_nothing_left(fresh_settings)


def test_an_owner_that_is_no_process_is_one_sentence(fresh_settings: Settings) -> None:
    with scenarios.idle_process() as gone:
        pass
    dead = subprocess.Popen(["true"])
    wait_for(lambda: psutil.Process(dead.pid).status() == psutil.STATUS_ZOMBIE, 10, "it")
    for owner in (gone.pid, dead.pid, -5):
        told = scenarios.workbook(fresh_settings, "up", f"--owner={owner}")
        assert f"no process {owner}" in scenarios.complaint(told)
    dead.wait()
    assert scenarios.pids(fresh_settings) == set()
