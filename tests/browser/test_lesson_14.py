"""Lesson 14 as a student works it: a split on the map."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS

LESSON = "14_scaling_kinesis"


@pytest.mark.soak
def test_a_split_shows_on_the_map(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    for marker in ("begin(", "streams = Streams(", "def send("):
        page.run(marker)
    board = page.run_board("board = view.shards(departures)")
    expect(board).to_contain_text("2 open shards", timeout=WITHIN_MS)
    page.run("shards = Shards(")
    page.run("NewStartingHashKey=str(2**126)")
    expect(board).to_contain_text("Shard 0 is split into 2 and 3", timeout=WITHIN_MS)
    page.screenshot("14-split")
