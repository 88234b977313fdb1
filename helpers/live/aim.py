"""What a thread that asks about a topic is told by whoever looks at the nodes."""

from dataclasses import dataclass
from typing import TypeVar

from helpers.live.watch import Watch

T = TypeVar("T")


@dataclass(frozen=True)
class Aim:
    """Whom to ask, and about what.

    Attributes:
        addresses: ``host:port`` of the brokers that run.
        leaders: each partition with the broker that leads it and runs.
        is_there: whether the topic is known to be there, or not to be.
        partitions: of the topic, whoever leads them.
        all_in_sync: whether every replica is in sync; then none is merely eligible.
    """

    addresses: tuple[str, ...] = ()
    leaders: tuple[tuple[int, int], ...] = ()
    is_there: bool | None = None
    all_in_sync: bool = False
    partitions: tuple[int, ...] = ()


class AimedWatch(Watch[T]):
    """A thread that asks what it was last told to ask.

    Args:
        name: what is watched, for the thread's name.
        interval: seconds between two questions.
    """

    def __init__(self, name: str, interval: float) -> None:
        self._aim = Aim()
        super().__init__(name, interval)

    def aim(self, aim: Aim) -> None:
        """Say what to ask from now on."""
        self._aim = aim
