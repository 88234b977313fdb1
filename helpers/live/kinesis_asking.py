"""Questions to a Kinesis that may be silent or gone."""

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from helpers.kinesis.shards import KinesisClient

_SOON = Config(
    connect_timeout=2,
    read_timeout=10,
    retries={"total_max_attempts": 1, "mode": "standard"},
)


def looking_client() -> KinesisClient:
    """Return a client of the calling thread's own, which gives up soon."""
    # A session of its own: the default one is not for several threads.
    return boto3.Session().client("kinesis", config=_SOON)


def error_code(error: Exception) -> str:
    """Return AWS's name for an error; empty where it gave none."""
    if not isinstance(error, ClientError):
        return ""
    return str(error.response.get("Error", {}).get("Code", ""))
