"""The process of one member: a script that ends when its starter does.

``python -m helpers.kafka.member_process SCRIPT [ARGUMENT ...]``, started by
:mod:`helpers.kafka.members` with a pipe as its standard input.
"""

import os
import runpy
import sys
import threading
from pathlib import Path

from helpers.kafka import crashes

_STDIN = 0


def main() -> None:
    """Run the script as if it had been started by itself."""
    threading.Thread(target=_end_with_starter, daemon=True).start()
    crashes.install()
    sys.argv = sys.argv[1:]
    sys.path[0] = str(Path(sys.argv[0]).parent)
    runpy.run_path(sys.argv[0], run_name="__main__")


def _end_with_starter() -> None:
    """End this process when nobody holds the other end of its standard input.

    Only the starter holds it, so this works however the starter ends, by SIGKILL too.
    """
    # Not sys.stdin: a thread that waits in it would block the script's own end.
    while os.read(_STDIN, 1):
        continue
    os._exit(1)


if __name__ == "__main__":
    main()
