"""What a stream holds, read from its oldest record on."""

from dataclasses import dataclass

from helpers.kinesis.shards import KinesisClient, list_shards

# A shard that is asked so often without telling its end is let be.
_MOST_READS = 200


@dataclass(frozen=True)
class StreamRecord:
    """One record of a stream.

    Attributes:
        shard: id of the shard that it was read from.
        key: its partition key.
        data: its bytes.
        number: its sequence number.
    """

    shard: str
    key: str
    data: bytes
    number: str


def read_stream(client: KinesisClient, stream: str) -> list[StreamRecord]:
    """Return every record of a stream, shard by shard and there in order.

    Args:
        client: a Kinesis client of boto3.
        stream: its name.

    Raises:
        ClientError: Kinesis refuses, for one because there is no such stream.
    """
    return [
        record
        for shard in sorted(list_shards(client, stream), key=lambda one: one.id)
        for record in _read_shard(client, stream, shard.id)
    ]


def _read_shard(client: KinesisClient, stream: str, shard: str) -> list[StreamRecord]:
    found: list[StreamRecord] = []
    iterator = client.get_shard_iterator(
        StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    for _ in range(_MOST_READS):
        told = client.get_records(ShardIterator=iterator)
        found += [
            StreamRecord(shard, one["PartitionKey"], one["Data"], one["SequenceNumber"])
            for one in told["Records"]
        ]
        iterator = told.get("NextShardIterator")
        if not iterator or not told["MillisBehindLatest"]:
            break
    return found
