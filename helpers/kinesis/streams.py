"""What streams there are."""

from collections.abc import Callable

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_SOON = Config(connect_timeout=2, read_timeout=5, retries={"max_attempts": 1})


def delete_streams(mine: Callable[[str], bool]) -> None:
    """Delete every stream whose name is ``mine``; a silent endpoint is let be."""
    try:
        client = boto3.client("kinesis", config=_SOON)
        pages = client.get_paginator("list_streams").paginate()
        names = [name for page in pages for name in page["StreamNames"]]
        for name in filter(mine, names):
            client.delete_stream(StreamName=name, EnforceConsumerDeletion=True)
    except (BotoCoreError, ClientError):
        return
