"""Boards beside their notebook: where they open, and when they go."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS, faults, looks
from tests.browser.notebook_page import NotebookPage

_NODES = "view.nodes()"
# Another name each time: on a slow machine the cell is pressed twice, as students do.
_TOPIC = """
from time import time_ns
from confluent_kafka.admin import AdminClient, NewTopic
name = lesson.topic(f"seen.{time_ns()}")
admin = AdminClient(lesson.connection)
admin.create_topics([NewTopic(name, 3, 3)])[name].result(30)
"""


def tabs(page: NotebookPage, title: str) -> Locator:
    """Return the tabs of boards whose title begins so."""
    every = page.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab")
    return every.filter(has_text=re.compile(f"^{title}"))


def close(page: NotebookPage, title: str) -> None:
    tabs(page, title).locator(".lm-TabBar-tabCloseIcon").click()
    expect(tabs(page, title)).to_have_count(0)


def test_a_board_stays_in_view_while_its_lesson_scrolls(open_page: Opener) -> None:
    page = open_page("00_welcome", 1440, 900)
    page.run("begin(")
    board = page.run_board(_NODES)
    page.cells.last.scroll_into_view_if_needed()
    expect(board).to_contain_text("5 of 5 nodes run")
    expect(board.get_by_title("Kill broker 2")).to_be_in_viewport()
    said = page.cell(_NODES).locator(".wb-docked")
    expect(said).to_contain_text("Nodes is beside this notebook.")
    expect(said.locator("pre")).to_contain_text("5 of 5 nodes run")
    for look in looks(page):
        expect(board.get_by_title("Kill broker 2")).to_be_in_viewport()
        page.screenshot(f"docked-{look}")
        assert faults(page) == [], look


def test_one_place_for_all_boards_of_a_lesson(open_page: Opener) -> None:
    page = open_page("00_welcome", 1280, 800)
    page.run("begin(")
    page.run_board(_NODES)
    place = page.board.bounding_box()
    page.run_board(_NODES)
    expect(tabs(page, "Nodes")).to_have_count(1)
    assert page.board.bounding_box() == place, "a cell that runs again"

    page.write("flights.day(8)[0]", f"{_TOPIC}view.replicas(name)")
    page.run_board("view.replicas(name)")
    expect(page.board).to_contain_text("3 partitions × 3 replicas", timeout=WITHIN_MS)
    assert page.board.bounding_box() == place, "another board"
    tabs(page, "Nodes").click()
    expect(page.board).to_contain_text("5 of 5 nodes run")

    close(page, "Nodes")
    expect(page.cell(_NODES)).to_contain_text("Nodes is closed.")
    page.cell(_NODES).get_by_role("button", name="Show it").click()
    expect(page.board).to_contain_text("5 of 5 nodes run", timeout=WITHIN_MS)
    close(page, "Nodes")
    page.run_board(_NODES)
    expect(page.board).to_contain_text("5 of 5 nodes run", timeout=WITHIN_MS)

    page.write("view.replicas(name)", "board.stop()  # at last")
    page.run("# at last")
    expect(page.board).to_have_count(0)
    expect(page.cell(_NODES)).to_contain_text("This board stopped at")
    # It had made room for the boards.
    expect(page.page.locator(".jp-TableOfContents")).to_be_visible()


def test_a_restarted_kernel_leaves_no_dead_board(open_page: Opener) -> None:
    page = open_page("00_welcome", 1280, 800)
    page.run("begin(")
    page.run_board(_NODES)
    page.restart_kernel()
    expect(page.board).to_have_count(0, timeout=WITHIN_MS)
    kept = page.cell(_NODES).locator(".wb-kept")
    expect(kept).to_contain_text("5 of 5 nodes run")
    expect(kept.locator("button:enabled")).to_have_count(0)
    page.run("begin(")
    expect(page.run_board(_NODES)).to_contain_text("5 of 5 nodes run")


def test_a_page_that_is_loaded_again_hears_of_a_boards_end(open_page: Opener) -> None:
    page = open_page("00_welcome", 1280, 800)
    page.run("begin(")
    page.run_board(_NODES)
    page.menu("File", "Save Notebook")
    expect(page.page.get_by_text("Saving completed")).to_be_visible(timeout=WITHIN_MS)
    page.reload()
    expect(page.board).to_contain_text("5 of 5 nodes run", timeout=WITHIN_MS)
    page.write("flights.day(8)[0]", "board.stop()  # at last")
    page.run("# at last")
    expect(page.board).to_have_count(0, timeout=WITHIN_MS)
    expect(page.cell(_NODES)).to_contain_text("This board stopped at")


def test_where_lab_shows_one_document_the_notebook_stays(open_page: Opener) -> None:
    page = open_page("00_welcome", 1280, 800)
    page.run("begin(")
    page.page.keyboard.press("Control+Shift+D")
    said = page.run(_NODES)
    expect(said).to_contain_text("Nodes is behind this notebook.")
    expect(page.board).to_have_count(0)
    said.get_by_role("button", name="Show it").click()
    expect(page.board).to_contain_text("5 of 5 nodes run", timeout=WITHIN_MS)


def test_cells_that_wait_for_others_keep_their_boards_place(open_page: Opener) -> None:
    page = open_page("00_welcome", 1280, 800)
    page.run("begin(")
    page.run_board(_NODES)
    place = page.board.bounding_box()
    first = page.board.get_attribute("id")
    page.write("flights.day(8)[0]", "import time; time.sleep(3)  # slow")
    page.page.keyboard.press("Control+Enter")
    page.cell(_NODES).locator(".cm-content").click()
    page.page.keyboard.press("Control+Enter")
    expect(page.board).not_to_have_attribute("id", str(first), timeout=WITHIN_MS)
    assert page.board.bounding_box() == place


def test_its_text_is_as_large_as_lab_says(open_page: Opener) -> None:
    page = open_page("00_welcome", 1440, 900)
    page.run("begin(")
    name = page.run_board(_NODES).locator(".wb-name").first
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    before = name.evaluate(size)
    page.menu("View", "Appearance")
    page.page.locator(".lm-Menu-item", has_text="Presentation Mode").click()
    assert name.evaluate(size) > before * 1.15
    assert faults(page) == []
    page.screenshot("docked-presentation")
