"""From a lesson's recap to the glossary and back, by clicking."""

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


@pytest.mark.parametrize(
    ("lesson", "sections"),
    [
        ("04_topics", {"idempotent": "How do you create topics by a script?"}),
        pytest.param(
            "02_logs",
            {
                "change data capture": "How do a database's changes become a stream?",
                "index": "How do you find record 24,000?",
            },
            marks=pytest.mark.soak,
        ),
    ],
)
def test_a_term_leads_to_the_glossary_and_back_to_its_section(
    open_page: Opener, lesson: str, sections: dict[str, str]
) -> None:
    page = open_page(lesson, 1280, 800)
    for term, section in sections.items():
        there_and_back(page, lesson, term, section)


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
