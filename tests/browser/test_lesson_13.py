"""Lesson 13 as a student works it, and its map of shards in every theme and size."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.looks import SIZES, WITHIN_MS, faults, looks, press_key, show
from tests.browser.notebook_page import NotebookPage

LESSON = "13_kinesis"
BESIDE = """# Exercise 13.3
split(by_carrier, "shardId-000000000001", 3 * 2**124)"""
BETWEEN = """# Exercise 13.3
upper = shard_of("UA", by_carrier)
split(by_carrier, upper, (place("UA") + place("AA")) // 2)"""
_RECORDING = """
from helpers import view
board = view.recording("13_shards")
board.player.pause()
board
"""
# Names of keys below the spans, and words in the spans, that run into one another or out.
_CROWDED = """() => {
  const spans = [...document.querySelectorAll('.wb-span')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
    .map(e => 'too small for its words: ' + e.textContent);
  const names = [...document.querySelectorAll('.wb-ticks span')]
    .map(e => [e.textContent, e.getBoundingClientRect()]);
  const beside = names.flatMap(([a, r], i) => names.slice(i + 1)
    .filter(([, s]) => r.left < s.right && s.left < r.right)
    .map(([b]) => `${a} on ${b}`));
  const ticks = document.querySelector('.wb-ticks').getBoundingClientRect();
  const outside = names.filter(([, r]) => r.left < ticks.left || r.right > ticks.right)
    .map(([a]) => 'cut: ' + a);
  return [...spans, ...beside, ...outside];
}"""


def opened(open_page: Opener) -> NotebookPage:
    page = open_page(LESSON, 1280, 800)
    for marker in ("begin(", "def status(", "def create("):
        page.run(marker)
    return page


def test_a_hot_shard_a_wrong_split_and_the_right_one(open_page: Opener) -> None:
    page = opened(open_page)
    board = page.run("board = view.shards(departures)")
    expect(board).to_contain_text("4 open shards", timeout=WITHIN_MS)
    expect(board.locator(".wb-span")).to_have_count(4)
    sent = ("PartitionKey=flight.carrier", "def place(", "def ranges(", "def entries(")
    for marker in (*sent, "def origin(", "for key in (origin, carrier, aircraft)"):
        page.run(marker)
    expect(board).to_contain_text("EV at 51.3 %", timeout=WITHIN_MS)
    page.screenshot("13-keys")

    said = page.run("lesson.apply_quotas(kinesis")
    expect(said).to_contain_text("Applied by this course, inside your client")
    hot = page.run("hot = view.shards(by_carrier)")
    # What happens before the map's first answer is in its figures, not in its log.
    expect(hot).to_contain_text("8 open shards", timeout=WITHIN_MS)
    page.run("by_airline = refused(by_carrier, carrier)")
    expect(hot).to_contain_text("Shard 1 is above its limit", timeout=WITHIN_MS)
    expect(hot).to_contain_text("applied by this course in your client")
    page.run("def split(stream")
    page.run("in a second run it is closed already")
    expect(hot).to_contain_text("Shard 3 is split into 8 and 9", timeout=WITHIN_MS)
    expect(hot.locator(".wb-shut")).to_have_count(1, timeout=WITHIN_MS)
    page.screenshot("13-split")

    page.write("# Exercise 13.3", BESIDE)
    page.run("# Exercise 13.3")
    card = page.run('check("13.3")')
    expect(card).to_contain_text("Exercise 13.3: not yet")
    expect(card).to_contain_text("You split shard 1 in its middle")
    page.press("Hint 1 of 2")
    expect(card).to_contain_text("Where must the border be?")
    page.screenshot("13-hint")

    page.write("# Exercise 13.3", BETWEEN)
    page.run("# Exercise 13.3")
    expect(page.run('check("13.3")')).to_contain_text("Exercise 13.3: passed")


@pytest.mark.parametrize("end", [False, True])
def test_the_map_overlaps_nothing(open_page: Opener, end: bool) -> None:
    page = open_page("00_welcome", *SIZES[0])
    cell = show(page, _RECORDING)
    expect(cell.locator(".wb-span").first).to_be_visible(timeout=WITHIN_MS)
    press_key(page, cell.locator(".noUi-handle"), "End" if end else "Home")
    closed = cell.locator(".wb-gone-row")
    expect(closed).to_have_count(4 if end else 0, timeout=WITHIN_MS)
    found = {}
    for look in looks(page):
        kept = f"13-map-{'end' if end else 'begin'}-{look}"
        for name in ("wb-strip", "wb-legend", "wb-log"):
            cell.locator(f".{name}").last.scroll_into_view_if_needed()
            page.screenshot(f"{kept}-{name}")
        found[kept] = [*faults(page), *page.page.evaluate(_CROWDED)]
    assert not any(found.values()), found
