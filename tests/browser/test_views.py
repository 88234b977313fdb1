"""The views of a topic, live and recorded, as a student sees and works them."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.looks import SIZES, WITHIN_MS, faults, looks, press_key, show

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
# A map and a board, both at a moment of the failover, without any server.
_BOTH = """
from helpers import view
from helpers.live.player import Player
from helpers.views.topic_views import PartitionMap
board = view.recording("08_failover")
of_map = Player(board.player.recording)
for player in (board.player, of_map):
    player.pause()
    player.seek(4.0)
display(PartitionMap("the map", of_map), board)
"""
_LEADER = """row => [...row.querySelectorAll('td')]
  .findIndex(cell => cell.querySelector('.wb-leader'))"""


def test_a_map_and_a_kill(open_page: Opener) -> None:
    page = open_page("00_welcome", 1280, 800)
    page.run("begin(")
    cell = show(page, _TOPIC + "view.partitions(name)")
    rows = cell.locator(".wb-table tbody tr")
    expect(rows).to_have_count(3, timeout=WITHIN_MS)
    expect(cell.locator(".wb-leader")).to_have_count(3)
    expect(cell.locator(".wb-follower")).to_have_count(6)
    expect(rows.nth(0)).to_contain_text("300", timeout=WITHIN_MS)
    expect(rows.nth(0)).to_contain_text("50.0 %")
    expect(rows.nth(1)).to_contain_text("200")
    expect(rows.nth(2)).to_contain_text("100")
    expect(cell).to_contain_text("min.insync.replicas 2", timeout=WITHIN_MS)
    page.screenshot("views-map")

    cell = show(page, "view.replicas(name)")
    row = cell.locator(".wb-table tbody tr").first
    expect(row.locator(".wb-leader")).to_have_count(1, timeout=WITHIN_MS)
    column = row.evaluate(_LEADER)
    page.press(f"Kill broker {column + 1}")
    expect(row.locator(f"td:nth-of-type({column + 1}) .wb-offline")).to_have_count(
        1, timeout=WITHIN_MS
    )
    expect(row.locator(".wb-leader")).to_have_count(1, timeout=WITHIN_MS)
    assert row.evaluate(_LEADER) != column
    log = cell.locator(".wb-log")
    expect(log).to_contain_text(f"You killed broker {column + 1}")
    expect(log).to_contain_text(re.compile(r"Partition.* led by broker \d: [\d.]+ s"))
    expect(row).to_contain_text("2 of 3")
    page.screenshot("views-killed")
    page.press(f"Start broker {column + 1}")
    expect(row).to_contain_text("3 of 3", timeout=WITHIN_MS)
    page.screenshot("views-back")


def test_a_recording_is_worked_by_keyboard_alone(open_page: Opener) -> None:
    page = open_page("00_welcome", 1280, 800)
    cell = show(page, 'from helpers import view\nview.recording("08_failover")')
    expect(cell).to_contain_text("A recording of ", timeout=WITHIN_MS)
    assert cell.locator(".wb-card button").count() == 0, "nothing can be killed in it"
    buttons = cell.locator(".wb-replay button")
    press_key(page, buttons.nth(0), "Enter")
    expect(cell).to_contain_text("paused", timeout=WITHIN_MS)
    handle = cell.locator(".noUi-handle")
    press_key(page, handle, "Home")
    expect(cell).to_contain_text("0.0 s of", timeout=WITHIN_MS)
    expect(cell.locator(".wb-leader")).to_have_count(3)
    log = cell.locator(".wb-log")
    expect(log).to_contain_text("Nothing has happened")
    for _ in range(4):
        press_key(page, buttons.nth(2), "Space")
    expect(log).to_contain_text("You killed broker")
    page.screenshot("views-recording-stepped")
    # None waits for the answer to the one before, and the last one counts.
    press_key(page, buttons.nth(1), "Enter")
    press_key(page, handle, "ArrowRight")
    press_key(page, handle, "End")
    expect(log).to_contain_text("the preferred leader", timeout=WITHIN_MS)
    press_key(page, cell.locator("select"), "8")
    expect(cell.locator("select")).to_have_value("8×")
    press_key(page, buttons.nth(0), "Enter")
    expect(cell).to_contain_text("playing at 8×", timeout=WITHIN_MS)
    page.screenshot("views-recording-end")
    assert page.errors() == []


def test_nothing_overlaps(open_page: Opener) -> None:
    page = open_page("00_welcome", *SIZES[0])
    cell = show(page, _BOTH)
    expect(cell.locator(".wb-offline")).to_have_count(6, timeout=WITHIN_MS)
    found = {}
    for kept in looks(page):
        # Of each view, its begin and its end.
        for name in ("wb-title", "wb-legend", "wb-replay", "wb-log"):
            cell.locator(f".{name}").first.scroll_into_view_if_needed()
            page.screenshot(f"views-{kept}-{name}")
        found[kept] = faults(page)
    assert not any(found.values()), found
