"""One look at a cluster's processes and leaders; never waits for a silent broker."""

import time
from collections.abc import Callable

from helpers.live.actions import Actions
from helpers.live.leaders import LeadersWatch
from helpers.live.observe import Measured
from helpers.live.source import Act
from helpers.servers.errors import ServersError
from helpers.servers.interface import BREAK_NODES, Cluster, ClusterStatus


class Look:
    """Measures one cluster, and acts on its nodes.

    Args:
        cluster: what to look at; it may be down, and come and go.
        changed: called when an action begins or ends, on any thread.
    """

    def __init__(self, cluster: Cluster, changed: Callable[[], None]) -> None:
        self.actions = Actions(cluster, changed)
        self._cluster = cluster
        self._leaders = LeadersWatch(access(cluster))

    @property
    def act(self) -> Act | None:
        """What to call to act on a node; None where this cluster lets nobody."""
        return self.actions.begin if BREAK_NODES in self._cluster.abilities else None

    def measure(self) -> Measured:
        """Return how things are now."""
        # Actions first: one that is seen to have ended then shows in the status too.
        actions = self.actions.recent()
        status, problem = self._status()
        self._leaders.aim(addresses(status))
        sample = self._leaders.sample
        return Measured(time.time(), time.monotonic(), status, sample, actions, problem)

    def close(self) -> None:
        """End the thread that asks for leaders."""
        self._leaders.close()

    def _status(self) -> tuple[ClusterStatus | None, str | None]:
        try:
            return self._cluster.status(), None
        # Whatever it is: a board that says it and goes on is of more use than a
        # thread that has ended.
        except Exception as error:
            return None, str(error) or type(error).__name__


def addresses(status: ClusterStatus | None) -> tuple[str, ...]:
    """Return ``host:port`` of each broker that runs."""
    brokers = status.brokers if status else ()
    return tuple(
        node.address for node in brokers if node.state == "running" and node.address
    )


def access(cluster: Cluster) -> dict[str, str]:
    """Return what brokers ask of a client, without their addresses."""
    try:
        settings = cluster.connection
    except ServersError:
        return {}
    return {key: one for key, one in settings.items() if key != "bootstrap.servers"}
