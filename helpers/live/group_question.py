"""How far a group has come in a topic, as coordinator and leaders tell it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    ConsumerGroupDescription,
)

from helpers.live import group_facts
from helpers.live.aim import Aim
from helpers.live.asking import ASK_SECONDS, answer, kept_admin
from helpers.live.group_reader import GroupReader
from helpers.live.lag_snapshot import GroupState, MemberFacts


@dataclass(frozen=True)
class GroupSample:
    """What was learned of a group at one moment.

    Attributes:
        asked: monotonic seconds before the first question.
        state: of the group.
        protocol: ``classic`` or ``consumer``; None where there is no group.
        members: of the group.
        committed: by partition, where the group reads next.
        ends: by partition, the offset that the next record gets; where a leader does
            not answer, at least this.
        begins: by partition, the offset of the first record that is still there.
        asked_ends: by partition, monotonic seconds when its leader told its end.
        behind: by partition, seconds since the oldest record was written that is not
            committed; nothing where nobody could tell.
    """

    asked: float
    state: GroupState = "unknown"
    protocol: str | None = None
    members: tuple[MemberFacts, ...] = ()
    committed: Mapping[int, int] = field(default_factory=dict)
    ends: Mapping[int, int] = field(default_factory=dict)
    begins: Mapping[int, int] = field(default_factory=dict)
    asked_ends: Mapping[int, float] = field(default_factory=dict)
    behind: Mapping[int, float] = field(default_factory=dict)


class GroupQuestion:
    """Asks one coordinator and the leaders of one topic.

    Args:
        group: its name.
        topic: its name.
        access: settings by which brokers let a client in, if they ask for any.
    """

    def __init__(self, group: str, topic: str, access: Mapping[str, str]) -> None:
        self._group, self._topic = group, topic
        self._client = kept_admin(access)
        self._reader = GroupReader(group, topic, access)
        self._ends: dict[int, int] = {}
        self._begins: dict[int, int] = {}
        self._moments: dict[int, float] = {}

    def ask(self, aim: Aim) -> GroupSample | None:
        """Return what is told now, or None if the coordinator does not answer.

        Args:
            aim: whom to ask; at least one broker runs.
        """
        admin, asked = self._client.at(aim.addresses), time.monotonic()
        told = self._coordinator(admin, aim)
        if told is None:
            # Both may keep asking a coordinator that is gone.
            self._client.drop()
            self._reader.close()
            return None
        group, committed = told
        self._ask_ends(aim, committed, asked)
        return GroupSample(
            asked,
            group_facts.state_of(group),
            group_facts.protocol_of(group),
            group_facts.members_of(group, self._topic),
            committed,
            dict(self._ends),
            dict(self._begins),
            dict(self._moments),
            self._behind(aim, committed),
        )

    def _coordinator(
        self, admin: AdminClient, aim: Aim
    ) -> tuple[ConsumerGroupDescription, dict[int, int]] | None:
        """Return the group and what it has committed; None if nobody answers."""
        asked = admin.describe_consumer_groups([self._group], request_timeout=ASK_SECONDS)
        committed = self._reader.committed(aim.addresses, aim.partitions)
        group = answer(asked[self._group])
        return None if group is None or committed is None else (group, committed)

    def _ask_ends(self, aim: Aim, committed: Mapping[int, int], now: float) -> None:
        """Ask for ends after what is committed is known: none is then beyond its end."""
        if aim.is_there is False:
            self._reader.forget()
            self._ends, self._begins, self._moments = {}, {}, {}
            return
        told = self._reader.reaches(aim.addresses, aim.leaders)
        if len(told) < len(aim.leaders):
            # It keeps asking a leader that is gone: one made anew learns of the next.
            self._reader.close()
        self._begins |= {one: begin for one, (begin, _) in told.items()}
        # Where nobody tells, the end is at least what has been read meanwhile.
        old = {p: max(end, committed.get(p, 0)) for p, end in self._ends.items()}
        self._ends = {**old, **{one: end for one, (_, end) in told.items()}}
        self._moments |= dict.fromkeys(told, now)

    def _behind(self, aim: Aim, committed: Mapping[int, int]) -> dict[int, float]:
        ends = self._ends
        led = {number for number, _ in aim.leaders}
        unread = {p: at for p, at in committed.items() if at < ends.get(p, 0)}
        written = self._reader.written(aim.addresses, unread, led)
        now = time.time()
        read = {p: 0.0 for p, at in committed.items() if at >= ends.get(p, at + 1)}
        return read | {p: max(0.0, now - at) for p, at in written.items()}
