"""Makes a Kinesis stream anew, so that you can run a cell again, and waits for it."""

from helpers import wait_for


class Streams:
    def __init__(self, lesson, kinesis):
        self._lesson, self._kinesis = lesson, kinesis

    def create(self, name, shards):
        stream = self._lesson.stream(name)
        if stream in self._kinesis.list_streams(Limit=1000)["StreamNames"]:
            self._kinesis.delete_stream(StreamName=stream, EnforceConsumerDeletion=True)
            gone = self._kinesis.get_waiter("stream_not_exists")
            gone.wait(StreamName=stream, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        self._kinesis.create_stream(StreamName=stream, ShardCount=shards)
        self.ready(stream)
        return stream

    def ready(self, stream):
        wait_for(lambda: self.status(stream) == "ACTIVE", 60, "the stream")

    def status(self, stream):
        told = self._kinesis.describe_stream_summary(StreamName=stream)
        return told["StreamDescriptionSummary"]["StreamStatus"]
