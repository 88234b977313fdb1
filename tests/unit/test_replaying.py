"""The data as events in time, and days that pass in seconds."""

import json
import math
import time
from datetime import datetime, timedelta

import msgspec
import pytest

from helpers import flights, replay
from helpers.flights import NEW_YORK
from helpers.inputs import InputError

DAY = flights.day(8)


def test_no_two_departures_share_an_id() -> None:
    ids = [flight.id for flight in flights.all_flights()]
    assert len(ids) == len(set(ids)) == 24_951


def test_a_departure_happens_at_the_plan_plus_the_delay() -> None:
    early = DAY[0]
    assert early.planned == datetime(2013, 2, 8, 5, 0, tzinfo=NEW_YORK)
    assert early.happened == early.planned - timedelta(minutes=2)
    assert early.planned.isoformat() == "2013-02-08T05:00:00-05:00"


def test_a_cancellation_is_known_at_the_planned_time() -> None:
    cancelled = next(flight for flight in DAY if flight.cancelled)
    assert cancelled.happened == cancelled.planned


def test_what_is_derived_is_no_part_of_the_event() -> None:
    fields = {"day", "scheduled", "carrier", "number", "tailnum"}
    assert json.loads(DAY[0].to_json()).keys() == fields | {"origin", "dest", "delay"}
    assert b"happened" not in DAY[0].to_json()


def test_a_replay_yields_every_flight_once_when_it_has_happened() -> None:
    last, seen = None, []
    for now, happened in replay(DAY, seconds=0):
        assert last is None or now - last == timedelta(minutes=10)
        assert all(last is None or last < one.happened <= now for one in happened)
        seen += happened
        last = now
    assert sorted(seen, key=lambda one: one.id) == sorted(DAY, key=lambda one: one.id)
    assert seen == sorted(seen, key=lambda one: one.happened)


def test_a_replay_of_nothing_ends() -> None:
    assert list(replay([], seconds=1)) == []


def test_a_replay_takes_its_time() -> None:
    begin = time.monotonic()
    for _ in replay(DAY, seconds=1):
        pass
    # The last step is due before the end.
    assert time.monotonic() - begin > 0.9


@pytest.mark.parametrize("seconds", [-1, 301])
def test_a_replay_of_another_length_is_refused_at_once(seconds: float) -> None:
    with pytest.raises(ValueError, match="0 to 300 s"):
        replay(DAY, seconds)


@pytest.mark.parametrize(
    "change", [{"scheduled": "25:99"}, {"day": 99}, {"delay": math.nan}, {"delay": 1e300}]
)
def test_a_replay_of_what_cannot_happen_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError, match="are possible, and these are not: Flight"):
        replay([*DAY, msgspec.structs.replace(DAY[0], **change)], seconds=0)
