"""Lessons worked through as a student works: wrong first, then hint, then right."""

from playwright.sync_api import expect

from tests.browser.looks import WITHIN_MS, faults, looks
from tests.browser.notebook_page import NotebookPage


def test_lesson_00_as_a_student(page: NotebookPage) -> None:
    for marker in (
        "begin(",
        "flights.day(8)[0]",
        "create_topics(",
        "producer = Producer(",
    ):
        page.run(marker)
    question = page.run("predict(")
    page.press("Yes")
    expect(question).to_contain_text("Your guess is kept: Yes")

    page.write("# Exercise 0.1", "# Exercise 0.1\nproducer.produce(topic, str(flight))")
    page.run("# Exercise 0.1")
    card = page.run('check("0.1")')
    expect(card).to_contain_text("Exercise 0.1: not yet")
    expect(card).to_contain_text("did you flush?")
    page.press("Hint 1 of 2")
    expect(card).to_contain_text("The second flight of the day is")
    page.screenshot("00-hint")

    right = "second = flights.day(8)[1]\n"
    right += "producer.produce(topic, second.to_json())\nproducer.flush(10)"
    page.write("# Exercise 0.1", "# Exercise 0.1\n" + right)
    page.run("# Exercise 0.1")
    expect(page.run('check("0.1")')).to_contain_text("Exercise 0.1: passed")
    expect(page.run("progress()")).to_contain_text("1 of 1 exercises passed")

    page.restart_kernel()
    page.run("begin(")
    expect(page.run("progress()")).to_contain_text("1 of 1 exercises passed")
    page.screenshot("00-progress")


def test_the_board_follows_a_kill_and_a_start_in_every_look(page: NotebookPage) -> None:
    page.run("begin(")
    page.run("predict(")
    board = page.run_board("view.nodes()")
    expect(board).to_contain_text("5 of 5 nodes run", timeout=WITHIN_MS)
    page.press("Kill broker 2")
    expect(board).to_contain_text("You killed broker 2", timeout=WITHIN_MS)
    expect(board).to_contain_text("4 of 5 nodes run", timeout=WITHIN_MS)
    page.screenshot("board-killed")
    page.press("Start broker 2")
    expect(board).to_contain_text("5 of 5 nodes run", timeout=WITHIN_MS)
    page.press("Pause broker 1")
    expect(board).to_contain_text("You paused broker 1", timeout=WITHIN_MS)
    page.press("Resume broker 1")
    expect(board).to_contain_text("5 of 5 nodes run", timeout=WITHIN_MS)
    for look in looks(page):
        page.screenshot(f"board-{look}")
        assert faults(page) == [], look
