"""From where to where a topic's partitions reach, as their leaders tell it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    ConfigResource,
)

from helpers.live.aim import AimedWatch
from helpers.live.asking import ASK_SECONDS, answer, kept_admin, kept_consumer, reaches

# What is seldom different is asked for less often.
_RARELY_SECONDS = 1.5


@dataclass(frozen=True)
class Reach:
    """The offsets of one partition.

    Attributes:
        begin: of the first record that is still there.
        end: that the next record gets.
        asked: monotonic seconds when its leader was asked.
    """

    begin: int
    end: int
    asked: float


@dataclass(frozen=True)
class OffsetsSample:
    """What was learned of a topic.

    Attributes:
        reaches: by partition; where a leader does not answer, as last known.
        min_in_sync: the topic's ``min.insync.replicas``, or None.
    """

    reaches: Mapping[int, Reach] = field(default_factory=dict)
    min_in_sync: int | None = None


class OffsetsWatch(AimedWatch[OffsetsSample]):
    """A thread that asks again and again.

    Args:
        topic: its name.
        access: settings by which brokers let a client in, if they ask for any.
        interval: seconds between two questions.
    """

    def __init__(
        self, topic: str, access: Mapping[str, str], interval: float = 0.3
    ) -> None:
        self._topic = topic
        self._consumer = kept_consumer(access)
        self._admin = kept_admin(access)
        self._rare = 0.0
        super().__init__("offsets", interval)

    def _ask(self) -> OffsetsSample | None:
        aim, known = self._aim, self.sample or OffsetsSample()
        if aim.is_there is False:
            self._rare = 0.0
            return OffsetsSample()
        if not aim.leaders:
            return None
        asked, minimum = time.monotonic(), known.min_in_sync
        told = reaches(self._consumer.at(aim.addresses), self._topic, aim.leaders)
        if asked - self._rare > _RARELY_SECONDS:
            self._rare = asked
            admin = self._admin.at(aim.addresses)
            minimum = _min_in_sync(admin, self._topic) or minimum
        if len(told) < len(aim.leaders):
            # They keep asking a leader that is gone: ones made anew learn of the next.
            self._release()
        new = {one: Reach(*offsets, asked) for one, offsets in told.items()}
        return OffsetsSample({**known.reaches, **new}, minimum)

    def _release(self) -> None:
        self._consumer.drop()
        self._admin.drop()


def _min_in_sync(admin: AdminClient, topic: str) -> int | None:
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    asked = admin.describe_configs([resource], request_timeout=ASK_SECONDS)
    entries = answer(asked[resource])
    return int(entries["min.insync.replicas"].value) if entries else None
