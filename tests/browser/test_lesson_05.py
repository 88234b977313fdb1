"""Lesson 05 worked through as a student works: wrong, right, and with the panel."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opener
from tests.browser.notebook_page import RUN_MS, NotebookPage

LESSON = "05_producers"
TO_THE_QUEUE = (
    "begin(",
    "def create",
    "departed = create",
    "queue.buffering",
    "counted =",
)
TO_THE_PANEL = (
    "import time",
    "import median",
    "def opened",
    "import json",
    "def send(",
    "month =",
    "codecs = (",
)

SKIPPED = """# Exercise 5.1
for flight in day:
    try:
        small.produce(counted, flight.to_json())
    except BufferError:
        small.poll(1)
small.flush(20)
"""
REPEATED = SKIPPED.replace(
    "        small.poll(1)\n",
    "        small.flush(10)\n        small.produce(counted, flight.to_json())\n",
)


def test_lesson_05_as_a_student(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    for marker in TO_THE_QUEUE:
        page.run(marker)
    page.write("# Exercise 5.1", SKIPPED)
    page.run("# Exercise 5.1")
    card = page.run('check("5.1")')
    expect(card).to_contain_text("Exercise 5.1: not yet")
    expect(card).to_contain_text("A record for which produce raised is not queued")
    page.press("Hint 1 of 2")
    expect(card).to_contain_text("must be produced again")
    page.screenshot("05-hint")

    page.run("counted =")
    page.write("# Exercise 5.1", REPEATED)
    page.run("# Exercise 5.1")
    expect(page.run('check("5.1")')).to_contain_text("Exercise 5.1: passed")

    for marker in TO_THE_PANEL:
        page.run(marker)
    page.run("def experiment")
    work_the_panel(page, page.run("view.panel("))
    assert page.errors() == []


def work_the_panel(page: NotebookPage, panel: Locator) -> None:
    """Change a slider and a list and run twice, with the keyboard alone."""
    expect(panel).to_contain_text("Choose, and press Run.")
    page.press("Run this experiment")
    expect(panel.locator("tbody tr")).to_have_count(2, timeout=RUN_MS)
    panel.locator(".noUi-handle").first.focus()
    page.page.keyboard.press("ArrowRight")
    expect(panel.locator(".jupyter-widgets.widget-label").first).to_have_text("50")
    page.page.keyboard.press("Tab")
    expect(panel.locator(".noUi-handle").last).to_be_focused()
    panel.locator("select").last.focus()
    page.page.keyboard.press("End")  # the last one, zstd
    page.press("Run this experiment")
    expect(panel.locator("tbody tr")).to_have_count(3, timeout=RUN_MS)
    expect(panel).to_contain_text("Done. Change a setting")
    expect(panel.locator("tbody tr").last).to_contain_text("zstd")
    panel.scroll_into_view_if_needed()
    page.screenshot("05-panel")
