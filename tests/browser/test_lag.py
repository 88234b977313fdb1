"""The lag board as a student sees and works it."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS, faults, looks, press_key, show
from tests.browser.notebook_page import NotebookPage

_BOARD = """
from helpers import view
from confluent_kafka.admin import AdminClient, NewTopic
topic, group = lesson.topic("seen"), lesson.group("delay-board")
admin = AdminClient(lesson.connection)
admin.create_topics([NewTopic(topic, 6, 3)])[topic].result(30)
board = view.lag(group, topic)
board"""
# In one step: a live board puts new elements in place of the old ones.
_SCROLL = """css => [...document.querySelectorAll(css)].at(-1)
  .scrollIntoView({block: 'center'})"""
_CLI = "!kafka-consumer-groups --bootstrap-server {lesson.bootstrap_servers} "
_CLI += "--describe --group {group}"
_TOTAL = re.compile(r"total ([\d,]+) records? to read")


def total(board: Locator) -> int:
    found = _TOTAL.search(board.locator(".wb-sub").first.inner_text())
    return int(found[1].replace(",", "")) if found else -1


def wait_until(page: NotebookPage, holds: str) -> None:
    """Wait for a moment at which the board's words, and its total in them, are so."""
    page.page.wait_for_function(
        f"""() => {{
          const words = document.querySelector('.wb-board .wb-sub').innerText;
          const found = words.match(/total ([\\d,]+) rec/);
          const total = found ? Number(found[1].replace(',', '')) : NaN;
          return {holds};
        }}""",
        timeout=WITHIN_MS,
    )


def test_lag_rises_with_a_slow_consumer_and_falls_with_another(
    open_page: Opener,
) -> None:
    page = open_page("00_welcome", 1280, 800)
    page.run("begin(")
    board = show(page, _BOARD)
    expect(board).to_contain_text(
        "There is no consumer group delay-board", timeout=WITHIN_MS
    )
    page.press("Add a consumer")
    expect(board).to_contain_text(
        "owns partitions 0, 1, 2, 3, 4 and 5", timeout=WITHIN_MS
    )
    board.locator("select").first.focus()
    board.locator("select").first.select_option("200 ms")
    expect(board).to_contain_text("200 ms of work a record", timeout=WITHIN_MS)
    page.press("Replay the morning peak")
    wait_until(page, "total > 60 && words.includes('▲')")
    expect(page.page.get_by_title("Replay the morning peak")).to_be_disabled()
    page.screenshot("lag-rising")
    high = total(board)
    page.press("Add a consumer")
    expect(board).to_contain_text("consumer-B owns partitions", timeout=WITHIN_MS)
    press_key(page, board.locator("select").first, "Home")
    wait_until(page, f"total < {high} && words.includes('▼')")
    page.screenshot("lag-falling")
    wait_until(page, "total === 0")
    expect(page.page.get_by_title("Replay the morning peak")).to_be_enabled(
        timeout=WITHIN_MS
    )
    wait_until(page, "total === 0")
    press_key(page, page.page.get_by_title("Kill consumer-A"), "Enter")
    expect(board).to_contain_text("consumer-A does not run any more; the group counts")
    page.screenshot("lag-killed")
    assert looks_good(page, "live")
    expect(board).to_contain_text("consumer-A left the group", timeout=WITHIN_MS)
    same_as_the_tool(page, board)
    assert page.errors() == []


def looks_good(page: NotebookPage, name: str) -> bool:
    """Look at the board in each theme and size; fail if anything overlaps or is cut."""
    for look in looks(page):
        for part in ("wb-title", "wb-table", "wb-log"):
            page.page.evaluate(_SCROLL, f".wb-board .{part}")
            page.screenshot(f"lag-{name}-{look}-{part}")
        assert faults(page) == [], look
    return True


def same_as_the_tool(page: NotebookPage, board: Locator) -> None:
    """See that the board's figures are those of Kafka's own tool, now that all rests."""
    page.write("flights.day(8)[0]", _CLI)
    said = page.run("kafka-consumer-groups").inner_text()
    tool = {
        int(row[2]): row[3:6]
        for row in map(str.split, said.splitlines())
        if row[:1] and row[0].startswith("delay-board")
    }
    rows = board.locator(".wb-table tbody tr").all()
    board = {}
    for row in rows:
        cells = [one.inner_text().strip() for one in row.locator("th, td").all()]
        board[int(cells[0])] = [cells[2], cells[3], cells[5]]
    assert board == tool
    assert len(board) == 6
