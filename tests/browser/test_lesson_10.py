"""Lesson 10 as a student sees it: segments that come and go, a replay."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opener
from tests.browser.looks import SIZES, WITHIN_MS, faults, looks, show

LESSON = "10_retention"
# A moment of the recording at which segments are in every state, without any server.
_EVERY_STATE = """
from helpers import view
replay = view.recording("10_retention")
replay.player.pause()
states = [{one.state for one in f.segments} for f in replay.player.recording.frames]
at = next(n for n, found in enumerate(states) if len(found) == 4)
frames = replay.player.recording.frames
replay.player.seek(frames[at].ticks - frames[0].ticks + 0.01)
replay
"""
# Two texts of one board that lie upon each other.
_UPON = """() => { const found = [];
  const texts = [...document.querySelectorAll('.wb-segments th, .wb-segments td, ' +
    '.wb-segments span, .wb-next, .wb-log div, .wb-legend')]
    .filter(e => e.innerText && !e.querySelector('*'));
  const boxes = texts.map(e => [e.innerText, e.getBoundingClientRect()]);
  for (const [n, [a, r]] of boxes.entries()) for (const [b, q] of boxes.slice(n + 1))
    if (r.width && q.width && r.left < q.right - 1 && q.left < r.right - 1 &&
        r.top < q.bottom - 1 && q.top < r.bottom - 1) found.push(a + ' / ' + b);
  return found; }"""


def row(board: Locator, state: str) -> Locator:
    return board.locator(f".wb-segment-{state}").first


@pytest.mark.soak
def test_a_segment_appears_closes_and_goes(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    for marker in ("begin(", "def create", "small = "):
        page.run(marker)
    board = page.run("board = view.segments(sized)")
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


def test_every_state_in_each_theme_and_size(open_page: Opener) -> None:
    page = open_page("00_welcome", *SIZES[0])
    board = show(page, _EVERY_STATE)
    for state in ("active", "closed", "deleted", "gone"):
        expect(row(board, state)).to_be_visible(timeout=WITHIN_MS)
    expect(board.locator(".wb-next")).to_contain_text(re.compile(r"Next, segment .* in"))
    found = {}
    for kept in looks(page):
        for name in ("wb-title", "wb-log"):
            board.locator(f".{name}").first.scroll_into_view_if_needed()
            page.screenshot(f"10-{kept}-{name}")
        found[kept] = [*faults(page), *page.page.evaluate(_UPON)]
    assert not any(found.values()), found
