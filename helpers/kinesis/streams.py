"""What streams there are, and their end."""

from collections.abc import Callable

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from helpers.kinesis.shards import KinesisClient
from helpers.waiting import WaitTimeout, wait_for

_SOON = Config(connect_timeout=2, read_timeout=5, retries={"max_attempts": 1})
# As long as AWS may take to make or change a stream.
_SECONDS = 60
_INTERVAL = 0.3


def delete_streams(mine: Callable[[str], bool]) -> dict[str, BaseException]:
    """Delete every stream whose name is ``mine``.

    Returns:
        Why not, by the name of each that could not be deleted, and is still there.

    Raises:
        BotoCoreError, ClientError: Kinesis does not answer, or does not tell its streams.
        ValueError: its address is none.
    """
    client = boto3.client("kinesis", config=_SOON)
    pages = client.get_paginator("list_streams").paginate()
    names = [name for page in pages for name in page["StreamNames"]]
    failures = {name: _delete(client, name) for name in filter(mine, names)}
    return {name: error for name, error in failures.items() if error}


def _delete(client: KinesisClient, name: str) -> BaseException | None:
    """Return why a stream could not be deleted."""
    try:
        what = f"the end of {name}"
        wait_for(lambda: _goes(client, name), _SECONDS, what, _INTERVAL)
    except (WaitTimeout, ClientError) as error:
        return error
    return None


def _goes(client: KinesisClient, name: str) -> bool:
    """Ask for the end of a stream; return whether it goes or is gone."""
    known = client.exceptions
    try:
        client.delete_stream(StreamName=name, EnforceConsumerDeletion=True)
    except known.ResourceNotFoundException:
        return True
    # AWS takes five deletions a second, and none of a stream that is being changed.
    except (known.LimitExceededException, known.ResourceInUseException):
        return _is_going(client, name)
    return True


def _is_going(client: KinesisClient, name: str) -> bool:
    try:
        told = client.describe_stream_summary(StreamName=name)
    except client.exceptions.ResourceNotFoundException:
        return True
    return bool(told["StreamDescriptionSummary"]["StreamStatus"] == "DELETING")
