"""Looks at a cluster a few times a second; never waits for a silent broker."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from helpers.live.actions import Actions
from helpers.live.leaders import LeadersWatch
from helpers.live.log import tell
from helpers.live.observe import Measured, observe
from helpers.live.snapshot import EVENTS_KEPT, NodesSnapshot
from helpers.servers.errors import ServersError
from helpers.servers.interface import Cluster, ClusterStatus


class NodesPoller:
    """A live source of snapshots of one cluster's nodes.

    Args:
        cluster: what to look at; it may be down, and come and go.
        interval: seconds between two snapshots.
    """

    def __init__(self, cluster: Cluster, interval: float = 0.16) -> None:
        self.actions = Actions(cluster, changed=self.wake)
        self._cluster = cluster
        self._interval = interval
        self._leaders = LeadersWatch(_access(cluster))
        self._last: NodesSnapshot | None = None
        self._wake = threading.Event()
        self._closed = False

    def snapshots(self) -> Iterator[NodesSnapshot]:
        """Give a snapshot each interval, and at once after :meth:`wake`, until closed."""
        while not self._closed:
            began = time.monotonic()
            yield self.take()
            # What reading a snapshot takes is part of the interval.
            self._wake.wait(max(0.0, began + self._interval - time.monotonic()))
            self._wake.clear()

    def take(self) -> NodesSnapshot:
        """Return how things are now; for one thread at a time."""
        after = observe(self._last, self._measure())
        if self._last is not None:
            events = (*self._last.events, *tell(self._last, after))
            after = replace(after, events=events[-EVENTS_KEPT:])
        self._last = after
        return after

    def wake(self) -> None:
        """Have the next snapshot taken at once."""
        self._wake.set()

    def close(self) -> None:
        """End :meth:`snapshots` and the thread that asks for leaders."""
        self._closed = True
        self.wake()
        self._leaders.close()

    def _measure(self) -> Measured:
        # Actions first: one that is seen to have ended then shows in the status too.
        actions = self.actions.recent()
        status, problem = self._status()
        self._leaders.aim(_addresses(status))
        sample = self._leaders.sample
        return Measured(time.time(), time.monotonic(), status, sample, actions, problem)

    def _status(self) -> tuple[ClusterStatus | None, str | None]:
        try:
            return self._cluster.status(), None
        # Whatever it is: a board that says it and goes on is of more use than a
        # thread that has ended.
        except Exception as error:
            return None, str(error) or type(error).__name__


def _addresses(status: ClusterStatus | None) -> tuple[str, ...]:
    brokers = status.brokers if status else ()
    return tuple(
        node.address for node in brokers if node.state == "running" and node.address
    )


def _access(cluster: Cluster) -> dict[str, str]:
    """Return what brokers ask of a client, without their addresses."""
    try:
        settings = cluster.connection
    except ServersError:
        return {}
    return {key: one for key, one in settings.items() if key != "bootstrap.servers"}
