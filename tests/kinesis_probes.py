"""What an emulator of Kinesis answers where they may differ, through boto3 alone.

Each probe tries one thing on a stream of its own and returns the answer in a few words:
an error's code, ``"works"``, or what it saw. ``helpers/course/emulators.toml`` says what
is tried, and holds the answers; the tests of both emulators compare.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from helpers.kinesis.quotas import MEBIBYTE
from helpers.kinesis.shards import HASH_KEYS, KinesisClient, Shard, list_shards
from helpers.waiting import WaitTimeout, patience, wait_for
from tests.kinesis_iterators import made_old

WORKS = "works"
# More at once would meet the limit of open shards that an engine may have.
_AT_ONCE = 6
# LocalStack takes more than a minute over the largest call where others compute, too.
_SECONDS = 150
_FIRST = "shardId-000000000000"
_KEY = "k"
# LocalStack looks for the consumer in all streams, and fails if one goes meanwhile. And
# an engine that reads a large call beside others, on a busy machine, hangs up on it.
_ALONE = ("subscribed", "call-above-10-mib")

Probe = Callable[[KinesisClient], str]


def client(endpoint: str) -> KinesisClient:
    """Return a client that tries once and lets every mistake through to the engine."""
    return boto3.client(
        "kinesis",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",  # noqa: S106 - it takes any
        config=Config(
            retries={"total_max_attempts": 1},
            parameter_validation=False,
            read_timeout=_SECONDS * patience(),
            max_pool_connections=2 * _AT_ONCE,
        ),
    )


def answers(endpoint: str) -> dict[str, str]:
    """Return the answer of an engine to every probe, by the probe's name."""
    kinesis = client(endpoint)
    # LocalStack's kinesis-mock starts with the first call, and refuses others until then.
    kinesis.list_streams()
    beside = {name: probe for name, probe in PROBES.items() if name not in _ALONE}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked = {name: pool.submit(probe, kinesis) for name, probe in beside.items()}
    alone = {name: PROBES[name](kinesis) for name in _ALONE}
    kinesis.close()
    return alone | {name: future.result() for name, future in asked.items()}


def _answer(call: Callable[[], object]) -> str:
    """Return ``"works"``, or the code of the error."""
    try:
        call()
    except ClientError as error:
        code = str(error.response["Error"]["Code"])
        return f"HTTP {code}" if code.isdigit() else code
    except (BotoCoreError, ResponseParserError) as error:
        return type(error).__name__
    return WORKS


@contextmanager
def _stream(kinesis: KinesisClient, shards: int = 1) -> Iterator[str]:
    """Give a stream that goes with the block; of no shards: an on-demand one."""
    name = f"probe-{secrets.token_hex(4)}"
    on_demand = {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}}
    kind = {"ShardCount": shards} if shards else on_demand

    def created() -> bool:
        # As on AWS, no more than five streams are made at once.
        said = _answer(lambda: kinesis.create_stream(StreamName=name, **kind))
        assert said in (WORKS, "LimitExceededException"), said
        return said == WORKS

    wait_for(created, _SECONDS, "room for a stream")
    _wait_until_active(kinesis, name)
    try:
        yield name
    finally:
        _wait_until_active(kinesis, name)
        kinesis.delete_stream(StreamName=name, EnforceConsumerDeletion=True)


def _summary(kinesis: KinesisClient, stream: str) -> dict[str, Any]:
    told = kinesis.describe_stream_summary(StreamName=stream)
    summary: dict[str, Any] = told["StreamDescriptionSummary"]
    return summary


def _wait_until_active(kinesis: KinesisClient, stream: str) -> None:
    def active() -> bool:
        return bool(_summary(kinesis, stream)["StreamStatus"] == "ACTIVE")

    wait_for(active, _SECONDS, f"{stream} to be active")


def _put(kinesis: KinesisClient, stream: str, size: int, key: str = _KEY) -> str:
    data = bytes(size)
    return _answer(
        lambda: kinesis.put_record(StreamName=stream, PartitionKey=key, Data=data)
    )


def _put_many(kinesis: KinesisClient, stream: str, number: int, size: int) -> str:
    records = [{"Data": bytes(size), "PartitionKey": _KEY} for _ in range(number)]
    return _answer(lambda: kinesis.put_records(StreamName=stream, Records=records))


def _iterator(kinesis: KinesisClient, stream: str) -> str:
    told = kinesis.get_shard_iterator(
        StreamName=stream, ShardId=_FIRST, ShardIteratorType="TRIM_HORIZON"
    )
    return str(told["ShardIterator"])


def _split(kinesis: KinesisClient, stream: str, shard: str, at: int) -> str:
    asked = {"ShardToSplit": shard, "NewStartingHashKey": str(at)}
    return _answer(lambda: kinesis.split_shard(StreamName=stream, **asked))


def _merge(kinesis: KinesisClient, stream: str, one: Shard, other: Shard) -> str:
    asked = {"ShardToMerge": one.id, "AdjacentShardToMerge": other.id}
    return _answer(lambda: kinesis.merge_shards(StreamName=stream, **asked))


def _count(kinesis: KinesisClient, stream: str, shards: int) -> str:
    asked = {"TargetShardCount": shards, "ScalingType": "UNIFORM_SCALING"}
    return _answer(lambda: kinesis.update_shard_count(StreamName=stream, **asked))


def _lineage(kinesis: KinesisClient, stream: str) -> str:
    """Return how many shards are open and closed, and the parents of each open one."""
    _wait_until_active(kinesis, stream)
    shards = list_shards(kinesis, stream)
    opened = [one for one in shards if not one.closed]
    parents = " and ".join(str(len(one.parents)) for one in opened)
    closed = len(shards) - len(opened)
    return f"{len(opened)} open, {closed} closed, {parents} parents"


# Sizes.


def record_of_a_mebibyte(kinesis: KinesisClient) -> str:
    """Put 1 MiB of data, key included."""
    with _stream(kinesis) as stream:
        return _put(kinesis, stream, MEBIBYTE - len(_KEY))


def data_and_key_above(kinesis: KinesisClient) -> str:
    """Put 1 MiB of data, and a key on top."""
    with _stream(kinesis) as stream:
        return _put(kinesis, stream, MEBIBYTE)


def record_above(kinesis: KinesisClient) -> str:
    """Put 1 MiB of data and one byte."""
    with _stream(kinesis) as stream:
        return _put(kinesis, stream, MEBIBYTE + 1)


def _raised(kinesis: KinesisClient, mebibytes: int) -> str:
    with _stream(kinesis) as stream:
        arn = _summary(kinesis, stream)["StreamARN"]
        kibibytes = 1024 * mebibytes
        asked = {"StreamARN": arn, "MaxRecordSizeInKiB": kibibytes}
        said = _answer(lambda: kinesis.update_max_record_size(**asked))
        if said != WORKS:
            return said
        _wait_until_active(kinesis, stream)
        return _put(kinesis, stream, mebibytes * MEBIBYTE - len(_KEY))


def many_records(kinesis: KinesisClient) -> str:
    """Put 501 records in a call."""
    with _stream(kinesis) as stream:
        return _put_many(kinesis, stream, 501, 1)


def large_call(kinesis: KinesisClient) -> str:
    """Put 11 records of nearly 1 MiB in a call."""
    with _stream(kinesis) as stream:
        return _put_many(kinesis, stream, 11, MEBIBYTE - 10)


# Rates.


def writes_throttled(kinesis: KinesisClient) -> str:
    """Put 5 records of nearly 1 MiB into one shard at once."""
    with _stream(kinesis) as stream:
        records = [{"Data": bytes(MEBIBYTE - 10), "PartitionKey": _KEY}] * 5
        told = kinesis.put_records(StreamName=stream, Records=records)
        codes = [one.get("ErrorCode") for one in told["Records"]]
        return next(filter(None, codes), WORKS)


def reads_throttled(kinesis: KinesisClient) -> str:
    """Read a shard 20 times, one after the other."""
    with _stream(kinesis) as stream:
        here = _iterator(kinesis, stream)
        return _repeated(20, lambda: kinesis.get_records(ShardIterator=here))


def describes_throttled(kinesis: KinesisClient) -> str:
    """Describe a stream 20 times, one after the other."""
    with _stream(kinesis) as stream:
        return _repeated(20, lambda: kinesis.describe_stream(StreamName=stream))


def _repeated(times: int, call: Callable[[], object]) -> str:
    """Return the first answer of several calls that is not ``"works"``."""
    return _first_fault(_answer(call) for _ in range(times))


def _first_fault(told: Iterable[str]) -> str:
    return next((one for one in told if one != WORKS), WORKS)


# Keys and places.


def empty_key(kinesis: KinesisClient) -> str:
    """Put a record with an empty key, which boto3 alone would not send."""
    with _stream(kinesis) as stream:
        return _put(kinesis, stream, 1, "")


def hash_key_out_of_range(kinesis: KinesisClient) -> str:
    """Put a record with an explicit hash key of 2 to the 128."""
    with _stream(kinesis) as stream:
        asked = {"PartitionKey": _KEY, "Data": b"d", "ExplicitHashKey": str(HASH_KEYS)}
        return _answer(lambda: kinesis.put_record(StreamName=stream, **asked))


# Reading.


def iterator_garbage(kinesis: KinesisClient) -> str:
    """Read with an iterator that nobody gave."""
    return _answer(lambda: kinesis.get_records(ShardIterator="AAAA"))


def iterator_expired(kinesis: KinesisClient) -> str:
    """Read with an iterator of an hour ago."""
    with _stream(kinesis) as stream:
        old = made_old(_iterator(kinesis, stream))
        return _answer(lambda: kinesis.get_records(ShardIterator=old))


def _behind(kinesis: KinesisClient, stream: str) -> int:
    """Read the first record of a stream; return how far behind that is, in ms."""
    told = kinesis.get_records(ShardIterator=_iterator(kinesis, stream), Limit=1)
    return int(told["MillisBehindLatest"])


def behind(kinesis: KinesisClient) -> str:
    """Read the first of two records."""
    with _stream(kinesis) as stream:
        _put(kinesis, stream, 1)
        _put(kinesis, stream, 1)
        return "above 0" if _behind(kinesis, stream) > 0 else "0"


def behind_later(kinesis: KinesisClient) -> str:
    """Read the first of two records again and again, and nothing new comes."""
    with _stream(kinesis) as stream:
        _put(kinesis, stream, 1)
        _put(kinesis, stream, 1)
        first = _behind(kinesis, stream)
        try:
            wait_for(lambda: _behind(kinesis, stream) > first, 2, "it to grow")
        except WaitTimeout:
            return "stays"
        return "grows"


def drained(kinesis: KinesisClient) -> str:
    """Read a closed shard to its end."""
    with _stream(kinesis) as stream:
        _put(kinesis, stream, 1)
        _split(kinesis, stream, _FIRST, HASH_KEYS // 2)
        _wait_until_active(kinesis, stream)
        told = kinesis.get_records(ShardIterator=_iterator(kinesis, stream))
        if told.get("NextShardIterator"):
            told = kinesis.get_records(ShardIterator=told["NextShardIterator"])
        end = "an iterator" if told.get("NextShardIterator") else "no iterator"
        return f"{end}, {len(told.get('ChildShards', []))} children named"


# Resharding.


def split_closed(kinesis: KinesisClient) -> str:
    """Split a shard again that a split has closed."""
    with _stream(kinesis) as stream:
        _split(kinesis, stream, _FIRST, HASH_KEYS // 2)
        _wait_until_active(kinesis, stream)
        return _split(kinesis, stream, _FIRST, HASH_KEYS // 4)


def split_at_the_first_key(kinesis: KinesisClient) -> str:
    """Split a shard at the first hash key of its range."""
    with _stream(kinesis, 2) as stream:
        shard = list_shards(kinesis, stream)[1]
        return _split(kinesis, stream, shard.id, shard.first)


def split_outside(kinesis: KinesisClient) -> str:
    """Split a shard at a hash key of its neighbour."""
    with _stream(kinesis, 2) as stream:
        one, other = list_shards(kinesis, stream)
        return _split(kinesis, stream, one.id, other.first + 7)


def merge_apart(kinesis: KinesisClient) -> str:
    """Merge two shards with another one between them."""
    with _stream(kinesis, 3) as stream:
        one, _, other = list_shards(kinesis, stream)
        return _merge(kinesis, stream, one, other)


def split_lineage(kinesis: KinesisClient) -> str:
    """Split a shard and look at its children's parents."""
    with _stream(kinesis) as stream:
        _split(kinesis, stream, _FIRST, HASH_KEYS // 2)
        return _lineage(kinesis, stream)


def merge_lineage(kinesis: KinesisClient) -> str:
    """Merge two shards and look at their child's parents."""
    with _stream(kinesis, 2) as stream:
        one, other = list_shards(kinesis, stream)
        _merge(kinesis, stream, one, other)
        return _lineage(kinesis, stream)


def _counted(kinesis: KinesisClient, before: int, after: int) -> str:
    """Set the number of shards; return whether they are equal and have parents."""
    with _stream(kinesis, before) as stream:
        said = _count(kinesis, stream, after)
        if said != WORKS:
            return said
        _wait_until_active(kinesis, stream)
        opened = [one for one in list_shards(kinesis, stream) if not one.closed]
        equal = len({round(100 * one.share) for one in opened}) == 1
        orphans = sum(not one.parents for one in opened)
        kind = "equal" if equal else "unequal"
        return f"{len(opened)} {kind} shards, {orphans} without a parent"


def merge_on_demand(kinesis: KinesisClient) -> str:
    """Merge two shards of an on-demand stream."""
    with _stream(kinesis, 0) as stream:
        one, other, *_ = list_shards(kinesis, stream)
        return _merge(kinesis, stream, one, other)


def count_on_demand(kinesis: KinesisClient) -> str:
    """Set the number of shards of an on-demand stream."""
    with _stream(kinesis, 0) as stream:
        return _count(kinesis, stream, 6)


# The stream as a whole.


def retention_below(kinesis: KinesisClient) -> str:
    """Lower retention to 23 hours."""
    with _stream(kinesis) as stream:
        asked = {"StreamName": stream, "RetentionPeriodHours": 23}
        return _answer(lambda: kinesis.decrease_stream_retention_period(**asked))


def retention_above(kinesis: KinesisClient) -> str:
    """Raise retention to a year and an hour."""
    with _stream(kinesis) as stream:
        asked = {"StreamName": stream, "RetentionPeriodHours": 8761}
        return _answer(lambda: kinesis.increase_stream_retention_period(**asked))


def delete_missing(kinesis: KinesisClient) -> str:
    """Delete a stream that was never there."""
    name = f"never-{secrets.token_hex(4)}"
    return _answer(lambda: kinesis.delete_stream(StreamName=name))


def create_twice(kinesis: KinesisClient) -> str:
    """Create a stream that is there."""
    with _stream(kinesis) as stream:
        asked = {"StreamName": stream, "ShardCount": 1}
        return _answer(lambda: kinesis.create_stream(**asked))


def shard_metrics(kinesis: KinesisClient) -> str:
    """Switch metrics for each shard on."""
    with _stream(kinesis) as stream:
        asked = {"StreamName": stream, "ShardLevelMetrics": ["IncomingBytes"]}
        return _answer(lambda: kinesis.enable_enhanced_monitoring(**asked))


def many_tags(kinesis: KinesisClient) -> str:
    """Give a stream 51 tags."""
    with _stream(kinesis) as stream:
        tags = {f"tag-{number}": "x" for number in range(51)}
        return _answer(lambda: kinesis.add_tags_to_stream(StreamName=stream, Tags=tags))


# Enhanced fan-out.


def _register(kinesis: KinesisClient, arn: str, name: str) -> str:
    told = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name)
    return str(told["Consumer"]["ConsumerARN"])


def consumer_registered(kinesis: KinesisClient) -> str:
    """Register a consumer and wait until it is active."""
    with _stream(kinesis) as stream:
        return _answer(lambda: _active_consumer(kinesis, stream))


def consumers_at_once(kinesis: KinesisClient) -> str:
    """Register 20 consumers at once, which is more than are made at a time."""
    with _stream(kinesis) as stream, ThreadPoolExecutor(2 * _AT_ONCE) as pool:
        arn = _summary(kinesis, stream)["StreamARN"]
        register = partial(_register, kinesis, arn)
        # One after the other would give a slow engine the time to make them.
        names = (f"consumer-{number}" for number in range(20))
        return _first_fault(
            pool.map(lambda name: _answer(partial(register, name)), names)
        )


def _active_consumer(kinesis: KinesisClient, stream: str) -> str:
    arn = _register(kinesis, _summary(kinesis, stream)["StreamARN"], "consumer")

    def active() -> bool:
        told = kinesis.describe_stream_consumer(ConsumerARN=arn)
        return bool(told["ConsumerDescription"]["ConsumerStatus"] == "ACTIVE")

    wait_for(active, _SECONDS, "the consumer")
    return arn


def subscribed(kinesis: KinesisClient) -> str:
    """Put a record, subscribe to the shard and take the first event."""
    with _stream(kinesis) as stream:
        _put(kinesis, stream, 1)
        arn = _active_consumer(kinesis, stream)
        asked = {"ShardId": _FIRST, "StartingPosition": {"Type": "TRIM_HORIZON"}}
        seen: list[int] = []

        def subscribe() -> None:
            told = kinesis.subscribe_to_shard(ConsumerARN=arn, **asked)
            with closing(told["EventStream"]) as events:
                event = next(iter(events))["SubscribeToShardEvent"]
                seen.append(len(event["Records"]))

        said = _answer(subscribe)
        return f"{seen[0]} record arrives" if seen else said


PROBES: dict[str, Probe] = {
    "record-of-1-mib": record_of_a_mebibyte,
    "data-and-key-above-1-mib": data_and_key_above,
    "record-above-1-mib": record_above,
    "raised-to-2-mib": partial(_raised, mebibytes=2),
    "raised-to-10-mib": partial(_raised, mebibytes=10),
    "raised-to-11-mib": partial(_raised, mebibytes=11),
    "501-records": many_records,
    "call-above-10-mib": large_call,
    "writes-throttled": writes_throttled,
    "reads-throttled": reads_throttled,
    "describes-throttled": describes_throttled,
    "empty-key": empty_key,
    "hash-key-out-of-range": hash_key_out_of_range,
    "iterator-garbage": iterator_garbage,
    "iterator-expired": iterator_expired,
    "behind": behind,
    "behind-later": behind_later,
    "drained": drained,
    "split-lineage": split_lineage,
    "split-closed": split_closed,
    "split-at-first-key": split_at_the_first_key,
    "split-outside": split_outside,
    "merge-lineage": merge_lineage,
    "merge-apart": merge_apart,
    "count-2-to-3": partial(_counted, before=2, after=3),
    "count-2-to-4": partial(_counted, before=2, after=4),
    "count-above-double": partial(_counted, before=1, after=3),
    "count-below-half": partial(_counted, before=4, after=1),
    "count-on-demand": count_on_demand,
    "merge-on-demand": merge_on_demand,
    "retention-below": retention_below,
    "retention-above": retention_above,
    "delete-missing": delete_missing,
    "create-twice": create_twice,
    "shard-metrics": shard_metrics,
    "51-tags": many_tags,
    "consumer-registered": consumer_registered,
    "consumers-at-once": consumers_at_once,
    "subscribed": subscribed,
}
"""Every probe by its name in ``helpers/course/emulators.toml``."""
