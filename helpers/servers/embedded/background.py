"""What is made once the servers run, so that the next start is faster."""

import os
import sys
from contextlib import suppress

from helpers.servers.embedded import processes
from helpers.servers.embedded.layout import Layout
from helpers.servers.runtime import class_data, java
from helpers.settings import Settings

# A lesson goes first. Not nicer: beside a program that never rests it would not end.
_NICENESS = 10


def make_class_data(settings: Settings, layout: Layout) -> None:
    """Have the archive of Kafka's classes made beside the servers, if there is none.

    The process is one of the servers' own: ``down`` ends it, and the next start
    takes it up again.
    """
    archive = class_data.archive_file(settings)
    if archive is None or class_data.is_whole(archive):
        return
    if not os.access(archive.parent, os.W_OK):
        return
    command = [sys.executable, "-m", __name__]
    env = {**java.clean_environment(), "WORKBOOK_CACHE_DIR": str(settings.cache_dir)}
    output = layout.state_dir / "logs" / "class-data.out"
    # A matter of speed: servers that run already are not given up for it.
    with suppress(OSError):
        processes.spawn(command, layout.state_dir, output, env)


if __name__ == "__main__":
    os.nice(_NICENESS)
    class_data.make_archive(Settings.from_environment())
