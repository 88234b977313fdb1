"""The ``docker`` command: run it, and tell in one sentence why it failed."""

import re
import subprocess

from helpers.servers.errors import ServersError

_ORDINARY_SECONDS = 60


class DockerError(ServersError):
    """The engine refused; the message says why and what to do.

    Attributes:
        details: what the command printed.
    """

    def __init__(self, message: str, details: str) -> None:
        super().__init__(message)
        self.details = details


_SENTENCES = (
    (
        r"permission denied .*connect|dial unix .*permission denied",
        "You may not use Docker on this machine: have yourself added to the group "
        "`docker`, and log in anew.",
    ),
    (
        r"cannot connect to the docker daemon|is the docker daemon running|"
        r"failed to connect to the docker api|error during connect",
        "Docker's engine does not answer: start Docker, or unset WORKBOOK_MODE.",
    ),
    (
        r"unknown shorthand flag: 'p'|'compose' is not a docker command|"
        r"unknown flag: --project-name|unknown command: docker compose",
        "This Docker has no `docker compose`: install its compose plugin, version 2.",
    ),
)
_PORT = re.compile(
    r":(\d+)(?:: bind: address already in use| failed: port is already allocated)"
)
_IMAGE = re.compile(
    r"pull access denied|manifest .*unknown|no such image|error pulling|"
    r"failed to (?:resolve|do request|copy)|dial tcp|no such host|request canceled",
    re.IGNORECASE,
)


def docker(*arguments: str, seconds: float = _ORDINARY_SECONDS) -> bytes:
    """Run ``docker`` and return what it prints.

    Args:
        arguments: of the command.
        seconds: until it is given up.

    Raises:
        DockerError: it failed.
        ServersError: there is no such command, or it does not end.
    """
    result = attempt(*arguments, seconds=seconds)
    if result.returncode:
        details = result.stderr.decode("utf-8", "replace")
        raise DockerError(sentence(details), details)
    return result.stdout


def attempt(
    *arguments: str, seconds: float = _ORDINARY_SECONDS
) -> "subprocess.CompletedProcess[bytes]":
    """Run ``docker`` and return how it ended.

    Raises:
        ServersError: there is no such command, or it does not end.
    """
    try:
        return subprocess.run(
            ["docker", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError as error:
        raise ServersError(
            "There is no `docker` on this machine: install Docker with its compose "
            "plugin, or unset WORKBOOK_MODE."
        ) from error
    except subprocess.TimeoutExpired as error:
        raise ServersError(
            f"Docker did not do its work within {seconds:g} s: does `docker ps` answer?"
        ) from error


def sentence(details: str) -> str:
    """Return in one sentence what an engine's complaint means and what to do."""
    for pattern, said in _SENTENCES:
        if re.search(pattern, details, re.IGNORECASE | re.DOTALL):
            return said
    if port := _PORT.search(details):
        return (
            f"Port {port[1]} is taken by another program, perhaps by the containers of "
            "another clone (`docker ps` shows them): stop it, or set "
            "WORKBOOK_BROKER_1_PORT (_2_, _3_) or WORKBOOK_KINESIS_PORT to a free one."
        )
    last = (details.strip().splitlines() or ["it gave no reason"])[-1].strip()
    if _IMAGE.search(details):
        return (
            f"An image of docker-compose.yml is not here and could not be fetched "
            f"({last}): run `docker compose pull` where there is a network."
        )
    return f"Docker refused: {last}"
