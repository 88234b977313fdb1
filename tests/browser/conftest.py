"""A real browser on a real Lab."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

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


@pytest.fixture
def page(browser: Browser, lab: RunningLab) -> Iterator[NotebookPage]:
    """Return lesson 00, open in a window of a laptop's size."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = NotebookPage(context.new_page(), artefacts())
    opened.open(lab.url)
    yield opened
    context.close()


def artefacts() -> Path:
    """Return the folder for screenshots."""
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS
