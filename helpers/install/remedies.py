"""What to do about a failed download, by what the program said that tried it.

The standard library only: the set-up asks it before anything is installed.
"""

from __future__ import annotations

import re

NETWORK = "connect to the network"
_REMEDIES = (
    (
        r"no space left|ENOSPC|quota exceeded|EDQUOT",
        "free space on that disk",
    ),
    (
        r"permission denied|read-only file system|EACCES|EROFS|EPERM",
        "make that place writable",
    ),
    (
        r"SOCKS",
        "no SOCKS proxy can be used here: unset ALL_PROXY, or whatever names it, and "
        "set HTTPS_PROXY to an http:// proxy if you need one",
    ),
    (
        r"proxy|not a valid host or port",
        "set HTTPS_PROXY, HTTP_PROXY and ALL_PROXY to a proxy that can be used, or unset "
        "them",
    ),
    (
        "certificate|_CERT",
        "check the certificates that your settings name (SSL_CERT_FILE, "
        "REQUESTS_CA_BUNDLE, PIP_CERT, NODE_EXTRA_CA_CERTS)",
    ),
    (
        r"retr(ying|ies)|connection(?! adapters)|timed? ?out|to resolve|network|EAI_",
        NETWORK,
    ),
)


def remedy(said: str, otherwise: str) -> str:
    """Return what helps, as a part of a sentence.

    Args:
        said: the words of the program that failed.
        otherwise: what helps where they tell nothing that is known here.
    """
    found = (what for sign, what in _REMEDIES if re.search(sign, said, re.IGNORECASE))
    return next(found, otherwise)


def is_telling(line: str) -> bool:
    """Return whether a line names a fault that is known here."""
    return bool(remedy(line, ""))
