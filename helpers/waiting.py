"""Wait for a condition, never for a while."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

from helpers import inputs
from helpers.wording import plain

PATIENCE_VARIABLE = "WORKBOOK_PATIENCE"
"""By how much a slow machine lengthens the deadlines: ``2`` doubles them."""

_LEAST, _MOST = 0.1, 100.0

T = TypeVar("T")


class WaitTimeout(TimeoutError):
    """The condition did not come true before its deadline."""


@inputs.public
def wait_for(
    condition: Callable[[], T],
    timeout: float,
    what: str,
    interval: float = 0.05,
) -> T:
    """Call ``condition`` until its answer is true, and return that answer.

    Args:
        condition: asked again and again; it must not block for long itself.
        timeout: seconds until giving up, on a machine of usual speed.
        what: what is waited for, as it reads after "waited 5 s for".
        interval: seconds between two questions.

    Raises:
        InputError: ``condition`` cannot be called, or ``timeout`` or ``interval`` is no
            number of seconds.
        WaitTimeout: the deadline passed; the message names ``what``.
    """
    pause = inputs.seconds(interval, "interval", or_zero=True)
    seconds = inputs.seconds(timeout, "wait_for") * patience()
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() >= deadline:
            raise WaitTimeout(f"Waited {plain(seconds)} s for {what}, in vain.")
        time.sleep(pause)
    return answer


def patience() -> float:
    """Return the factor of all deadlines: 1, or what ``WORKBOOK_PATIENCE`` says.

    Raises:
        InputError: it says no number from 0.1 to 100.
    """
    said = os.environ.get(PATIENCE_VARIABLE) or "1"
    try:
        factor = float(said)
    except ValueError:
        factor = 0.0
    if not _LEAST <= factor <= _MOST:
        raise inputs.InputError(
            f"{PATIENCE_VARIABLE} is a number from {_LEAST:g} to {_MOST:g}, such as 2, "
            f"not {said!r}."
        )
    return factor
