"""The twin board as HTML and as text, without any server."""

import re
from dataclasses import replace

import pytest

from helpers.live.places_watch import PlacesWatch, _checked
from helpers.live.snapshot import Event
from helpers.live.twin_snapshot import SHARD_END, PlaceFacts, PlacesSample, TwinSnapshot
from helpers.views import twin_phrases as say
from helpers.views.twin_render import (
    ROWS_SHOWN,
    board_html,
    board_text,
    header_html,
    log_html,
)
from helpers.waiting import wait_for
from tests.unit.test_views_lag import a_lag, a_row, words
from tests.unit.test_views_shards import a_shard, a_stream, an_id

SEQUENCE = "49590338271490256608559692538361571095921575989136588898"


def a_twin(**more: object) -> TwinSnapshot:
    lag = a_lag()
    shards = (a_shard(1, 0, 0.5, last=SEQUENCE), a_shard(2, 0.5, 1, closed=True))
    places = (
        PlaceFacts(an_id(1), SEQUENCE, 1200, lag.taken_at - 5.5),
        PlaceFacts(an_id(2), SHARD_END, 0),
    )
    known = TwinSnapshot(
        lag,
        replace(a_stream(*shards), retention_hours=24),
        True,
        PlacesSample(lag.ticks - 0.5, places),
        604_800_000,
        (Event(1e9, "Kinesis: Shard 2 is closed."),),
    )
    return replace(known, **more)  # type: ignore[arg-type]


def test_picture_and_text_say_the_same() -> None:
    twin = a_twin()
    board = board_html(twin).replace("<wbr>", "")
    left = words(header_html(twin) + board + log_html(twin))
    for word in words(say.LEGEND):
        left.remove(word)
    assert left == words(board_text(twin))


def test_each_idea_stands_beside_its_twin() -> None:
    text = board_text(a_twin())
    assert re.search(r"shared out to +3 partitions +1 open shard, 1 closed\n", text)
    assert re.search(r"records written +36,612, by.* +300, counted by reading\n", text)
    assert re.search(r"kept for +7\.0 days +1\.0 days\n", text)
    assert re.search(r"behind +6\.2 s +5\.5 s\n", text)
    assert re.search(r"\n1 +open +…\d{6} +…\d{6} +100 +1,200 +5\.5 s\n", text)
    assert re.search(r"\n2 +closed +its end +unknown +200 +0 +0\.0 s\n", text)


def test_without_checkpoints_it_says_what_to_give_it() -> None:
    text = board_text(a_twin(has_checkpoints=False, places=None))
    assert "give this board a function checkpoints" in text
    assert re.search(r"\n1 +open +not told ", text)
    assert re.search(r"behind +6\.2 s +unknown\n", text)


def test_what_the_function_did_wrong_is_a_warning() -> None:
    sample = PlacesSample(99.0, problem="checkpoints() failed: KeyError: 'x'.")
    text = board_text(a_twin(places=sample))
    assert "▲ Kinesis: checkpoints() failed: KeyError: 'x'. Mend the function" in text
    lost = PlacesSample(99.9, (PlaceFacts(an_id(1), "7", problem="NoSuchPlace"),))
    text = board_text(a_twin(places=lost))
    assert "▲ Kinesis: there is no place 7 in shard 1 (NoSuchPlace)." in text


def test_nothing_known_is_never_zero() -> None:
    lag, stream = a_lag(a_row(0, None, None), asked=None), a_stream()
    shards = tuple(replace(one, records=None, last=None) for one in stream.shards)
    unknown = TwinSnapshot(lag, replace(stream, shards=shards), True)
    text = board_text(unknown)
    assert re.search(r"records written +unknown +unknown\n", text)
    assert re.search(r"kept for +unknown +unknown\n", text)
    assert re.search(r"behind +\S+.* +unknown\n", text)


def test_old_checkpoints_say_how_old_they_are() -> None:
    twin = a_twin()
    assert twin.places
    old = replace(twin.places, asked=twin.ticks - 9)
    assert "the checkpoints are as they were 9 s ago" in board_text(
        replace(twin, places=old)
    )


def test_many_rows_are_left_out_by_name() -> None:
    rows = [a_row(number, 5, 5) for number in range(ROWS_SHOWN + 3)]
    assert "… and 3 more partitions" in board_text(a_twin(kafka=a_lag(*rows)))


def test_names_stay_text() -> None:
    evil = "<img src=x>"
    twin = a_twin(kinesis=replace(a_twin().kinesis, stream=evil))
    assert "<img" not in board_html(twin)
    assert evil in board_text(twin)


def test_numbers_of_a_table_are_text_in_the_sample() -> None:
    assert _checked({1: 7, "b": None}) == {"1": "7", "b": None}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (lambda: [1], "it gave a list, not a dict"),
        (lambda: 1 / 0, "ZeroDivisionError"),
        (lambda: None, "it gave a NoneType"),
    ],
)
def test_a_function_that_fails_gets_a_sentence(told: object, said: str) -> None:
    watch = PlacesWatch("flights", told, interval=0.01)  # type: ignore[arg-type]
    try:
        wait_for(lambda: watch.sample, 10, "an answer")
    finally:
        watch.close()
    assert watch.sample
    assert said in str(watch.sample.problem)
