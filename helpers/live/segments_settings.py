"""What decides over a partition's segments, as the brokers tell it."""

from collections.abc import Mapping

from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    ConfigEntry,
    ConfigResource,
)

from helpers.live.asking import ASK_SECONDS, answer
from helpers.live.segments_snapshot import SegmentSettings


def ask_settings(admin: AdminClient, topic: str, broker: int) -> SegmentSettings | None:
    """Return what decides over a topic's segments on a broker; None if nobody tells."""
    of_topic = ConfigResource(ConfigResource.Type.TOPIC, topic)
    of_broker = ConfigResource(ConfigResource.Type.BROKER, str(broker))
    # A broker is asked about itself alone, so these are two questions.
    first = admin.describe_configs([of_topic], request_timeout=ASK_SECONDS)
    second = admin.describe_configs([of_broker], request_timeout=ASK_SECONDS)
    mine, its = answer(first[of_topic]), answer(second[of_broker])
    return _told(mine, its) if mine and its else None


def _told(
    mine: Mapping[str, ConfigEntry], its: Mapping[str, ConfigEntry]
) -> SegmentSettings:
    def number(of: Mapping[str, ConfigEntry], name: str) -> int:
        return int(of[name].value or -1)

    return SegmentSettings(
        policy=str(mine["cleanup.policy"].value),
        retention_ms=number(mine, "retention.ms"),
        retention_bytes=number(mine, "retention.bytes"),
        segment_ms=number(mine, "segment.ms"),
        segment_bytes=number(mine, "segment.bytes"),
        file_delete_ms=number(mine, "file.delete.delay.ms"),
        tombstone_ms=number(mine, "delete.retention.ms"),
        check_ms=number(its, "log.retention.check.interval.ms"),
        cleaner_ms=number(its, "log.cleaner.backoff.ms"),
    )
