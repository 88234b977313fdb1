"""The facts of a lag snapshot in words; the picture and the text both use them."""

from collections.abc import Iterator

from helpers.kafka.crew import ConsumerFacts
from helpers.live.lag_snapshot import LagRow, LagSnapshot
from helpers.live.topic_log import named
from helpers.live.words import ago, clock, count, measured
from helpers.views import phrases
from helpers.views.topic_phrases import STALE, UNKNOWN, as_they_were, missing, said

NOTHING = "-"
"""What Kafka's own tool shows where a group has committed nothing."""

LEGEND = (
    "bars: grey is read, striped is still to read · behind: age of the oldest record "
    "still to read, by its timestamp · trend: of the last 3 s"
)
_SIGNS = {"running": "●", "killed": "✕", "failed": "✕"}
_STATES = {"failed": "ended by itself"}
_GROUP_STATES = {
    "none": "no such group",
    "empty": "empty",
    "rebalancing": "rebalancing",
    "stable": "stable",
    "unknown": "state unknown",
}
# A lag that changes more slowly is called steady.
_STEADY = 0.5


def summary(snapshot: LagSnapshot) -> tuple[str, ...]:
    """Return how the group is, in a few phrases; the first is the time of day."""
    rows = snapshot.rows
    topic = f"topic {snapshot.about.topic}"
    parts = f"{topic}, {count(len(rows), 'partition')}" if rows else topic
    now = clock(snapshot.taken_at, tenths=False)
    if snapshot.asked is None:
        return (now, parts)
    whole = _total(snapshot) if rows else ()
    age = f"sampled {ago(snapshot.ticks - snapshot.asked)}"
    return (now, parts, *_group(snapshot), *whole, age)


def _group(snapshot: LagSnapshot) -> tuple[str, ...]:
    state = _GROUP_STATES[snapshot.state]
    if snapshot.state == "none":
        return (state,)
    protocol = f"{snapshot.protocol} protocol, " if snapshot.protocol else ""
    return (count(len(snapshot.members), "member"), f"{protocol}{state}")


def _total(snapshot: LagSnapshot) -> tuple[str, ...]:
    if snapshot.total is None:
        known = any(one.end is not None for one in snapshot.rows)
        return ("nothing committed yet" if known else "total unknown",)
    total = f"total {count(snapshot.total, 'record')} to read"
    behind = f"{seconds(snapshot.behind)} behind"
    return (total, behind, trend(snapshot.per_second), *_not_counted(snapshot))


def _not_counted(snapshot: LagSnapshot) -> tuple[str, ...]:
    number = sum(one.committed is None for one in snapshot.rows)
    return (f"{count(number, 'partition')} not counted",) if number else ()


def warnings(snapshot: LagSnapshot) -> tuple[str, ...]:
    """Return what a reader should not overlook, in whole sentences."""
    about = snapshot.about
    found = phrases.warnings(about.nodes)
    if not found and about.nodes.nodes and not about.is_there:
        found = (missing(about),)
    return (*found, *_age(snapshot), *_dead(snapshot), *_idle(snapshot), *_odd(snapshot))


def _age(snapshot: LagSnapshot) -> Iterator[str]:
    """Tell of figures that are old, since nobody can tell newer ones."""
    if snapshot.asked is None:
        if snapshot.about.is_there:
            yield "No broker has told of the group yet."
        return
    old = snapshot.ticks - snapshot.asked
    if old >= STALE:
        yield f"Everything about the group is as it was {ago(old)}: nobody tells it now."
    else:
        moments = {one.partition: one.asked for one in snapshot.rows}
        yield from as_they_were("Ends", moments, snapshot.ticks)


def _dead(snapshot: LagSnapshot) -> Iterator[str]:
    """Tell of members whose process is gone, while the group does not know it."""
    gone = {one.name for one in snapshot.consumers if one.state != "running"}
    for member in snapshot.members:
        if member.name in gone:
            owned = member.partitions
            unread = f" Until then nobody reads {named(owned)}." if owned else ""
            yield (
                f"{member.name} does not run any more; the group counts it until its "
                f"session ends.{unread}"
            )


def _idle(snapshot: LagSnapshot) -> Iterator[str]:
    if snapshot.state == "empty" and snapshot.rows:
        yield "The group has no member: nobody reads."
    if snapshot.state == "none" and snapshot.rows:
        yield f"There is no group {snapshot.group} yet: its first member makes it."


def _odd(snapshot: LagSnapshot) -> Iterator[str]:
    beyond = [one.partition for one in snapshot.rows if one.is_beyond]
    if beyond:
        yield (
            f"More is committed than there is in {named(beyond)}: the topic was made "
            "anew, or has lost records."
        )


def lag(row: LagRow) -> str:
    """Return how many records are still to read."""
    if row.committed is None:
        return committed(row)
    return said(row.lag)


def committed(row: LagRow) -> str:
    """Return what the group has committed; nothing is told apart from not known."""
    if row.committed is not None:
        return said(row.committed)
    return UNKNOWN if row.end is None else NOTHING


def behind(row: LagRow) -> str:
    """Return the age of the oldest record that is still to read."""
    return committed(row) if row.committed is None else seconds(row.behind)


def row_trend(row: LagRow) -> str:
    """Return whether a partition's lag grows."""
    return committed(row) if row.committed is None else trend(row.per_second)


def seconds(number: float | None) -> str:
    """Return a time, or that it is not known."""
    return UNKNOWN if number is None else measured(number)


def trend(per_second: float | None) -> str:
    """Return in sign and words whether a lag grows; the sign is of its own shape."""
    if per_second is None:
        return "measuring"
    if abs(per_second) < _STEADY:
        return "▬ steady"
    sign = "▲" if per_second > 0 else "▼"
    return f"{sign} {abs(per_second):,.0f} a second"


def read_share(row: LagRow) -> float | None:
    """Return which part of a partition is read, from 0 to 1; None where unknown."""
    if row.committed is None or row.end is None:
        return None
    return min(1.0, row.committed / row.end) if row.end else 1.0


def consumer(one: ConsumerFacts, ticks: float) -> str:
    """Return what a consumer's process is doing, with its sign."""
    word = _STATES.get(one.state, one.state)
    since = "" if one.state == "running" else f" {ago(ticks - one.since)}"
    return f"{_SIGNS[one.state]} {word}{since}"


def facts(one: ConsumerFacts) -> tuple[str, str]:
    """Return a consumer's process and how slow it is made."""
    pid = f"pid {one.pid}" if one.state == "running" else f"was pid {one.pid}"
    return pid, f"{one.milliseconds:,g} ms of work a record"


def part(one: ConsumerFacts, snapshot: LagSnapshot) -> str:
    """Return what a consumer is to the group."""
    if one.state == "failed" and one.error:
        return one.error
    owned = {m.name: m.partitions for m in snapshot.members}.get(one.name)
    if owned is None:
        return "not a member" if one.state != "running" else "joining the group"
    return f"owns {named(owned)}" if owned else "owns nothing"


def course(snapshot: LagSnapshot) -> str:
    """Return how the total has been: what the chart shows, as a sentence."""
    known = [(at, total) for at, total in snapshot.history if total is not None]
    if not known or snapshot.total is None:
        return "The total over time: not known yet."
    first = max(0.0, snapshot.ticks - known[0][0])
    at, most = max(known, key=lambda one: one[1])
    peak = max(most, snapshot.total)
    when = "now" if peak == snapshot.total else ago(snapshot.ticks - at)
    return (
        f"The total over the last {first:.0f} s: {known[0][1]:,} at first, at most "
        f"{peak:,} ({when}), {count(snapshot.total, 'record')} now."
    )
