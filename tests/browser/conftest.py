"""A real browser on a real Lab."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import PROJECT_ROOT, Settings
from helpers.waiting import patience
from tests.browser.notebook_page import NotebookPage
from tests.labs import RunningLab, clear, running_lab

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
    expect.set_options(timeout=5_000 * patience())
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*sandbox, *_QUIET]
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def running(settings: Settings, browser: Browser) -> Iterator[RunningLab]:
    """Return the one Lab of this worker: it and its servers take seconds to start."""
    with running_lab(settings) as lab:
        yield lab


@pytest.fixture
def lab(running: RunningLab, settings: Settings) -> Iterator[RunningLab]:
    """Return the worker's Lab, as new and with every server running."""
    EmbeddedCluster(settings).up()
    yield running
    clear(running, settings)


Opener = Callable[[str, int, int], NotebookPage]


@pytest.fixture
def open_page(browser: Browser, lab: RunningLab) -> Iterator[Opener]:
    """Return what opens a lesson in a window of a given size."""
    with ExitStack() as stack:
        yield lambda lesson, width, height: stack.enter_context(
            opened(browser, lab, lesson, width, height)
        )


@contextmanager
def opened(
    browser: Browser, lab: RunningLab, lesson: str, width: int, height: int
) -> Iterator[NotebookPage]:
    """Give a lesson in a window of its own."""
    context = browser.new_context(viewport={"width": width, "height": height})
    try:
        page = NotebookPage(context.new_page(), artefacts())
        page.open(lab.url.replace("00_welcome", lesson))
        yield page
    finally:
        context.close()


@pytest.fixture
def page(open_page: Opener) -> NotebookPage:
    """Return lesson 00, open in a window of a laptop's size."""
    return open_page("00_welcome", 1280, 800)


def artefacts() -> Path:
    """Return the folder for screenshots."""
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS
