"""A stop that a call of a client does not hear is answered all the same.

Python hears an interrupt between two steps of its own, and a call that waits inside
librdkafka makes none.
"""

import signal
import socket
from functools import cache
from threading import Event, Thread

from IPython.core.getipython import get_ipython
from IPython.display import display

SENTENCE = (
    "The stop button cannot end this call of the client: it waits until a broker answers "
    "or its timeout is over. If that is too long, restart the kernel and run the first "
    "cell."
)
_GRACE_SECONDS = 2.0


@cache
def install() -> None:
    """Answer stops that this kernel's cells do not hear; elsewhere nothing happens."""
    shell = get_ipython()
    if shell is None:
        return
    heard, told = socket.socketpair()
    told.setblocking(False)
    # Written to when a signal comes, not when Python comes to handle it.
    signal.set_wakeup_fd(told.detach(), warn_on_full_buffer=False)
    ended = Event()
    shell.events.register("pre_run_cell", lambda _: ended.clear())
    shell.events.register("post_run_cell", lambda _: ended.set())
    Thread(target=_answer, args=(heard, ended), name="late stops", daemon=True).start()


def _answer(heard: socket.socket, ended: Event) -> None:
    while number := heard.recv(1):
        if number[0] == signal.SIGINT and not ended.wait(_GRACE_SECONDS):
            display({"text/plain": SENTENCE}, raw=True)
