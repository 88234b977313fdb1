"""Lesson 09 as a student works it: members seen at work, a wrong answer, a replay."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener

LESSON = "09_groups_and_lag"
# Far more than it takes, so that a busy machine does not fail a test.
WITHIN_MS = 60_000
SIZES = ((1280, 800, "JupyterLab Light"), (1024, 768, "JupyterLab Dark"))
SCRIPTS = (
    "import json, os, signal",
    "def assigned(",
    "def handle(",
    "consumer.subscribe([topic], on_assign",
    "from itertools import count",
)


@pytest.mark.parametrize(("width", "height", "theme"), SIZES)
def test_the_timeline_shows_members_as_they_work(
    open_page: Opener, width: int, height: int, theme: str
) -> None:
    page = open_page(LESSON, width, height)
    page.theme(theme)
    for marker in ("begin(", "admin = AdminClient", *SCRIPTS, "started = {}"):
        page.run(marker)
    board = page.run("timeline = view.rebalances(*map(lesson.group, (*kinds")
    expect(board).to_contain_text("5 members running", timeout=WITHIN_MS)
    rows = board.locator(".wb-time-row .wb-track")
    expect(rows).to_have_count(5, timeout=WITHIN_MS)
    expect(board.locator(".wb-time-now", has_text="3–5").first).to_be_visible(
        timeout=WITHIN_MS
    )
    told = re.compile("to now s")
    expect(rows.first).to_have_attribute("aria-label", told, timeout=WITHIN_MS)
    assert all(fits_in(page.page, row) for row in (".wb-time-group", ".wb-wrap"))
    page.screenshot(f"09-timeline-{width}")


def fits_in(page: object, css: str) -> bool:
    """Return whether the first such element is as wide as what is in it."""
    found = page.locator(css).first  # type: ignore[attr-defined]
    return bool(found.evaluate("one => one.scrollWidth <= one.clientWidth + 1"))


@pytest.mark.parametrize(("width", "height", "theme"), SIZES)
def test_the_recording_needs_no_members(
    open_page: Opener, width: int, height: int, theme: str
) -> None:
    page = open_page(LESSON, width, height)
    page.theme(theme)
    page.run("begin(")
    replay = page.run('view.recording("09_rebalance"')
    expect(replay).to_contain_text("C joins", timeout=WITHIN_MS)
    page.press("Pause the recording")
    expect(replay.locator(".wb-hatch").first).to_be_attached()
    cooperative = replay.locator(".wb-time-group", has_text="cooperative")
    expect(cooperative.locator(".wb-hatch")).to_have_count(0)
    page.screenshot(f"09-replay-{width}")


def test_a_wrong_answer_is_named(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    for marker in (
        "begin(",
        "admin = AdminClient",
        "day = flights.day(8)",
        "def join(",
        "def ask(",
        "def shares(",
        "def settle(",
    ):
        page.run(marker)
    wrong = '# Exercise 9.1\ngates = create("nyc.flight.gates", 4)\n'
    wrong += 'workers = [join("gates", f"g{n}", [gates]) for n in range(6)]\n'
    wrong += 'settle("gates", workers, 4)'
    page.write("# Exercise 9.1", wrong)
    page.run("# Exercise 9.1")
    card = page.run('check("9.1")')
    expect(card).to_contain_text(re.compile("has 4 partitions, and each has one owner"))
    page.press("Hint 1 of 2")
    expect(card).to_contain_text("how many partitions does the topic need")
    page.screenshot("09-hint")
