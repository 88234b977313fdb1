"""What every live view has: one thread, and an end.

A view ends by its own ``stop``, when another of its kind about the same thing is made
(as when its cell runs again), and when the kernel ends.
"""

import atexit
import threading
import weakref
from collections.abc import Callable
from typing import Protocol

_JOIN_SECONDS = 5.0


class Running:
    """The thread of one live view.

    Args:
        kind: what sort of view it is, for the thread's name.
        about: whose view it is, such as a topic; one view of a kind about one thing is
            live, and the one before is stopped.
        work: what the thread does; it returns soon after ``cancel`` was called.
        cancel: asks ``work`` to return; called once, on any thread.
    """

    def __init__(
        self,
        kind: str,
        about: str,
        work: Callable[[], None],
        cancel: Callable[[], None],
    ) -> None:
        self._cancel = cancel
        self._once = threading.Lock()
        self._stopped = False
        self._thread = threading.Thread(target=work, name=f"{kind} board", daemon=True)
        register(kind, about, self)
        self._thread.start()

    @property
    def stopped(self) -> bool:
        """Whether it has ended, or is about to."""
        return self._stopped

    def stop(self) -> None:
        """End the thread and wait for it; a second call does nothing."""
        with self._once:
            if self._stopped:
                return
            self._stopped = True
        self._cancel()
        if self._thread is not threading.current_thread():
            self._thread.join(_JOIN_SECONDS)


class _Stoppable(Protocol):
    def stop(self) -> None: ...


_LIVE: "weakref.WeakValueDictionary[tuple[str, str], _Stoppable]" = (
    weakref.WeakValueDictionary()
)
_REGISTRY_LOCK = threading.Lock()


def register(kind: str, about: str, one: _Stoppable) -> None:
    """Have something live stopped in the end, and the one before it of its kind now.

    Args:
        kind: what sort of thing it is.
        about: what it is about; one of a kind about one thing is live.
        one: with a ``stop`` that may be called twice.
    """
    with _REGISTRY_LOCK:
        older, _LIVE[kind, about] = _LIVE.get((kind, about)), one
    if older:
        older.stop()


def stop_about(is_meant: Callable[[str], bool]) -> None:
    """Stop each live view that is about something of which ``is_meant`` is true."""
    for (_, about), running in list(_LIVE.items()):
        if is_meant(about):
            running.stop()


# Before the interpreter takes the threads' ground away.
@atexit.register
def stop_all() -> None:
    """Stop every live view."""
    stop_about(lambda _: True)
