"""How long a topic keeps its records, asked on a thread of its own."""

from collections.abc import Mapping

from confluent_kafka.admin import ConfigResource  # type: ignore[attr-defined]

from helpers.live.aim import AimedWatch
from helpers.live.asking import ASK_SECONDS, answer, kept_admin


class RetentionWatch(AimedWatch[int]):
    """Keeps a topic's ``retention.ms``, in milliseconds; -1 is for ever.

    Args:
        topic: its name.
        access: settings by which brokers let a client in, if they ask for any.
        interval: seconds between two questions.
    """

    def __init__(
        self, topic: str, access: Mapping[str, str], interval: float = 1.0
    ) -> None:
        self._topic = topic
        self._client = kept_admin(access)
        super().__init__("retention", interval)

    def _ask(self) -> int | None:
        # A broker that leads is named: the one called the controller may be dead.
        if not self._aim.addresses or not self._aim.leaders:
            return None
        admin, broker = self._client.at(self._aim.addresses), self._aim.leaders[0][1]
        wanted = ConfigResource(ConfigResource.Type.TOPIC, self._topic)
        asked = admin.describe_configs(
            [wanted], request_timeout=ASK_SECONDS, broker=broker
        )
        told = answer(asked[wanted])
        return int(told["retention.ms"].value) if told else None

    def _release(self) -> None:
        self._client.drop()
