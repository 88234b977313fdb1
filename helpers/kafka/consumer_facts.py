"""One consumer that a board started: what its process is doing."""

import time
from dataclasses import dataclass, replace
from typing import Literal

from helpers.kafka.members import Member

_LAST_WORDS = 160

ConsumerState = Literal["running", "killed", "failed"]


@dataclass(frozen=True)
class ConsumerFacts:
    """One consumer that was started and not removed.

    Attributes:
        name: its ``client.id``.
        pid: of its process.
        state: ``killed`` by the board, or ``failed`` by itself.
        milliseconds: of work that a record is to it.
        since: monotonic seconds when it came into this state.
        error: what it said last, if it failed.
    """

    name: str
    pid: int
    state: ConsumerState
    milliseconds: float
    since: float
    error: str | None = None


def ended(member: Member, one: ConsumerFacts) -> ConsumerFacts:
    """Return how a consumer ended that nobody here has ended: a signal kills."""
    now = time.monotonic()
    if (member.exit_code or 0) < 0:
        return replace(one, state="killed", since=now)
    lines = member.output().strip().splitlines()
    said = lines[-1][:_LAST_WORDS] if lines else f"exit code {member.exit_code}"
    return replace(one, state="failed", since=now, error=said)
