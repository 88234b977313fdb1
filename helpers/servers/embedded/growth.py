"""Nodes beyond those of every start: added to the running servers, and taken away."""

import os
from collections.abc import Sequence
from dataclasses import replace

from helpers.servers.embedded import processes, record, starting
from helpers.servers.embedded.kafka_config import SPARE_IDS
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.membership import (
    Membership,
    remove_files,
    wait_for_controller,
)
from helpers.servers.embedded.processes import ProcessId
from helpers.servers.embedded.record import NodeRecord, Record
from helpers.servers.errors import ServersError
from helpers.servers.interface import Role
from helpers.settings import Settings

_GRACE_SECONDS = 15.0


def added(current: Record) -> list[NodeRecord]:
    """Return the nodes that were added, in the order in which they should leave."""
    found = [node for node in current.nodes if node.id in SPARE_IDS.get(node.role, ())]
    # While brokers hand over what they hold, there shall be many to decide it.
    return sorted(found, key=lambda node: node.role)


def nobodys(current: Record) -> list[NodeRecord]:
    """Return the added nodes whose adder is this process, or has ended."""
    return [
        node
        for node in added(current)
        if not processes.find(node.added_by) or _is_me(node.added_by)
    ]


def _is_me(adder: ProcessId | None) -> bool:
    return adder is not None and adder.pid == os.getpid()


def add(
    settings: Settings, layout: Layout, current: Record, role: Role, number: int
) -> tuple[int, ...]:
    """Start spare nodes, have them join, and return their ids.

    Raises:
        ServersError: there are too few, or they do not come up or are not taken.
    """
    if number < 1:
        raise ServersError(f"{number} nodes cannot be added: ask for 1 or more.")
    spares = [node for node in current.spares if node.role == role][:number]
    if len(spares) < number:
        raise ServersError(_no_more(role, len(spares)))
    if not any(processes.find(n.process) for n in current.nodes if n.role == "broker"):
        raise ServersError("No broker runs that it could join: run `workbook up` first.")
    me = ProcessId.of(os.getpid())
    grown = current
    for spare in spares:
        grown = grown.with_added(replace(spare, added_by=me))
    grown = _start(settings, layout, current, grown, grown.nodes_like(spares))
    for node in grown.nodes_like(spares):
        Membership(settings, layout, grown).join(node)
    return tuple(node.id for node in spares)


def _start(
    settings: Settings,
    layout: Layout,
    before: Record,
    grown: Record,
    nodes: list[NodeRecord],
) -> Record:
    try:
        return starting.start_nodes(settings, layout, grown, nodes)
    except BaseException:
        # They had no part in the cluster yet.
        record.save(layout.record, before)
        for node in nodes:
            remove_files(layout, node)
        raise


def _no_more(role: Role, left: int) -> str:
    all_of_them = SPARE_IDS.get(role, ())
    if not all_of_them:
        return f"There is one {role} endpoint, and no other can be added."
    return (
        f"Of {role} nodes, {len(all_of_them)} at most can be added here, and {left} of "
        "them can be added now: remove one first, or ask for fewer."
    )


def part_with(
    settings: Settings, layout: Layout, current: Record, nodes: Sequence[NodeRecord]
) -> None:
    """Have nodes leave one after the other, each in good order, and remove their data.

    Args:
        settings: of this clone.
        layout: of its files.
        current: the record, in which every node runs.
        nodes: that were added.

    Raises:
        ServersError: the others cannot do without one of them; it stays as it is.
    """
    for node in nodes:
        membership = Membership(settings, layout, current)
        membership.leave(node)
        rest = current.without([node])
        wait_for_controller([one for one in rest.nodes if one.role == "broker"])
        # Else a board that looks meanwhile takes its end for a crash.
        record.save(layout.record, current.with_node(replace(node, wanted="stopped")))
        processes.end([one for one in [node.process] if one], _GRACE_SECONDS)
        membership.forget(node)
        record.save(layout.record, rest)
        current = rest
