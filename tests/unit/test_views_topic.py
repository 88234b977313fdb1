"""The views of a topic as HTML and as text, without any server."""

import html
import re
from dataclasses import replace

import pytest

from helpers.live.snapshot import NodeFacts, NodesSnapshot, PartitionFacts
from helpers.live.topic_snapshot import SizeFacts, TopicSnapshot
from helpers.servers.interface import NodeState
from helpers.views import topic_phrases as say
from helpers.views.topic_render import board_text, header_html, map_text, table_html
from helpers.views.topic_table import ROWS_SHOWN, rows

TITLE = "Partitions of"


def a_broker(number: int, state: NodeState = "running") -> NodeFacts:
    return NodeFacts("broker", number, state, 1000 + number, leads=1, follows=2)


def a_partition(number: int, **facts: object) -> PartitionFacts:
    first = 1 + number % 3
    replicas = (first, 1 + first % 3, 1 + (first + 1) % 3)
    one = PartitionFacts("flights", number, first, replicas, in_sync=replicas)
    return replace(one, **facts)  # type: ignore[arg-type]


def a_size(number: int, asked: float = 99.5, weighed: float = 99.5) -> SizeFacts:
    end, volume = 10 + 100 * (number + 1), 2048 * (number + 1)
    return SizeFacts(number, 10, end, volume, asked, weighed)


def a_topic(*partitions: PartitionFacts, **facts: object) -> TopicSnapshot:
    nodes = NodesSnapshot(
        1e9, 100.0, tuple(map(a_broker, (1, 2, 3))), partitions, asked=99.8
    )
    sizes = tuple(map(a_size, range(3)))
    topic = TopicSnapshot("flights", nodes, True, sizes, min_in_sync=2)
    return replace(topic, **facts)  # type: ignore[arg-type]


def three(**facts: object) -> TopicSnapshot:
    return a_topic(*map(a_partition, range(3)), **facts)


def with_state(topic: TopicSnapshot, number: int, state: NodeState) -> TopicSnapshot:
    brokers = tuple(a_broker(n, state if n == number else "running") for n in (1, 2, 3))
    return replace(topic, nodes=replace(topic.nodes, nodes=brokers))


def words(markup: str) -> list[str]:
    blocks = re.sub(r"<[^>]+>", " ", markup)
    return sorted(html.unescape(blocks).replace("·", " ").split())


@pytest.mark.parametrize("state", ["running", "paused", "killed"])
def test_picture_and_text_say_the_same(state: NodeState) -> None:
    topic = with_state(three(eligible={0: (2,)}), 1, state)
    picture = header_html(TITLE, topic) + table_html(topic, with_bytes=True)
    legend = words(say.LEGEND)
    left = words(picture)
    for word in legend:
        left.remove(word)
    assert left == words(map_text(topic))


def test_shares_are_of_all_and_unknown_is_never_zero() -> None:
    text = map_text(three())
    assert re.search(r"\n0 .* 100 +16\.7 % +2\.0 kB +16\.7 %", text)
    assert re.search(r"\n2 .* 300 +50\.0 % +6\.1 kB +50\.0 %", text)
    assert "600 records" in text
    unknown = three(sizes=(SizeFacts(0, 0, 5),))
    lines = map_text(unknown).splitlines()[2:]
    assert "5" in lines[0].split()
    assert lines[0].count("unknown") == 1, "its bytes"
    assert all(row.count("unknown") == 2 and " 0 %" not in row for row in lines[1:])
    assert "records" not in map_text(unknown).splitlines()[0]


def test_every_role_has_a_shape_and_a_word_of_its_own() -> None:
    behind = a_partition(0, in_sync=(1, 3))
    topic = a_topic(behind)
    faces = {
        (css, text.removesuffix(" ★"))
        for state in ("running", "paused", "killed")
        for number in (1, 3)
        for css, text in re.findall(
            r'class="wb-copy ([\w -]*) wb-own[^"]*">([^<]+)<',
            table_html(with_state(topic, number, state), False),  # type: ignore[arg-type]
        )
    }
    assert len({text for _, text in faces}) == len(faces)
    assert {text for _, text in faces} == {
        "LEADER",
        "paused leader",
        "follower",
        "out of sync",
        "offline",
        "offline leader",
    }


@pytest.mark.parametrize("leader", [1, 2, 3])
def test_who_leads_is_whom_kafka_names(leader: int) -> None:
    topic = a_topic(a_partition(0, leader=leader))
    (row,) = rows(topic)
    words_of = [text.removesuffix(" ★") for text in row.cells]
    assert [n for n in (1, 2, 3) if words_of[n - 1] == "LEADER"] == [leader]
    assert words_of.count("follower") == 2
    assert [text.endswith("★") for text in row.cells] == [True, False, False]


def test_under_min_no_leader_and_elr_are_words() -> None:
    alone = a_partition(0, leader=None, in_sync=())
    topic = a_topic(alone, eligible={0: (2, 3)})
    assert "0 of 3 ▼ under min · no leader · ELR 2 and 3" in board_text(topic)
    assert 'class="wb-warn"' in table_html(topic, False)
    assert "in sync none" in table_html(topic, False)
    assert "under min" not in board_text(three())


def test_a_hover_tells_the_details_of_a_row() -> None:
    assert (
        'title="Partition 1: led by broker 2; replicas on brokers 2, 3 and 1; in sync '
        '2, 3 and 1; offsets 10 to 210; 4.1 kB in the leader&#x27;s log"'
    ) in table_html(three(), True)


def test_many_partitions_are_cut_and_counted() -> None:
    topic = a_topic(*map(a_partition, range(ROWS_SHOWN + 52)))
    assert "… and 52 more partitions" in map_text(topic)
    assert table_html(topic, True).count("<tr") == ROWS_SHOWN + 1


@pytest.mark.parametrize(
    ("is_there", "said"),
    [
        (None, "No broker has told of the topic yet."),
        (False, "There is no topic flights"),
    ],
)
def test_a_topic_that_is_not_there_is_said(is_there: bool | None, said: str) -> None:
    topic = a_topic(is_there=is_there, sizes=())
    assert f"○ {said}" in map_text(topic)
    assert said in header_html(TITLE, topic)
    assert table_html(topic, True) == ""


def test_old_sizes_are_said_to_be_old() -> None:
    old = three(sizes=(a_size(0), a_size(1, asked=80.0), a_size(2, weighed=70.0)))
    assert "▲ Records of partition 1 are as they were 20 s ago." in map_text(old)
    assert "▲ Bytes of partition 2 are as they were 30 s ago." in map_text(old)
    assert "sampled 20 s ago" in map_text(old)
    assert "600 records" in map_text(old)
    assert "▲" not in map_text(three())


def test_names_from_outside_stay_text() -> None:
    evil = three(topic="<b>\"'&")
    assert "<b>" not in header_html(TITLE, evil) + table_html(evil, True)


@pytest.mark.parametrize(
    ("number", "said"),
    [(None, "unknown"), (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (5e9, "5.0 GB")],
)
def test_bytes_have_their_unit(number: int | None, said: str) -> None:
    assert say.size(number) == said
