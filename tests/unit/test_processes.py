"""Processes that are told apart, and what the system allows them."""

import os
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from filelock import FileLock

from helpers.servers.embedded import cluster, last_words, limits, locking, processes
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.processes import ProcessId
from helpers.servers.embedded.record import NodeRecord
from helpers.settings import Settings
from helpers.waiting import wait_for

NODE = NodeRecord("broker", 1)


def test_a_clock_that_is_set_changes_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    me = ProcessId.of(os.getpid())
    before = psutil.Process().create_time()
    # Linux derives the time of the boot from the clock of today.
    boot = psutil.boot_time()
    monkeypatch.setattr(f"{psutil._psplatform.__name__}.boot_time", lambda: boot + 60)
    assert psutil.Process().create_time() == pytest.approx(before + 60, abs=1)
    assert processes.find(me) is not None
    assert ProcessId.of(os.getpid()) == me


def test_a_pid_that_another_process_has_now_is_no_match() -> None:
    assert processes.find(ProcessId(os.getpid(), ProcessId.of(1).start)) is None


@pytest.mark.parametrize(
    ("hard", "told"), [(256, "At most 256 files"), (resource.RLIM_INFINITY, "None")]
)
def test_too_few_open_files_are_told(
    monkeypatch: pytest.MonkeyPatch, hard: int, told: str
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (hard, hard))
    assert str(limits.too_few_files()).startswith(told)


@pytest.mark.parametrize(
    ("log", "says"),
    [
        ("", "It left no words: `workbook doctor`"),
        ("java.io.IOException: No space left on device", "The disk is full: "),
        ("java.net.SocketException: Too many open files", "`ulimit -n 4096`"),
        ("OutOfMemoryError: unable to create native thread", "raise the limits"),
        ("ERROR I gave up\n\tat kafka.Kafka.main(Kafka.scala)", "I gave up\nIf it happ"),
    ],
)
def test_last_words_come_with_what_to_do(tmp_path: Path, log: str, says: str) -> None:
    layout = Layout(tmp_path)
    layout.make()
    layout.log("broker", 1).write_text(log)
    told = str(last_words.of_ended(layout, NODE))
    assert told.startswith("Broker 1 ended while it started.")
    assert says in told


def test_a_kinesis_that_does_not_start_costs_nobody_a_topic(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.make()
    layout.log("kinesis", 0).write_text("ConfigException: I gave up")
    told = str(last_words.of_ended(layout, NodeRecord("kinesis", 0)))
    assert told.endswith("I gave up\n`workbook doctor` says whether its program serves.")


def test_who_waits_for_another_program_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(locking, "_SILENT_SECONDS", 0.1)
    layout = Layout(settings.state_dir)
    layout.make()
    with ThreadPoolExecutor() as pool:
        with FileLock(layout.lock):
            down = pool.submit(cluster.EmbeddedCluster(settings).down)
            wait_for(lambda: "waiting for it" in capfd.readouterr().err, 10, "the words")
        down.result()
