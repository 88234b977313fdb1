"""What was asked for on a board, done away from the thread that asked."""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from helpers.live.snapshot import Action, Verb
from helpers.servers.errors import ServersError
from helpers.servers.interface import Cluster, Role

# Long enough that every reader sees an action that ended at least once.
_KEEP_SECONDS = 10.0


class Actions:
    """Runs each action on a thread of its own, at most one for each node.

    Args:
        cluster: whose nodes.
        changed: called when an action begins or ends, on either thread.
    """

    def __init__(self, cluster: Cluster, changed: Callable[[], None]) -> None:
        self._cluster = cluster
        self._changed = changed
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._actions: dict[int, Action] = {}

    def begin(self, verb: Verb, role: Role, node_id: int) -> bool:
        """Begin an action; return False if one is under way on that node."""
        with self._lock:
            if any(_is_busy(one, role, node_id) for one in self._actions.values()):
                return False
            action = Action(
                next(self._numbers), verb, role, node_id, time.time(), time.monotonic()
            )
            self._actions[action.number] = action
        self._changed()
        name = f"{verb} {role} {node_id}"
        threading.Thread(target=self._run, args=(action,), name=name, daemon=True).start()
        return True

    def recent(self) -> tuple[Action, ...]:
        """Return what is under way, and what ended in the last ten seconds."""
        oldest = time.monotonic() - _KEEP_SECONDS
        with self._lock:
            self._actions = {
                number: one
                for number, one in self._actions.items()
                if one.ended is None or one.ended > oldest
            }
            return tuple(self._actions.values())

    def _run(self, action: Action) -> None:
        error = self._attempt(action)
        with self._lock:
            ended = replace(action, ended=time.monotonic(), error=error)
            self._actions[action.number] = ended
        self._changed()

    def _attempt(self, action: Action) -> str | None:
        """Do it; return what went wrong."""
        method = getattr(self._cluster, action.verb)
        try:
            method(action.role, action.id)
        except (ServersError, TimeoutError, OSError) as error:
            return str(error)
        return None


def _is_busy(action: Action, role: Role, node_id: int) -> bool:
    return action.ended is None and (action.role, action.id) == (role, node_id)
