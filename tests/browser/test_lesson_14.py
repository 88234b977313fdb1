"""Lesson 14 as a student works it: a split on the map, half an answer, a hint."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opener

LESSON = "14_scaling_kinesis"
# Far more than it takes, so that a busy machine does not fail a test.
WITHIN_MS = 60_000
TO_THE_END_MS = 240_000
HALF = "# Exercise 14.1\nscale(quiet, 2)"
MARKERS = ("def family(", "repeated = sum(", "if len(opened(both))")
HALF_AGAIN = "# Exercise 14.1\nscale(quiet, 1)"


def test_a_split_a_half_answer_a_hint_and_the_right_one(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    for marker in ("begin(", "def ready(", "def create(", "def send("):
        page.run(marker)
    board = page.run("board = view.shards(departures)")
    expect(board).to_contain_text("2 open shards", timeout=WITHIN_MS)
    page.run("def short(")
    page.run("NewStartingHashKey=str(2**126)")
    expect(board).to_contain_text("Shard 0 is split into 2 and 3", timeout=WITHIN_MS)
    page.screenshot("14-split")

    for marker in ("def scale(", "quiet = create("):
        page.run(marker)
    page.write("# Exercise 14.1", HALF)
    page.run("# Exercise 14.1")
    card = page.run('check("14.1")')
    expect(card).to_contain_text("Exercise 14.1: not yet")
    expect(card).to_contain_text("It takes one step more")
    page.press("Hint 1 of 2")
    expect(card).to_contain_text("How many halves are there from 4 to 1?")
    page.screenshot("14-hint")

    page.write("# Exercise 14.1", HALF_AGAIN)
    page.run("# Exercise 14.1")
    expect(page.run('check("14.1")')).to_contain_text("Exercise 14.1: passed")


def test_from_top_to_bottom(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    page.run_all()
    # Lab may not have drawn the lower cells when `run_all` counts them. The last one's
    # word tells that all have run.
    last = page.cell("lesson.clean_up()")
    expect(last).to_contain_text("Removed the topics", timeout=TO_THE_END_MS)
    assert page.errors() == []
    found = page.cell("repeated = sum(")
    expect(found).to_contain_text(re.compile(r"600 sent, 0 lost, \d+ done twice"))
    for number, marker in enumerate(MARKERS):
        page.cell(marker).scroll_into_view_if_needed()
        page.screenshot(f"14-{number}")
