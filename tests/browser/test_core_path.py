"""What a student sees of a lesson's core, of what is deeper, and of the way on."""

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS

SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"


def test_a_lesson_opens_with_what_is_deeper_closed(open_page: Opener) -> None:
    page = open_page("05_producers", 1280, 800)
    first = page.page.locator(f"{SHOWN} .jp-MarkdownCell").first
    expect(first).to_contain_text("more for the sections marked Deeper")
    deeper = page.page.locator(f"{SHOWN} h2", has_text="Deeper: What is refused?")
    cell = page.cell('predict("5.4")')
    deeper.scroll_into_view_if_needed()
    expect(deeper).to_be_visible()
    expect(cell).to_be_hidden()
    page.screenshot("deeper-closed")
    deeper.click()
    page.page.keyboard.press("Shift+Enter")
    after = page.page.locator(f"{SHOWN} .jp-mod-active", has_text="What you know now")
    expect(after).to_be_visible(timeout=WITHIN_MS)
    expect(cell).to_be_hidden()
    page.open_deeper()
    expect(cell).to_be_visible(timeout=WITHIN_MS)


def test_a_script_is_folded_until_somebody_wants_to_read_it(open_page: Opener) -> None:
    page = open_page("05_producers", 1280, 800)
    code = page.page.locator(f"{SHOWN} details", has_text="scripts/topics.py")
    code.scroll_into_view_if_needed()
    expect(code.locator("pre")).to_be_hidden()
    page.screenshot("script-folded")
    code.locator("summary").click()
    expect(code.locator("pre")).to_contain_text("def creator(lesson):")
    page.screenshot("script-open")


def test_the_last_line_leads_to_the_next_lesson(open_page: Opener) -> None:
    page = open_page("05_producers", 1280, 800)
    way = page.page.locator(f"{SHOWN} .jp-MarkdownOutput", has_text="Next: Consumers")
    way.get_by_role("link", name="Consumers").click(timeout=WITHIN_MS)
    title = page.page.locator(f"{SHOWN} h1", has_text="Consumers")
    expect(title).to_be_visible(timeout=WITHIN_MS)
