"""Looks at the shards of a Kinesis stream, reads one, and splits one in its middle."""


def short(shard):
    return int(shard.rpartition("-")[2])


def is_open(shard):
    return "EndingSequenceNumber" not in shard["SequenceNumberRange"]


class Shards:
    def __init__(self, kinesis, streams):
        self._kinesis, self._streams = kinesis, streams

    def opened(self, stream):
        return [short(one["ShardId"]) for one in self._all(stream) if is_open(one)]

    def family(self, stream):
        for one in self._all(stream):
            parents = one.get("ParentShardId"), one.get("AdjacentParentShardId")
            numbers = " and ".join(str(short(parent)) for parent in parents if parent)
            state = "open" if is_open(one) else "closed"
            print(
                f"{short(one['ShardId']):2} {state:6}", numbers and f"child of {numbers}"
            )

    def read(self, stream, shard):
        """Read from its oldest record on, until a read brings nothing new."""
        where = {"StreamName": stream, "ShardId": shard}
        told = self._kinesis.get_shard_iterator(**where, ShardIteratorType="TRIM_HORIZON")
        place, found = told["ShardIterator"], []
        while place:
            told = self._kinesis.get_records(ShardIterator=place)
            found += told["Records"]
            place = told.get("NextShardIterator")
            if not told["MillisBehindLatest"]:
                break
        return found, told

    def halve(self, stream, shard):
        (keys,) = [
            one["HashKeyRange"] for one in self._all(stream) if one["ShardId"] == shard
        ]
        middle = (int(keys["StartingHashKey"]) + int(keys["EndingHashKey"]) + 1) // 2
        self._kinesis.split_shard(
            StreamName=stream, ShardToSplit=shard, NewStartingHashKey=str(middle)
        )
        self._streams.ready(stream)

    def _all(self, stream):
        return self._kinesis.list_shards(StreamName=stream)["Shards"]
