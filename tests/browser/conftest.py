"""A real browser on a real Lab."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from helpers.settings import PROJECT_ROOT, Settings
from tests.browser.notebook_page import NotebookPage
from tests.labs import RunningLab, running_lab

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
ARTEFACTS = PROJECT_ROOT / "artefacts"
# Chromium's own calls home only fail where there is no network.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("WORKBOOK_REQUIRE_BROWSER"):
            pytest.fail("no Chromium on this machine, though it is required here")
        pytest.skip("no Chromium on this machine: apt install chromium")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*sandbox, *_QUIET]
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def lab(settings: Settings, browser: Browser) -> Iterator[RunningLab]:
    with running_lab(settings) as running:
        yield running


Opener = Callable[[str, int, int], NotebookPage]


@pytest.fixture
def open_page(browser: Browser, lab: RunningLab) -> Iterator[Opener]:
    """Return what opens a lesson in a window of a given size."""
    contexts: list[BrowserContext] = []

    def opener(lesson: str, width: int, height: int) -> NotebookPage:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        opened = NotebookPage(contexts[-1].new_page(), artefacts())
        opened.open(lab.url.replace("00_welcome", lesson))
        return opened

    yield opener
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Opener) -> NotebookPage:
    """Return lesson 00, open in a window of a laptop's size."""
    return open_page("00_welcome", 1280, 800)


def artefacts() -> Path:
    """Return the folder for screenshots."""
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS
