"""Calls a function with batches of records, as AWS's event source mapping does."""

import base64
import time


class EventSourceMapping:
    def __init__(self, kinesis, handler):
        self._kinesis, self._handler = kinesis, handler
        self.calls, self.destination, self.checkpoints = [], [], {}

    def run(self, stream, retries, bisect, size=32, window=0.2):
        """Go over a whole stream; return how many records each call of each batch got."""
        for kept in (self.calls, self.destination, self.checkpoints):
            kept.clear()
        for one in self._kinesis.list_shards(StreamName=stream)["Shards"]:
            shard = one["ShardId"]
            while records := self._gather(stream, shard, size, window):
                self.calls.append([])
                self._deliver(stream, shard, records, retries, bisect)
                self.checkpoints[shard] = records[-1]["SequenceNumber"]
        return self.calls

    def _gather(self, stream, shard, size, window):
        place = {"ShardIteratorType": "TRIM_HORIZON"}
        if after := self.checkpoints.get(shard):
            place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER"}
            place["StartingSequenceNumber"] = after
        where = {"StreamName": stream, "ShardId": shard}
        told = self._kinesis.get_shard_iterator(**where, **place)
        place, records, end = told["ShardIterator"], [], time.monotonic() + window
        while place and len(records) < size and time.monotonic() <= end:
            most = size - len(records)
            told = self._kinesis.get_records(ShardIterator=place, Limit=most)
            records, place = records + told["Records"], told.get("NextShardIterator")
        return records

    def _deliver(self, stream, shard, records, retries, bisect):
        self.calls[-1].append(len(records))
        try:
            self._handler(as_event(stream, shard, records), None)
        except Exception as error:
            if bisect and len(records) > 1:
                half = len(records) // 2
                for part in (records[:half], records[half:]):
                    self._deliver(stream, shard, part, retries, bisect)
            elif retries:
                self._deliver(stream, shard, records, retries - 1, bisect)
            else:
                self.destination.append(discarded(shard, records, error))


def as_event(stream, shard, records):
    arn = f"arn:aws:kinesis:us-east-1:000000000000:stream/{stream}"
    same = {"eventSource": "aws:kinesis", "eventSourceARN": arn, "eventVersion": "1.0"}
    same |= {"eventName": "aws:kinesis:record", "awsRegion": "us-east-1"}
    same |= {"invokeIdentityArn": "arn:aws:iam::000000000000:role/lambda"}
    ids = [f"{shard}:{one['SequenceNumber']}" for one in records]
    both = zip(ids, map(_inner, records), strict=True)
    return {"Records": [{"eventID": id, "kinesis": one, **same} for id, one in both]}


def _inner(one):
    return {
        "kinesisSchemaVersion": "1.0",
        "partitionKey": one["PartitionKey"],
        "sequenceNumber": one["SequenceNumber"],
        "data": base64.b64encode(one["Data"]).decode(),
        "approximateArrivalTimestamp": one["ApproximateArrivalTimestamp"].timestamp(),
    }


def discarded(shard, records, error):
    first, last = records[0]["SequenceNumber"], records[-1]["SequenceNumber"]
    batch = {"shardId": shard, "batchSize": len(records)}
    batch |= {"startSequenceNumber": first, "endSequenceNumber": last}
    return {
        "requestContext": {"condition": "RetryAttemptsExhausted"},
        "responseContext": {"functionError": type(error).__name__},
        "KinesisBatchInfo": batch,
    }
