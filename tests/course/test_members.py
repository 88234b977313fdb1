"""Scripts as processes: what they get, how they end, and that none is left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from logging import getLogger
from pathlib import Path

import psutil
import pytest

from helpers.inputs import InputError
from helpers.kafka import members
from helpers.kafka.members import Member
from helpers.servers.embedded.processes import ProcessId, find
from helpers.waiting import WaitTimeout, wait_for

END_SECONDS = 30
FOR_EVER = "import time\nprint('up')\nwhile True: time.sleep(60)\n"
DEAF = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + FOR_EVER
# As a consumer does that leaves its group.
GENTLE = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
try:
    exec(sys.argv[1])
finally:
    print("good-bye")
"""
# Ends in the way that its last argument says, with one member and one other child alive.
STARTER = """
import os, signal, subprocess, sys
from pathlib import Path
from helpers.kafka import members
script, end = Path(sys.argv[1]), sys.argv[2]
member = members.start(script, (), {})
idle, quiet = "import time; time.sleep(60)", subprocess.DEVNULL
other = subprocess.Popen([sys.executable, "-c", idle], stdin=quiet, stdout=quiet)
print(member.pid, other.pid, flush=True)
sys.stdin.readline()
if end == "killed": os.kill(os.getpid(), signal.SIGKILL)
if end == "raised": raise SystemExit(3)
if end == "at once": os._exit(0)
"""


@pytest.fixture(autouse=True)
def no_member_left() -> Iterator[None]:
    yield
    members.end_all()
    assert members.running() == []


def start(folder: Path, code: str, *arguments: object) -> Member:
    script = folder / "script.py"
    script.write_text(code, "utf-8")
    # As a lesson's, whose logger stays where it is.
    connection = {"bootstrap.servers": "nowhere:1", "logger": getLogger("lesson")}
    return members.start(script, arguments, connection)


def wait_until_up(member: Member) -> None:
    wait_for(lambda: "up" in member.output(), END_SECONDS, "its first word")


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or (
        psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    )


def test_it_gets_arguments_connection_and_the_modules_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "with a space"
    folder.mkdir()
    (folder / "beside.py").write_text("NAME = 'beside'")
    code = "import json, os, sys, beside\n"
    code += "print(sys.argv[1:], json.loads(os.environ['CONNECTION']), beside.NAME)\n"
    code += "print(os.getcwd(), __name__)"
    member = start(folder, code, "a b", 3)
    assert member.wait(END_SECONDS) == 0
    said = "['a b', '3'] {'bootstrap.servers': 'nowhere:1'} beside"
    assert member.output() == f"{said}\n{folder} __main__\n"
    assert repr(member) == f"script.py, pid {member.pid}: ended, exit code 0"
    assert "nowhere" not in " ".join(psutil.Process().cmdline())


def test_its_failure_can_be_read(tmp_path: Path) -> None:
    member = start(tmp_path, "1 / 0")
    assert member.wait(END_SECONDS) == 1
    assert member.output().splitlines()[-1] == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("code", "end", "exit_code"),
    [
        (FOR_EVER, Member.kill, -signal.SIGKILL),
        (FOR_EVER, Member.stop, -signal.SIGTERM),
        (DEAF, Member.stop, -signal.SIGKILL),
    ],
    ids=["kill", "stop", "stop what is deaf"],
)
def test_it_ends_when_told(
    tmp_path: Path, code: str, end: "type[Member.kill]", exit_code: int
) -> None:
    member = start(tmp_path, code)
    wait_until_up(member)
    assert member.alive
    assert members.running() == [member]
    end(member)
    assert not member.alive
    assert is_gone(member.pid)
    assert member.exit_code == exit_code
    end(member)
    assert member.exit_code == exit_code, "to end it twice does no harm"


def test_all_are_asked_to_end_before_they_are_ended(tmp_path: Path) -> None:
    gentle = start(tmp_path, GENTLE, FOR_EVER)
    wait_until_up(gentle)
    deaf = start(tmp_path, DEAF)
    wait_until_up(deaf)
    members.leave_all()
    assert (gentle.alive, deaf.alive) == (False, False)
    assert "good-bye" in gentle.output()
    assert deaf.exit_code == -signal.SIGKILL
    assert members.started() == []


def test_it_does_not_hear_an_interrupt_of_its_starters_group(tmp_path: Path) -> None:
    member = start(tmp_path, FOR_EVER)
    assert os.getpgid(member.pid) != os.getpgid(0)


def test_waiting_in_vain_leaves_it_running(tmp_path: Path) -> None:
    member = start(tmp_path, FOR_EVER)
    with pytest.raises(WaitTimeout, match=r"for script\.py to end"):
        member.wait(0.1)
    assert member.alive


@pytest.mark.parametrize("end", ["killed", "raised", "at once", "well"])
def test_none_outlives_its_starter(tmp_path: Path, end: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(FOR_EVER)
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(script), end],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdout is not None
        member, other = map(int, starter.stdout.readline().split())
        identity = ProcessId.of(member)
        assert find(identity)
        assert starter.stdin is not None
        starter.stdin.write("go\n")
        starter.stdin.flush()
        starter.wait(END_SECONDS)
    try:
        wait_for(lambda: not find(identity), END_SECONDS, "the member's end")
        assert not is_gone(other), "it ended because all did"
    finally:
        os.kill(other, signal.SIGKILL)


def test_too_many_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MOST", 1)
    first = start(tmp_path, FOR_EVER)
    with pytest.raises(InputError, match="1 processes of this lesson run already: stop"):
        start(tmp_path, FOR_EVER)
    assert members.running() == [first]
