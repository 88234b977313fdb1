"""A notebook that is opened again: what its widgets showed is there, without a kernel."""

import nbformat
from nbconvert import HTMLExporter
from playwright.sync_api import Locator, expect

from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS
from tests.browser.notebook_page import NotebookPage
from tests.labs import RunningLab, ask

_MARK = "# in place of view.nodes()"
_EVERYTHING = f"""
from IPython.display import display
stopped = view.recording("08_failover")
from helpers import solution
display(stopped, predict("4.2"), predict("0.1"), check("0.1"), solution("0.1"))
stopped.stop()
view.nodes()  {_MARK}"""
_SHOWN = (
    "This board stopped at",
    "the longest name",
    "Only when broker 2 is back",
    "Exercise 0.1: not yet",
    "A solution:",
    "You paused broker 2",
)
_SAVED_SECONDS = 60
# Of four cards, of what had stopped, and of the board: Lab's, or the board's own if the
# page heard of its end before it lost the kernel.
_PICTURES = ".wb-kept, .wb-ended:not(.wb-kept *)"


def test_a_notebook_keeps_what_its_widgets_showed(
    open_page: Opener, lab: RunningLab, settings: Settings
) -> None:
    page = open_page("00_welcome", 1440, 900)
    page.run("begin(")
    page.write("view.nodes()", _EVERYTHING)
    cell = page.run(_MARK)
    page.press("Pause broker 2")
    expect(page.board).to_contain_text(_SHOWN[-1], timeout=WITHIN_MS)
    _shows(cell, _SHOWN[:-1])
    file = settings.work_dir / "00_welcome.ipynb"
    # Nobody saves it, and nothing in it changes but the board.
    wait_for(lambda: _SHOWN[-1] in file.read_text("utf-8"), _SAVED_SECONDS, "a save")

    reopened = _reopened(page)
    expect(reopened.locator(".wb-kept")).to_have_count(0, timeout=WITHIN_MS)
    page.press("Resume broker 2")
    expect(page.board).to_contain_text("You resumed broker 2", timeout=WITHIN_MS)

    for session in ask(lab, "GET", "sessions"):
        ask(lab, "DELETE", f"sessions/{session['id']}")
    reopened = _reopened(page)
    expect(reopened.locator(_PICTURES)).to_have_count(6, timeout=WITHIN_MS)
    expect(reopened.locator("button:enabled, input")).to_have_count(0)
    expect(page.board).to_have_count(0)
    _shows(reopened, _SHOWN)
    page.screenshot("reopened")
    exported, _ = HTMLExporter().from_notebook_node(nbformat.read(file, 4))
    assert [text for text in _SHOWN if text not in exported] == []


def _reopened(page: NotebookPage) -> Locator:
    page.reload()
    cell = page.cell(_MARK)
    cell.evaluate("e => e.scrollIntoView({block: 'end'})")
    return cell


def _shows(cell: Locator, texts: tuple[str, ...]) -> None:
    for text in texts:
        expect(cell).to_contain_text(text, timeout=WITHIN_MS)
    expect(cell).not_to_contain_text("model not found")
