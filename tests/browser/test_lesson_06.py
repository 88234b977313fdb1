"""Lesson 06 worked through as a student works: a wrong worker first, then a right one."""

import psutil
from playwright.sync_api import expect

from helpers.waiting import wait_for
from tests.browser.conftest import Opener
from tests.labs import RunningLab

LESSON = "06_consumers"
END_SECONDS = 30
HEAD = '%%writefile "{lesson.folder}/mine.py"\n# Exercise 6.1\n'
PLAIN = """import sqlite3
from lessons.scripts.batches import batches, consumer, place
database = sqlite3.connect(place)
database.execute("CREATE TABLE IF NOT EXISTS told (flight TEXT)")
for messages in batches():
    rows = [(message.key().decode(),) for message in messages]
    database.executemany("INSERT INTO told VALUES (?)", rows)
    database.commit()
    consumer.commit(asynchronous=False)
"""


def processes_of(lab: RunningLab) -> list[psutil.Process]:
    """Return the scripts that kernels of the Lab have started."""
    mine = lab.env["WORKBOOK_STATE_DIR"]
    found = []
    for process in psutil.process_iter():
        try:
            line = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if "helpers.kafka.member_process" in line and mine in line:
            found.append(process)
    return found


def test_a_worker_that_doubles_and_one_that_does_not(
    open_page: Opener, lab: RunningLab
) -> None:
    page = open_page(LESSON, 1280, 800)
    for marker in (
        "begin(",
        "create = topics.creator(",
        "def send(",
        "departed = create",
    ):
        page.run(marker)
    page.run("cancelled = create")
    question = page.run('"6.3"')
    page.press("It is told twice")
    expect(question).to_contain_text("Your guess is kept: It is told twice")

    page.write("# Exercise 6.1", HEAD + PLAIN)
    page.run("# Exercise 6.1")
    card = page.run('check("6.1")')
    expect(card).to_contain_text("Exercise 6.1: not yet")
    expect(card).to_contain_text("flights were told more than once")
    page.press("Hint 1 of 2")
    expect(card).to_contain_text("What must the table know")
    page.screenshot("06-told-twice")

    right = PLAIN.replace("flight TEXT", "flight TEXT PRIMARY KEY")
    right = right.replace("INSERT INTO", "INSERT OR IGNORE INTO")
    page.write("# Exercise 6.1", HEAD + right)
    page.run("# Exercise 6.1")
    expect(page.run('check("6.1")')).to_contain_text("Exercise 6.1: passed")
    page.screenshot("06-told-once")
    assert processes_of(lab) == []

    page.open_deeper()
    page.write("stops = [", "(lesson.folder / 'idle.py').write_text('while 1: 1')")
    page.run("'while 1: 1'")
    page.write('reveal("6.4"', "lesson.start('idle.py').pid")
    page.run("lesson.start('idle.py')")
    wait_for(lambda: processes_of(lab), END_SECONDS, "the script's process")
    page.restart_kernel()
    wait_for(lambda: not processes_of(lab), END_SECONDS, "the end of the script")
