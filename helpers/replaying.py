"""Let days pass in seconds: events at the pace at which they happened, only faster."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from tqdm.auto import tqdm

from helpers.flights import Flight
from helpers.inputs import InputError, public
from helpers.wording import shown

STEP = timedelta(minutes=10)
"""How much of the days passes between two answers."""

LONGEST_SECONDS = 300.0


@public
def replay(
    flights: Iterable[Flight], seconds: float
) -> Iterator[tuple[datetime, list[Flight]]]:
    """Yield the time, every ten minutes, and what has happened since the last time.

    A bar shows how far it is. Who works too slowly between two steps makes the replay
    longer; no event is left out.

    Args:
        flights: in any order.
        seconds: how long all of it takes; 0 is as fast as it can.

    Raises:
        InputError: ``flights`` are none, or ``seconds`` is no number, or negative, or
            more than five minutes.
    """
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise InputError(
            f"A replay takes 0 to {LONGEST_SECONDS:g} s, not {shown(seconds)}."
        )
    events = list(flights)
    if others := [one for one in events if not isinstance(one, Flight)]:
        raise InputError(
            f"A replay takes flights, such as flights.day(8), not {shown(others[0])}."
        )
    if impossible := [one for one in events if not _can_happen(one)]:
        raise InputError(
            "A replay takes flights whose day, time and delay are possible, and these "
            f"are not: {shown(impossible[0], 200)}."
        )
    return _paced(list(_steps(events)), seconds)


def _can_happen(flight: Flight) -> bool:
    try:
        return bool(flight.happened)
    except (ArithmeticError, TypeError, ValueError):
        return False


def _steps(flights: Iterable[Flight]) -> Iterator[tuple[datetime, list[Flight]]]:
    # Reversed, so that the next one is taken from the end.
    coming = sorted(flights, key=lambda flight: flight.happened, reverse=True)
    now = coming[-1].happened.replace(minute=0) if coming else None
    while now and coming:
        now += STEP
        happened = []
        while coming and coming[-1].happened <= now:
            happened.append(coming.pop())
        yield now, happened


def _paced(
    steps: list[tuple[datetime, list[Flight]]], seconds: float
) -> Iterator[tuple[datetime, list[Flight]]]:
    begin = time.monotonic()
    bar = tqdm(steps, bar_format="{desc} {bar} {elapsed}")
    for number, (now, happened) in enumerate(bar):
        due = begin + seconds * number / len(steps)
        time.sleep(max(0.0, due - time.monotonic()))
        bar.set_description(f"{now:%a %d %b %H:%M}", refresh=False)
        yield now, happened
