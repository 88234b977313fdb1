"""Ask a Kinesis that somebody else runs: an endpoint, or AWS itself."""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

_REGION = "us-east-1"
_DUMMY = "workbook"
_SOON = Config(connect_timeout=3, read_timeout=5, retries={"max_attempts": 0})


@dataclass(frozen=True)
class KinesisAnswer:
    """What came of the question.

    Attributes:
        url: where Kinesis is, or None where that is not known.
        problem: why it cannot be used, in a sentence, or None.
    """

    url: str | None
    problem: str | None = None


def missing_variables(endpoint: str | None) -> dict[str, str]:
    """Return what boto3 lacks to talk to an endpoint; nothing is lacking to AWS itself.

    A class's own endpoint takes any credentials, so that its students need none; whoever
    has some keeps them.

    Args:
        endpoint: its URL, or None for AWS.
    """
    if endpoint is None:
        return {}
    lacking: dict[str, str] = {}
    try:
        session = boto3.Session()
        known, region = session.get_credentials(), session.region_name
    # A profile or a credential process that is none: boto3 says so when it is used.
    except Exception:
        return {}
    if region is None:
        lacking["AWS_DEFAULT_REGION"] = _REGION
    if known is None:
        lacking |= {"AWS_ACCESS_KEY_ID": _DUMMY, "AWS_SECRET_ACCESS_KEY": _DUMMY}
    return lacking


def ask(endpoint: str | None) -> KinesisAnswer:
    """Ask for the names of streams, with the caller's own credentials.

    Args:
        endpoint: its URL, or None for AWS.
    """
    where = endpoint or "AWS"
    try:
        client = _client(endpoint)
        client.list_streams(Limit=1)
    # Addresses, proxies, profiles and credential processes fail in ways of their own.
    except Exception as error:
        words = " ".join(str(error).split()).strip(".")
        return KinesisAnswer(
            endpoint,
            f"Kinesis at {where} cannot be used ({words}): check "
            "AWS_ENDPOINT_URL_KINESIS, AWS_PROFILE and AWS_DEFAULT_REGION.",
        )
    return KinesisAnswer(str(client.meta.endpoint_url))


def _client(endpoint: str | None) -> Any:  # noqa: ANN401 - boto3 makes its classes late
    names = {
        "AWS_DEFAULT_REGION": "region_name",
        "AWS_ACCESS_KEY_ID": "aws_access_key_id",
        "AWS_SECRET_ACCESS_KEY": "aws_secret_access_key",
    }
    more = {names[key]: value for key, value in missing_variables(endpoint).items()}
    return boto3.client("kinesis", endpoint_url=endpoint, config=_SOON, **more)
