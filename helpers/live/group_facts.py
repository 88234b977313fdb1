"""What a group's coordinator tells of it, as facts; pure functions."""

from collections import Counter
from collections.abc import Sequence

from confluent_kafka import ConsumerGroupState, ConsumerGroupType
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    ConsumerGroupDescription,
    MemberDescription,
)

from helpers.live.lag_snapshot import GroupState, MemberFacts

_STATES: dict[object, GroupState] = {
    ConsumerGroupState.STABLE: "stable",
    ConsumerGroupState.EMPTY: "empty",
    ConsumerGroupState.PREPARING_REBALANCING: "rebalancing",
    ConsumerGroupState.COMPLETING_REBALANCING: "rebalancing",
    # What Kafka answers of a group that there is not.
    ConsumerGroupState.DEAD: "none",
}
_END_OF_ID = 4


def state_of(group: ConsumerGroupDescription) -> GroupState:
    """Return a group's state in a word."""
    if (found := _STATES.get(group.state)) is not None:
        return found
    # The client has no names for the two states in which the new protocol's
    # coordinator hands partitions over.
    return "rebalancing" if group.type == ConsumerGroupType.CONSUMER else "unknown"


def protocol_of(group: ConsumerGroupDescription) -> str | None:
    """Return ``classic`` or ``consumer``; None for a group that there is not."""
    known = group.type in (ConsumerGroupType.CLASSIC, ConsumerGroupType.CONSUMER)
    return group.type.name.lower() if known and state_of(group) != "none" else None


def members_of(group: ConsumerGroupDescription, topic: str) -> tuple[MemberFacts, ...]:
    """Return the members by name, each with the partitions of a topic that it owns."""
    return tuple(
        MemberFacts(name, _owned(member, topic)) for name, member in _named(group.members)
    )


def _named(members: Sequence[MemberDescription]) -> list[tuple[str, MemberDescription]]:
    """Return each member with a name that no other one has."""
    times = Counter(one.client_id for one in members)
    named = [
        (one.client_id, one)
        if times[one.client_id] == 1
        else (f"{one.client_id} …{one.member_id[-_END_OF_ID:]}", one)
        for one in members
    ]
    return sorted(named, key=lambda pair: pair[0])


def _owned(member: MemberDescription, topic: str) -> tuple[int, ...]:
    places = member.assignment.topic_partitions if member.assignment else []
    return tuple(sorted(one.partition for one in places if one.topic == topic))
