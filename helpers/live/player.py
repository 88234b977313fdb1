"""A recording as a source of snapshots, which can be paused, stepped and moved."""

import math
import sys
import threading
import time
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from helpers.inputs import InputError
from helpers.live.recording import Recording, essence_of

_TICK = 0.1


class Player:
    """Plays a recording from its begin.

    Args:
        recording: what to play.
        speed: 1.0 is as it was.

    Raises:
        InputError: the speed is no number above zero.

    Attributes:
        act: nothing can be done to the nodes of a recording.
        length: seconds from the first snapshot to the last.
    """

    act = None

    def __init__(self, recording: Recording, speed: float = 1.0) -> None:
        if not _is_speed(speed):
            raise InputError(
                f"A recording cannot play at speed {speed!r:.40}: give a number above 0, "
                "such as 2."
            )
        self.recording = recording
        frames = recording.frames
        self._times = [one.ticks - frames[0].ticks for one in frames]
        self.length: float = self._times[-1]
        self._steps = _changes(recording)
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closed = False
        self._speed = speed
        self._playing = True
        self._position = 0.0
        self._since = time.monotonic()

    @property
    def playing(self) -> bool:
        """Whether it goes on by itself."""
        with self._lock:
            self._advance()
            return self._playing

    @property
    def position(self) -> float:
        """Seconds from the begin."""
        with self._lock:
            return self._advance()

    @property
    def speed(self) -> float:
        """How many recorded seconds pass in one."""
        return self._speed

    def play(self) -> None:
        """Go on; from the begin, if it is at its end."""
        with self._lock:
            at = self._advance()
            self._set(0.0 if at >= self.length else at, playing=True)

    def pause(self) -> None:
        """Stay where it is."""
        with self._lock:
            self._set(self._advance(), playing=False)

    def set_speed(self, speed: float) -> None:
        """Play faster or slower from here on."""
        with self._lock:
            self._advance()
            self._speed = speed
        self._wake.set()

    def seek(self, position: float) -> None:
        """Go to a moment, in seconds from the begin; keep playing or not."""
        with self._lock:
            self._advance()
            self._set(position, self._playing)

    def step(self, by: int) -> None:
        """Pause at the next (1) or last (-1) moment at which something changed."""
        with self._lock:
            at = self._advance()
            later = [one for one in self._steps if one > at]
            earlier = [one for one in self._steps if one < at]
            to = (later or [self.length])[0] if by > 0 else (earlier or [0.0])[-1]
            self._set(to, playing=False)

    def take(self) -> Any:  # noqa: ANN401
        """Return the snapshot of the moment."""
        return self.recording.frames[bisect_right(self._times, self.position) - 1]

    def snapshots(self) -> Iterator[Any]:
        """Give the snapshot of the moment again and again, until closed."""
        while not self._closed:
            # Asked before, not after: it may end while a snapshot is being shown, and
            # the last one is then still to come.
            goes_on = self.playing
            yield self.take()
            self._wake.wait(_TICK if goes_on else None)
            self._wake.clear()

    def close(self) -> None:
        """End :meth:`snapshots`."""
        self._closed = True
        self._wake.set()

    def _advance(self) -> float:
        """Bring the position up to now; with the lock held."""
        now = time.monotonic()
        if self._playing:
            self._position += (now - self._since) * self._speed
        self._since = now
        if self._position >= self.length:
            self._position, self._playing = self.length, False
        return self._position

    def _set(self, position: float, playing: bool) -> None:
        self._position = min(max(position, 0.0), self.length)
        self._playing = playing
        self._since = time.monotonic()
        self._wake.set()


def _is_speed(speed: object) -> bool:
    number = speed if isinstance(speed, int | float) else math.nan
    # An int may be larger than any float.
    return 0 < number <= sys.float_info.max and not isinstance(speed, bool)


def _changes(recording: Recording) -> list[float]:
    """Return the moments at which the picture changed, and the first."""
    frames = recording.frames
    found, last = [0.0], essence_of(frames[0])
    for one in frames[1:]:
        essence = essence_of(one)
        if essence != last:
            found.append(one.ticks - frames[0].ticks)
        last = essence
    return found
