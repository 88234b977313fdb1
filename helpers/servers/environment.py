"""The environment variables through which any client finds the servers."""

import os
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from helpers.servers.errors import ServersError
from helpers.servers.interface import ClusterStatus
from helpers.servers.schema_registry import of_own_servers

_REGION = "us-east-1"
# What AWS's libraries read of the student's own would win over the values below, or
# lead a lesson to AWS.
_OF_OTHERS = ("AWS_", "BOTO")
_PROXIES = ("all_proxy", "http_proxy", "https_proxy")
_CERTIFICATES, _TLS_KEYS = "SSL_CERT_FILE", "SSLKEYLOGFILE"


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
        # Of all that these files may hold, some wins over the variables.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        # Programs differ in which of the two they read; many prefer the small one.
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
    }


def _no_proxy() -> str:
    names = [os.environ.get("NO_PROXY", ""), os.environ.get("no_proxy", "")]
    hosts = [host.strip() for name in names for host in name.split(",")]
    return ",".join(dict.fromkeys(filter(None, [*hosts, "127.0.0.1", "localhost"])))


def unwanted(status: ClusterStatus) -> tuple[str, ...]:
    """Return the variables that must go; of attached servers all stay that can serve."""
    others = () if status.mode == "attached" else _OF_OTHERS
    own = (name for name in os.environ if name.startswith(others))
    return (*own, *_unusable(status))


def _unusable(status: ClusterStatus) -> Iterator[str]:
    """Return the variables with which the client of a registry would not even begin.

    No client here speaks SOCKS, and most pass over ``ALL_PROXY``. To attached servers
    the other proxies lead, and a fault in them is for the student to see.
    """
    proxies = _PROXIES[:1] if status.mode == "attached" else _PROXIES
    for name, value in os.environ.items():
        if name.lower() in proxies and not _is_http(value):
            yield name
    if keys := os.environ.get(_TLS_KEYS):
        where = keys if os.path.exists(keys) else os.path.dirname(keys) or "."
        if not os.access(where, os.W_OK):
            yield _TLS_KEYS
    file = os.environ.get(_CERTIFICATES)
    if file and not _has_certificates(file):
        yield _CERTIFICATES


def _has_certificates(file: str) -> bool:
    # Late: few set it, and the command line has no other use for this module.
    import ssl

    try:
        ssl.create_default_context(cafile=file)
    except OSError:  # which ssl.SSLError is, too
        return False
    return True


def _is_http(proxy: str) -> bool:
    """Return whether this is the address of an HTTP proxy; its scheme may be left out."""
    address = proxy if "://" in proxy else f"http://{proxy}"
    try:
        _ = urlsplit(address).port
    except ValueError:
        return False
    return address.lower().startswith(("http://", "https://"))


def apply_to_this_process(status: ClusterStatus) -> None:
    """Point this process and those it starts at the servers, and at nothing else."""
    for name in unwanted(status):
        os.environ.pop(name, None)
    os.environ.update(client_environment(status))
    boto3: Any = sys.modules.get("boto3")
    # It keeps what it has read, and a cell may have used it before.
    if boto3 and status.mode != "attached":
        boto3.DEFAULT_SESSION = None


def check_this_process(status: ClusterStatus) -> None:
    """Check that a plain Kinesis client of this process asks these servers.

    Attached, it asks what the caller has set.

    Raises:
        ServersError: it would ask another one, or cannot be made.
    """
    if status.mode == "attached":
        return
    # Late: the command line has no use for it.
    import boto3

    try:
        client = boto3.client("kinesis")
        found = str(client.meta.endpoint_url)
        client.close()
    # A model of the student's own may break it in any way.
    except Exception as error:
        found = f"nothing ({type(error).__name__}: {error})"
    if found != status.kinesis_endpoint:
        raise ServersError(
            f'boto3.client("kinesis") would ask {found} here, and not '
            f"{status.kinesis_endpoint}, where your servers are: rename the folder "
            "~/.aws/models if you have one, take out of IPython's start-up files what "
            "changes boto3, then restart the kernel."
        )
