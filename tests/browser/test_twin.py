"""The twin board in a real Lab: live on both sides, and recorded in each look."""

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.looks import SIZES, WITHIN_MS, faults, looks, press_key, show

_RECORDING = 'from helpers import view\nview.recording("14_twin")'


def test_a_split_and_a_new_partition_overlap_nothing(open_page: Opener) -> None:
    page = open_page("00_welcome", *SIZES[0])
    cell = show(page, _RECORDING)
    expect(cell.locator(".wb-pairs")).to_be_visible(timeout=WITHIN_MS)
    press_key(page, cell.locator(".noUi-handle"), "End")
    log = cell.locator(".wb-log")
    expect(log).to_contain_text("Shard 0 is split into 2 and 3", timeout=WITHIN_MS)
    expect(log).to_contain_text("The topic has 3 partitions now")
    tables = cell.locator(".wb-twins table")
    expect(tables.nth(0).locator("tbody tr")).to_have_count(3)
    expect(tables.nth(1).locator("tbody tr")).to_have_count(4)
    found = {}
    for look in looks(page):
        kept = f"twin-{look}"
        for name in ("wb-pairs", "wb-log"):
            cell.locator(f".{name}").scroll_into_view_if_needed()
            page.screenshot(f"{kept}-{name}")
        found[kept] = faults(page)
    assert not any(found.values()), found
    assert page.errors() == []
