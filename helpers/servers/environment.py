"""The environment variables through which any client finds the servers."""

import os

from helpers.servers.interface import ClusterStatus
from helpers.servers.schema_registry import of_own_servers

_REGION = "us-east-1"
# A profile, a session or an endpoint of the student's own AWS account would win
# over the values below, and a lesson would talk to AWS.
AWS_OF_OTHERS = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
)


def client_environment(status: ClusterStatus) -> dict[str, str]:
    """Return what command-line tools and plain boto3 need to reach these servers.

    The AWS credentials are dummies: the endpoint takes any. Attached servers are
    reached by what the caller has set already.
    """
    if status.mode == "attached":
        from helpers.servers.attached.kinesis import missing_variables

        return missing_variables(os.environ.get("AWS_ENDPOINT_URL_KINESIS"))
    no_proxy = _no_proxy()
    return {
        "KAFKA_BOOTSTRAP_SERVERS": status.bootstrap_servers or "",
        "AWS_ENDPOINT_URL_KINESIS": status.kinesis_endpoint or "",
        "WORKBOOK_SCHEMA_REGISTRY_URL": of_own_servers(status.mode),
        "AWS_ACCESS_KEY_ID": "workbook",
        "AWS_SECRET_ACCESS_KEY": "workbook",
        "AWS_DEFAULT_REGION": _REGION,
        "AWS_REGION": _REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        # Programs differ in which of the two they read; many prefer the small one.
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
    }


def _no_proxy() -> str:
    names = [os.environ.get("NO_PROXY", ""), os.environ.get("no_proxy", "")]
    hosts = [host.strip() for name in names for host in name.split(",")]
    return ",".join(dict.fromkeys(filter(None, [*hosts, "127.0.0.1", "localhost"])))


def unwanted(status: ClusterStatus) -> tuple[str, ...]:
    """Return the variables that must go; of attached servers the caller's all stay."""
    return () if status.mode == "attached" else AWS_OF_OTHERS


def apply_to_this_process(status: ClusterStatus) -> None:
    """Point this process and those it starts at the servers, and at nothing else."""
    for name in unwanted(status):
        os.environ.pop(name, None)
    os.environ.update(client_environment(status))
