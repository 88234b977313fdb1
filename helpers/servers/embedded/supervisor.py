"""The small process that ends servers with the Lab that started them.

It survives what kills a Lab, SIGKILL and a closed terminal included, because it
belongs to no terminal and only looks whether the Lab's process is there. A shell, which
the record names as the supervisor, starts it again if it is killed itself.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil

from helpers.servers.embedded import ownership, processes, record
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.processes import ProcessId
from helpers.servers.embedded.record import Record
from helpers.settings import Settings

_LOOK_EVERY_SECONDS = 0.5
_KERNEL_GRACE = 3.0


def main(state_dir: Path) -> None:
    """Watch until the owners of these servers are gone, or nobody owns them.

    Servers whose record was removed, with its folder, are nobody's, too.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    layout = Layout(state_dir)
    try:
        _watch(state_dir, layout)
    finally:
        if not layout.record.exists():
            left = processes.belonging_to(state_dir)
            processes.kill([one for one in left if one.pid != os.getpid()])


def _watch(state_dir: Path, layout: Layout) -> None:
    cluster = EmbeddedCluster(replace(Settings.from_environment(), state_dir=state_dir))
    seen: set[ProcessId] = set()
    shell = os.getppid()
    known: Record | None = None
    # A record that is damaged or gone says nothing new.
    while known := record.load(layout.record) or known:
        current = known
        if not _is(current.supervisor, shell):
            break
        seen.update(current.owners)
        gone = {one for one in seen if not processes.find(one)}
        # Before the servers: once they are down, the next `up` may end this process.
        _end_kernels_of(gone)
        seen -= gone
        if ownership.is_abandoned(current) and cluster.end_if_abandoned(current):
            break
        if not current.owners:
            break
        time.sleep(_LOOK_EVERY_SECONDS)


def _is(supervisor: ProcessId | None, pid: int) -> bool:
    return supervisor is not None and supervisor.pid == pid


def _end_kernels_of(labs: set[ProcessId]) -> None:
    """End the kernels of dead Labs: Jupyter names their parent in the environment."""
    if not labs:
        return
    parents = {str(lab.pid) for lab in labs}
    kernels = []
    for process in psutil.process_iter():
        try:
            env = process.environ()
        except (psutil.Error, OSError):
            continue
        if env.get("JPY_PARENT_PID") in parents and not env.get(processes.OWNER_VARIABLE):
            kernels.append(ProcessId.of(process.pid))
    processes.end(kernels, _KERNEL_GRACE)


if __name__ == "__main__":
    from filelock import FileLock

    folder = Path(sys.argv[1])
    # Whoever started this still holds the lock, and is about to record it.
    with suppress(FileNotFoundError), FileLock(Layout(folder).lock):
        pass
    main(folder)
