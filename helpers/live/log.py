"""What happened between two snapshots, in plain words; pure functions."""

import re
from collections.abc import Callable, Iterator

from helpers.live.moves import moved_leaders
from helpers.live.snapshot import Action, Event, NodeFacts, NodesSnapshot
from helpers.live.words import count, measured, node_inside, node_name

_BY_YOU = {
    "killed": ("kill", "You killed {inside}"),
    "stopped": ("stop", "You stopped {inside}"),
    "paused": ("pause", "You paused {inside}"),
}
_BY_OTHERS = {
    "killed": "{name} is killed",
    "stopped": "{name} is stopped",
    "paused": "{name} is paused",
    "failed": "{name} ended by itself",
}


def tell(before: NodesSnapshot, after: NodesSnapshot) -> tuple[Event, ...]:
    """Return what is new in ``after``, in the order of cause and effect."""
    parts: tuple[Callable[[NodesSnapshot, NodesSnapshot], Iterator[str]], ...]
    parts = (states, moved_leaders, ends)
    return tuple(
        Event(after.taken_at, text) for part in parts for text in part(before, after)
    )


def states(before: NodesSnapshot, after: NodesSnapshot) -> Iterator[str]:
    """Tell what happened to the processes, and who is in the cluster."""
    for part in (_problems, _come_and_gone, _states, _members, _active):
        yield from part(before, after)


def _problems(before: NodesSnapshot, after: NodesSnapshot) -> Iterator[str]:
    if after.problem and not before.problem:
        yield f"The servers cannot be seen: {after.problem}"
    if before.problem and not after.problem:
        yield "The servers can be seen again."


def _come_and_gone(before: NodesSnapshot, after: NodesSnapshot) -> Iterator[str]:
    """Tell of nodes that were added, and of those that left for good."""
    if not before.nodes or not after.nodes:
        return
    old = {(node.role, node.id) for node in before.nodes}
    new = {(node.role, node.id) for node in after.nodes}
    for node in sorted(new - old):
        yield f"{node_name(*node)} has joined."
    for node in sorted(old - new):
        yield f"{node_name(*node)} has left for good."


def _states(before: NodesSnapshot, after: NodesSnapshot) -> Iterator[str]:
    for old, new in _pairs(before, after):
        if (old.state, old.pid) == (new.state, new.pid):
            continue
        if new.state == "running":
            yield _runs(old, new, after.ticks, _is_yours(before, after, new, "resume"))
        elif old.state != new.state:
            yield _ceased(old, new, before, after)


def _runs(old: NodeFacts, new: NodeFacts, ticks: float, yours: bool) -> str:
    after = f" after {measured(ticks - old.since)}" if old.since is not None else ""
    name, inside = node_name(new.role, new.id), node_inside(new.role, new.id)
    if old.state == "running":
        return f"{name} runs anew (pid {new.pid}, was {old.pid})."
    if old.state != "paused" or old.pid != new.pid:
        pid = f" (pid {new.pid})" if new.pid else ""
        return f"{name} runs again{after}{pid}."
    return f"You resumed {inside}{after}." if yours else f"{name} goes on{after}."


def _ceased(
    old: NodeFacts, new: NodeFacts, before: NodesSnapshot, after: NodesSnapshot
) -> str:
    verb, by_you = _BY_YOU.get(new.state, ("", ""))
    yours = bool(verb) and _is_yours(before, after, new, verb)
    form = by_you if yours else _BY_OTHERS[new.state]
    text = form.format(
        name=node_name(new.role, new.id), inside=node_inside(new.role, new.id)
    )
    pronoun = "it leads" if new.state == "paused" else "it led"
    lead = f" ({pronoun} {count(old.leads, 'partition')})" if old.leads else ""
    return f"{text}{lead}."


def _members(before: NodesSnapshot, after: NodesSnapshot) -> Iterator[str]:
    for old, new in _pairs(before, after):
        if old.is_member is False and new.is_member:
            yield f"{node_name(new.role, new.id)} is in the cluster again."
        if old.is_member and new.is_member is False:
            yield f"The cluster goes on without {node_inside(new.role, new.id)}."


def _active(before: NodesSnapshot, after: NodesSnapshot) -> Iterator[str]:
    """Tell of the quorum's decision, where there are several to choose from."""
    old, new = _active_id(before), _active_id(after)
    several = sum(node.role == "controller" for node in after.nodes) > 1
    if several and before.nodes and old != new:
        if new is None:
            yield "No controller is active now."
        else:
            yield f"Controller {new} is the active one now."


def _active_id(snapshot: NodesSnapshot) -> int | None:
    active = (node.id for node in snapshot.nodes if node.is_active_controller)
    return next(active, None)


def ends(before: NodesSnapshot, after: NodesSnapshot) -> Iterator[str]:
    """Tell of actions that failed, and of starts, which end with an answer."""
    for action in _new_ends(before, after):
        inside = node_inside(action.role, action.id)
        took = measured((action.ended or 0.0) - action.began)
        if action.error:
            yield f"You could not {action.verb} {inside}: {_first_line(action.error)}"
        elif action.verb == "start":
            yield f"You started {inside}: it answers after {took}."


def _first_line(error: str) -> str:
    """Leave out the last words of a server's own log, which can be many lines."""
    return re.sub(r":$", ".", error.partition("\n")[0])


def _new_ends(before: NodesSnapshot, after: NodesSnapshot) -> list[Action]:
    known = _ended_numbers(before)
    return [a for a in after.actions if a.ended is not None and a.number not in known]


def _is_yours(
    before: NodesSnapshot, after: NodesSnapshot, node: NodeFacts, verb: str
) -> bool:
    """Return whether an action of the board is why the node changed."""
    known = _ended_numbers(before)
    return any(
        (one.verb, one.role, one.id) == (verb, node.role, node.id)
        for one in after.actions
        if one.number not in known
    )


def _ended_numbers(snapshot: NodesSnapshot) -> set[int]:
    return {one.number for one in snapshot.actions if one.ended is not None}


def _pairs(
    before: NodesSnapshot, after: NodesSnapshot
) -> Iterator[tuple[NodeFacts, NodeFacts]]:
    """Give each node of both snapshots with its older self."""
    old = {(node.role, node.id): node for node in before.nodes}
    for node in after.nodes:
        if (node.role, node.id) in old:
            yield old[node.role, node.id], node
