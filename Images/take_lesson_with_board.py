"""Take lesson_with_board.png again: lesson 04 in a real JupyterLab, broker 2 killed.

Needs Chromium and the packages of ``make setup-test``:

    python Images/take_lesson_with_board.py [FILE.png]
"""

import io
import os
import re
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from helpers.settings import PROJECT_ROOT, Settings

sys.path.insert(0, str(PROJECT_ROOT))
from tests.browser.conftest import CHROMIUM
from tests.browser.notebook_page import NotebookPage
from tests.labs import running_lab

TARGET = Path(__file__).with_name("lesson_with_board.png")
WINDOW = {"width": 1280, "height": 800}
COLOURS = 128
WITHIN_MS = 30_000
LESSON = "04_topics"
RUN = ("begin(", "departed = lesson.topic")
TAKEN_OVER = re.compile(r"Broker \d leads \d more partition")


def main() -> None:
    """Work through the lesson as far as the board, kill a broker, keep the window."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        with running_lab(own_settings(folder)) as lab:
            picture = photograph(browser, lab.url)
        browser.close()
    small = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)
    small.save(target, optimize=True)
    print(f"{target}: {target.stat().st_size / 1000:.0f} kB")


def own_settings(folder: str) -> Settings:
    """Return settings that leave the caller's servers, notebooks and progress alone."""
    names = {"STATE_DIR": "state", "WORK_DIR": "work", "PROGRESS_FILE": "progress.json"}
    return Settings.from_environment(
        {f"WORKBOOK_{name}": f"{folder}/{path}" for name, path in names.items()}
    )


def photograph(browser: Browser, url: str) -> bytes:
    """Return the window as a PNG when another broker has taken over."""
    page = NotebookPage(browser.new_page(viewport=WINDOW), Path(tempfile.gettempdir()))
    page.open(url.replace("00_welcome", LESSON))
    for marker in RUN:
        page.run(marker)
    board = page.run_board("view.nodes()")
    expect(board).to_contain_text("5 of 5 nodes run", timeout=WITHIN_MS)
    page.press("Kill broker 2")
    expect(board).to_contain_text(TAKEN_OVER, timeout=WITHIN_MS)
    page.cell("view.nodes()").evaluate("cell => cell.scrollIntoView({block: 'center'})")
    return page.page.screenshot()


if __name__ == "__main__":
    main()
