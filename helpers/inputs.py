"""Whether what a student gave can be used, told in one sentence if not."""

import math
import sys


class InputError(ValueError):
    """An argument cannot be used; the message says which and what to give."""


def condition(value: object, of: str) -> None:
    """See that something can be called again and again.

    Args:
        value: what was given; an answer in place of the question is a common slip.
        of: the call it was given to, such as ``"wait_for"``.

    Raises:
        InputError: it cannot be called.
    """
    if not callable(value):
        raise InputError(
            f"{of} takes a function, to call it again and again, such as "
            f"lambda: len(found) == 3, not its answer {value!r:.40}."
        )


def seconds(value: object, of: str, or_zero: bool = False) -> float:
    """Return a number of seconds that is above 0.

    Args:
        value: what was given.
        of: the call it was given to, such as ``"wait_for"``.
        or_zero: whether 0 is meant, too.

    Raises:
        InputError: it is no such number.
    """
    # True is an int to Python, and nobody means one second by it.
    number = value if isinstance(value, int | float) else math.nan
    # An int may be larger than any float.
    is_time = not isinstance(value, bool) and 0 <= number <= sys.float_info.max
    if not is_time or (number == 0 and not or_zero):
        least = "from 0 on" if or_zero else "above 0"
        raise InputError(
            f"{of} takes a number of seconds {least}, such as 10, not {value!r:.40}."
        )
    return float(number)
