"""Every recorded board as a student sees it, in each theme and size, on one page.

None needs a server, and a page with a kernel of its own for each would take longer than
all that is looked at.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from helpers.live.recording import load
from helpers.settings import Settings
from helpers.views import SHIPPED
from tests.browser.conftest import opened
from tests.browser.looks import SIZES, WITHIN_MS, faults, looks, press_key, show
from tests.browser.notebook_page import NotebookPage
from tests.labs import RunningLab, clear

# A moment of the failover, on the board that was recorded and on the map.
_FAILOVER = """
from helpers import view
from helpers.live.player import Player
from helpers.views.topic_views import PartitionMap
board = view.recording("08_failover")
player = Player(board.player.recording)
for one in (board.player, player):
    one.pause()
    one.seek(4.0)
"""
_SHOWN = {"board": "board", "map": 'PartitionMap("the map", player)'}
_SHARDS = """
from helpers import view
board = view.recording("13_shards")
board.player.pause()
board
"""
# The moment at which a member is dead and the group does not know it.
_LAG = """
from helpers import view
board = view.recording("09_lag")
board.player.pause()
dead = [one for one in board.player.recording.frames if one.members and any(
    facts.state == "killed" for facts in one.consumers)][5]
board.player.seek(dead.ticks - board.player.recording.frames[0].ticks)
board"""
# A moment at which segments are in every state.
_SEGMENTS = """
from helpers import view
replay = view.recording("10_retention")
replay.player.pause()
states = [{one.state for one in f.segments} for f in replay.player.recording.frames]
at = next(n for n, found in enumerate(states) if len(found) == 4)
frames = replay.player.recording.frames
replay.player.seek(frames[at].ticks - frames[0].ticks + 0.01)
replay
"""
# A moment in the middle of the day, with windows in every state and late reports.
_WINDOWS = """
from helpers import view
replay = view.recording("12_windows")
replay.player.pause()
frames = replay.player.recording.frames
at = next(n for n, one in enumerate(frames) if one.reports and one.reports.late >= 20)
replay.player.seek(frames[at].ticks - frames[0].ticks + 0.01)
replay
"""
# Names of keys below the spans, and words in the spans, that run into one another or out.
_CROWDED = """() => {
  const spans = [...document.querySelectorAll('.wb-span')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
    .map(e => 'too small for its words: ' + e.textContent);
  const names = [...document.querySelectorAll('.wb-ticks span')]
    .map(e => [e.textContent, e.getBoundingClientRect()]);
  const beside = names.flatMap(([a, r], i) => names.slice(i + 1)
    .filter(([, s]) => r.left < s.right && s.left < r.right)
    .map(([b]) => `${a} on ${b}`));
  const ticks = document.querySelector('.wb-ticks').getBoundingClientRect();
  const outside = names.filter(([, r]) => r.left < ticks.left || r.right > ticks.right)
    .map(([a]) => 'cut: ' + a);
  return [...spans, ...beside, ...outside];
}"""
# Two texts of one board that lie upon each other.
_UPON = """() => { const found = [];
  const texts = [...document.querySelectorAll('.wb-segments th, .wb-segments td, ' +
    '.wb-segments span, .wb-event b, .wb-event u, .wb-event span, .wb-next, ' +
    '.wb-log div, .wb-legend')]
    .filter(e => e.innerText && !e.querySelector('*'));
  const boxes = texts.map(e => [e.innerText, e.getBoundingClientRect()]);
  for (const [n, [a, r]] of boxes.entries()) for (const [b, q] of boxes.slice(n + 1))
    if (r.width && q.width && r.left < q.right - 1 && q.left < r.right - 1 &&
        r.top < q.bottom - 1 && q.top < r.bottom - 1) found.push(a + ' / ' + b);
  return found; }"""


@pytest.fixture(scope="module")
def kept_page(
    browser: Browser, running: RunningLab, settings: Settings
) -> Iterator[NotebookPage]:
    """Return lesson 00, open once for all tests of this module."""
    with opened(browser, running, "00_welcome", *SIZES[0]) as page:
        yield page
    clear(running, settings)


@pytest.fixture
def page(kept_page: NotebookPage) -> NotebookPage:
    """Return the page as wide as at first."""
    width, height = SIZES[0]
    kept_page.page.set_viewport_size({"width": width, "height": height})
    return kept_page


def seen(
    page: NotebookPage, board: Locator, name: str, parts: tuple[str, ...], check: str = ""
) -> dict[str, list[str]]:
    """Keep each look of a board, scrolled to each part; return what is wrong in it."""
    found = {}
    for look in looks(page):
        for part in parts:
            board.locator(f".{part}").last.scroll_into_view_if_needed()
            page.screenshot(f"{name}-{look}-{part}")
        found[look] = faults(page)
        if check:
            found[look] += page.page.evaluate(check)
    found["errors"] = page.errors()
    return {look: wrong for look, wrong in found.items() if wrong}


def test_a_recording_is_worked_by_keyboard_alone(page: NotebookPage) -> None:
    # Slow enough not to have ended before a key is pressed.
    code = 'from helpers import view\nview.recording("08_failover", speed=0.25)'
    board = show(page, code)
    expect(board).to_contain_text("A recording of ", timeout=WITHIN_MS)
    assert board.locator(".wb-card button").count() == 0, "nothing can be killed in it"
    buttons = board.locator(".wb-replay button")
    press_key(page, buttons.nth(0), "Enter")
    expect(board).to_contain_text("paused", timeout=WITHIN_MS)
    handle = board.locator(".noUi-handle")
    press_key(page, handle, "Home")
    expect(board).to_contain_text("0.0 s of", timeout=WITHIN_MS)
    expect(board.locator(".wb-leader")).to_have_count(3)
    log = board.locator(".wb-log")
    expect(log).to_contain_text("Nothing has happened")
    for _ in range(4):
        press_key(page, buttons.nth(2), "Space")
    expect(log).to_contain_text("You killed broker")
    page.screenshot("views-recording-stepped")
    # None waits for the answer to the one before, and the last one counts.
    press_key(page, buttons.nth(1), "Enter")
    press_key(page, handle, "ArrowRight")
    press_key(page, handle, "End")
    expect(log).to_contain_text("the preferred leader", timeout=WITHIN_MS)
    press_key(page, board.locator("select"), "8")
    expect(board.locator("select")).to_have_value("8×")
    press_key(page, buttons.nth(0), "Enter")
    expect(board).to_contain_text("playing at 8×", timeout=WITHIN_MS)
    page.screenshot("views-recording-end")
    assert page.errors() == []


@pytest.mark.parametrize("kind", _SHOWN)
def test_a_failover(page: NotebookPage, kind: str) -> None:
    board = show(page, _FAILOVER + _SHOWN[kind])
    expect(board.locator(".wb-offline")).to_have_count(3, timeout=WITHIN_MS)
    assert seen(page, board, f"views-{kind}", ("wb-title", "wb-legend")) == {}


@pytest.mark.parametrize(("key", "closed"), [("Home", 0), ("End", 4)])
def test_shards(page: NotebookPage, key: str, closed: int) -> None:
    board = show(page, _SHARDS)
    expect(board.locator(".wb-span").first).to_be_visible(timeout=WITHIN_MS)
    press_key(page, board.locator(".noUi-handle"), key)
    expect(board.locator(".wb-gone-row")).to_have_count(closed, timeout=WITHIN_MS)
    parts = ("wb-strip", "wb-legend", "wb-log")
    assert seen(page, board, f"13-map-{key}", parts, _CROWDED) == {}


def test_a_topic_beside_a_stream(page: NotebookPage) -> None:
    board = show(page, 'from helpers import view\nview.recording("14_twin")')
    expect(board.locator(".wb-pairs")).to_be_visible(timeout=WITHIN_MS)
    press_key(page, board.locator(".noUi-handle"), "End")
    log = board.locator(".wb-log")
    expect(log).to_contain_text("Shard 0 is split into 2 and 3", timeout=WITHIN_MS)
    expect(log).to_contain_text("The topic has 3 partitions now")
    tables = board.locator(".wb-twins table")
    expect(tables.nth(0).locator("tbody tr")).to_have_count(3)
    expect(tables.nth(1).locator("tbody tr")).to_have_count(4)
    assert seen(page, board, "twin", ("wb-pairs", "wb-log")) == {}


def test_segments_in_every_state(page: NotebookPage) -> None:
    board = show(page, _SEGMENTS)
    for state in ("active", "closed", "deleted", "gone"):
        segment = board.locator(f".wb-segment-{state}").first
        expect(segment).to_be_visible(timeout=WITHIN_MS)
    expect(board.locator(".wb-next")).to_contain_text(re.compile(r"Next, segment .* in"))
    assert seen(page, board, "10", ("wb-title", "wb-log"), _UPON) == {}


@pytest.mark.parametrize("key", ["", "Home", "End"])
def test_windows_and_late_reports(page: NotebookPage, key: str) -> None:
    board = show(page, _WINDOWS)
    expect(board.locator(".wb-log")).to_contain_text("By now 20", timeout=WITHIN_MS)
    frames = load(SHIPPED / "12_windows.json.gz").frames
    middle = next(one for one in frames if one.reports and one.reports.late >= 20)
    if key:
        press_key(page, board.locator(".noUi-handle"), key)
    moment = {"": middle, "Home": frames[0], "End": frames[-1]}[key]
    windows = moment.reports.windows if moment.reports else ()
    for state in ("closed", "open", "not begun"):
        columns = board.locator(f".wb-columns > .wb-{state.replace(' ', '-')}")
        number = sum(one.state == state for one in windows)
        expect(columns).to_have_count(number, timeout=WITHIN_MS)
    parts = ("wb-title", "wb-log")
    assert seen(page, board, f"12-windows{key}", parts, _UPON) == {}


def test_lag_without_buttons(page: NotebookPage) -> None:
    board = show(page, _LAG)
    expect(board).to_contain_text("consumer-A does not run any more", timeout=WITHIN_MS)
    expect(board.locator(".wb-table tbody tr")).to_have_count(6)
    assert board.locator(".wb-card button, .wb-card select").count() == 0
    assert board.get_by_title("Add a consumer").count() == 0
    parts = ("wb-title", "wb-table", "wb-log")
    assert seen(page, board, "lag-recorded", parts) == {}


def test_rebalances_of_two_kinds(page: NotebookPage) -> None:
    board = show(page, 'from helpers import view\nview.recording("09_rebalance")')
    expect(board).to_contain_text("C joins", timeout=WITHIN_MS)
    page.press("Pause the recording")
    expect(board.locator(".wb-hatch").first).to_be_attached()
    cooperative = board.locator(".wb-time-group", has_text="cooperative")
    expect(cooperative.locator(".wb-hatch")).to_have_count(0)
    assert seen(page, board, "09-replay", ("wb-time-row",)) == {}
