"""Kafka's jars: fetched once for the user, checked at every start.

The lock beside this module names each jar by its path in a Maven repository;
``make lock`` writes it.
"""

from pathlib import Path

from helpers.servers.runtime import maven
from helpers.servers.runtime.locks import LockedFile, read_lock
from helpers.settings import Settings

KAFKA_VERSION = "4.3.1"
LOCK = Path(__file__).with_name(f"kafka-{KAFKA_VERSION}.lock")


def jars_dir(settings: Settings) -> Path:
    """Return the folder that holds every jar, side by side."""
    return settings.cache_dir / f"kafka-{KAFKA_VERSION}"


def classpath(settings: Settings) -> str:
    """Return the value of Java's ``-cp`` that brings in every jar."""
    return f"{jars_dir(settings)}/*"


def fetch_jars(settings: Settings) -> Path:
    """Make sure that every jar is in the cache and intact; return their folder.

    Raises:
        ServersError: a jar is missing and cannot be fetched.
    """
    folder = jars_dir(settings)
    maven.fetch(settings, read_lock(LOCK), folder, "Kafka's jars")
    return folder


def missing_jars(settings: Settings) -> list[LockedFile]:
    """Return the jars that are not in the cache or not what the lock says."""
    return maven.missing(read_lock(LOCK), jars_dir(settings))


def has_all_jars(settings: Settings) -> bool:
    """Return whether every jar is there, whatever its content: a quick look."""
    folder = jars_dir(settings)
    return all((folder / maven.file_name(entry)).is_file() for entry in read_lock(LOCK))
