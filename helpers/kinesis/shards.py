"""The shards of a stream, and which of them a partition key belongs to."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

KinesisClient = Any
"""A Kinesis client of boto3, which makes the classes of its clients as it runs."""

HASH_KEYS = 2**128
"""How many hash keys there are: MD5 gives 128 bits."""


@dataclass(frozen=True)
class Shard:
    """One shard, as ``ListShards`` tells it.

    Attributes:
        id: such as ``"shardId-000000000000"``.
        first: lowest hash key of its range.
        last: highest hash key of its range.
        parents: the shards it was split or merged from; none of a stream's first ones.
        closed: whether it takes no more records.
    """

    id: str
    first: int
    last: int
    parents: tuple[str, ...] = ()
    closed: bool = False

    @property
    def share(self) -> float:
        """Its part of the whole hash range, 0 to 1."""
        return (self.last - self.first + 1) / HASH_KEYS


def hash_key(partition_key: str) -> int:
    """Return the hash key of a partition key: its MD5 as a number of 128 bits."""
    digest = hashlib.md5(partition_key.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest, "big")


def list_shards(client: KinesisClient, stream: str) -> tuple[Shard, ...]:
    """Return every shard of a stream that still holds or may take records, by range.

    Args:
        client: a Kinesis client of boto3.
        stream: its name.

    Raises:
        ClientError: Kinesis refuses, for one because there is no such stream.
    """
    pages = client.get_paginator("list_shards").paginate(StreamName=stream)
    shards = (_shard(one) for page in pages for one in page["Shards"])
    return tuple(sorted(shards, key=lambda shard: (shard.first, shard.id)))


def open_shard(shards: Iterable[Shard], key: int) -> Shard | None:
    """Return the open shard in whose range a hash key lies; None if there is none."""
    return next(
        (one for one in shards if not one.closed and one.first <= key <= one.last), None
    )


def _shard(told: dict[str, Any]) -> Shard:
    keys = told["HashKeyRange"]
    parents = (told.get("ParentShardId"), told.get("AdjacentParentShardId"))
    return Shard(
        id=told["ShardId"],
        first=int(keys["StartingHashKey"]),
        last=int(keys["EndingHashKey"]),
        parents=tuple(filter(None, parents)),
        closed="EndingSequenceNumber" in told["SequenceNumberRange"],
    )
