"""Lesson 08 as a student works it: a killed leader, a replay."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS

LESSON = "08_replication"


@pytest.mark.soak
def test_lesson_08_as_a_student(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    for marker in ("begin(", "brisk = ", "departed = lesson.topic"):
        page.run(marker)
    board = page.run_board("board = view.replicas")
    expect(board).to_contain_text("3 partitions × 3 replicas", timeout=WITHIN_MS)
    page.press("Kill broker 2")
    expect(board).to_contain_text("You killed broker 2", timeout=WITHIN_MS)
    expect(board).to_contain_text(re.compile("led by broker [13]"), timeout=WITHIN_MS)
    page.screenshot("08-killed")
    page.press("Start broker 2")
    expect(board).to_contain_text("Broker 2 runs again", timeout=WITHIN_MS)
    # Until then the controller counts two brokers, and makes no topic of three replicas.
    expect(board).to_contain_text("Broker 2 is in sync again", timeout=WITHIN_MS)
    assert page.errors() == []


@pytest.mark.soak
def test_the_replay_steps_without_brokers(open_page: Opener) -> None:
    page = open_page(LESSON, 1280, 800)
    page.open_deeper()
    page.run("begin(")
    replay = page.run_board('view.recording("08_failover"')
    page.press("Pause the recording")
    expect(replay).to_contain_text("paused", timeout=WITHIN_MS)
    before = replay.inner_text()
    page.press("Step on in the recording")
    expect(replay).not_to_have_text(before, use_inner_text=True, timeout=WITHIN_MS)
    page.screenshot("08-replay")
