"""The environment variables through which any client finds the servers."""

import os

from helpers.servers.interface import ClusterStatus

_REGION = "us-east-1"
# A profile, a session or an endpoint of the student's own AWS account would win
# over the values below, and a lesson would talk to AWS.
_AWS_OF_OTHERS = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
)


def client_environment(status: ClusterStatus) -> dict[str, str]:
    """Return what command-line tools and plain boto3 need to reach these servers.

    The AWS credentials are dummies: the endpoint takes any.
    """
    local = "127.0.0.1,localhost"
    others = os.environ.get("NO_PROXY", "")
    return {
        "KAFKA_BOOTSTRAP_SERVERS": status.bootstrap_servers or "",
        "AWS_ENDPOINT_URL_KINESIS": status.kinesis_endpoint or "",
        "AWS_ACCESS_KEY_ID": "workbook",
        "AWS_SECRET_ACCESS_KEY": "workbook",
        "AWS_DEFAULT_REGION": _REGION,
        "AWS_REGION": _REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": others
        if local in others
        else ",".join(filter(None, [others, local])),
    }


def apply_to_this_process(status: ClusterStatus) -> None:
    """Point this process and those it starts at the servers, and at nothing else."""
    for name in _AWS_OF_OTHERS:
        os.environ.pop(name, None)
    os.environ.update(client_environment(status))
