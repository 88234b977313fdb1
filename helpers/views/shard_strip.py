"""Shards as spans of the hash range, with the places of partition keys below; HTML.

An open shard reaches down to the last row, so that the keys below it are its own. A
closed one is a row above its children.
"""

from collections.abc import Iterable
from html import escape

from helpers.live.stream_snapshot import KeyFacts, ShardFacts, StreamSnapshot
from helpers.views import shard_phrases as say
from helpers.views.style import scaled, span

ROWS_SHOWN = 4
"""How many generations of shards are drawn; older ones are in the table alone."""

_ROW, _GAP = 44, 3
_TICKS, _LABELS = 26, 18
# Two names closer than this, in hundredths of the range, would run into each other.
_APART = 9.0
# Narrower spans have room for a number alone, or for nothing.
_ROOMY, _NARROW = 0.085, 0.03
_LONGEST_NAME = 7


def strip_html(snapshot: StreamSnapshot) -> str:
    """Return the spans and the ticks; a reader of the text has the table instead."""
    depths = depths_of(snapshot.shards)
    deepest = max(depths.values(), default=0)
    first = max(0, deepest + 1 - ROWS_SHOWN)
    boxes = "".join(
        _box(snapshot, one, depths[one.id] - first, deepest - first)
        for one in snapshot.shards
        if depths[one.id] >= first or not one.closed
    )
    rows = deepest - first + 1
    height, below = scaled(rows * _ROW), scaled(_TICKS + _LABELS)
    return (
        f'<div class="wb-strip" aria-hidden="true" style="height:{height}">'
        f"{boxes}</div>"
        f'<div class="wb-ticks" aria-hidden="true" style="height:{below}">'
        f"{_ticks(snapshot.keys)}</div>"
    )


def depths_of(shards: Iterable[ShardFacts]) -> dict[str, int]:
    """Return how many generations each shard has above it."""
    depths: dict[str, int] = {}
    # Ids grow: parents come before children.
    for one in sorted(shards, key=lambda shard: shard.id):
        above = [depths[parent] for parent in one.parents if parent in depths]
        depths[one.id] = 1 + max(above) if above else 0
    return depths


def labelled(keys: Iterable[KeyFacts]) -> list[KeyFacts]:
    """Return the keys that get a name: the largest first, none too near another."""
    chosen: list[KeyFacts] = []
    for one in keys:
        near = (abs(_place(one) - _place(other)) < _APART for other in chosen)
        if not any(near):
            chosen.append(one)
    return chosen


def _box(snapshot: StreamSnapshot, one: ShardFacts, row: int, last: int) -> str:
    row = max(0, row)
    rows = 1 if one.closed else last - row + 1
    place = (
        f"left:{100 * one.begin:.3f}%;width:{100 * (one.end - one.begin):.3f}%;"
        f"top:{scaled(row * _ROW)};height:{scaled(rows * _ROW - _GAP)}"
    )
    css = "wb-span wb-shut" if one.closed else "wb-span"
    title = escape(say.details(snapshot, one), quote=True)
    words = _words(snapshot, one)
    return f'<div class="{css}" style="{place}" title="{title}">{words}</div>'


def _words(snapshot: StreamSnapshot, one: ShardFacts) -> str:
    width = one.end - one.begin
    if width < _NARROW:
        return ""
    second = (
        say.state(one).rpartition(", ")[2] if one.closed else say.share(snapshot, one)
    )
    second = second.replace("not drained", "closed")
    if width < _ROOMY:
        return f"<b>{one.number}</b>"
    return f"<b>{span('wb-word', 'shard')} {one.number}</b><br>{second}"


def _ticks(keys: tuple[KeyFacts, ...]) -> str:
    most = max((one.records for one in keys), default=1)
    names = {one.key for one in labelled(keys)}
    return "".join(_tick(one, one.records / most, one.key in names) for one in keys)


def _tick(one: KeyFacts, share: float, named: bool) -> str:
    height = 4 + round((_TICKS - 6) * share)
    line = f'<i style="left:{100 * one.at:.3f}%;height:{scaled(height)}"></i>'
    if not named:
        return line
    short = one.key[:_LONGEST_NAME] + ("…" if len(one.key) > _LONGEST_NAME else "")
    return f'{line}<span style="left:{_place(one):.3f}%">{escape(short)}</span>'


def _place(one: KeyFacts) -> float:
    """Return where a name stands, in hundredths: at its key, but whole."""
    return min(max(100 * one.at, _APART / 2), 100 - _APART / 2)
