"""Whose servers they are: what a Lab started must not outlive that Lab."""

import sys
from contextlib import suppress
from dataclasses import replace

import psutil

from helpers.servers.embedded import processes, record
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.processes import ProcessId
from helpers.servers.embedded.record import Record
from helpers.servers.errors import ServersError
from helpers.servers.runtime import java

SUPERVISOR_MODULE = "helpers.servers.embedded.supervisor"

# Whatever kills a Lab may kill every Python with it. A shell is left, and starts the
# supervisor again if a signal ended it.
_BEGIN_AGAIN = 'until "$@"; do [ $? -gt 128 ] || exit; sleep 1; done'


def owners_after_up(
    current: Record, owner: int | None, keep: bool
) -> tuple[ProcessId, ...]:
    """Return the owners once someone has called ``up``.

    Servers that run for nobody stay so; servers that run for others gain an owner,
    or keep those they have.
    """
    running = any(processes.find(node.process) for node in current.nodes)
    if keep or (running and not current.owners):
        return ()
    alive = [one for one in current.owners if running and processes.find(one)]
    new = [] if owner is None else [_owner(owner)]
    return tuple(dict.fromkeys([*alive, *new]))


def _owner(pid: int) -> ProcessId:
    with suppress(psutil.Error, ValueError):
        owner = ProcessId.of(pid)
        if processes.find(owner):
            return owner
    raise ServersError(f"There is no process {pid} that could own the servers.")


def is_abandoned(current: Record) -> bool:
    """Return whether the servers had owners and all of them are gone."""
    return bool(current.owners) and not any(map(processes.find, current.owners))


def watch(layout: Layout, current: Record, owners: tuple[ProcessId, ...]) -> Record:
    """Record the owners and make sure that a supervisor watches them."""
    current = replace(current, owners=owners)
    if owners and not processes.find(current.supervisor):
        current = replace(current, supervisor=_start_supervisor(layout))
    record.save(layout.record, current)
    return current


def _start_supervisor(layout: Layout) -> ProcessId:
    supervisor = [sys.executable, "-m", SUPERVISOR_MODULE, str(layout.state_dir)]
    command = ["/bin/sh", "-c", _BEGIN_AGAIN, SUPERVISOR_MODULE, *supervisor]
    output = layout.state_dir / "logs" / "supervisor.out"
    return processes.spawn(command, layout.state_dir, output, java.clean_environment())
