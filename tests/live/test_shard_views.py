"""The map of shards on the real endpoint: what it counts, and what it lives through."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import boto3
import pytest

from helpers import flights, views
from helpers.kinesis.governor import Governor
from helpers.kinesis.shards import KinesisClient, hash_key, list_shards, open_shard
from helpers.names import unique
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.views.shard_views import ShardMap
from helpers.waiting import wait_for
from tests.live.conftest import active, point_at

# Far more than it takes, so that a busy machine does not fail a test.
SHOWN = 60
DAY = flights.day(8)[:500]


@pytest.fixture(autouse=True)
def environment(well: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    point_at(well, monkeypatch)


@pytest.fixture
def client(environment: None) -> Iterator[KinesisClient]:
    made = boto3.client("kinesis")
    yield made
    made.close()


@pytest.fixture
def stream(client: KinesisClient) -> Iterator[str]:
    name = unique("shards")
    make(client, name, 4)
    yield name
    with closing(boto3.client("kinesis")) as finder:
        finder.delete_stream(StreamName=name)


@pytest.fixture
def seen(stream: str) -> Iterator[ShardMap]:
    made = views.shards(stream)
    try:
        yield made
    finally:
        made.stop()


def make(client: KinesisClient, name: str, shards: int) -> None:
    client.create_stream(StreamName=name, ShardCount=shards)
    active(client, name)


def send(client: KinesisClient, name: str) -> None:
    records = [{"Data": f.to_json(), "PartitionKey": f.carrier} for f in DAY]
    assert client.put_records(StreamName=name, Records=records)["FailedRecordCount"] == 0


def shows(view: ShardMap, pattern: str) -> None:
    wait_for(lambda: re.search(pattern, view.text()), SHOWN, f"'{pattern}' in the view")


def test_it_counts_what_is_there(
    client: KinesisClient, stream: str, seen: ShardMap
) -> None:
    send(client, stream)
    shows(seen, "500 records read")
    shards = list_shards(client, stream)
    homes = Counter(open_shard(shards, hash_key(f.carrier)) for f in DAY)
    for shard in seen.snapshot.shards:
        (number,) = [n for home, n in homes.items() if home and home.id == shard.id]
        assert shard.records == number
        assert not shard.closed
    size = sum(len(f.to_json()) + len(f.carrier) for f in DAY)
    assert sum(one.bytes or 0 for one in seen.snapshot.shards) == size
    for key in seen.snapshot.keys:
        home = open_shard(shards, hash_key(key.key))
        assert home
        assert home.id == key.shard
        assert home.first <= key.at * 2**128 <= home.last
    assert sum(one.records for one in seen.snapshot.keys) == 500


def test_a_split_and_a_merge_are_told_and_recorded(
    client: KinesisClient, stream: str, seen: ShardMap, tmp_path: Path
) -> None:
    shows(seen, "4 open shards")
    with views.record(seen, tmp_path / "story") as file:
        client.split_shard(
            StreamName=stream,
            ShardToSplit="shardId-000000000001",
            NewStartingHashKey=str(3 * 2**125),
        )
        active(client, stream)
        shows(seen, r"Shard 1 is split into 4 and 5 at 37\.5 %\.")
        shows(seen, "Shard 1 is drained")
        client.merge_shards(
            StreamName=stream,
            ShardToMerge="shardId-000000000002",
            AdjacentShardToMerge="shardId-000000000003",
        )
        active(client, stream)
        shows(seen, r"Shards 2 and 3 are merged into 6\.")
        shows(seen, "4 open shards · 3 closed")
    shows(seen, r"\n1 +closed, drained .*\n4 +open +1 ")
    again = views.recording(file, speed=20)
    try:
        wait_for(lambda: "merged into 6" in again.text(), SHOWN, "the end of the story")
        shapes = [(one.id, one.begin, one.closed) for one in again.view.snapshot.shards]
        assert shapes == [(one.id, one.begin, one.closed) for one in seen.snapshot.shards]
    finally:
        again.stop()


def test_refusals_of_the_quotas_are_shown(client: KinesisClient, stream: str) -> None:
    governor = Governor()
    governor.share_writes(0.1)
    governor.govern(client)
    view = views.shards(stream, governor)
    try:
        shows(view, "4 open shards")
        records = [{"Data": f.to_json(), "PartitionKey": "UA"} for f in DAY]
        told = client.put_records(StreamName=stream, Records=records)
        refused = told["FailedRecordCount"]
        # While a call is judged, room for a record comes with each hundredth of a second.
        assert 300 < refused <= 400
        shows(view, rf"Shard 0 is above its limit: {refused} refusals\.")
        taken = len(DAY) - refused
        shows(view, rf"\n0 +open .* {taken} +(99|100)\.\d % .*/ 100 % .* {refused}\n")
        shows(view, r"0\.1 of AWS's limits: 100 records and 0\.1 MB a second a shard")
    finally:
        view.stop()


def test_a_stream_comes_goes_and_comes_back(client: KinesisClient) -> None:
    name = unique("coming")
    view = views.shards(name)
    try:
        shows(view, f"There is no stream {name}")
        make(client, name, 1)
        send(client, name)
        shows(view, f"The stream {name} is there now")
        shows(view, "500 records read")
        client.delete_stream(StreamName=name)
        shows(view, "is deleted")
        make(client, name, 2)
        shows(view, "2 open shards · 0 records read")
    finally:
        view.stop()
        client.delete_stream(StreamName=name)


def test_it_outlives_the_endpoint(
    seen: ShardMap,
    stream: str,
    cluster: EmbeddedCluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shows(seen, "4 open shards")
    cluster.kill("kinesis", 0)
    shows(seen, r"▲ Kinesis cannot be asked now \(no answer\)\.")
    assert "4 open shards" in seen.text(), "the last that was known"
    cluster.start("kinesis", 0)
    point_at(cluster, monkeypatch)
    # Its streams lived in its memory.
    shows(seen, f"There is no stream {stream}")
    shows(seen, "Kinesis can be asked again")
    with closing(boto3.client("kinesis")) as moved:
        make(moved, stream, 1)
