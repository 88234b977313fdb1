"""Whether what a student gave can be used, told in one sentence if not."""

import math


class InputError(ValueError):
    """An argument cannot be used; the message says which and what to give."""


def seconds(value: object, of: str) -> float:
    """Return a number of seconds that is above 0.

    Args:
        value: what was given.
        of: the call it was given to, such as ``"wait_for"``.

    Raises:
        InputError: it is no such number.
    """
    # True is an int to Python, and nobody means one second by it.
    number = value if isinstance(value, int | float) else math.nan
    if isinstance(value, bool) or not 0 < number < math.inf:
        raise InputError(
            f"{of} takes a number of seconds above 0, such as 10, not {value!r}."
        )
    return float(number)
