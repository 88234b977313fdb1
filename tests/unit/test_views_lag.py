"""A group's lag as HTML and as text, its log and its trend, without any server."""

import html
import re
from dataclasses import replace

import msgspec
import pytest

from helpers.kafka.consumer_facts import ConsumerFacts, ConsumerState
from helpers.live.lag_log import tell_lag
from helpers.live.lag_snapshot import GroupState, LagRow, LagSnapshot, MemberFacts
from helpers.live.lag_trend import HISTORY_SECONDS, Trend, history
from helpers.live.recording import essence_of
from helpers.views import lag_phrases as say
from helpers.views.lag_card import LagCard
from helpers.views.lag_chart import chart_html
from helpers.views.lag_render import (
    board_text,
    consumer_classes,
    consumer_html,
    header_html,
    table_html,
)
from helpers.views.nodes_render import log_html
from helpers.views.topic_table import ROWS_SHOWN
from tests.unit.test_views_topic import three


def a_consumer(letter: str, state: ConsumerState = "running") -> ConsumerFacts:
    return ConsumerFacts(f"consumer-{letter}", 4000 + ord(letter), state, 20, 96.0)


def a_row(number: int, end: int | None, committed: int | None) -> LagRow:
    owner = "consumer-A" if number < 2 else None
    behind = None if committed is None else 6.2
    rate = None if committed is None else 12.0 * (1 - number)
    return LagRow(number, end, committed, owner, behind, rate, 99.6)


def a_lag(*rows: LagRow, **facts: object) -> LagSnapshot:
    lag = LagSnapshot(
        "delay-board",
        three(),
        "stable",
        "classic",
        (MemberFacts("consumer-A", (0, 1)), MemberFacts("rdkafka")),
        rows or tuple(a_row(n, 12_204, 7_944 + n) for n in range(3)),
        (a_consumer("A"),),
        ((90.0, 12), (91.0, None), (92.0, 330)),
        99.6,
    )
    return replace(lag, **facts)  # type: ignore[arg-type]


def words(markup: str) -> list[str]:
    blocks = re.sub(r"<[^>]+>", " ", markup)
    return sorted(html.unescape(blocks).replace("·", " ").split())


def line_of(lag: LagSnapshot, partition: int) -> str:
    return next(
        one for one in board_text(lag).splitlines() if re.match(rf"{partition}  ", one)
    )


@pytest.mark.parametrize("state", ["running", "killed", "failed"])
def test_picture_and_text_say_the_same(state: ConsumerState) -> None:
    lag = a_lag(consumers=(a_consumer("A", state), a_consumer("B")))
    chart = re.sub(r'<div class="wb-axis".*?</div>', "", chart_html(lag))
    cards = "".join(consumer_html(one, lag) for one in lag.consumers)
    picture = header_html(lag) + cards + table_html(lag) + chart
    left = words(picture + log_html(lag.about.nodes, "group"))
    for word in words(say.LEGEND):
        left.remove(word)
    assert left == words(board_text(lag))


def test_a_row_has_numbers_units_and_signs() -> None:
    lag = a_lag()
    assert line_of(lag, 0).split()[1:] == (
        ["consumer-A", "7,944", "12,204", "4,260", "6.2", "s", "▲", "12", "a", "second"]
    )
    assert line_of(lag, 1).endswith("▬ steady")
    assert line_of(lag, 2).split()[1] == "nobody"
    assert line_of(lag, 2).endswith("▼ 12 a second")
    first = board_text(lag).splitlines()[0]
    assert "2 members · classic protocol, stable" in first
    assert "total 12,777 records to read · 6.2 s behind · ▬ steady" in first
    assert first.endswith("sampled under 1 s ago")


@pytest.mark.parametrize(
    ("end", "committed", "shown"),
    [
        (10, None, "- 10 - - -"),
        (None, 7, "7 unknown unknown 6.2 s ▲ 12 a second"),
        (None, None, "unknown unknown unknown unknown unknown"),
        (10, 12, "12 10 0 6.2 s ▲ 12 a second"),
    ],
    ids=["nothing committed", "end unknown", "nothing known", "beyond the end"],
)
def test_unknown_is_not_zero_and_no_lag_is_negative(
    end: int | None, committed: int | None, shown: str
) -> None:
    lag = a_lag(a_row(0, end, committed))
    assert line_of(lag, 0).split()[2:] == shown.split()
    told = "More is committed than there is in partition 0" in board_text(lag)
    assert told == (committed == 12)
    assert (lag.total or 0) >= 0


@pytest.mark.parametrize("begin", [None, 3, 4, 9])
def test_what_was_deleted_unread_is_told(begin: int | None) -> None:
    lag = a_lag(replace(a_row(1, 10, 4), begin=begin))
    told = "5 of the records that the group lags in partition 1 were" in board_text(lag)
    assert told == (begin == 9)
    assert "total 6 records to read" in board_text(lag)


def test_a_partition_without_a_commit_is_not_counted_as_read() -> None:
    lag = a_lag(a_row(0, 10, 4), a_row(1, 10, None))
    assert "total 6 records to read" in board_text(lag)
    assert "1 partition without a commit left out" in board_text(lag)
    assert "nothing committed yet" in board_text(a_lag(a_row(0, 10, None)))


def test_a_member_whose_process_is_gone_is_told() -> None:
    dead = a_lag(consumers=(a_consumer("A", "killed"),))
    said = "▲ consumer-A does not run any more; the group counts it until its session"
    assert said in board_text(dead)
    assert "Until then nobody reads partitions 0 and 1." in board_text(dead)
    assert "✕ killed 4 s ago  was pid 4065" in board_text(dead)
    assert "wb-off" in consumer_classes(dead.consumers[0], dead)
    assert said not in board_text(a_lag(members=(), consumers=dead.consumers))


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("empty", "○ The group has no member: nobody reads."),
        ("none", "○ There is no consumer group delay-board yet: its first member"),
        ("rebalancing", "classic protocol, rebalancing"),
    ],
)
def test_a_groups_state_is_told(state: GroupState, said: str) -> None:
    assert said in board_text(a_lag(state=state, members=()))


def test_old_figures_are_told() -> None:
    assert "▲" not in board_text(a_lag()).splitlines()[1]
    old = board_text(a_lag(asked=88.0))
    assert "▲ Everything about the group is as it was 12 s ago: nobody tells it" in old
    assert "sampled 12 s ago" in old
    row = replace(a_row(1, 10, 4), asked=90.0)
    assert "▲ Ends of partition 1 are as they were 10 s ago." in board_text(a_lag(row))
    never = board_text(a_lag(asked=None, state="unknown", rows=()))
    assert "○ No broker has told of the group yet." in never


def test_a_topic_that_is_not_there_is_told() -> None:
    gone = board_text(a_lag(about=three(is_there=False), rows=()))
    assert "○ There is no topic flights. This view goes on when there is." in gone


def test_many_partitions_are_cut_and_told() -> None:
    rows = tuple(a_row(n, 10, 4) for n in range(ROWS_SHOWN + 2))
    assert "… and 2 more partitions" in board_text(a_lag(*rows))
    assert table_html(a_lag(*rows)).count("<tr") == ROWS_SHOWN + 1


def test_foreign_text_is_escaped() -> None:
    member = MemberFacts("<b>bold", (0,))
    row = replace(a_row(0, 10, 4), owner="<b>bold")
    lag = a_lag(row, members=(member,), consumers=())
    assert "<b>bold" not in header_html(lag) + table_html(lag)


def test_the_chart_has_a_line_for_each_known_stretch() -> None:
    lag = a_lag()
    assert chart_html(lag).count("<polyline") == 2
    assert "12 at first, at most 12,777 (now), 12,777 records now" in say.course(lag)
    assert "<svg" not in chart_html(a_lag(a_row(0, 10, None), history=()))


def told(before: LagSnapshot, after: LagSnapshot) -> list[str]:
    return [event.text for event in tell_lag(before, after)]


def test_the_log_tells_of_processes() -> None:
    two = (a_consumer("A"), a_consumer("B"))
    assert told(a_lag(), a_lag(consumers=two)) == ["You added consumer-B (pid 4066)."]
    assert told(a_lag(consumers=two), a_lag()) == ["You removed consumer-B."]
    slow = (replace(a_consumer("A"), milliseconds=500),)
    assert told(a_lag(), a_lag(consumers=slow)) == [
        "You made each record 500 ms of work to consumer-A."
    ]
    dead = (a_consumer("A", "killed"),)
    assert told(a_lag(), a_lag(consumers=dead)) == [
        "consumer-A is killed (pid 4065); the group is not told."
    ]
    assert told(a_lag(consumers=dead), a_lag(consumers=())) == []
    failed = (replace(a_consumer("A", "failed"), error="KeyError: 'x'"),)
    assert told(a_lag(), a_lag(consumers=failed)) == [
        "consumer-A ended by itself: KeyError: 'x'"
    ]


def test_the_log_tells_of_members_and_owners() -> None:
    alone = (MemberFacts("consumer-A", (0,)),)
    lost = tuple(replace(one, owner=None) for one in a_lag().rows)
    after = a_lag(*lost, members=alone, state="rebalancing")
    assert told(a_lag(), after) == [
        "rdkafka left the group.",
        "The group is rebalancing.",
        "Nobody owns partitions 0 and 1 now.",
    ]
    assert told(after, a_lag()) == [
        "rdkafka joined the group.",
        "The group is stable again.",
        "consumer-A owns partitions 0 and 1 now.",
    ]


def test_nothing_is_told_of_a_group_before_it_is_known() -> None:
    unknown = a_lag(state="unknown", members=(), asked=None, rows=())
    assert told(unknown, a_lag()) == []
    none = a_lag(state="none", members=())
    assert told(none, a_lag())[0] == "The group delay-board is there now."


def test_a_trend_is_of_the_last_seconds() -> None:
    trend = Trend()
    assert trend.per_second(0.0, {0: 100}) == {}
    assert trend.per_second(0.5, {0: 90}) == {}
    assert trend.per_second(2.0, {0: 60, 1: 5}) == {0: -20.0}
    assert trend.per_second(2.0, {0: 60, 1: 5}) == {0: -20.0}, "the same sample again"
    assert trend.per_second(4.0, {0: 60, 1: 9}) == {0: 0.0, 1: 2.0}
    assert trend.per_second(20.0, {0: 0}) == {}, "what is older says nothing of now"


def test_a_history_is_short_and_has_a_point_a_second() -> None:
    points: tuple[tuple[float, int | None], ...] = ()
    for tenth in range(3_000):
        points = history(points, tenth / 10, tenth)
    assert len(points) <= HISTORY_SECONDS + 1
    assert points[-1][0] - points[0][0] <= HISTORY_SECONDS


def test_a_card_follows_its_consumer_and_asks_only_for_what_is_chosen() -> None:
    asked: list[tuple[str, str, float]] = []
    card = LagCard("consumer-A", lambda *what: asked.append(what))
    for milliseconds in (20, 500, 37.5, 200, 0):
        card.show(replace(a_consumer("A"), milliseconds=milliseconds), a_lag())
        assert card.pace.value == milliseconds
    assert asked == [], "nobody has chosen anything"
    card.pace.value = 100.0
    card.show(replace(a_consumer("A"), milliseconds=0), a_lag())
    assert card.pace.value == 100.0, "what was chosen just now stays"
    card.remove.click()
    card.kill.click()
    assert asked == [
        ("throttle", "consumer-A", 100.0),
        ("remove", "consumer-A", 0),
        ("kill", "consumer-A", 0),
    ]
    card.show(a_consumer("A", "killed"), a_lag())
    assert card.pace.disabled
    assert card.kill.disabled


def test_a_snapshot_goes_into_a_recording_and_comes_back() -> None:
    lag = a_lag(consumers=(a_consumer("A"), a_consumer("B", "failed")))
    assert msgspec.json.decode(msgspec.json.encode(lag), type=LagSnapshot) == lag
    older = a_lag(*(replace(one, behind=9.0) for one in lag.rows), history=())
    later = a_lag()
    assert essence_of(older) == essence_of(later), "age alone is no change"
