"""The log of a lesson's clients, in the output of the cell that runs.

A client that has a logger hands over its lines when it is polled, on the thread that
polls. One that is never polled hands over none, as most admin clients.
"""

import logging
import sys
import time
from collections.abc import Iterable
from functools import cache
from threading import RLock

from IPython.core.getipython import get_ipython
from IPython.display import DisplayHandle, display

from helpers.course.lost_brokers import LostBrokers, tells_of_lost_broker
from helpers.servers.interface import NodeStatus

PAUSE_SECONDS = 1.0
"""How often a cell's line changes at most, while the cell runs."""


@cache
def client_log() -> "ClientLog":
    """Return the one log of this process; in a notebook it follows the cells."""
    log = ClientLog(logging.getLogger("lesson"))
    shell = get_ipython()
    if shell is not None:
        shell.events.register("pre_run_cell", log.begin_cell)
        shell.events.register("post_run_cell", log.end_cell)
    return log


class ClientLog(logging.Handler):
    """Folds what clients say of lost brokers; all else is red, as without a logger.

    Args:
        logger: for the clients' setting of that name.

    Attributes:
        logger: as given.
    """

    def __init__(self, logger: logging.Logger) -> None:
        super().__init__()
        self.logger = logger
        logger.propagate = False
        # Everything: a client's own `log_level` says how much it tells.
        logger.setLevel(logging.DEBUG)
        logger.addHandler(self)
        self._turn = RLock()
        self._ids: dict[str, str] = {}
        self.begin_cell()

    def know(self, brokers: Iterable[NodeStatus]) -> None:
        """Learn who is at which address: a client that begins there does not say."""
        self._ids.update({one.address: str(one.id) for one in brokers if one.address})

    def begin_cell(self, *_: object) -> None:
        """Let the lines from now on be another cell's."""
        with self._turn:
            self._lost = LostBrokers(self._ids)
            self._shown, self._shown_at = 0, 0.0
            self._handle: DisplayHandle | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Show a line, a little later if the last one was shown just now."""
        line = record.getMessage()
        if not tells_of_lost_broker(line):
            print(line, file=sys.stderr)
            return
        with self._turn:
            self._lost.add(line)
            if time.monotonic() - self._shown_at >= PAUSE_SECONDS:
                self._show()

    def end_cell(self, *_: object) -> None:
        """Show what came too soon after the last line to be shown."""
        with self._turn:
            self._show()

    def _show(self) -> None:
        if self._shown == self._lost.number:
            return
        self._shown, self._shown_at = self._lost.number, time.monotonic()
        if self._handle:
            self._handle.update(self._lost)
        else:
            self._handle = display(self._lost, display_id=True)
