"""What is in a stream: its shards, and every record of them, read as a consumer reads.

Kinesis tells no counts. So this reads each shard from its oldest record on, which takes
one of the five reads a second that a shard allows.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from helpers.kinesis.shards import KinesisClient, Shard, list_shards
from helpers.live.kinesis_asking import error_code, looking_client
from helpers.live.shard_tally import Tally, TallyFacts
from helpers.live.watch import Watch

_HAS_SHARDS = ("ACTIVE", "UPDATING")


@dataclass(frozen=True)
class StreamSample:
    """What was learned of a stream.

    Attributes:
        asked: monotonic seconds when Kinesis was asked last and answered.
        is_there: whether it knows the stream; None before its first answer.
        status: such as ``"ACTIVE"``.
        shards: every shard that holds or takes records.
        tallies: what was read of each, by its id.
        problem: why Kinesis cannot be asked now, in a sentence.
        retention_hours: how long the stream keeps a record.
    """

    asked: float | None = None
    is_there: bool | None = None
    status: str | None = None
    shards: tuple[Shard, ...] = ()
    tallies: Mapping[str, TallyFacts] = field(default_factory=dict)
    problem: str | None = None
    retention_hours: int | None = None


class StreamWatch(Watch[StreamSample]):
    """A thread that asks again and again.

    Args:
        stream: its name.
        interval: seconds between two questions.
    """

    def __init__(self, stream: str, interval: float = 1.0) -> None:
        self._stream = stream
        self._client: KinesisClient | None = None
        self._created: datetime | None = None
        self._tallies: dict[str, Tally] = {}
        self._iterators: dict[str, str] = {}
        super().__init__("stream", interval)

    def _ask(self) -> StreamSample:
        try:
            return self._look(self._connected())
        except (BotoCoreError, ClientError) as error:
            return self._without_answer(error)

    def _connected(self) -> KinesisClient:
        """Return a client; made anew after a fault, for an endpoint that has moved."""
        if self._client is None:
            self._client = looking_client()
        return self._client

    def _release(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _without_answer(self, error: Exception) -> StreamSample:
        known = self.sample or StreamSample()
        code = error_code(error)
        if code == "ResourceNotFoundException":
            self._forget(None)
            return StreamSample(time.monotonic(), is_there=False)
        if code in ("ProvisionedThroughputExceededException", "LimitExceededException"):
            # Others ask it, too: later.
            return known
        self._release()
        said = code or "no answer"
        return replace(known, problem=f"Kinesis cannot be asked now ({said}).")

    def _look(self, client: KinesisClient) -> StreamSample:
        asked = time.monotonic()
        told = client.describe_stream_summary(StreamName=self._stream)
        summary = told["StreamDescriptionSummary"]
        if summary["StreamCreationTimestamp"] != self._created:
            self._forget(summary["StreamCreationTimestamp"])
        status, hours = str(summary["StreamStatus"]), summary["RetentionPeriodHours"]
        if status not in _HAS_SHARDS:
            return StreamSample(asked, True, status, retention_hours=hours)
        shards = list_shards(client, self._stream)
        for shard in shards:
            self._read(client, shard)
        tallies = {name: tally.facts() for name, tally in self._tallies.items()}
        return StreamSample(asked, True, status, shards, tallies, retention_hours=hours)

    def _forget(self, created: datetime | None) -> None:
        """Begin anew: a stream of the same name is another stream."""
        self._created = created
        self._tallies.clear()
        self._iterators.clear()

    def _read(self, client: KinesisClient, shard: Shard) -> None:
        """Read once from where the last read ended."""
        tally = self._tallies.setdefault(shard.id, Tally())
        if tally.drained:
            return
        try:
            told = client.get_records(ShardIterator=self._iterator(client, shard, tally))
        except ClientError as error:
            if error_code(error) == "ExpiredIteratorException":
                del self._iterators[shard.id]
                return
            raise
        tally.add(told["Records"])
        following = told.get("NextShardIterator")
        if following:
            self._iterators[shard.id] = following
        else:
            tally.drained = True

    def _iterator(self, client: KinesisClient, shard: Shard, tally: Tally) -> str:
        if shard.id not in self._iterators:
            place = {"ShardIteratorType": "TRIM_HORIZON"}
            if tally.last:
                place = {
                    "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                    "StartingSequenceNumber": tally.last,
                }
            told = client.get_shard_iterator(
                StreamName=self._stream, ShardId=shard.id, **place
            )
            self._iterators[shard.id] = told["ShardIterator"]
        return self._iterators[shard.id]
