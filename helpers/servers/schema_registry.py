"""Where the registry of schemas is: on its own server, or in the client's memory."""

import os
import urllib.error
import urllib.request

from helpers.settings import Settings

IN_MEMORY = "mock://workbook"
"""An address for which Confluent's client keeps the schemas in its own memory."""

PORT_VARIABLE = "WORKBOOK_REGISTRY_PORT"
PREFERRED_PORT = 18081
_PATH = "/apis/ccompat/v7"
_ANSWER_SECONDS = 2.0


def address(settings: Settings) -> str:
    """Return the URL that a registry client begins with.

    Attached, the caller names a registry or has none; otherwise see
    :func:`of_own_servers`.
    """
    if settings.attached:
        return settings.attached.schema_registry or IN_MEMORY
    return of_own_servers(settings.mode)


def of_own_servers(mode: str) -> str:
    """Return the container's URL if it runs and answers, else :data:`IN_MEMORY`."""
    if mode != "compose":
        return IN_MEMORY
    port = os.environ.get(PORT_VARIABLE) or PREFERRED_PORT
    url = f"http://127.0.0.1:{port}{_PATH}"
    return url if _answers(url) else IN_MEMORY


def _answers(url: str) -> bool:
    # Nothing but this machine is asked, whatever proxy the environment names.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{url}/subjects", timeout=_ANSWER_SECONDS):
            return True
    except (urllib.error.URLError, OSError, ValueError):
        return False
