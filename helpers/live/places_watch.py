"""How far somebody's consumers are in a stream, asked of them and of Kinesis."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from helpers.kinesis.shards import KinesisClient, list_shards
from helpers.live.kinesis_asking import error_code, looking_client
from helpers.live.twin_snapshot import SHARD_END, PlaceFacts, PlacesSample
from helpers.live.watch import Watch

Checkpoints = Callable[[], Mapping[str, str | None]]
"""Tells, by shard id, the sequence number of the last record that is done."""

_SHOWN = 120


class PlacesWatch(Watch[PlacesSample]):
    """A thread that asks again and again.

    Each look is one read of one record per open shard, of the five a second that a
    shard allows.

    Args:
        stream: its name.
        checkpoints: what tells them; None where nobody does.
        interval: seconds between two questions.
    """

    def __init__(
        self, stream: str, checkpoints: Checkpoints | None, interval: float = 1.0
    ) -> None:
        self._stream, self._checkpoints = stream, checkpoints
        self._client: KinesisClient | None = None
        super().__init__("places", interval)

    def _ask(self) -> PlacesSample | None:
        if self._checkpoints is None:
            return None
        asked = time.monotonic()
        try:
            known = _checked(self._checkpoints())
        # It is the reader's own function: whatever it raises is told to them.
        except Exception as error:
            said = f"{type(error).__name__}: {error}"[:_SHOWN]
            return PlacesSample(asked, problem=f"checkpoints() failed: {said}.")
        return self._look(asked, known)

    def _look(self, asked: float, known: Mapping[str, str | None]) -> PlacesSample | None:
        try:
            self._client = self._client or looking_client()
            shards = list_shards(self._client, self._stream)
            found = tuple(
                self._place(self._client, s.id, known.get(s.id)) for s in shards
            )
        # The other watch says of the stream what is wrong with it.
        except (BotoCoreError, ClientError):
            self._release()
            return None
        return PlacesSample(asked, found)

    def _place(
        self, client: KinesisClient, shard: str, checkpoint: str | None
    ) -> PlaceFacts:
        if checkpoint == SHARD_END:
            return PlaceFacts(shard, checkpoint, 0)
        try:
            told = _read(client, self._stream, shard, checkpoint)
        except ClientError as error:
            return PlaceFacts(shard, checkpoint, problem=error_code(error))
        arrived = [
            one["ApproximateArrivalTimestamp"].timestamp() for one in told["Records"]
        ]
        oldest = arrived[0] if arrived else None
        return PlaceFacts(shard, checkpoint, told["MillisBehindLatest"], oldest)

    def _release(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _checked(told: object) -> Mapping[str, str | None]:
    """Return what was told with text for everything: a table may give numbers."""
    if not isinstance(told, Mapping):
        raise TypeError(
            f"it gave a {type(told).__name__}, not a dict of shard ids and sequence "
            "numbers"
        )
    return {
        str(shard): None if place is None else str(place) for shard, place in told.items()
    }


def _read(
    client: KinesisClient, stream: str, shard: str, checkpoint: str | None
) -> dict[str, Any]:
    """Read the first record behind a checkpoint."""
    place = {"ShardIteratorType": "TRIM_HORIZON"}
    if checkpoint is not None:
        place = {
            "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
            "StartingSequenceNumber": checkpoint,
        }
    iterator = client.get_shard_iterator(StreamName=stream, ShardId=shard, **place)
    told: dict[str, Any] = client.get_records(
        ShardIterator=iterator["ShardIterator"], Limit=1
    )
    return told
