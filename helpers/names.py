"""Names of topics, groups and streams that meet nobody else's."""

import re
import secrets

from helpers.inputs import InputError
from helpers.wording import shown

TOPIC_NAME_LIMIT = 249
"""Longest topic name in characters, from Kafka's own ``Topic.MAX_NAME_LENGTH``."""

LAST_PARTITION = 2**31 - 1
"""Largest number of a partition: an ``int32`` in Kafka's protocol."""

KINESIS_NAME_LIMIT = 128
"""Longest stream name in characters, from the Kinesis ``CreateStream`` reference."""

_ALLOWED = re.compile(r"[A-Za-z0-9._-]+")
_SUFFIX_CHARACTERS = 4


def unique(base: str, limit: int = TOPIC_NAME_LIMIT) -> str:
    """Return ``base`` with a random suffix, such as ``nyc.flight.departed-7f3a``.

    Args:
        base: a readable name.
        limit: longest name in characters that the server takes.

    Raises:
        InputError: the server would refuse the name; the message says why.
    """
    return checked(
        f"{checked(base, limit)}-{secrets.token_hex(_SUFFIX_CHARACTERS // 2)}", limit
    )


def checked(name: str, limit: int) -> str:
    """Return ``name`` if a server takes it.

    Raises:
        InputError: the server would refuse the name; the message says why.
    """
    if name == "":
        raise InputError("'' cannot be a name: it has no characters.")
    if not isinstance(name, str) or not _ALLOWED.fullmatch(name):
        raise InputError(
            f"{shown(name)} cannot be a name: use letters, digits, '.', '_' and '-' only."
        )
    if len(name) > limit:
        raise InputError(
            f"{shown(name)} is too long: {len(name)} characters, and {limit} are allowed."
        )
    return name
