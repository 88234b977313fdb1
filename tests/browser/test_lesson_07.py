"""Lesson 07 as a student works it: keys on the map of partitions."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS
from tests.browser.notebook_page import NotebookPage

LESSON = "07_partitions"


def opened(open_page: Opener) -> NotebookPage:
    page = open_page(LESSON, 1280, 800)
    for marker in ("begin(", "create = topics.creator("):
        page.run(marker)
    return page


@pytest.mark.soak
def test_the_map_counts_what_each_partition_holds(open_page: Opener) -> None:
    page = opened(open_page)
    page.run("storm = create(")
    for marker in ("def send(", "looker = ", "def held(", "topics[name] = create("):
        page.run(marker)
    board = page.run_board("hot = view.partitions(")
    # So many flights have an airline of each partition, by librdkafka's hash.
    for records in (64, 11, 56, 129, 307, 363):
        beside = re.compile(rf"3 of 3\s*{records}")
        expect(board).to_contain_text(beside, timeout=WITHIN_MS)
    page.screenshot("07-map")
