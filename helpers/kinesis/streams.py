"""What streams there are."""

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_SOON = Config(connect_timeout=2, read_timeout=5, retries={"max_attempts": 1})


def delete_streams(suffix: str) -> None:
    """Delete every stream whose name ends so; a silent endpoint is let be."""
    client = boto3.client("kinesis", config=_SOON)
    try:
        names = client.list_streams()["StreamNames"]
        for name in (one for one in names if one.endswith(suffix)):
            client.delete_stream(StreamName=name, EnforceConsumerDeletion=True)
    except (BotoCoreError, ClientError):
        return
