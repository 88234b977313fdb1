"""What happened to a group between two snapshots, in plain words; pure functions."""

from collections.abc import Iterator

from helpers.kafka.crew import ConsumerFacts
from helpers.live import log
from helpers.live.lag_snapshot import LagSnapshot
from helpers.live.snapshot import Event
from helpers.live.topic_log import life, named
from helpers.live.words import listed


def tell_lag(before: LagSnapshot, after: LagSnapshot) -> tuple[Event, ...]:
    """Return what is new in ``after``, in the order of cause and effect."""
    lines = (
        *log.states(before.about.nodes, after.about.nodes),
        *life(before.about, after.about),
        *_consumers(before, after),
        *_existence(before, after),
        *_members(before, after),
        *_state(before, after),
        *_owners(before, after),
    )
    return tuple(Event(after.taken_at, text) for text in lines)


def _consumers(before: LagSnapshot, after: LagSnapshot) -> Iterator[str]:
    """Tell of the processes that the board started."""
    old = {one.name: one for one in before.consumers}
    new = {one.name: one for one in after.consumers}
    for name, one in new.items():
        if name not in old:
            yield f"You added {name} (pid {one.pid})."
        else:
            yield from _changes(old[name], one)
    for name in old.keys() - new.keys():
        if old[name].state == "running":
            yield f"You removed {name}."


def _changes(old: ConsumerFacts, new: ConsumerFacts) -> Iterator[str]:
    if old.milliseconds != new.milliseconds:
        yield f"You made each record {new.milliseconds:,g} ms of work to {new.name}."
    if old.state == new.state:
        return
    if new.state == "killed":
        yield f"{new.name} is killed (pid {new.pid}); the group is not told."
    if new.state == "failed":
        yield f"{new.name} ended by itself: {new.error}"


def _members(before: LagSnapshot, after: LagSnapshot) -> Iterator[str]:
    if before.asked is None or after.asked is None:
        return
    old = {one.name for one in before.members}
    new = {one.name for one in after.members}
    if joined := sorted(new - old):
        yield f"{listed(joined)} joined the group."
    if left := sorted(old - new):
        yield f"{listed(left)} left the group."


def _existence(before: LagSnapshot, after: LagSnapshot) -> Iterator[str]:
    if before.state == after.state or "unknown" in (before.state, after.state):
        return
    if after.state == "none":
        yield f"The group {after.group} is no more."
    if before.state == "none":
        yield f"The group {after.group} is there now."


def _state(before: LagSnapshot, after: LagSnapshot) -> Iterator[str]:
    if before.state == after.state:
        return
    if after.state == "rebalancing":
        yield "The group is rebalancing."
    if before.state == "rebalancing" and after.state == "stable":
        yield "The group is stable again."


def _owners(before: LagSnapshot, after: LagSnapshot) -> Iterator[str]:
    """Tell what each owner has gained, once it has: between two is nobody's time."""
    old = {one.partition: one.owner for one in before.rows}
    gained: dict[str, list[int]] = {}
    lost: list[int] = []
    for one in after.rows:
        if one.partition not in old or one.owner == old[one.partition]:
            continue
        if one.owner is None:
            lost.append(one.partition)
        else:
            gained.setdefault(one.owner, []).append(one.partition)
    for owner, numbers in sorted(gained.items()):
        yield f"{owner} owns {named(numbers)} now."
    if lost:
        yield f"Nobody owns {named(lost)} now."
