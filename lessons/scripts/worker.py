"""A worker: it takes leases of a stream's shards, and works on the records of each."""

import sys
import time
from collections import Counter

import boto3

from lessons.scripts import leases

stream, path, me, pause = sys.argv[1:]
kinesis, table = boto3.client("kinesis"), leases.open_table(path)
done = open(f"{path}.{me}", "a", buffering=1)  # noqa: SIM115 - open to the end
seen = {}  # what a lease's counter was, and since when


def run(work):
    while True:
        discover()
        take_one(leases.read(table))
        known = leases.read(table)
        for lease in known.values():
            mine = lease.owner == me and due(lease, known)
            # This renews the lease, and passes over a shard that was stolen.
            if mine and keep(lease, lease.checkpoint):
                handle(lease, work)
        time.sleep(0.2)


def discover():
    for shard in kinesis.list_shards(StreamName=stream)["Shards"]:
        parents = shard.get("ParentShardId"), shard.get("AdjacentParentShardId")
        leases.add(table, shard["ShardId"], " ".join(filter(None, parents)))


def take_one(known):
    todo = [one for one in known.values() if due(one, known)]
    free = [one for one in todo if one.owner != me and expired(one)]
    held = Counter({me: 0})
    held.update(one.owner for one in todo if one not in free)
    owner, most = held.most_common(1)[0]
    if free and held[me] < -(-len(todo) // len(held)):  # its share, rounded up
        leases.take(table, free[0], me)
    elif most > held[me] + 1:
        leases.take(table, next(one for one in todo if one.owner == owner), me)


def due(lease, known):
    parents = [known[one] for one in lease.parents.split() if one in known]
    ended = all(one.checkpoint == "SHARD_END" for one in parents)
    return ended and lease.checkpoint != "SHARD_END"


def expired(lease):
    if seen.get(lease.shard, (None, 0))[0] != lease.counter:
        seen[lease.shard] = lease.counter, time.monotonic()
    return lease.owner is None or time.monotonic() - seen[lease.shard][1] > 3


def handle(lease, work):
    told = fetch(lease)
    work(lease, told["Records"])
    last = [lease.checkpoint, *(one["SequenceNumber"] for one in told["Records"])][-1]
    keep(lease, last if told.get("NextShardIterator") else "SHARD_END")


def fetch(lease):
    place = {"ShardIteratorType": "TRIM_HORIZON"}
    if lease.checkpoint:
        place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER"}
        place["StartingSequenceNumber"] = lease.checkpoint
    told = kinesis.get_shard_iterator(StreamName=stream, ShardId=lease.shard, **place)
    return kinesis.get_records(ShardIterator=told["ShardIterator"], Limit=25)


def keep(lease, checkpoint):
    return leases.keep(table, lease.shard, me, checkpoint)


def do(lease, record):
    time.sleep(float(pause))
    print(lease.shard, record["SequenceNumber"], time.time(), file=done)


def work(lease, records):
    for record in records:
        do(lease, record)


if __name__ == "__main__":
    run(work)
