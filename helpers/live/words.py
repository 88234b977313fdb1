"""Words and figures that every view says in the same way."""

import time
from collections.abc import Sequence

from helpers.servers.interface import Role

_MINUTE = 60
_UNITS = ("B", "kB", "MB", "GB", "TB")
_THOUSAND = 1000


def node_name(role: Role, node_id: int) -> str:
    """Return what a node is called at the begin of a sentence, such as "Broker 2"."""
    return "Kinesis" if role == "kinesis" else f"{role.title()} {node_id}"


def node_inside(role: Role, node_id: int) -> str:
    """Return what a node is called inside a sentence, such as "broker 2"."""
    name = node_name(role, node_id)
    return name if role == "kinesis" else name.lower()


def count(number: int, thing: str) -> str:
    """Return a number and its noun: "1 partition", "2 partitions"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def listed(things: Sequence[object]) -> str:
    """Return things as a sentence lists them: "0, 1 and 4"; "none" if there are none."""
    if not things:
        return "none"
    *most, last = map(str, things)
    return f"{', '.join(most)} and {last}" if most else last


def measured(seconds: float) -> str:
    """Return a measured time, such as "2.7 s" or "3 min 5 s"."""
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _MINUTE)
    return f"{minutes:,} min {rest} s"


def ago(seconds: float) -> str:
    """Return an age in words that change once a second: "4 s ago", "2 min ago"."""
    if seconds < 1:
        return "under 1 s ago"
    if seconds < _MINUTE:
        return f"{int(seconds)} s ago"
    return f"{int(seconds / _MINUTE):,} min ago"


def clock(at: float, tenths: bool = True) -> str:
    """Return the time of day here: ``HH:MM:SS``, with tenths if wanted.

    Args:
        at: seconds since the epoch.
        tenths: whether a digit follows the seconds.
    """
    whole = time.strftime("%H:%M:%S", time.localtime(at))
    return f"{whole}.{int(at % 1 * 10)}" if tenths else whole


def duration(seconds: float) -> str:
    """Return a length of time in the unit that suits, such as "5.0 s" or "7.0 days"."""
    for unit, length in (("days", 86_400), ("h", 3600), ("min", _MINUTE)):
        if seconds >= length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds:.1f} s"


def bytes_said(number: int) -> str:
    """Return bytes in the unit that suits, such as "1.0 MB"."""
    shown, unit = float(number), 0
    while shown >= _THOUSAND and unit < len(_UNITS) - 1:
        shown, unit = shown / _THOUSAND, unit + 1
    return f"{shown:.1f} {_UNITS[unit]}" if unit else f"{number} B"
