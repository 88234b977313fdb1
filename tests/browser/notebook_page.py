"""A notebook in JupyterLab, worked as a student works it."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

LOAD_MS = 60_000
RUN_MS = 120_000
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

    def open(self, url: str) -> None:
        """Open Lab and wait until its notebook has a kernel."""
        self.page.goto(url)
        expect(self.cells.first).to_be_visible(timeout=LOAD_MS)
        expect(self.kernel_status).to_contain_text("Idle", timeout=LOAD_MS)

    @property
    def cells(self) -> Locator:
        """Every cell."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")

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
        self.menu("Run", "Run All Cells")
        code = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell")
        done = re.compile(r"\[\d+\]:")
        for number in range(code.count()):
            prompt = code.nth(number).locator(".jp-InputPrompt").first
            expect(prompt).to_have_text(done, timeout=RUN_MS)

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
