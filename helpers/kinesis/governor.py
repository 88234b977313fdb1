"""AWS's quotas, applied inside a client: no emulator applies them.

The governor looks at each request just before it leaves, through botocore's events. A
request above the quota of its shard does not leave; the client gets the answer that AWS
would give, and retries as it would with AWS.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session

from helpers.kinesis.answers import answer, refusal
from helpers.kinesis.quotas import RECORD_BYTES, Budget, Clock
from helpers.kinesis.requests import (
    EXCEEDED,
    Body,
    fault_of,
    rate_exceeded,
    refused_record,
    size_of,
    stream_of,
)
from helpers.kinesis.shards import (
    KinesisClient,
    Shard,
    hash_key,
    list_shards,
    open_shard,
)

_RESHARDING = ("SplitShard", "MergeShards", "UpdateShardCount", "UpdateStreamMode")
# Others may split and merge, too.
_FRESH_SECONDS = 1.0
_ITERATORS_KEPT = 1_000

_Handler = Callable[[AWSPreparedRequest, Body], AWSResponse | None]


class Governor:
    """The budgets of every shard that the governed clients use.

    Args:
        clock: monotonic seconds.

    Attributes:
        write_share: the part of AWS's write rates that shards get.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self.write_share = 1.0
        self._clock = clock
        self._lock = threading.RLock()
        self._budgets: dict[tuple[str, str], Budget] = {}

    def govern(self, client: KinesisClient) -> None:
        """Apply the quotas to a Kinesis client of boto3 from now on.

        Raises:
            ValueError: the client speaks to AWS, which applies its quotas itself.
        """
        if is_aws(client):
            raise ValueError(
                "This client speaks to AWS, which applies its own quotas: govern none."
            )
        client.meta.events.register(
            "before-send.kinesis", _Gate(self, client).answer, unique_id="quotas"
        )

    def share_writes(self, share: float) -> None:
        """Give each shard a part of AWS's write rates, and begin with full budgets.

        An endpoint on one machine may be too slow ever to reach the whole rates.
        """
        with self._lock:
            if share != self.write_share:
                self.write_share = share
                self._budgets.clear()

    def budget(self, stream: str, shard: str) -> Budget:
        """Return the budget of one shard."""
        with self._lock:
            if (stream, shard) not in self._budgets:
                made = Budget(self._clock, write_share=self.write_share)
                self._budgets[stream, shard] = made
            return self._budgets[stream, shard]

    def budgets(self, stream: str) -> dict[str, Budget]:
        """Return the budgets of a stream's shards that were used, by the shard's id."""
        with self._lock:
            return {
                shard: budget
                for (name, shard), budget in self._budgets.items()
                if name == stream
            }

    def forget(self, stream: str) -> None:
        """Begin with full budgets for a stream, such as one that was made anew."""
        with self._lock:
            for place in [one for one in self._budgets if one[0] == stream]:
                del self._budgets[place]

    def take_record(self, stream: str, shard: str, size: int) -> bool:
        """Count a record of so many bytes; False if the shard has no room for it."""
        with self._lock:
            return self.budget(stream, shard).take_record(size)

    def take_read(self, stream: str, shard: str) -> bool:
        """Count a read; False if the shard allows none now."""
        with self._lock:
            return self.budget(stream, shard).take_read()

    def give_out(self, stream: str, shard: str, size: int) -> None:
        """Count the bytes that a read brought."""
        with self._lock:
            self.budget(stream, shard).give_out(size)


@dataclass(frozen=True)
class _StreamFacts:
    """A stream as it was when asked about, in monotonic seconds."""

    asked: float
    record_bytes: int
    shards: tuple[Shard, ...]


def is_aws(client: KinesisClient) -> bool:
    """Return whether a client speaks to AWS itself."""
    return ".amazonaws.com" in client.meta.endpoint_url


class _Gate:
    """What stands between one client and its endpoint."""

    def __init__(self, governor: Governor, client: KinesisClient) -> None:
        self._governor = governor
        self._http = URLLib3Session()
        # It asks for shards, and must not be asked about that itself.
        self._asking = boto3.client(
            "kinesis",
            region_name=client.meta.region_name,
            endpoint_url=client.meta.endpoint_url,
            aws_access_key_id="any",
            aws_secret_access_key="any",  # noqa: S106 - emulators take any
        )
        self._streams: dict[str, _StreamFacts] = {}
        self._iterators: dict[str, tuple[str, str]] = {}
        self._handlers: dict[str, _Handler] = {
            "PutRecord": self._put_record,
            "PutRecords": self._put_records,
            "GetShardIterator": self._get_shard_iterator,
            "GetRecords": self._get_records,
            "DeleteStream": self._delete_stream,
            **dict.fromkeys(_RESHARDING, self._forget_stream),
        }

    def answer(
        self, request: AWSPreparedRequest, event_name: str, **_: object
    ) -> AWSResponse | None:
        """Return what to answer in the endpoint's place; None lets a request leave."""
        handler = self._handlers.get(event_name.rpartition(".")[2])
        return handler(request, json.loads(request.body or b"{}")) if handler else None

    def _put_record(self, request: AWSPreparedRequest, body: Body) -> AWSResponse | None:
        if fault := fault_of([body], self._facts(stream_of(body)).record_bytes):
            return refusal(request, *fault)
        refused = self._refused(stream_of(body), body)
        return refusal(request, EXCEEDED, refused) if refused else None

    def _put_records(self, request: AWSPreparedRequest, body: Body) -> AWSResponse | None:
        records = body["Records"]
        if fault := fault_of(records, self._facts(stream_of(body)).record_bytes):
            return refusal(request, *fault)
        refused = [self._refused(stream_of(body), one) for one in records]
        if not any(refused):
            return None
        return self._split(request, body, refused)

    def _split(
        self, request: AWSPreparedRequest, body: Body, refused: list[str | None]
    ) -> AWSResponse:
        """Send those that may leave; answer for all, in the order they came."""
        pairs = zip(body["Records"], refused, strict=True)
        leaving = [record for record, why in pairs if not why]
        told: Body = {"Records": []}
        if leaving:
            sent = self._send(request, {**body, "Records": leaving})
            if sent.status_code != HTTPStatus.OK:
                return sent
            told = json.loads(sent.content)
        arrived = iter(told["Records"])
        results = [refused_record(why) if why else next(arrived) for why in refused]
        failed = sum(bool(one.get("ErrorCode")) for one in results)
        return answer(request, {**told, "FailedRecordCount": failed, "Records": results})

    def _get_shard_iterator(self, request: AWSPreparedRequest, body: Body) -> AWSResponse:
        got = self._http.send(request)
        if got.status_code == HTTPStatus.OK:
            place = stream_of(body), body["ShardId"]
            self._remember(json.loads(got.content)["ShardIterator"], place)
        return got

    def _get_records(self, request: AWSPreparedRequest, body: Body) -> AWSResponse | None:
        place = self._iterators.get(body["ShardIterator"])
        if place is None:
            return None
        if not self._governor.take_read(*place):
            return refusal(request, EXCEEDED, rate_exceeded(*place))
        got = self._http.send(request)
        if got.status_code == HTTPStatus.OK:
            told = json.loads(got.content)
            self._governor.give_out(*place, sum(map(size_of, told["Records"])))
            if following := told.get("NextShardIterator"):
                self._remember(following, place)
        return got

    def _remember(self, iterator: str, place: tuple[str, str]) -> None:
        """Remember an iterator's shard; an iterator that was read may be read again."""
        self._iterators[iterator] = place
        if len(self._iterators) > _ITERATORS_KEPT:
            del self._iterators[next(iter(self._iterators))]

    def _delete_stream(self, request: AWSPreparedRequest, body: Body) -> None:
        self._forget_stream(request, body)
        self._governor.forget(stream_of(body))

    def _forget_stream(self, _: AWSPreparedRequest, body: Body) -> None:
        self._streams.pop(stream_of(body), None)

    def _refused(self, stream: str, record: Body) -> str | None:
        """Count a record against its shard; return why it may not leave."""
        explicit = record.get("ExplicitHashKey")
        key = int(explicit) if explicit else hash_key(record["PartitionKey"])
        shard = open_shard(self._facts(stream).shards, key)
        if not shard or self._governor.take_record(stream, shard.id, size_of(record)):
            return None
        return rate_exceeded(stream, shard.id, self._governor.write_share)

    def _facts(self, stream: str) -> _StreamFacts:
        """Return what is known of a stream, asked for again once a second."""
        known = self._streams.get(stream)
        if known is None or time.monotonic() - known.asked > _FRESH_SECONDS:
            told = self._asking.describe_stream_summary(StreamName=stream)
            kibibytes = told["StreamDescriptionSummary"].get("MaxRecordSizeInKiB")
            most = kibibytes * 1024 if kibibytes else RECORD_BYTES
            shards = list_shards(self._asking, stream)
            known = self._streams[stream] = _StreamFacts(time.monotonic(), most, shards)
        return known

    def _send(self, request: AWSPreparedRequest, body: Body) -> AWSResponse:
        request.body = json.dumps(body).encode()
        request.headers["Content-Length"] = str(len(request.body))
        return self._http.send(request)
