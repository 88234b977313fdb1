"""Lesson 08 as a student works it: a killed leader, a wrong answer, a replay."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings
from tests.browser.conftest import Opener

LESSON = "08_replication"
# Far more than it takes, so that a busy machine does not fail a test.
WITHIN_MS = 60_000


@pytest.fixture(autouse=True)
def every_broker_back(settings: Settings) -> Iterator[None]:
    """Leave the servers as the next test wants them."""
    yield
    EmbeddedCluster(settings).up()


def test_lesson_08_as_a_student(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    for marker in ("begin(", "quiet = ", "departed = lesson.topic"):
        page.run(marker)
    board = page.run("board = view.replicas")
    expect(board).to_contain_text("3 partitions × 3 replicas", timeout=WITHIN_MS)
    page.press("Kill broker 2")
    expect(board).to_contain_text("You killed broker 2", timeout=WITHIN_MS)
    expect(board).to_contain_text(re.compile("led by broker [13]"), timeout=WITHIN_MS)
    page.screenshot("08-killed")
    page.press("Start broker 2")
    expect(board).to_contain_text("Broker 2 runs again", timeout=WITHIN_MS)
    # Until then the controller counts two brokers, and makes no topic of three replicas.
    expect(board).to_contain_text("Broker 2 is in sync again", timeout=WITHIN_MS)

    wrong = 'guarded = lesson.topic("nyc.flight.guarded")\n'
    wrong += "admin.create_topics([NewTopic(guarded, 1, 3)])[guarded].result()"
    page.write("# Exercise 8.1", "# Exercise 8.1\n" + wrong)
    page.run("# Exercise 8.1")
    assert page.errors() == []
    card = page.run('check("8.1")')
    expect(card).to_contain_text("one broker would have an acknowledged record")
    page.press("Hint 1 of 2")
    expect(card).to_contain_text("Which replication factor, which min ISR?")
    page.screenshot("08-hint")


def test_the_replay_steps_without_brokers(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    page.run("begin(")
    replay = page.run('view.recording("08_failover"')
    page.press("Pause the recording")
    expect(replay).to_contain_text("paused", timeout=WITHIN_MS)
    before = replay.inner_text()
    page.press("Step on in the recording")
    expect(replay).not_to_have_text(before, use_inner_text=True, timeout=WITHIN_MS)
    page.screenshot("08-replay")


def test_lesson_08_runs_from_top_to_bottom(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    page.run_all()
    assert page.errors() == []
    page.screenshot("08-end")
