"""The views of a topic as a student sees and works them."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.looks import WITHIN_MS, show

_TOPIC = """
from helpers import view
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
name = lesson.topic("seen")
admin = AdminClient(lesson.connection)
wanted = NewTopic(name, 3, 3, config={"min.insync.replicas": "2"})
admin.create_topics([wanted])[name].result(30)
producer = Producer(lesson.connection)
for number in range(600):
    producer.produce(name, b"x" * 100, partition=(0, 0, 0, 1, 1, 2)[number % 6])
producer.flush(30)
"""
_LEADER = """row => [...row.querySelectorAll('td')]
  .findIndex(cell => cell.querySelector('.wb-leader'))"""


def test_a_map_and_a_kill(open_page: Opener) -> None:
    page = open_page("00_welcome", 1280, 800)
    page.run("begin(")
    board = show(page, _TOPIC + "view.partitions(name)")
    rows = board.locator(".wb-table tbody tr")
    expect(rows).to_have_count(3, timeout=WITHIN_MS)
    expect(board.locator(".wb-leader")).to_have_count(3)
    expect(board.locator(".wb-follower")).to_have_count(6)
    expect(rows.nth(0)).to_contain_text("300", timeout=WITHIN_MS)
    expect(rows.nth(0)).to_contain_text("50.0 %")
    expect(rows.nth(1)).to_contain_text("200")
    expect(rows.nth(2)).to_contain_text("100")
    expect(board).to_contain_text("min.insync.replicas 2", timeout=WITHIN_MS)
    page.screenshot("views-map")

    board = show(page, "view.replicas(name)")
    row = board.locator(".wb-table tbody tr").first
    expect(row.locator(".wb-leader")).to_have_count(1, timeout=WITHIN_MS)
    column = row.evaluate(_LEADER)
    page.press(f"Kill broker {column + 1}")
    expect(row.locator(f"td:nth-of-type({column + 1}) .wb-offline")).to_have_count(
        1, timeout=WITHIN_MS
    )
    expect(row.locator(".wb-leader")).to_have_count(1, timeout=WITHIN_MS)
    assert row.evaluate(_LEADER) != column
    log = board.locator(".wb-log")
    expect(log).to_contain_text(f"You killed broker {column + 1}")
    expect(log).to_contain_text(re.compile(r"Partition.* led by broker \d: [\d.]+ s"))
    expect(row).to_contain_text("2 of 3")
    page.screenshot("views-killed")
    page.press(f"Start broker {column + 1}")
    expect(row).to_contain_text("3 of 3", timeout=WITHIN_MS)
    page.screenshot("views-back")
