"""A notebook in JupyterLab, worked as a student works it."""

import json
import re
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, TimeoutError, expect

from helpers.course.project import NOTEBOOKS
from helpers.waiting import patience

LOAD_MS = 60_000 * patience()
RUN_MS = 120_000 * patience()
# Pressed again too soon, a cell would run twice: a busy Lab shows late that it runs.
_PRESS_MS = 20_000 * patience()
_CLICK_MS = 5_000 * patience()
_LOOK_MS = 2_000
_NOT_RUN, _RUNS = "[ ]:", "[*]:"
_DONE = re.compile(r"\[\d+\]:")
# Lab gives a traceback the same type as what is printed to standard error.
_ERROR = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]'


class NotebookPage:
    """One browser page with one open notebook.

    Attributes:
        page: Playwright's page.
    """

    def __init__(self, page: Page, artefacts: Path) -> None:
        self.page = page
        self._artefacts = artefacts
        self._code_cells = 1

    def open(self, url: str) -> None:
        """Open Lab and wait until its notebook has a kernel."""
        self._code_cells = _count_code_cells(Path(urlsplit(url).path).name)
        self.page.goto(url)
        expect(self.cells.first).to_be_visible(timeout=LOAD_MS)
        expect(self.kernel_status).to_contain_text("Idle", timeout=LOAD_MS)

    @property
    def cells(self) -> Locator:
        """Every cell."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")

    @property
    def board(self) -> Locator:
        """The board that is in view beside the notebook."""
        return self.page.locator(".wb-dock:visible")

    @property
    def kernel_status(self) -> Locator:
        """The status bar's word on the kernel."""
        return self.page.locator(".jp-StatusBar-Left")

    @property
    def outputs(self) -> Locator:
        """Every output of every cell."""
        return self.page.locator(
            ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output"
        )

    def run_all(self) -> None:
        """Run every cell and wait for the last one's end."""
        code = self._see_all_made()
        self._begin_all(code.first.locator(".jp-InputPrompt").first)
        number = 0
        # Counted anew each time: Lab still makes cells when their run has begun.
        while number < code.count():
            prompt = code.nth(number).locator(".jp-InputPrompt").first
            expect(prompt).to_have_text(_DONE, timeout=RUN_MS)
            number += 1

    def _see_all_made(self) -> Locator:
        """Wait for every code cell: Lab makes those out of sight when it finds time."""
        code = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell")
        expect(code.nth(self._code_cells - 1)).to_be_attached(timeout=LOAD_MS)
        return code

    def _begin_all(self, first: Locator) -> None:
        """Ask for a run of all cells until one begins."""
        deadline = time.monotonic() + RUN_MS / 1000
        while first.inner_text() == _NOT_RUN:
            assert time.monotonic() < deadline, "no cell began to run"
            # A kernel that is still connecting forgets what it was sent.
            self.menu("Run", "Run All Cells")
            with suppress(AssertionError):
                expect(first).to_have_text(_DONE, timeout=_PRESS_MS)

    def open_deeper(self) -> None:
        """Open every section that is closed, as a student who wants all of it."""
        self._see_all_made()
        self.page.keyboard.press("Control+Shift+C")
        wanted = self.page.locator(
            ".lm-CommandPalette-item:visible", has_text="Expand All Headings"
        )
        self.page.keyboard.insert_text("Expand All Headings")
        wanted.click(timeout=LOAD_MS)

    def cell(self, marker: str) -> Locator:
        """Return the code cell in which ``marker`` stands."""
        code = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell")
        editor = self.page.locator(".jp-Editor", has_text=marker)
        return code.filter(has=editor).first

    def run(self, marker: str) -> Locator:
        """Run the cell in which ``marker`` stands; return it when it has ended."""
        cell = self.cell(marker)
        prompt = cell.locator(".jp-InputPrompt").first
        before = prompt.inner_text()
        deadline = time.monotonic() + RUN_MS / 1000
        while (now := _settled(prompt)) == before or not _DONE.fullmatch(now):
            assert time.monotonic() < deadline, f"the cell with {marker!r} did not run"
            # A kernel that is still connecting forgets what it was sent, and the
            # prompt falls back. A student runs the cell again then. Not looked at once
            # more here: a cell that has ended meanwhile would run a second time.
            if now != _RUNS:
                self._press_run(cell)
        return cell

    def run_board(self, marker: str) -> Locator:
        """Run the cell that opens a board; return the board."""
        expect(self.run(marker).locator(".wb-docked")).to_be_attached(timeout=LOAD_MS)
        return self.board

    def _press_run(self, cell: Locator) -> None:
        prompt = cell.locator(".jp-InputPrompt").first
        before = prompt.inner_text()
        try:
            cell.locator(".cm-content").click(timeout=_CLICK_MS)
        except TimeoutError:
            # Lab shows late what is out of sight, and a student scrolls there.
            cell.evaluate("cell => cell.scrollIntoView()")
            self.screenshot("not-visible")
            return
        self.page.keyboard.press("Control+Enter")
        with suppress(AssertionError):
            expect(prompt).not_to_have_text(before, timeout=_PRESS_MS)

    def write(self, marker: str, code: str) -> None:
        """Replace a cell's code, as a student who types."""
        self.cell(marker).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(code)

    def press(self, title: str) -> None:
        """Press a button with the keyboard alone."""
        button = self.page.locator(f'button[title="{title}"]:visible').last
        button.focus()
        self.page.keyboard.press("Enter")

    def reload(self) -> None:
        """Load the page again and wait until its notebook has its kernel."""
        self.page.reload()
        expect(self.cells.first).to_be_visible(timeout=LOAD_MS)
        expect(self.kernel_status).to_contain_text("Idle", timeout=LOAD_MS)

    def restart_kernel(self) -> None:
        """Restart the kernel and wait until it is idle."""
        self.menu("Kernel", "Restart Kernel…")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        expect(self.kernel_status).to_contain_text("Idle", timeout=LOAD_MS)

    def theme(self, name: str) -> None:
        """Choose Lab's theme by name, such as ``"JupyterLab Dark"``."""
        self.page.locator(".lm-MenuBar-item", has_text=re.compile("^Settings$")).click()
        self.page.locator(".lm-Menu-item", has_text=re.compile("^Theme$")).hover()
        self.page.locator(".lm-Menu-item", has_text=re.compile(f"^{name}$")).click()
        light = str("Light" in name).lower()
        themed = self.page.locator(f"[data-jp-theme-light={light}]").first
        expect(themed).to_be_attached(timeout=LOAD_MS)
        # Lab covers itself while it changes.
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0, timeout=LOAD_MS)

    def menu(self, name: str, item: str) -> None:
        """Choose an item of the menu bar."""
        self.page.locator(".lm-MenuBar-item", has_text=re.compile(f"^{name}$")).click()
        self.page.locator(".lm-Menu-item", has_text=re.compile(f"^{item}")).first.click()

    def errors(self) -> list[str]:
        """Return the text of every output that is an error."""
        return self.page.locator(_ERROR).all_inner_texts()

    def screenshot(self, name: str) -> None:
        """Keep what the window shows among the artefacts."""
        self.page.screenshot(path=self._artefacts / f"{name}.png")


def _count_code_cells(name: str) -> int:
    notebook = json.loads((NOTEBOOKS / name).read_text("utf-8"))
    return sum(cell["cell_type"] == "code" for cell in notebook["cells"])


def _settled(prompt: Locator) -> str:
    """Return a prompt's text, that of a cell that runs only after a while."""
    with suppress(AssertionError):
        expect(prompt).not_to_have_text(_RUNS, timeout=_LOOK_MS)
    return prompt.inner_text()
