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
    # Before the job is there a signal ends this process as usual.
    job = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True)

    def pass_on(number: int, frame: FrameType | None) -> None:
        job.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
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
