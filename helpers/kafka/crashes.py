"""A crash at a chosen moment: just before or just after a consumer's commit.

A kill from outside cannot be aimed at the instant between work and commit. So the
process of a member kills itself there, with the same signal.
"""

import os
import signal
from typing import Any

import confluent_kafka

VARIABLE = "WORKBOOK_CRASH"
"""``before:3`` is just before the third commit, ``after:2`` just after the second."""


def install() -> None:
    """Make consumers of this process crash as the variable says; without it nothing."""
    place, _, number = os.environ.get(VARIABLE, "").partition(":")
    if place:
        confluent_kafka.Consumer = _crashing(place, int(number))  # type: ignore[misc]


def _crashing(place: str, number: int) -> type[confluent_kafka.Consumer]:
    class Crashing(confluent_kafka.Consumer):
        commits = 0

        def commit(self, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - as theirs
            self.commits += 1
            if (place, number) == ("before", self.commits):
                _die()
            result = super().commit(*arguments, **more)
            if (place, number) == ("after", self.commits):
                _die()
            return result

    return Crashing


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
