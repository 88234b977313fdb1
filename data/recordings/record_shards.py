"""Record the hot shard that lesson 13 brings along, on servers of its own.

    python -m data.recordings.record_shards

500 departures of the storm, by airline, go into eight shards: two of them refuse. One is
split where that helps, the other where it does not, and two idle ones are merged. Writes
``13_shards.json.gz`` beside this file; takes about half a minute.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path

import boto3

from data.recordings.own_servers import own_servers
from helpers import flights, views
from helpers.kinesis.governor import Governor
from helpers.kinesis.shards import HASH_KEYS, KinesisClient
from helpers.views.shard_views import ShardMap
from helpers.waiting import wait_for

FILE = Path(__file__).with_name("13_shards.json.gz")
STREAM = "nyc.flight.departed"
WRITES = 0.1
# A quiet moment before and after each step, for who watches.
_PAUSE = 2.0
_WAIT = 60


def main() -> None:
    """Start servers, record, and end them."""
    with own_servers(FILE):
        _record()


def _record() -> None:
    kinesis, governor = boto3.client("kinesis"), Governor()
    governor.share_writes(WRITES)
    governor.govern(kinesis)
    kinesis.create_stream(StreamName=STREAM, ShardCount=8)
    board = views.shards(STREAM, governor)
    _until(board, lambda text: "8 open shards" in text)
    with views.record(board, FILE):
        _story(kinesis, board)
    board.stop()
    print(board)


def _story(kinesis: KinesisClient, board: ShardMap) -> None:
    _quiet()
    _send(kinesis)
    # A slow call lets a record or two more flow in.
    _until(board, lambda text: re.search(r"4\d\d records read", text) is not None)
    _quiet()
    _split(kinesis, 3, 7 / 16)
    _until(board, lambda text: "Shard 3 is drained" in text)
    _quiet()
    _send(kinesis)
    _quiet()
    # The middle: all airlines of this shard lie above it.
    _split(kinesis, 1, 3 / 16)
    _until(board, lambda text: "Shard 1 is drained" in text)
    _quiet()
    _send(kinesis)
    _until(board, lambda text: "Shard 11 is above its limit" in text)
    _quiet()
    kinesis.merge_shards(
        StreamName=STREAM, ShardToMerge=_id(0), AdjacentShardToMerge=_id(10)
    )
    _until(board, lambda text: "are merged into 12" in text)
    _quiet()


def _send(kinesis: KinesisClient) -> None:
    records = [
        {"Data": flight.to_json(), "PartitionKey": flight.carrier}
        for flight in flights.day(8)[:500]
    ]
    kinesis.put_records(StreamName=STREAM, Records=records)


def _split(kinesis: KinesisClient, shard: int, at: float) -> None:
    kinesis.split_shard(
        StreamName=STREAM,
        ShardToSplit=_id(shard),
        NewStartingHashKey=str(int(at * HASH_KEYS)),
    )


def _id(number: int) -> str:
    return f"shardId-{number:012d}"


def _until(board: ShardMap, holds: Callable[[str], bool]) -> None:
    wait_for(lambda: holds(board.text()), _WAIT, "the next step")


def _quiet() -> None:
    """Let who watches look for a moment: this is part of the recording, not a wait."""
    time.sleep(_PAUSE)


if __name__ == "__main__":
    main()
