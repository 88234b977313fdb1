"""The servers of the course, the same to every caller in every mode."""

from helpers.servers.interface import Cluster
from helpers.settings import Settings


def connect(settings: Settings | None = None) -> Cluster:
    """Return the cluster that the settings name; nothing is started by this."""
    # Imported here: Kafka's tools pass through this package and need no client.
    from helpers.servers.embedded.cluster import EmbeddedCluster

    return EmbeddedCluster(settings or Settings.from_environment())
