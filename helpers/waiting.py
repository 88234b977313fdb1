"""Wait for a condition, never for a while."""

import time
from collections.abc import Callable
from typing import TypeVar

from helpers import inputs

T = TypeVar("T")


class WaitTimeout(TimeoutError):
    """The condition did not come true before its deadline."""


def wait_for(
    condition: Callable[[], T],
    timeout: float,
    what: str,
    interval: float = 0.05,
) -> T:
    """Call ``condition`` until its answer is true, and return that answer.

    Args:
        condition: asked again and again; it must not block for long itself.
        timeout: seconds until giving up.
        what: what is waited for, as it reads after "waited 5 s for".
        interval: seconds between two questions.

    Raises:
        InputError: ``condition`` cannot be called, or ``timeout`` or ``interval`` is no
            number of seconds.
        WaitTimeout: the deadline passed; the message names ``what``.
    """
    inputs.condition(condition, "wait_for")
    pause = inputs.seconds(interval, "interval", or_zero=True)
    deadline = time.monotonic() + inputs.seconds(timeout, "wait_for")
    while not (answer := condition()):
        if time.monotonic() >= deadline:
            raise WaitTimeout(f"Waited {timeout:g} s for {what}, in vain.")
        time.sleep(pause)
    return answer
