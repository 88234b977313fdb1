"""The client of the registry of schemas, and what a run left in it."""

from collections.abc import Callable
from functools import lru_cache

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.error import SchemaRegistryError

_ENDINGS = ("-key", "-value")
# Of itself the client waits for a silent registry for ever.
_SOON = {"timeout": 10, "max.retries": 1}


@lru_cache(maxsize=8)
def registry_client(url: str, run: str) -> SchemaRegistryClient:
    """Return the client of one run, each time the same.

    A registry in memory lives in its client: a second client would know no schema of
    the first.

    Args:
        url: of the registry; ``mock://…`` for one in memory.
        run: what tells this run from others.
    """
    return SchemaRegistryClient.new_client({"url": url, **_SOON})


def delete_subjects(
    client: SchemaRegistryClient, mine: Callable[[str], bool]
) -> dict[str, BaseException]:
    """Remove the schemas of topics for which ``mine`` holds.

    Returns:
        Why not, by the name of each subject that could not be removed.

    Raises:
        SchemaRegistryError: the registry does not tell its subjects.
        Exception: it does not answer; which one is its client's own.
    """
    left: dict[str, BaseException] = {}
    for subject in client.get_subjects():
        if mine(_topic(subject)):
            try:
                client.delete_subject(subject)
            except SchemaRegistryError as error:
                left[subject] = error
    return left


def _topic(subject: str) -> str:
    for ending in _ENDINGS:
        subject = subject.removesuffix(ending)
    return subject
