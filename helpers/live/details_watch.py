"""How large a topic's logs are, and who is eligible to lead; slower to learn."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from helpers.live.aim import AimedWatch
from helpers.live.details import Details

# A log's size is of less use when it is new, and costs more to ask for.
_RARELY_SECONDS = 1.5


@dataclass(frozen=True)
class Volume:
    """The size of one partition's log.

    Attributes:
        bytes: of the leader's files.
        asked: monotonic seconds when the leader was asked.
    """

    bytes: int
    asked: float


@dataclass(frozen=True)
class DetailsSample:
    """What was learned of a topic.

    Attributes:
        volumes: by partition; where a leader does not answer, as last known.
        eligible: by partition, the eligible leader replicas, or None.
    """

    volumes: Mapping[int, Volume] = field(default_factory=dict)
    eligible: Mapping[int, tuple[int, ...]] | None = None


class DetailsWatch(AimedWatch[DetailsSample]):
    """A thread that asks again and again, apart from the one that asks for offsets.

    Args:
        topic: its name.
        access: settings by which brokers let a client in, if they ask for any.
        interval: seconds between two questions.
    """

    def __init__(
        self, topic: str, access: Mapping[str, str], interval: float = 0.3
    ) -> None:
        self._details = Details(topic, access)
        self._rare = 0.0
        super().__init__("details", interval)

    def _ask(self) -> DetailsSample | None:
        aim, known = self._aim, self.sample or DetailsSample()
        if aim.is_there is False:
            self._rare = 0.0
            return DetailsSample()
        if not aim.leaders:
            return None
        asked, volumes = time.monotonic(), dict(known.volumes)
        if asked - self._rare > _RARELY_SECONDS:
            self._rare = asked
            found = self._details.bytes(aim.addresses, aim.leaders)
            volumes |= {number: Volume(size, asked) for number, size in found.items()}
        eligible = {} if aim.all_in_sync else self._details.eligible(aim.addresses)
        return DetailsSample(volumes, eligible)

    def _release(self) -> None:
        self._details.close()
