"""Look at Kinesis as its clients can."""
