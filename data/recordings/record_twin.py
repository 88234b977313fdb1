"""Record the twin board that lesson 14 brings along, on servers of its own.

    python -m data.recordings.record_twin

The storm's departures go into a topic and a stream at once, and each side has a reader.
The stream's reader is slowed, and falls behind; a shard is split, and a partition is
added. Writes ``14_twin.json.gz`` beside this file; takes about a minute.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import boto3
from confluent_kafka import Producer
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    NewPartitions,
    NewTopic,
)

from data.recordings.own_servers import own_servers
from helpers import flights, views
from helpers.kafka.crew import Crew
from helpers.kinesis.shards import HASH_KEYS, KinesisClient, Shard, list_shards
from helpers.live.twin_snapshot import SHARD_END, TwinSnapshot
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.twin_view import TwinBoard
from helpers.waiting import wait_for

FILE = Path(__file__).with_name("14_twin.json.gz")
TOPIC, GROUP = "nyc.flight.departed", "delay-board"
STREAM = "nyc.flight.departed"
SLOW_SECONDS = 0.2
_BEHIND = 4.0
_A_SECOND = 25
# A quiet moment before and after each step, for who watches.
_PAUSE = 3.0
_WAIT = 90


class StreamReader:
    """Reads a stream, parents before children, and remembers how far it is.

    Attributes:
        pause: seconds of work a record.
        checkpoints: by shard id, the last sequence number that is done.
    """

    def __init__(self, client: KinesisClient) -> None:
        self.pause = 0.0
        self.checkpoints: dict[str, str] = {}
        self._client = client

    def told(self) -> Mapping[str, str]:
        """Return the checkpoints as they are now."""
        return dict(self.checkpoints)

    def read(self) -> None:
        """Read once from each shard that may be read."""
        for shard in sorted(list_shards(self._client, STREAM), key=lambda one: one.id):
            ended = (self.checkpoints.get(one) == SHARD_END for one in shard.parents)
            if self.checkpoints.get(shard.id) != SHARD_END and all(ended):
                self._read(shard)

    def _read(self, shard: Shard) -> None:
        told = self._client.get_records(ShardIterator=self._iterator(shard), Limit=10)
        for record in told["Records"]:
            time.sleep(self.pause)
            self.checkpoints[shard.id] = record["SequenceNumber"]
        if not told.get("NextShardIterator"):
            self.checkpoints[shard.id] = SHARD_END

    def _iterator(self, shard: Shard) -> str:
        place = {"ShardIteratorType": "TRIM_HORIZON"}
        if last := self.checkpoints.get(shard.id):
            place = {
                "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                "StartingSequenceNumber": last,
            }
        told = self._client.get_shard_iterator(
            StreamName=STREAM, ShardId=shard.id, **place
        )
        return str(told["ShardIterator"])


def main() -> None:
    """Start servers, record, and end them."""
    with own_servers(FILE) as (cluster, place):
        # Quiet: it still looks for the servers when they have ended.
        quiet = {**cluster.connection, "log_level": 0}
        admin, kinesis = AdminClient(quiet), boto3.client("kinesis")
        admin.create_topics([NewTopic(TOPIC, 2, 3)])[TOPIC].result(_WAIT)
        kinesis.create_stream(StreamName=STREAM, ShardCount=2)
        crew = Crew(
            place / "run",
            lambda: cluster.connection,
            GROUP,
            TOPIC,
            # By default a consumer hears of a new partition after five minutes.
            settings={"topic.metadata.refresh.interval.ms": "1000"},
        )
        reader = StreamReader(boto3.client("kinesis"))
        board = views.twin(cluster, TOPIC, GROUP, STREAM, reader.told)
        _until(board, lambda one: bool(one.kinesis.shards), "the shards")
        crew.add()
        with again_and_again(reader.read), again_and_again(_feed(cluster)):
            _until(board, lambda one: bool(one.kafka.members), "a member")
            with views.record(board, FILE):
                _story(admin, kinesis, reader, board)
        board.stop()
        print(board)


def _story(
    admin: AdminClient, kinesis: KinesisClient, reader: StreamReader, board: TwinBoard
) -> None:
    _quiet()
    reader.pause = SLOW_SECONDS
    _until(board, lambda one: (one.behind or 0) > _BEHIND, "a reader that is behind")
    reader.pause = 0
    _until(board, lambda one: one.behind is not None and one.behind < 1, "no lag")
    kinesis.split_shard(
        StreamName=STREAM,
        ShardToSplit="shardId-000000000000",
        NewStartingHashKey=str(HASH_KEYS // 4),
    )
    _until(board, lambda one: "Shard 0 is drained" in board.text(), "its end")
    _quiet()
    admin.create_partitions([NewPartitions(TOPIC, 3)])[TOPIC].result(_WAIT)
    _until(board, lambda one: _owned(one) == {0, 1, 2}, "the new partition's owner")
    _quiet()


def _owned(snapshot: TwinSnapshot) -> set[int]:
    return {n for one in snapshot.kafka.members for n in one.partitions}


def _feed(cluster: EmbeddedCluster) -> Callable[[], None]:
    """Return what sends the next departure into both."""
    producer, kinesis = Producer(cluster.connection), boto3.client("kinesis")
    following = iter(flights.day(8))

    def send() -> None:
        flight = next(following, None)
        if flight is None:
            return
        key = flight.tailnum or flight.id
        producer.produce(TOPIC, flight.to_json(), key)
        producer.poll(0)
        kinesis.put_record(StreamName=STREAM, PartitionKey=key, Data=flight.to_json())
        time.sleep(1 / _A_SECOND)

    return send


@contextmanager
def again_and_again(work: Callable[[], None]) -> Iterator[None]:
    """Do something on a thread again and again, until the block ends."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(0.02):
            work()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _until(board: TwinBoard, holds: Callable[[TwinSnapshot], bool], what: str) -> None:
    wait_for(lambda: holds(board.snapshot), _WAIT, what)


def _quiet() -> None:
    """Let who watches look for a moment: this is part of the recording, not a wait."""
    time.sleep(_PAUSE)


if __name__ == "__main__":
    main()
