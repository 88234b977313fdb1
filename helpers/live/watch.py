"""A thread that asks again and again, so that nobody else waits for an answer."""

import sys
import threading
from typing import Generic, TypeVar

T = TypeVar("T")

_JOIN_SECONDS = 5.0


class Watch(Generic[T]):
    """Asks at an interval and keeps the last answer; ``_ask`` says how.

    Args:
        name: what is watched, for the thread's name.
        interval: seconds between two questions.
    """

    def __init__(self, name: str, interval: float) -> None:
        self._interval = interval
        self._sample: T | None = None
        self._has_told = False
        self._closed = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=f"{name} watch", daemon=True
        )
        self._thread.start()

    @property
    def sample(self) -> T | None:
        """The last answer, or None if there was none yet."""
        return self._sample

    def close(self) -> None:
        """Ask no more, and wait for the thread's end."""
        self._closed.set()
        self._thread.join(_JOIN_SECONDS)

    def _ask(self) -> T | None:
        """Return an answer, or None to keep the last one; may take a second or two."""
        raise NotImplementedError

    def _release(self) -> None:
        """Let go of what asking needed; called once, at the end, on the thread."""

    def _run(self) -> None:
        while not self._closed.is_set():
            self._keep_asked()
            self._closed.wait(self._interval)
        self._release()

    def _keep_asked(self) -> None:
        try:
            answer = self._ask()
        except Exception:
            self._tell()
        else:
            self._sample = self._sample if answer is None else answer

    def _tell(self) -> None:
        """Report a fault of the workbook as that of any thread is, once, and go on.

        A view whose watch has ended would look as if the servers did not answer.
        """
        if not self._has_told:
            self._has_told = True
            thread = threading.current_thread()
            threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), thread)))
