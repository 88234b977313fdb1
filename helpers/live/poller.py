"""Looks at a cluster's nodes a few times a second."""

from dataclasses import replace

from helpers.live.log import tell
from helpers.live.look import Look
from helpers.live.observe import observe
from helpers.live.snapshot import EVENTS_KEPT, NodesSnapshot
from helpers.live.source import Act, Poller
from helpers.servers.interface import Cluster


class NodesPoller(Poller[NodesSnapshot]):
    """A live source of snapshots of one cluster's nodes.

    Args:
        cluster: what to look at; it may be down, and come and go.
        interval: seconds between two snapshots.
    """

    def __init__(self, cluster: Cluster, interval: float = 0.16) -> None:
        super().__init__(interval)
        self._look = Look(cluster, changed=self.wake)

    @property
    def act(self) -> Act | None:
        """What to call to act on a node; None where this cluster lets nobody."""
        return self._look.act

    def close(self) -> None:
        """End :meth:`snapshots` and the thread that asks for leaders."""
        super().close()
        self._look.close()

    def _next(self, before: NodesSnapshot | None) -> NodesSnapshot:
        after = observe(before, self._look.measure())
        if before is None:
            return after
        events = (*before.events, *tell(before, after))
        return replace(after, events=events[-EVENTS_KEPT:])
