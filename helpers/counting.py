"""Wait for a condition, and show how long it will take."""

import time
from collections.abc import Callable
from typing import TypeVar

from tqdm.auto import tqdm

from helpers import inputs
from helpers.waiting import patience, wait_for
from helpers.wording import plain

T = TypeVar("T")


@inputs.public
def countdown(
    condition: Callable[[], T], due: float, what: str, timeout: float = 60.0
) -> T:
    """Call ``condition`` until its answer is true, and return that answer.

    A bar shows the seconds until it is due, and in the end those that it took.

    Args:
        condition: asked again and again; it must not block for long itself.
        due: seconds after which it should be true; it may be true before.
        what: what is waited for, as it reads after "waited 5 s for".
        timeout: seconds until giving up.

    Raises:
        InputError: ``condition`` cannot be called, or ``due`` or ``timeout`` is no
            number of seconds.
        WaitTimeout: the deadline passed; the message names ``what``.
    """
    due = inputs.seconds(due, "countdown")
    timeout = inputs.seconds(timeout, "countdown")
    latest = timeout * patience()
    begin = time.monotonic()
    with tqdm(total=due, bar_format="{desc} {bar}") as bar:

        def asked() -> T:
            answer = condition()
            _show(bar, time.monotonic() - begin, due, what, latest)
            return answer

        answer = wait_for(asked, timeout, what, interval=0.1)
        bar.n = due
        bar.set_description_str(f"Waited {time.monotonic() - begin:.1f} s for {what}")
    return answer


def _show(bar: "tqdm[None]", passed: float, due: float, what: str, latest: float) -> None:
    left = due - passed
    said = (
        f"due in {left:.0f} s" if left > 0 else f"due now, given up at {plain(latest)} s"
    )
    bar.n = min(passed, due)
    bar.set_description_str(f"Waiting for {what}: {said}")
