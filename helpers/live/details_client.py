"""kafka-python's admin client, made so that it ends whole when it cannot connect."""

from typing import Any

from kafka.admin import KafkaAdminClient


class Client(KafkaAdminClient):  # type: ignore[misc]
    """As its base, but for a broker that does not answer at the begin.

    The base then raises and leaves its thread to connect for ever.
    """

    def __init__(self, **configs: Any) -> None:  # noqa: ANN401
        # Its close does nothing unless this is set, which the base does last.
        self._closed = False
        try:
            super().__init__(**configs)
        except BaseException:
            self.close()
            raise
