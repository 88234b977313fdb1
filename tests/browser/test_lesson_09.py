"""Lesson 09 as a student works it: members seen at work."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.looks import SIZES, WITHIN_MS, looks

LESSON = "09_groups_and_lag"


@pytest.mark.soak
def test_the_timeline_shows_members_as_they_work(open_page: Opener) -> None:
    page = open_page(LESSON, *SIZES[0])
    for marker in (
        "begin(",
        "admin = AdminClient",
        "groups = Groups",
        "live = create",
        "Members(",
    ):
        page.run(marker)
    board = page.run_board("timeline = view.rebalances(*map(lesson.group, (*kinds")
    expect(board).to_contain_text("5 members running", timeout=WITHIN_MS)
    rows = board.locator(".wb-time-row .wb-track")
    expect(rows).to_have_count(5, timeout=WITHIN_MS)
    expect(board.locator(".wb-time-now", has_text="3–5").first).to_be_visible(
        timeout=WITHIN_MS
    )
    told = re.compile("to now s")
    expect(rows.first).to_have_attribute("aria-label", told, timeout=WITHIN_MS)
    for look in looks(page):
        assert all(fits_in(page.page, row) for row in (".wb-time-group", ".wb-wrap"))
        page.screenshot(f"09-timeline-{look}")


def fits_in(page: object, css: str) -> bool:
    """Return whether the first such element is as wide as what is in it."""
    found = page.locator(css).first  # type: ignore[attr-defined]
    return bool(found.evaluate("one => one.scrollWidth <= one.clientWidth + 1"))
