"""Lesson 13 as a student works it."""

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS
from tests.browser.notebook_page import NotebookPage

LESSON = "13_kinesis"
BESIDE = """# Exercise 13.3
split(by_carrier, "shardId-000000000001", 3 * 2**124)"""
BETWEEN = """# Exercise 13.3
upper = shard_of("UA", by_carrier)
split(by_carrier, upper, (place("UA") + place("AA")) // 2)"""


def opened(open_page: Opener) -> NotebookPage:
    page = open_page(LESSON, 1280, 800)
    for marker in ("begin(", "streams = Streams("):
        page.run(marker)
    return page


def test_a_hot_shard_a_wrong_split_and_the_right_one(open_page: Opener) -> None:
    page = opened(open_page)
    board = page.run_board("board = view.shards(departures)")
    expect(board).to_contain_text("4 open shards", timeout=WITHIN_MS)
    expect(board.locator(".wb-span")).to_have_count(4)
    sent = ("PartitionKey=flight.carrier", "def place(", "def ranges(", "def entries(")
    for marker in (*sent, "def origin(", "for key in (origin, carrier, aircraft)"):
        page.run(marker)
    expect(board).to_contain_text("EV at 51.3 %", timeout=WITHIN_MS)
    page.screenshot("13-keys")

    said = page.run("lesson.apply_quotas(kinesis")
    expect(said).to_contain_text("Applied by this course, inside your client")
    hot = page.run_board("hot = view.shards(by_carrier)")
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
