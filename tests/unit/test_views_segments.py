"""The segment board without any server: what follows from files, in picture and text."""

import html
import re
from dataclasses import replace

import pytest

from helpers.live.segments_follow import GONE_STAYS, Listing, Span, follow, listing
from helpers.live.segments_log import tell_segments
from helpers.live.segments_snapshot import (
    SegmentFacts,
    SegmentSettings,
    SegmentsSnapshot,
)
from helpers.live.snapshot import NodeFacts, NodesSnapshot, PartitionFacts
from helpers.live.topic_snapshot import SizeFacts, TopicSnapshot
from helpers.servers.interface import SegmentFile
from helpers.views import segments_phrases as say
from helpers.views.segments_due import due, next_due
from helpers.views.segments_render import (
    ROWS_SHOWN,
    board_text,
    header_html,
    segments_log_html,
    table_html,
)

NOW, TICKS = 1e9, 100.0
SETTINGS = SegmentSettings(
    policy="delete",
    retention_ms=8000,
    retention_bytes=-1,
    segment_ms=604_800_000,
    segment_bytes=1_048_576,
    file_delete_ms=3000,
    tombstone_ms=86_400_000,
    check_ms=1000,
    cleaner_ms=1000,
)


def a_snapshot(
    *segments: SegmentFacts, begin: int = 0, **facts: object
) -> SegmentsSnapshot:
    partitions = (PartitionFacts("flights", 0, 2, (2, 3, 1), in_sync=(2, 3, 1)),)
    brokers = tuple(NodeFacts("broker", n, "running", 1000 + n) for n in (1, 2, 3))
    nodes = NodesSnapshot(NOW, TICKS, brokers, partitions, asked=TICKS)
    topic = TopicSnapshot("flights", nodes, True, (SizeFacts(0, begin, 20, 5),))
    made = SegmentsSnapshot(topic, 0, 2, segments, SETTINGS, TICKS - 0.1)
    return replace(made, **facts)  # type: ignore[arg-type]


def at(snapshot: SegmentsSnapshot, seconds: float) -> SegmentsSnapshot:
    """Return the same some seconds later."""
    nodes = snapshot.topic.nodes
    nodes = replace(
        nodes, taken_at=NOW + seconds, ticks=TICKS + seconds, asked=TICKS + seconds
    )
    return replace(snapshot, topic=replace(snapshot.topic, nodes=nodes))


FOUR = (
    SegmentFacts(0, "gone", 1_000_000, 98.0, newest=NOW - 14),
    SegmentFacts(5, "deleted", 1_000_000, 99.0, newest=NOW - 9),
    SegmentFacts(10, "closed", 900_000, 96.0, newest=NOW - 5),
    SegmentFacts(15, "active", 300_000, 97.0, oldest=NOW - 3, newest=NOW - 1),
)


def words(markup: str) -> list[str]:
    text = html.unescape(re.sub(r"<[^>]+>", " ", markup))
    return sorted(text.replace("·", " ").split())


def test_picture_and_text_say_the_same() -> None:
    board = a_snapshot(*FOUR)
    picture = header_html(board) + table_html(board) + segments_log_html(board)
    left = words(picture)
    for word in [*say.LEGEND.replace("·", " ").split(), "Base", "offset"]:
        left.remove(word)
    text = words(board_text(board))
    for word in ["Base", "offset", "File"]:
        text.remove(word)
    assert left == text


def test_each_state_has_a_word_a_shape_and_a_countdown() -> None:
    board = a_snapshot(*FOUR)
    rows = {line.split()[0]: line for line in board_text(board).splitlines()}
    assert re.search(r"0000\.log\.deleted +gone +1\.0 MB +14\.0 s old +out of", rows["0"])
    assert re.search(r"5\.log\.deleted +\.deleted .* file goes in 2\.0 s", rows["5"])
    assert re.search(
        r"10\.log +closed +900\.0 kB +5\.0 s old +expires in 3\.0 s", rows["10"]
    )
    assert re.search(r"15\.log +active .* 1\.0 s old +expires in 7\.0 s", rows["15"])
    markup = table_html(board)
    for shape in ("wb-leader", "wb-follower", "wb-behind", "wb-offline"):
        assert markup.count(shape) == 1
    assert "Next, segment 5: file goes in 2.0 s." in board_text(board)


def test_a_countdown_never_goes_below_zero() -> None:
    board = a_snapshot(*FOUR)
    for seconds in range(20):
        comes = next_due(at(board, seconds))
        assert comes is None or comes.left is None or comes.left >= 0
        assert not re.search(r" -\d", board_text(at(board, seconds)))
    assert due(at(board, 4), FOUR[2]).text == "expired: goes within 1.0 s, the next check"
    assert due(at(board, 4), FOUR[1]).text == "file goes any moment"


@pytest.mark.parametrize(
    ("changes", "one", "answer"),
    [
        ({"retention_ms": -1}, FOUR[2], "stays"),
        ({"retention_ms": -1}, FOUR[3], "closes at 1.0 MB"),
        (
            {"retention_ms": -1, "segment_ms": 5000},
            FOUR[3],
            "closes with a write after 2.0 s",
        ),
        ({"retention_ms": -1, "segment_ms": 1000}, FOUR[3], "closes with the next write"),
        ({"policy": "compact"}, FOUR[2], "stays, may be compacted"),
        ({"policy": "compact,delete"}, FOUR[2], "expires in 3.0 s"),
        (
            {"retention_ms": -1, "retention_bytes": 2_000_000},
            FOUR[2],
            "goes when 1.7 MB more are written",
        ),
        (
            {"retention_ms": -1, "retention_bytes": 200_000},
            FOUR[2],
            "over the limit: goes within 1.0 s, the next check",
        ),
        ({"retention_ms": 604_800_000}, FOUR[2], "expires in 7.0 days"),
    ],
)
def test_what_comes_follows_the_settings(
    changes: dict[str, object], one: SegmentFacts, answer: str
) -> None:
    settings = replace(SETTINGS, **changes)  # type: ignore[arg-type]
    assert due(a_snapshot(*FOUR, settings=settings), one).text == answer


def test_what_nobody_knows_is_unknown_and_never_zero() -> None:
    bare = SegmentFacts(0, "closed", 10)
    text = board_text(a_snapshot(bare, settings=None))
    assert re.search(r"closed +10 B +unknown +unknown", text)
    nobody = a_snapshot(broker=None, settings=None, asked=None)
    assert "Nobody has read the files yet" in board_text(nobody)
    old = at(a_snapshot(*FOUR), 7)
    assert "▲ The files are as they were 7 s ago." in board_text(old)
    assert "There is no partition 3: flights has partition 0." in board_text(
        a_snapshot(partition=3)
    )


def test_a_long_log_shows_its_newest_segments() -> None:
    many = tuple(SegmentFacts(n, "closed", 5) for n in range(ROWS_SHOWN + 7))
    text = board_text(a_snapshot(*many))
    assert "7 older ones are not shown" in text
    assert f"\n{ROWS_SHOWN + 6} " in text
    assert "\n6 " not in text
    assert "7 older ones are not shown" in table_html(a_snapshot(*many))


def test_a_name_cannot_break_the_page() -> None:
    board = a_snapshot(*FOUR)
    board = replace(board, topic=replace(board.topic, topic="<b>&"))
    assert "<b>&" not in header_html(board) + table_html(board)


def test_files_that_are_no_logs_do_not_count() -> None:
    names = (
        "00000000000000000000.log",
        "00000000000000000000.log.deleted",
        "00000000000000000007.log.swap",
        "00000000000000000007.log.cleaned",
        "00000000000000000000.index",
        "leader-epoch-checkpoint",
    )
    found = listing(SegmentFile(name, 5) for name in names)
    assert found == Listing({0: 5, 7: 5}, {0: 5})


def test_the_life_of_a_segment() -> None:
    first = follow(None, Listing({0: 10}, {}), {0: Span(1.0, 2.0)}, 50.0)
    assert first == (SegmentFacts(0, "active", 10, None, None, 1.0, 2.0),)
    closed = follow(first, Listing({0: 12, 3: 0}, {}), {0: Span(None, 3.0)}, 51.0)
    assert [(one.state, one.since) for one in closed] == [
        ("closed", 51.0),
        ("active", 51.0),
    ]
    assert (closed[0].oldest, closed[0].newest) == (1.0, 3.0)
    marked = follow(closed, Listing({3: 4}, {0: 12}), {}, 52.0)
    assert [(one.base, one.state) for one in marked] == [(0, "deleted"), (3, "active")]
    assert marked[0].newest == 3.0
    gone = follow(marked, Listing({3: 4}, {}), {}, 53.0)
    assert [(one.state, one.since) for one in gone] == [("gone", 53.0), ("active", 51.0)]
    for later, states in ((1.0, ["gone", "active"]), (GONE_STAYS, ["active"])):
        after = follow(gone, Listing({3: 4}, {}), {}, 53.0 + later)
        assert [one.state for one in after] == states


def test_a_file_that_goes_at_once_is_gone_too() -> None:
    before = follow(None, Listing({0: 10, 3: 4}, {}), {}, 50.0)
    after = follow(before, Listing({3: 4}, {}), {}, 51.0)
    assert [(one.base, one.state) for one in after] == [(0, "gone"), (3, "active")]


def test_the_cleaner_makes_a_segment_smaller_and_joins_its_neighbour() -> None:
    before = follow(None, Listing({0: 10, 3: 8, 6: 1}, {}), {}, 50.0)
    after = follow(before, Listing({0: 4, 6: 1}, {0: 10, 3: 8}), {}, 51.0)
    assert [(one.base, one.state, one.was) for one in after] == [
        (0, "deleted", None),
        (0, "closed", 10),
        (3, "deleted", None),
        (6, "active", None),
    ]
    assert "4 B, was 10 B" in board_text(a_snapshot(*after))


def told(before: SegmentsSnapshot, after: SegmentsSnapshot) -> str:
    return "\n".join(event.text for event in tell_segments(before, after))


def test_the_log_tells_of_a_roll_an_expiry_and_an_end() -> None:
    before = a_snapshot(SegmentFacts(0, "active", 1_000_000, 90.0))
    after = a_snapshot(
        SegmentFacts(0, "closed", 1_000_000, 93.4), SegmentFacts(7, "active", 5, 93.4)
    )
    assert told(before, after) == (
        "Segment 7 begins. Segment 0 is closed with 1.0 MB after 3.4 s."
    )
    expired = replace(FOUR[0], state="deleted", newest=NOW - 8.3, since=TICKS)
    later = a_snapshot(expired, SegmentFacts(7, "active", 5, 93.4), begin=7)
    assert told(after, later).splitlines() == [
        "The log begins at offset 7 now, not 0: 7 offsets out of reach.",
        "Segment 0 is marked .deleted: its newest record is 8.3 s old, "
        "retention.ms is 8.0 s.",
    ]
    end = a_snapshot(
        replace(expired, state="gone", since=TICKS + 3), later.segments[1], begin=7
    )
    assert told(later, end) == "The file of segment 0 is gone, 3.0 s after it was marked."


def test_the_log_tells_why() -> None:
    live = a_snapshot(FOUR[2], FOUR[3])
    marked = replace(FOUR[2], state="deleted", since=TICKS)
    by_size = replace(SETTINGS, retention_bytes=200_000)
    found = told(
        replace(live, settings=by_size), a_snapshot(marked, FOUR[3], settings=by_size)
    )
    assert found.endswith("without it the log still has retention.bytes, 200.0 kB.")
    compact = replace(SETTINGS, policy="compact")
    smaller = replace(FOUR[2], size=90_000, was=900_000)
    found = told(
        replace(live, settings=compact),
        a_snapshot(marked, smaller, FOUR[3], settings=compact),
    )
    assert "The cleaner rewrote segment 10: 900.0 kB became 90.0 kB." in found
    assert "10 is marked .deleted: its rewritten copy takes its place." in found


def test_the_log_tells_of_settings_and_of_another_leader() -> None:
    before = a_snapshot(*FOUR)
    shorter = replace(SETTINGS, retention_ms=-1, policy="compact")
    assert told(before, replace(before, settings=shorter)).splitlines() == [
        "cleanup.policy: compact now, not delete.",
        "retention.ms: no limit now, not 8.0 s.",
    ]
    moved = told(before, replace(before, broker=3, segments=()))
    assert moved == "The files of broker 3 are shown now: it leads."
