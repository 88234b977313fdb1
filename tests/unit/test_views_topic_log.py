"""The log of a topic: from two snapshots to sentences, without any server."""

from dataclasses import replace

from helpers.live.snapshot import PartitionFacts
from helpers.live.topic_log import tell_topic
from helpers.live.topic_snapshot import TopicSnapshot
from tests.unit.test_views_topic import a_partition, a_topic, three, with_state


def later(topic: TopicSnapshot, *rows: PartitionFacts, ticks: float) -> TopicSnapshot:
    return replace(topic, nodes=replace(topic.nodes, partitions=rows, ticks=ticks))


def lines(before: TopicSnapshot, after: TopicSnapshot) -> list[str]:
    return [event.text for event in tell_topic(before, after)]


def test_nothing_new_is_nothing_said() -> None:
    assert lines(three(), three()) == []


def test_a_failover_is_told_with_its_measured_time() -> None:
    silent = a_partition(0, silent_since=100.0)
    others = [a_partition(1), a_partition(2)]
    before = with_state(a_topic(silent, *others), 1, "killed")
    rows = (
        replace(silent, leader=2, in_sync=(2, 3), silent_since=None),
        *(replace(one, in_sync=tuple({*one.in_sync} - {1})) for one in others),
    )
    assert lines(before, later(before, *rows, ticks=102.7)) == [
        "Partition 0 is led by broker 2: 2.7 s without a leader.",
        "Broker 1 is out of sync on partitions 0, 1 and 2: 2 of 3 in sync.",
    ]


def test_coming_back_and_the_preferred_leader_are_told() -> None:
    away = a_partition(0, leader=2, in_sync=(2, 3))
    before = a_topic(away)
    back = replace(away, in_sync=(2, 3, 1))
    assert lines(before, later(before, back, ticks=103.0)) == [
        "Broker 1 is in sync again on partition 0: 3 of 3 in sync."
    ]
    home = later(before, replace(back, leader=1), ticks=104.0)
    assert lines(later(before, back, ticks=103.0), home) == [
        "Partition 0 is led by broker 1, the preferred leader: handed over by broker 2."
    ]


def test_under_min_and_back_are_told() -> None:
    well, under = a_partition(0), a_partition(0, in_sync=(1,))
    gone, home = (
        lines(a_topic(a), a_topic(b)) for a, b in ((well, under), (under, well))
    )
    assert gone[-1] == (
        "Partition 0 is under min.insync.replicas 2: writes with acks=all are refused."
    )
    assert home[-1].startswith("Partition 0 is not under min.insync.replicas 2 any more")
    loose = replace(a_topic(under), min_in_sync=1)
    assert not any("min.insync" in line for line in lines(three(min_in_sync=1), loose))


def test_no_leader_at_all_is_told() -> None:
    lost = a_partition(0, leader=None, silent_since=100.0)
    assert "Partition 0 is without any leader now." in lines(three(), a_topic(lost))


def test_the_life_of_a_topic_is_told() -> None:
    gone = a_topic(is_there=False)
    assert lines(three(), gone) == ["The topic flights is deleted."]
    assert lines(gone, three()) == ["The topic flights is there now."]
    grown = a_topic(*map(a_partition, range(5)))
    assert lines(three(), grown) == ["The topic has 5 partitions now, 2 more."]


def test_many_partitions_are_counted_not_listed() -> None:
    rows = [a_partition(number) for number in range(12)]
    shrunk = [replace(row, in_sync=(1, 2)) for row in rows]
    assert lines(a_topic(*rows), a_topic(*shrunk)) == [
        "Broker 3 is out of sync on 12 partitions: 2 of 3 in sync."
    ]
