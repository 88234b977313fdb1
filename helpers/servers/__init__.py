"""The servers of the course, the same to every caller in every mode."""

from helpers.servers.interface import Cluster
from helpers.settings import Settings


def connect(settings: Settings | None = None) -> Cluster:
    """Return the cluster that the settings name; nothing is started by this."""
    chosen = settings or Settings.from_environment()
    # Imported here: Kafka's tools pass through this package and need no client.
    if chosen.mode == "compose":
        from helpers.servers.compose.cluster import ComposeCluster

        return ComposeCluster(chosen)
    if chosen.attached:
        from helpers.servers.attached.cluster import AttachedCluster

        return AttachedCluster(chosen, chosen.attached)
    from helpers.servers.embedded.cluster import EmbeddedCluster

    return EmbeddedCluster(chosen)
