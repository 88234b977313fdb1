"""A board in each theme and size: what overlaps, is cut, or must be moved to be read."""

import itertools
from collections.abc import Iterator

from playwright.sync_api import Locator

from helpers.waiting import patience
from tests.browser.notebook_page import NotebookPage

# Far more than it takes, so that a busy machine does not fail a test.
WITHIN_MS = 60_000 * patience()
SIZES = ((1280, 800), (1024, 768), (1920, 1080))
THEMES = ("JupyterLab Light", "JupyterLab Dark")
# Pairs of things on the page that must not lie on one another.
_OVERLAPS = """() => {
  const seen = [...document.querySelectorAll('button.jupyter-button, .wb-card, .wb-log')]
    .map(e => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width && r.height);
  const bad = [];
  for (const [a, p] of seen) for (const [b, q] of seen) {
    if (a === b || a.contains(b) || b.contains(a)) continue;
    const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
    const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    if (wide > 1 && high > 1) bad.push([a.title || a.className, b.title || b.className]);
  }
  return bad;
}"""
# Everything that can be worked, or that holds text, inside the panel of its board.
_OUTSIDE = """() => [...document.querySelectorAll(
  '.wb-board button, .wb-board select, .wb-card, .wb-table, .wb-legend, .wb-log, ' +
  '.wb-next')]
  .filter(e => e.closest('.wb-dock'))
  .map(e => [e.textContent, e.getBoundingClientRect(),
    e.closest('.wb-dock').getBoundingClientRect()])
  .filter(([, r, dock]) => r.width && r.right > 1 + dock.right)
  .map(([text]) => text).concat([...document.querySelectorAll('.wb-scroll, .wb-dock')]
  .filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => `scrolls sideways: ${e.scrollWidth} px in ${e.clientWidth}`))"""


def looks(page: NotebookPage) -> Iterator[str]:
    """Show the page in each size and theme by turns; yield a name of each, to keep."""
    for (width, height), theme in itertools.product(SIZES, THEMES):
        page.page.set_viewport_size({"width": width, "height": height})
        page.theme(theme)
        yield f"{theme.split()[1].lower()}-{width}"


def faults(page: NotebookPage) -> list[str]:
    """Return what overlaps, or is wider than its board's panel."""
    outside: list[str] = page.page.evaluate(_OUTSIDE)
    overlapping: list[str] = page.page.evaluate(_OVERLAPS)
    return outside + overlapping


def show(page: NotebookPage, code: str) -> Locator:
    """Put ``code`` in place of that of lesson 00's board, run it and return the board."""
    page.write("view.nodes()", f"{code}\n# in place of view.nodes()")
    return page.run_board("# in place of view.nodes()")


def press_key(page: NotebookPage, control: Locator, key: str) -> None:
    """Press a key on a control that was reached without a mouse."""
    control.focus()
    page.page.keyboard.press(key)
