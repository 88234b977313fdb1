"""Lesson 03 in a real browser: a student who errs once, and a run of every cell."""

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS

EXECUTE = (
    "!kafka-reassign-partitions --bootstrap-server {servers} "
    '--reassignment-json-file "{plan}" --execute'
)


def test_lesson_03_as_a_student(open_page: Opener) -> None:
    page = open_page("03_cluster", 1280, 800)
    page.run("begin(")
    board = page.run_board("view.nodes()")
    expect(board).to_contain_text("5 of 5 nodes run", timeout=WITHIN_MS)
    for marker in ("admin = AdminClient", "departed = lesson.topic", "def placement"):
        page.run(marker)
    question = page.run('"3.1"')
    page.press("About 3, a fair share")
    expect(question).to_contain_text("Your guess is kept: About 3, a fair share")
    page.run('cluster.add("broker")')
    expect(board).to_contain_text("6 of 6 nodes run", timeout=WITHIN_MS)
    expect(board).to_contain_text("Broker 4 has joined")
    page.run("gained = sum")
    expect(page.run('reveal("3.1"')).to_contain_text("Not so: None")
    page.open_deeper()
    page.run("def write_plan")

    page.write(
        "# Exercise 3.1", f"# Exercise 3.1\nplan = write_plan({{1: [4]}})\n{EXECUTE}"
    )
    page.run("# Exercise 3.1")
    card = page.run('check("3.1")')
    expect(card).to_contain_text("Partition 1 has one copy now")
    page.press("Hint 1 of 2")
    expect(card).to_contain_text("all brokers that shall hold it")
    page.screenshot("03-hint")
    page.write(
        "# Exercise 3.1", f"# Exercise 3.1\nplan = write_plan({{1: [4, 3]}})\n{EXECUTE}"
    )
    page.run("# Exercise 3.1")
    expect(page.run('check("3.1")')).to_contain_text("Exercise 3.1: passed")
    page.screenshot("03-passed")
    page.run("lesson.clean_up()")
