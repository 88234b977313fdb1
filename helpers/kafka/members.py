"""Members: scripts that run as processes of their own and never outlive their starter.

A member ends by itself, by :meth:`Member.stop` or :meth:`Member.kill`, by
:func:`end_all`, and when the process that started it ends in whatever way.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from helpers.inputs import InputError, public_methods, seconds
from helpers.waiting import WaitTimeout, wait_for
from helpers.wording import short

CONNECTION_VARIABLE = "CONNECTION"
"""Where a script finds the settings that its clients begin with, as JSON."""

MOST = 16
"""Members at one time. Each takes about 40 MB."""

_GRACE_SECONDS = 3.0
_members: list["Member"] = []


@public_methods
class Member:
    """One script in a process of its own.

    Attributes:
        script: the file it runs.
        pid: its process id.
        output_file: where what it prints goes.
    """

    def __init__(
        self, script: Path, process: "subprocess.Popen[bytes]", output: Path
    ) -> None:
        self.script = script
        self.pid = process.pid
        self._process = process
        self.output_file = output

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """0 if it ended well, negative if a signal ended it, None while it runs."""
        return self._process.poll()

    def kill(self) -> None:
        """End it at once with SIGKILL, as a crash would; it can do nothing more."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end with SIGTERM; if it does not within 3 s, kill it."""
        self._end(signal.SIGTERM)

    def wait(self, timeout: float = 30) -> int:
        """Wait for its own end and return its exit code.

        Args:
            timeout: seconds until giving up; it then runs on.

        Raises:
            InputError: ``timeout`` is no number of seconds.
            WaitTimeout: it still runs.
        """
        limit = seconds(timeout, "wait")
        wait_for(lambda: not self.alive, limit, f"{self.script.name} to end")
        return self._process.returncode

    def output(self) -> str:
        """Return what it has printed, errors included.

        Raises:
            InputError: its file is gone, as after the lesson's last cell.
        """
        try:
            return self.output_file.read_text("utf-8", "replace")
        except FileNotFoundError:
            raise InputError(
                f"What {self.script.name} printed is gone with the files of its run: "
                "start it again."
            ) from None

    def ask_to_end(self) -> None:
        """Send it SIGTERM, and do not wait for what it does."""
        self._process.send_signal(signal.SIGTERM)

    def _end(self, signum: signal.Signals) -> None:
        if self.alive:
            self._process.send_signal(signum)
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()

    def __repr__(self) -> str:
        state = "runs" if self.alive else f"ended, exit code {self.exit_code}"
        return f"{self.script.name}, pid {self.pid}: {state}"


def start(
    script: Path,
    arguments: tuple[object, ...],
    connection: Mapping[str, object],
    folder: Path | None = None,
    **variables: str,
) -> Member:
    """Start a script as a process of its own.

    Its output goes to a file in its folder. The connection goes by the environment, which
    other users cannot read, and not by the command line, which they can.

    Args:
        script: a Python file.
        arguments: what it finds in ``sys.argv[1:]``, as text.
        connection: settings that its clients begin with.
        folder: in which it runs, made if it is not there; its own, if none is given.
        variables: further variables of its environment.

    Raises:
        InputError: there is no such file, there are too many members, or no process can
            get these arguments.
    """
    check_script(script)
    _check_number()
    folder = folder or script.parent
    folder.mkdir(parents=True, exist_ok=True)
    output = folder / f"{script.stem}-{len(_members)}.output"
    environment = _environment(connection) | variables
    try:
        process = _process(script, arguments, environment, output)
    # A text that is too long for the system, or has a zero byte in it.
    except (OSError, ValueError) as error:
        output.unlink(missing_ok=True)
        raise _not_started(script, error) from error
    _members.append(Member(script, process, output))
    return _members[-1]


def run(
    script: Path,
    arguments: tuple[object, ...],
    connection: Mapping[str, str],
    folder: Path | None = None,
    timeout: float = 30,
) -> str | None:
    """Run a script as a process of its own to its end; return what it printed.

    Args:
        script: a Python file.
        arguments: what it finds in ``sys.argv[1:]``, as text.
        connection: settings that its clients begin with.
        folder: in which it runs; its own, if none is given.
        timeout: seconds after which it is killed.

    Returns:
        None if it failed, died or did not end in time.

    Raises:
        InputError: there is no such file, or no process can get these arguments.
    """
    check_script(script)
    # Nobody writes there: a script ends when the other end does.
    reader, writer = os.pipe()
    try:
        done = subprocess.run(
            _command(script, arguments),
            cwd=folder or script.parent,
            env=_environment(connection),
            stdin=reader,
            stdout=subprocess.PIPE,
            # What librdkafka says of brokers that are down is not the student's.
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=timeout,
            check=True,
        )
    except subprocess.SubprocessError:
        return None
    except (OSError, ValueError) as error:
        raise _not_started(script, error) from error
    finally:
        os.close(reader)
        os.close(writer)
    return done.stdout.decode("utf-8", "replace")


def _not_started(script: Path, error: Exception) -> InputError:
    return InputError(
        f"{script.name} could not be started ({error}): give it short arguments, and "
        "write what is long to a file."
    )


def _command(script: Path, arguments: tuple[object, ...]) -> list[str]:
    module = "helpers.kafka.member_process"
    return [sys.executable, "-m", module, str(script), *map(str, arguments)]


def _process(
    script: Path,
    arguments: tuple[object, ...],
    environment: Mapping[str, str],
    output: Path,
) -> "subprocess.Popen[bytes]":
    with output.open("wb") as sink:
        return subprocess.Popen(
            _command(script, arguments),
            cwd=output.parent,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=sink,
            stderr=subprocess.STDOUT,
            # An interrupt of the kernel goes to its whole group, and is not for it.
            start_new_session=True,
        )


def started() -> list[Member]:
    """Return the members of this process that :func:`end_all` has not ended."""
    return list(_members)


def running() -> list[Member]:
    """Return the members of this process that still run."""
    return [member for member in _members if member.alive]


def leave_all() -> None:
    """Ask every member to end, all at the same time, and end those that do not in 3 s.

    A consumer that closes leaves its group, which can be deleted then. To a group whose
    members are killed they belong until their sessions end.
    """
    for member in running():
        member.ask_to_end()
    with suppress(WaitTimeout):
        wait_for(lambda: not running(), _GRACE_SECONDS, "the members to end")
    end_all()


def end_all() -> None:
    """Kill every member that this process has started, and forget them."""
    for member in _members:
        member.kill()
    _members.clear()


atexit.register(end_all)


def check_script(script: Path) -> None:
    """See that there is a script to start.

    Raises:
        InputError: there is none.
    """
    try:
        is_there = script.is_file()
    except OSError:  # no file can have so long a name
        is_there = False
    if not is_there:
        raise InputError(
            f"There is no script {short(script.name)} in {script.parent}: run the cell "
            "that writes it, and compare the name."
        )


def _check_number() -> None:
    if len(running()) >= MOST:
        raise InputError(
            f"{MOST} processes of this lesson run already: stop one, or run the set-up "
            "cell again, which ends all."
        )


def _environment(connection: Mapping[str, object]) -> dict[str, str]:
    # A logger is no text, and stays in this process.
    settings = {key: one for key, one in connection.items() if key != "logger"}
    return {
        **os.environ,
        CONNECTION_VARIABLE: json.dumps(settings),
        "PYTHONUNBUFFERED": "1",
    }
