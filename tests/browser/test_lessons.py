"""Lessons worked through as a student works: wrong first, then hint, then right."""

from playwright.sync_api import expect

from tests.browser.conftest import Opener
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
    board = page.run("view.nodes()")
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


def test_lesson_04_as_a_student(open_page: Opener) -> None:
    page = open_page("04_topics", 1280, 800)
    for marker in ("begin(", "departed = lesson.topic", "weather = lesson.topic"):
        page.run(marker)
    expect(page.run("--list")).to_contain_text("nyc.weather.observed-")
    question = page.run('"4.2"')
    question.locator("input").first.fill("255")
    page.press("Keep this guess")
    expect(question).to_contain_text("Your guess is kept: 255 characters")

    wrong = 'name = lesson.topic("nyc.flight.cancelled")\n'
    wrong += "admin.create_topics([NewTopic(name, 3, 1)])[name].result()"
    page.write("# Exercise 4.1", "# Exercise 4.1\n" + wrong)
    page.run("# Exercise 4.1")
    card = page.run('check("4.1")')
    expect(card).to_contain_text("the second argument is the partitions")
    page.press("Solution")
    expect(card).to_contain_text("Copy it into your cell")
    page.screenshot("04-solution")

    mended = "admin.delete_topics([name])[name].result()\n"
    mended += "wait_for(lambda: name not in admin.list_topics().topics, 10, 'its end')\n"
    mended += "admin.create_topics([NewTopic(name, 6, 3)])[name].result()"
    page.write("# Exercise 4.1", "# Exercise 4.1\n" + mended)
    page.run("# Exercise 4.1")
    expect(page.run('check("4.1")')).to_contain_text("Exercise 4.1: passed")
    page.screenshot("04-passed")
    a_failed_call_ends_in_a_sentence(page)


def a_failed_call_ends_in_a_sentence(page: NotebookPage) -> None:
    page.write(
        "# Exercise 4.1",
        "admin.create_topics([NewTopic(departed, 1, 3)])[departed].result()",
    )
    cell = page.run("admin.create_topics([NewTopic(departed, 1, 3)])")
    expect(cell).to_contain_text("The topic exists already. Go on, or delete it first.")
    expect(cell.locator("details pre")).to_be_hidden()
    cell.locator("summary").click()
    expect(cell.locator("details pre")).to_contain_text("Traceback")
    assert page.errors()
    page.screenshot("04-error")
