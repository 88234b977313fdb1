"""Lesson 04 as a student works it, and from a recap to the glossary and back."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS
from tests.browser.notebook_page import NotebookPage

SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"


def heading(page: NotebookPage, text: str) -> Locator:
    found = page.page.locator(f"{SHOWN} :is(h2, h3)")
    return found.filter(has_text=re.compile(f"^{re.escape(text)}¶?$"))


def click(page: NotebookPage, link: str) -> None:
    """Scroll a link into the window and click it."""
    found = page.page.locator(f"{SHOWN} .jp-MarkdownOutput").get_by_role(
        "link", name=link, exact=True
    )
    found.first.click(timeout=WITHIN_MS)


@pytest.mark.soak
def test_terms_lead_to_the_glossary_and_back_to_their_sections(
    open_page: Opener,
) -> None:
    page = open_page("02_logs", 1280, 800)
    capture = "Deeper: How do a database's changes become a stream?"
    there_and_back(page, "02_logs", "change data capture", capture)
    there_and_back(page, "02_logs", "index", "How do you find record 24,000?")


def there_and_back(page: NotebookPage, lesson: str, term: str, section: str) -> None:
    click(page, term)
    current = page.page.locator(".lm-TabBar-tab.lm-mod-current .lm-TabBar-tabLabel")
    expect(current.filter(has_text="glossary.ipynb")).to_be_visible(timeout=WITHIN_MS)
    expect(heading(page, term)).to_be_in_viewport(timeout=WITHIN_MS)
    page.screenshot(f"glossary-{term.replace(' ', '-')}")
    click(page, section)
    expect(current.filter(has_text=f"{lesson}.ipynb")).to_be_visible(timeout=WITHIN_MS)
    expect(heading(page, section)).to_be_in_viewport(timeout=WITHIN_MS)
    page.screenshot(f"glossary-back-to-{lesson}")


def test_lesson_04_as_a_student(open_page: Opener) -> None:
    page = open_page("04_topics", 1280, 800)
    script = "Deeper: How do you create topics by a script?"
    there_and_back(page, "04_topics", "idempotent", script)
    for marker in ("begin(", "departed = lesson.topic", "weather = lesson.topic"):
        page.run(marker)
    expect(page.run("--list")).to_contain_text("nyc.weather.observed-")
    question = page.run('"4.2"')
    question.locator("input").first.fill("255")
    page.press("Keep this guess")
    expect(question).to_contain_text("Your guess is kept: 255 characters")

    wrong = 'name = lesson.topic("nyc.flight.cancelled")\n'
    wrong += "admin.create_topics([NewTopic(name, 3, 1)])[name].result()"
    page.write("# Exercise 4.1", "# Exercise 4.1\n" + wrong)
    page.run("# Exercise 4.1")
    card = page.run('check("4.1")')
    expect(card).to_contain_text("the second argument is the partitions")
    page.press("Solution")
    expect(card).to_contain_text("copy it into your cell")
    page.screenshot("04-solution")

    mended = "admin.delete_topics([name])[name].result()\n"
    mended += "wait_for(lambda: name not in admin.list_topics().topics, 10, 'its end')\n"
    mended += "admin.create_topics([NewTopic(name, 6, 3)])[name].result()"
    page.write("# Exercise 4.1", "# Exercise 4.1\n" + mended)
    page.run("# Exercise 4.1")
    expect(page.run('check("4.1")')).to_contain_text("Exercise 4.1: passed")
    page.screenshot("04-passed")
    a_failed_call_ends_in_a_sentence(page)


def a_failed_call_ends_in_a_sentence(page: NotebookPage) -> None:
    page.write(
        "# Exercise 4.1",
        "admin.create_topics([NewTopic(departed, 1, 3)])[departed].result()",
    )
    cell = page.run("admin.create_topics([NewTopic(departed, 1, 3)])")
    expect(cell).to_contain_text("The topic exists already. Go on, or delete it first.")
    expect(cell.locator("details pre")).to_be_hidden()
    cell.locator("summary").click()
    expect(cell.locator("details pre")).to_contain_text("Traceback")
    assert page.errors()
    page.screenshot("04-error")
