"""The client of the registry of schemas, and what a run left in it."""

from collections.abc import Callable
from functools import lru_cache

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.error import SchemaRegistryError

_ENDINGS = ("-key", "-value")


@lru_cache(maxsize=8)
def registry_client(url: str, run: str) -> SchemaRegistryClient:
    """Return the client of one run, each time the same.

    A registry in memory lives in its client: a second client would know no schema of
    the first.

    Args:
        url: of the registry; ``mock://…`` for one in memory.
        run: what tells this run from others.
    """
    return SchemaRegistryClient.new_client({"url": url})


def delete_subjects(client: SchemaRegistryClient, mine: Callable[[str], bool]) -> None:
    """Remove the schemas of topics for which ``mine`` holds; a dead registry is left."""
    try:
        for subject in client.get_subjects():
            if mine(_topic(subject)):
                client.delete_subject(subject)
    except (SchemaRegistryError, OSError):
        return


def _topic(subject: str) -> str:
    for ending in _ENDINGS:
        subject = subject.removesuffix(ending)
    return subject
