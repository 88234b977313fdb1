"""What a reader of the lag board should not overlook, in whole sentences."""

from collections.abc import Iterator

from helpers.live.lag_snapshot import LagSnapshot
from helpers.live.topic_log import named
from helpers.live.words import ago
from helpers.views import phrases
from helpers.views.marks import Note
from helpers.views.topic_phrases import STALE, as_they_were, missing


def warnings(snapshot: LagSnapshot) -> tuple[str, ...]:
    """Return them, the worst first; none where all is well."""
    about = snapshot.about
    found = phrases.warnings(about.nodes)
    if not found and about.nodes.nodes and not about.is_there:
        found = (missing(about),)
    return (*found, *_age(snapshot), *_dead(snapshot), *_idle(snapshot), *_odd(snapshot))


def _age(snapshot: LagSnapshot) -> Iterator[str]:
    """Tell of figures that are old, since nobody can tell newer ones."""
    if snapshot.asked is None:
        if snapshot.about.is_there:
            yield Note("No broker has told of the group yet.")
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
        yield Note("The group has no member: nobody reads.")
    if snapshot.state == "none" and snapshot.rows:
        yield Note(
            f"There is no consumer group {snapshot.group} yet: its first member makes it."
        )


def _odd(snapshot: LagSnapshot) -> Iterator[str]:
    late = [one for one in snapshot.rows if one.gone]
    if late:
        gone, where = sum(one.gone for one in late), [one.partition for one in late]
        yield (
            f"{gone:,} of the records that the group lags in {named(where)} were deleted "
            "before it read them. Kafka's tools count them, too."
        )
    beyond = [one.partition for one in snapshot.rows if one.is_beyond]
    if beyond:
        yield (
            f"More is committed than there is in {named(beyond)}: the topic was made "
            "anew, or has lost records."
        )
