"""The process that asks about a group, and that it never outlives who started it."""

import subprocess
import sys

import psutil
import pytest

from helpers.live.aim import Aim
from helpers.live.group_watch import GroupWatch
from helpers.waiting import wait_for

SOON = 30
NOBODY = ("127.0.0.1:9",)
STARTER = """
import sys, time
from helpers.live.aim import Aim
from helpers.live.group_watch import GroupWatch
watch = GroupWatch("group", "topic", {}, interval=0.05)
watch.aim(Aim(("127.0.0.1:9",)))
while watch._process is None: time.sleep(0.05)
print(watch._process.pid, flush=True)
sys.stdin.readline()
"""


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or (
        psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    )


@pytest.mark.parametrize("end", ["killed", "ended"])
def test_it_does_not_outlive_its_starter(end: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdin is not None
        pid = int(starter.stdout.readline())
        assert not is_gone(pid)
        if end == "killed":
            starter.kill()
        else:
            starter.stdin.write("go\n")
            starter.stdin.flush()
        starter.wait(SOON)
    wait_for(lambda: is_gone(pid), SOON, "its end")


def test_it_ends_with_its_watch_while_nobody_answers() -> None:
    watch = GroupWatch("group", "topic", {}, interval=0.05)
    watch.aim(Aim(NOBODY))
    process = wait_for(lambda: watch._process, SOON, "its begin")
    assert process is not None
    watch.close()
    assert is_gone(process.pid)
    assert watch.sample is None
