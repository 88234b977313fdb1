"""The map of shards as HTML and as text, without any Kinesis."""

import html
import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from helpers.kinesis.governor import Governor
from helpers.kinesis.shards import HASH_KEYS, Shard, hash_key
from helpers.live.recording import KINDS, Recorder, load
from helpers.live.shard_tally import Tally
from helpers.live.stream_log import tell_stream
from helpers.live.stream_poller import facts
from helpers.live.stream_snapshot import KeyFacts, ShardFacts, StreamSnapshot
from helpers.live.stream_watch import StreamSample
from helpers.views import shard_phrases as say
from helpers.views.replay import VIEWS
from helpers.views.shard_render import (
    LEGEND,
    ROWS_SHOWN,
    header_html,
    log_html,
    map_html,
    map_text,
)
from helpers.views.shard_strip import depths_of, labelled, strip_html
from helpers.views.style import scaled

NOW = 1e9


def an_id(number: int) -> str:
    return f"shardId-{number:012d}"


def a_shard(number: int, begin: float, end: float, **more: object) -> ShardFacts:
    known = ShardFacts(
        an_id(number),
        begin,
        end,
        records=100 * number,
        bytes=13_000 * number,
        keys=number,
        used_records=0.1 * number,
        used_bytes=0.01,
        peak_records=0.4 * number,
        peak_bytes=0.02,
        refused=0,
    )
    return replace(known, **more)  # type: ignore[arg-type]


def a_stream(*shards: ShardFacts, **more: object) -> StreamSnapshot:
    known = StreamSnapshot(
        "flights",
        NOW,
        100.0,
        True,
        "ACTIVE",
        shards or (a_shard(1, 0, 0.5), a_shard(2, 0.5, 1)),
        (
            KeyFacts("UA", an_id(1), 0.224, 80),
            KeyFacts("AA", an_id(1), 0.233, 20),
            KeyFacts("DL", an_id(2), 0.96, 40),
        ),
        asked=99.8,
        write_share=0.1,
    )
    return replace(known, **more)  # type: ignore[arg-type]


def resharded() -> StreamSnapshot:
    """Return a stream whose shard 1 was split, and 3 and 2 were merged."""
    old = an_id(1), an_id(2), an_id(3)
    return a_stream(
        a_shard(1, 0, 0.5, closed=True, drained=True),
        a_shard(3, 0, 0.25, parents=old[:1]),
        a_shard(4, 0.25, 0.5, parents=old[:1], closed=True),
        a_shard(2, 0.5, 1, closed=True),
        a_shard(5, 0.25, 1, parents=(an_id(4), an_id(2))),
    )


def words(markup: str) -> list[str]:
    # What is aria-hidden is a drawing of what the table says.
    markup = re.sub(r"<(div|span) class=\"wb-(strip|ticks)\".*?</\1>(?=<)", " ", markup)
    return sorted(
        html.unescape(re.sub(r"<[^>]+>", " ", markup)).replace("·", " ").split()
    )


@pytest.mark.parametrize("stream", [a_stream(), resharded(), a_stream(write_share=None)])
def test_picture_and_text_say_the_same(stream: StreamSnapshot) -> None:
    strip = strip_html(stream)
    table = map_html(stream)
    assert table.startswith(strip)
    picture = header_html(stream) + table.removeprefix(strip) + log_html(stream)
    left = words(picture)
    for word in words(LEGEND):
        left.remove(word)
    assert left == words(map_text(stream))


def test_every_number_has_its_unit_and_unknown_is_never_zero() -> None:
    text = map_text(a_stream())
    assert re.search(r"\n1 +open +– +0\.0 – 50\.0 % +1 +100 +33\.3 % +13\.0 kB", text)
    assert re.search(r"\n2 .* 66\.7 % +26\.0 kB +20 % / 80 % +1 % / 2 % +0\n", text)
    assert "300 records read" in text
    nothing = ShardFacts(an_id(0), 0, 1)
    unknown = map_text(a_stream(nothing, keys=())).splitlines()
    (row,) = [line for line in unknown if line.startswith("0 ")]
    assert row.count("unknown") == 5
    assert row.endswith("–")
    assert " 0 %" not in row
    assert "records read" not in unknown[0]


def test_it_says_whose_limits_are_applied_and_by_whom() -> None:
    tenth = map_text(a_stream())
    assert "0.1 of AWS's limits: 100 records and 0.1 MB a second a shard" in tenth
    assert "applied by this course in your client" in tenth
    whole = map_text(a_stream(write_share=1.0))
    assert "shares of AWS's limits: 1,000 records and 1 MB a second a shard" in whole
    assert "nobody applies them here" in map_text(a_stream(write_share=None))


def test_parents_and_children_open_closed_and_drained() -> None:
    text = map_text(resharded())
    assert re.search(r"\n1 +closed, drained +–", text)
    assert re.search(r"\n3 +open +1 ", text)
    assert re.search(r"\n4 +closed, not drained +1 ", text)
    assert re.search(r"\n5 +open +4 and 2 ", text)
    assert "2 open shards · 3 closed" in text
    depths = depths_of(resharded().shards)
    assert [depths[an_id(number)] for number in range(1, 6)] == [0, 0, 1, 1, 2]


def test_spans_lie_where_their_hash_keys_are() -> None:
    strip = strip_html(resharded())
    boxes = re.findall(r'class="([^"]+)" style="left:([\d.]+)%;width:([\d.]+)%', strip)
    assert ("wb-span", "25.000", "75.000") in boxes
    assert ("wb-span wb-shut", "0.000", "50.000") in boxes
    assert "shard</span> 1</b><br>drained" in strip
    assert "shard</span> 4</b><br>closed" in strip
    assert f'<i style="left:22.400%;height:{scaled(24)}">' in strip, "UA has most records"


def test_an_open_shard_reaches_down_to_its_keys() -> None:
    strip = strip_html(resharded())
    ends = {
        number: float(top) + float(height)
        for top, height, number in re.findall(
            r"top:calc\([^*]*\* ([\d.]+)\);height:calc\([^*]*\* ([\d.]+)\)\"[^>]*>"
            r"<b><[^>]*>shard</span> (\d)",
            strip,
        )
    }
    # Each length is rounded.
    assert ends["3"] == pytest.approx(ends["5"], abs=0.01)
    assert ends["3"] == pytest.approx(max(ends.values()), abs=0.01)
    assert ends["1"] < ends["3"]


def test_names_of_keys_stay_apart() -> None:
    crowd = [KeyFacts(str(n), an_id(1), n / 100, 100 - n) for n in range(100)]
    places = sorted(one.at for one in labelled(crowd))
    assert all(b - a > 0.04 for a, b in itertools.pairwise(places))
    assert labelled(crowd)[0].key == "0"
    assert [one.key for one in labelled(a_stream().keys)] == ["UA", "DL"], (
        "AA is too near"
    )


def test_many_shards_are_cut_and_counted() -> None:
    many = [a_shard(n, n / 100, (n + 1) / 100) for n in range(100)]
    stream = a_stream(*many)
    assert "… and 52 more shards" in map_text(stream)
    assert map_html(stream).count("<tr") == ROWS_SHOWN + 1
    assert strip_html(stream).count('class="wb-span"') == 100


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"is_there": None}, "Kinesis has not told of the stream yet."),
        ({"is_there": False}, "There is no stream flights. This view goes on when"),
        ({"status": "CREATING"}, "The stream has no shards yet: it is not active."),
        ({"problem": "Kinesis cannot be asked now (no answer)."}, "cannot be asked now"),
    ],
)
def test_what_is_not_there_is_said(more: dict[str, object], said: str) -> None:
    stream = replace(a_stream(), shards=(), **more)  # type: ignore[arg-type]
    assert f"▲ {said}" in map_text(stream) or said in map_text(stream)
    assert said in header_html(stream)
    assert map_html(stream) == ""


def test_an_old_answer_is_said_to_be_old() -> None:
    assert "▲ All this is as it was 20 s ago." in map_text(a_stream(asked=80.0))
    assert "▲" not in map_text(a_stream())


def test_a_full_load_stands_out_in_words_and_weight() -> None:
    full = a_stream(a_shard(1, 0, 1, used_records=1.0, peak_records=0.999, refused=44))
    assert '<span class="wb-warn">100&nbsp;% / 100&nbsp;%</span>' in map_html(full)
    assert "100 % / 100 %" in map_text(full)
    assert map_text(full).splitlines()[2].endswith(" 44")


def test_keys_from_outside_stay_text() -> None:
    evil = a_stream(keys=(KeyFacts("<b>\"'&", an_id(1), 0.5, 1),), stream="<i>")
    picture = header_html(evil) + map_html(evil) + log_html(evil)
    assert '<b>"' not in picture
    assert "&lt;b&gt;" in picture
    assert "<i>" not in picture


def lines(before: StreamSnapshot, after: StreamSnapshot) -> list[str]:
    return [event.text for event in tell_stream(before, after)]


def test_the_log_tells_of_splits_merges_and_refusals() -> None:
    two = a_stream(a_shard(1, 0, 0.5), a_shard(2, 0.5, 1))
    split = a_stream(
        a_shard(1, 0, 0.5, closed=True, drained=True),
        a_shard(3, 0, 0.2, parents=(an_id(1),)),
        a_shard(4, 0.2, 0.5, parents=(an_id(1),)),
        a_shard(2, 0.5, 1, refused=19),
    )
    assert lines(two, split) == [
        "Shard 1 is split into 3 and 4 at 20.0 %.",
        "Shard 1 is closed: it can be read, not written to.",
        "Shard 1 is drained: it is read to its end.",
        "Shard 2 is above its limit: 19 refusals.",
    ]
    merged = a_shard(5, 0.2, 1, parents=(an_id(4), an_id(2)))
    after = replace(split, shards=(*split.shards, merged))
    assert lines(split, after) == ["Shards 4 and 2 are merged into 5."]
    assert lines(two, two) == []
    assert lines(replace(two, shards=()), split) == [], "that is how it was found"


def test_the_log_tells_of_a_stream_that_comes_and_goes() -> None:
    here, gone = a_stream(), replace(a_stream(), shards=(), is_there=False)
    assert lines(here, gone) == ["The stream flights is deleted."]
    assert lines(gone, here) == ["The stream flights is there now."]
    lost = replace(here, problem="Kinesis cannot be asked now (no answer).")
    assert lines(here, lost) == ["Kinesis cannot be asked now (no answer)."]
    assert lines(lost, here) == ["Kinesis can be asked again."]


def a_record(key: str, second: float, data: bytes = b"12345") -> dict[str, object]:
    at = datetime.fromtimestamp(NOW + second, UTC)
    told = {"Data": data, "PartitionKey": key, "SequenceNumber": f"9{second}"}
    return {**told, "ApproximateArrivalTimestamp": at}


def test_a_tally_counts_what_was_read() -> None:
    tally = Tally()
    tally.add([a_record("UA", 0), a_record("UA", 0.5), a_record("é", 3)])
    found = tally.facts()
    assert (found.records, found.bytes) == (3, 3 * 5 + 2 + 2 + 2)
    assert found.keys == {"UA": 2, "é": 1}
    assert found.busiest == (2, 14)
    assert (found.second, found.in_second) == (NOW + 3, (1, 7))
    assert tally.last == "93"


def test_loads_are_of_the_quotas_or_else_of_arrivals() -> None:
    tally = Tally()
    tally.add(a_record("UA", 0) for _ in range(300))
    shard = Shard(an_id(0), 0, HASH_KEYS - 1)
    sample = StreamSample(1.0, True, "ACTIVE", (shard,), {shard.id: tally.facts()})
    (plain,) = facts("flights", sample, {}, NOW + 0.5).shards
    assert (plain.used_records, plain.peak_records, plain.refused) == (0.3, 0.3, None)
    (later,) = facts("flights", sample, {}, NOW + 5).shards
    assert (later.used_records, later.peak_records) == (0, 0.3)
    governor = Governor(clock=lambda: 0.0)
    governor.share_writes(0.1)
    taken = [governor.take_record("flights", shard.id, 100) for _ in range(120)]
    assert taken.count(False) == 20
    budgets = governor.budgets("flights")
    (governed,) = facts("flights", sample, budgets, NOW).shards
    assert governed.used_records == governed.peak_records == pytest.approx(1)
    assert governed.refused == 20
    (named,) = facts("flights", sample, {}, NOW).keys
    assert named.at == hash_key("UA") / HASH_KEYS == pytest.approx(0.224, abs=0.001)


def test_it_can_be_recorded(tmp_path: pytest.TempPathFactory) -> None:
    file = tmp_path / "shards.json.gz"  # type: ignore[operator]
    recorder = Recorder(file, "shards", "flights")
    recorder.keep(a_stream())
    recorder.keep(replace(resharded(), ticks=102.0, taken_at=NOW + 2))
    recorder.close()
    found = load(file)
    assert found.frames[0] == a_stream()
    assert found.frames[1].shards == resharded().shards
    assert set(VIEWS) == set(KINDS)


def test_every_state_has_words_of_its_own() -> None:
    states = {say.state(one) for one in resharded().shards}
    assert states == {"open", "closed, drained", "closed, not drained"}
