"""What a request to Kinesis holds, and what to say of it when it may not leave."""

import base64
from typing import Any

from helpers.kinesis.answers import OURS
from helpers.kinesis.quotas import CALL_BYTES, CALL_RECORDS

EXCEEDED = "ProvisionedThroughputExceededException"

Body = dict[str, Any]
"""A request's or an answer's JSON."""


def stream_of(body: Body) -> str:
    """Return the name of the stream that a request is about."""
    arn: str = body.get("StreamARN", "")
    return str(body.get("StreamName") or arn.rpartition("/")[2])


def size_of(record: Body) -> int:
    """Return the bytes of a record, its partition key included."""
    return len(base64.b64decode(record["Data"])) + len(record["PartitionKey"].encode())


def fault_of(records: list[Body], most: int) -> tuple[str, str] | None:
    """Return the name and the message of what no shard has to be asked about.

    Args:
        records: all of one call.
        most: bytes of one record that the stream allows.
    """
    if len(records) > CALL_RECORDS:
        said = f"A call takes at most {CALL_RECORDS} records, and this one has "
        return "ValidationException", f"{said}{len(records)}."
    sizes = [size_of(one) for one in records]
    if max(sizes, default=0) > most:
        said = f"A record takes at most {most:,} bytes with its partition key, and one "
        return "ValidationException", f"{said}has {max(sizes):,}."
    if sum(sizes) > CALL_BYTES:
        said = f"A call takes at most {CALL_BYTES:,} bytes, and this one has "
        return "InvalidArgumentException", f"{said}{sum(sizes):,}."
    return None


def rate_exceeded(stream: str, shard: str, share: float = 1.0) -> str:
    """Say that a shard is above its limit, and which part of AWS's it is."""
    at = "" if share == 1 else f", at {share:g} of AWS's rate"
    return f"Rate exceeded for shard {shard} in stream {stream}{at}."


def refused_record(message: str) -> Body:
    """Return the answer for one record of a `PutRecords`."""
    return {"ErrorCode": EXCEEDED, "ErrorMessage": f"{message} {OURS}"}
