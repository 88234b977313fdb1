"""Lesson 07 worked through as a student works, and run from top to bottom."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.notebook_page import NotebookPage

LESSON = "07_partitions"
# Far more than it takes, so that a busy machine does not fail a test.
WITHIN_MS = 60_000
WRONG = """# Exercise 7.1
balanced = create("nyc.storm.balanced", 6)
producer = Producer(lesson.connection)
for flight in day:
    producer.produce(balanced, flight.to_json(), key=flight.origin)
producer.flush(30)"""


def opened(open_page: Opener) -> NotebookPage:
    page = open_page(LESSON, 1280, 800)
    for marker in ("begin(", "def create("):
        page.run(marker)
    return page


def test_a_wrong_answer_and_the_right_one(open_page: Opener) -> None:
    page = opened(open_page)
    page.run("storm = create(")
    for marker in ("def send(", "looker = ", "def held(", "topics[name] = create("):
        page.run(marker)
    board = page.run("hot = view.partitions(")
    # So many flights have an airline of each partition, by librdkafka's hash.
    for records in (64, 11, 56, 129, 307, 363):
        beside = re.compile(rf"3 of 3\s*{records}")
        expect(board).to_contain_text(beside, timeout=WITHIN_MS)
    page.screenshot("07-map")
    page.run("sticky.partitioning.linger.ms")

    page.write("# Exercise 7.1", WRONG)
    page.run("# Exercise 7.1")
    card = page.run('check("7.1")')
    expect(card).to_contain_text("Exercise 7.1: not yet")
    expect(card).to_contain_text("You used 3 keys")
    page.press("Hint 1 of 2")
    expect(card).to_contain_text("many more values than there are partitions")
    page.screenshot("07-hint")

    page.write("# Exercise 7.1", WRONG.replace("origin", "tailnum"))
    page.run("# Exercise 7.1")
    expect(page.run('check("7.1")')).to_contain_text("Exercise 7.1: passed")
