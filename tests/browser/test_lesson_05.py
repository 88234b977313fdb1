"""Lesson 05's panel of an experiment, worked as a student works it."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opener
from tests.browser.notebook_page import RUN_MS, NotebookPage

LESSON = "05_producers"
TO_THE_PANEL = (
    "begin(",
    "create = topics.creator(",
    "departed = create",
    "import time",
    "import median",
    "def opened",
    "import json",
    "def send(",
    "month =",
    "codecs = (",
)


def test_the_panel_is_worked_by_keyboard_alone(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    page.open_deeper()
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
