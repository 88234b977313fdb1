"""Whether a lag grows or shrinks, and how the total has been."""

from collections import deque
from collections.abc import Iterable, Mapping

from helpers.live.lag_snapshot import Point

_WINDOW_SECONDS = 3.0
_LEAST_SECONDS = 1.0
HISTORY_SECONDS = 90.0
"""How long the total of a moment is remembered."""

_STEP_SECONDS = 1.0


class Trend:
    """Remembers the lags of the last seconds, to say how fast each changes."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, Mapping[int, int]]] = deque()

    def per_second(self, asked: float, lags: Mapping[int, int]) -> dict[int, float]:
        """Return by how many records a second each partition's lag grows.

        Args:
            asked: monotonic seconds of the lags; the same again is the same sample.
            lags: by partition.

        Returns:
            Nothing for a partition that has not been known for a second.
        """
        if not self._samples or asked > self._samples[-1][0]:
            self._samples.append((asked, lags))
        while self._samples[0][0] < asked - _WINDOW_SECONDS:
            self._samples.popleft()
        return {
            number: (lag - then) / (asked - at)
            for number, lag in lags.items()
            for at, then in [self._first(number, asked)]
            if asked - at >= _LEAST_SECONDS
        }

    def _first(self, number: int, asked: float) -> tuple[float, int]:
        """Return when a partition's lag was first known within the window, and it."""
        for at, lags in self._samples:
            if number in lags:
                return at, lags[number]
        return asked, 0


def history(
    before: Iterable[Point], ticks: float, total: int | None
) -> tuple[Point, ...]:
    """Return the totals until now, one a second, and no older than a minute and a half.

    Args:
        before: the totals until the last snapshot.
        ticks: now, in monotonic seconds.
        total: now; None where it is not known.
    """
    kept = tuple(one for one in before if one[0] >= ticks - HISTORY_SECONDS)
    if kept and ticks - kept[-1][0] < _STEP_SECONDS:
        return kept
    return (*kept, (round(ticks, 1), total))
