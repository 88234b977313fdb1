"""How a sentence shows what was given, and a number."""

import sys

_LONGEST_SHOWN = 40


def shown(value: object, longest: int = _LONGEST_SHOWN) -> str:
    """Return what was given as a sentence can show it: short, and in one line.

    Args:
        value: anything, also what has no ``repr`` that works.
        longest: characters.
    """
    try:
        text = " ".join(repr(value).split())
    except Exception:  # a student's own class may do anything here
        text = f"a {type(value).__name__}"
    return short(text, longest)


def short(text: str, longest: int = 60) -> str:
    """Return a text of some characters at the most, cut off with ``…``."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def plain(number: float) -> str:
    """Return a number in short: all digits before its point, and six in all at least.

    ``:g`` alone would make 1.04858e+06 of 1048576.
    """
    before = len(f"{abs(float(number)):.0f}")
    return f"{float(number):.{min(max(6, before + 1), sys.float_info.dig)}g}"
