"""Lesson 10 as a student sees it: segments that come and go."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS

LESSON = "10_retention"


def row(board: Locator, state: str) -> Locator:
    return board.locator(f".wb-segment-{state}").first


@pytest.mark.soak
def test_a_segment_appears_closes_and_goes(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    for marker in ("begin(", "create = topics.creator(", "small = "):
        page.run(marker)
    board = page.run_board("board = view.segments(sized)")
    expect(row(board, "active")).to_contain_text("0 B", timeout=WITHIN_MS)
    expect(board.locator(".wb-segment-closed")).to_have_count(0)
    for marker in ("def send_month", "def reach"):
        page.run(marker)
    expect(row(board, "closed")).to_contain_text("00000", timeout=WITHIN_MS)
    log = board.locator(".wb-log")
    expect(log).to_contain_text(re.compile("Segment 0 is closed with [0-9.]+ (k|M)B"))
    expect(log).to_contain_text("Segment 0 is marked .deleted", timeout=WITHIN_MS)
    expect(log).to_contain_text(
        re.compile(r"segment 0 is gone, [\d.]+ s after it was marked"), timeout=WITHIN_MS
    )
    expect(board.locator(".wb-segment-deleted")).to_have_count(0, timeout=WITHIN_MS)
    expect(board).to_contain_text(re.compile(r"log start offset \d,\d{3}"))
    page.screenshot("10-sized")
