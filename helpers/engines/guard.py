"""The process between a starter and a job: it ends the job when the starter is gone.

``python -m helpers.engines.guard COMMAND ...``, with a pipe as its standard input.
SIGTERM is passed on to the job. When nobody holds the other end of the pipe any more,
the job and all that it has started are killed: so does a starter, and so its end.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from types import FrameType

_STDIN = 0


def main() -> None:
    """Run the command and end with its exit code."""
    jobs: list[subprocess.Popen[bytes]] = []
    asked: list[int] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        for one in jobs:
            one.send_signal(number)

    # Before the job begins: a signal meanwhile would end this process and leave the job.
    signal.signal(signal.SIGTERM, pass_on)
    command = sys.argv[1:]
    job = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    jobs.append(job)
    if asked:
        job.terminate()
    threading.Thread(target=_kill_when_left, args=(job.pid,), daemon=True).start()
    code = job.wait()
    # What it has started and left behind.
    _kill_group(job.pid)
    os._exit(code if code >= 0 else 128 - code)


def _kill_when_left(group: int) -> None:
    while os.read(_STDIN, 1):
        continue
    _kill_group(group)


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
