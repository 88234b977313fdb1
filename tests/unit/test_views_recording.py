"""Recordings: written, read, refused, and played by the same views."""

import gzip
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ipywidgets import HTML, Widget

from helpers import views
from helpers.live.player import Player
from helpers.live.recording import (
    FORMAT,
    LARGEST_BYTES,
    VERSION,
    Recorder,
    RecordingError,
    load,
)
from helpers.live.snapshot import Event
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.settings import PROJECT_ROOT
from helpers.views.replay import ReplayView
from helpers.views.replay_keys import ReplayKeys
from helpers.views.topic_render import board_text
from helpers.waiting import wait_for
from tests.unit.test_views_topic import three

SOON = 10
STORIES = {
    "08_failover": (
        "You killed broker",
        "without a leader",
        "in sync again",
        "preferred",
    ),
    "09_lag": (
        "You added consumer-A",
        "200 ms of work to consumer-A",
        "consumer-B owns partitions",
        "consumer-A is killed",
        "consumer-A left the group",
        "consumer-B owns partitions 0, 1 and 2 now",
    ),
    "12_windows": (
        "The window 05:00 to 06:00 closed with 5 reports.",
        "after its window had closed: it falls out.",
        "By now 20 reports have come too late and fallen out.",
    ),
    "13_shards": (
        "Shard 1 is above its limit: 4",
        "Shard 3 is split into 8 and 9",
        "Shard 11 is above its limit",
        "are merged into 12",
    ),
    "14_twin": (
        "Kinesis: Shard 0 is split into 2 and 3",
        "Kinesis: Shard 0 is drained",
        "Kafka: The topic has 3 partitions now",
        "owns partition 2 now",
    ),
}
"""Of each recording that is shipped, what its log tells."""


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """Check that a test ends with the threads it began with."""
    before = set(threading.enumerate())
    yield
    wait_for(lambda: set(threading.enumerate()) <= before, SOON, "the end of all threads")


def moment(after: float, *texts: str) -> TopicSnapshot:
    """Return how it was some seconds after the begin, with that log."""
    topic = three()
    events = tuple(Event(1e9, text) for text in texts)
    nodes = replace(topic.nodes, ticks=100 + after, taken_at=1e9 + after, events=events)
    return replace(topic, nodes=nodes)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a recording in which something happens at 1 s and at 3 s."""
    path = tmp_path / "story.json.gz"
    recorder = Recorder(path, "replicas", "flights")
    for one in (
        moment(0),
        moment(0.2),
        moment(1, "first"),
        moment(3, "last"),
        moment(4, ""),
    ):
        recorder.keep(one)
    recorder.close()
    return path


@pytest.fixture
def replay(file: Path) -> Iterator[ReplayView]:
    """Return the recording in its view, paused at its begin."""
    made = views.recording(file)
    made.player.pause()
    made.player.seek(0)
    yield made
    made.stop()


def shows(replay: ReplayView, text: str) -> None:
    wait_for(lambda: text in replay.text(), SOON, f"'{text}' in the replay")


def test_what_was_kept_comes_back(file: Path) -> None:
    found = load(file)
    assert (found.header.kind, found.header.about) == ("replicas", "flights")
    assert [one.ticks - 100 for one in found.frames] == [0, 1, 3, 4], "only what differs"
    assert found.frames[1] == moment(1, "first")


def test_a_quiet_time_is_kept_once_a_second(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "quiet", "replicas", "flights")
    for tenth in range(31):
        recorder.keep(moment(tenth / 10))
    recorder.close()
    assert len(load(tmp_path / "quiet").frames) == 4


def test_what_comes_after_the_end_is_not_kept(file: Path, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "ended", "replicas", "flights")
    recorder.keep(moment(0))
    recorder.close()
    recorder.keep(moment(1, "late"))
    assert len(load(tmp_path / "ended").frames) == 1


def test_a_disk_that_is_full_gets_a_sentence(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    recorder = Recorder(tmp_path / "full.json.gz", "replicas", "flights")
    recorder._out.close()
    recorder._out = gzip.GzipFile(full, "wb")
    recorder.keep(moment(0))
    with pytest.raises(RecordingError, match=r"full\.json\.gz could not be written"):
        recorder.close()
    assert list(tmp_path.iterdir()) == []


def test_a_recording_goes_through_a_link_and_replaces_files_alone(tmp_path: Path) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to("real")
    recorder = Recorder(link, "replicas", "flights")
    recorder.keep(moment(0))
    recorder.close()
    assert link.is_symlink()
    assert len(load(tmp_path / "real").frames) == 1
    os.mkfifo(pipe)
    with pytest.raises(RecordingError, match="pipe could not be written"):
        Recorder(pipe, "replicas", "flights")
    assert pipe.is_fifo()


def test_steps_go_from_change_to_change(file: Path) -> None:
    player = Player(load(file))
    player.pause()
    player.seek(0)
    positions = []
    for by in (1, 1, 1, 1, -1, -1, -1, -1):
        player.step(by)
        positions.append(player.position)
    assert positions == [1, 3, 4, 4, 3, 1, 0, 0]


def test_the_end_is_an_end_and_play_begins_anew(file: Path) -> None:
    player = Player(load(file), speed=1000)
    wait_for(lambda: not player.playing, SOON, "the end")
    assert player.position == player.length == 4
    player.set_speed(0.001)
    player.play()
    assert player.playing
    assert player.position < 1


def test_the_end_is_shown_if_it_comes_while_something_else_is_shown(file: Path) -> None:
    player = Player(load(file), speed=20)
    given = player.snapshots()
    shown = [next(given)]
    wait_for(lambda: not player.playing, SOON, "the end")
    reader = threading.Thread(target=lambda: shown.extend(given))
    reader.start()
    try:
        wait_for(lambda: shown[-1] == player.recording.frames[-1], SOON, "the last one")
    finally:
        player.close()
        reader.join()


@pytest.mark.parametrize("speed", [0, -1])
def test_no_speed_is_refused_in_a_sentence(file: Path, speed: float) -> None:
    with pytest.raises(ValueError, match="cannot play at speed"):
        views.recording(file, speed)


def test_the_view_is_the_live_one_without_buttons(replay: ReplayView) -> None:
    replay.player.seek(1)
    shows(replay, "first")
    assert board_text(moment(1, "first")) in replay.text()
    assert "A recording of " in replay.text()
    assert "1.0 s of 4.0 s · paused" in replay.text()
    for card in replay.view.cards.values():  # type: ignore[attr-defined]
        assert len(card.widget.children) == 1, "its facts alone"


def test_the_controls_move_it(replay: ReplayView) -> None:
    keys = replay.keys
    keys.on.click()
    shows(replay, "1.0 s of 4.0 s · paused")
    wait_for(lambda: keys.slider.value == 10, SOON, "the slider")
    keys.back.click()
    shows(replay, "0.0 s of 4.0 s")
    keys.slider.value = 30
    shows(replay, "3.0 s of 4.0 s")
    keys.speed.value = 0.25
    keys.play.click()
    shows(replay, "playing at 0.25×")
    wait_for(lambda: keys.play.description == "Pause", SOON, "the button's new name")
    keys.play.click()
    shows(replay, "paused")


def test_no_move_of_the_slider_is_lost_while_the_recording_moves_it(file: Path) -> None:
    player = Player(load(file))
    player.pause()
    keys = ReplayKeys(player)
    ended = threading.Event()

    def show() -> None:
        while not ended.is_set():
            keys.show()

    shower = threading.Thread(target=show)
    interval = sys.getswitchinterval()
    # Threads that take turns a thousand times as often meet in every place.
    sys.setswitchinterval(1e-6)
    shower.start()
    try:
        for to in (10, 30) * 500:
            player.seek(0)
            keys.slider.set_state({"value": to})
            assert player.position == to / 10
    finally:
        sys.setswitchinterval(interval)
        ended.set()
        shower.join()


def test_an_ended_replay_says_so_and_its_controls_are_out_of_use(
    replay: ReplayView,
) -> None:
    replay.stop()
    assert "This board stopped at" in replay.text()
    assert replay.keys.play.disabled
    assert replay.keys.slider.disabled


def header(**changes: object) -> bytes:
    facts = {"format": FORMAT, "version": VERSION, "kind": "nodes", "about": ""}
    facts |= {"recorded_at": 1.0, **changes}
    return repr(facts).replace("'", '"').encode()


def frames(*times: float) -> bytes:
    return b"".join(b'\n{"taken_at": %r, "ticks": %r}' % (one, one) for one in times)


def test_names_in_a_file_stay_text(tmp_path: Path) -> None:
    evil = "<img src=x>"
    recorder = Recorder(tmp_path / "evil.gz", "replicas", evil)
    one = moment(0, evil)
    nodes = tuple(replace(node, address=evil) for node in one.nodes.nodes)
    recorder.keep(replace(one, topic=evil, nodes=replace(one.nodes, nodes=nodes)))
    recorder.close()
    made = views.recording(tmp_path / "evil.gz")
    try:
        state = repr(made.widget.get_state()) + "".join(htmls(made.widget))
        assert evil in made.text()
        assert "&lt;img" in state
        assert "<img" not in state
    finally:
        made.stop()


def htmls(widget: Widget) -> Iterator[str]:
    if isinstance(widget, HTML):
        yield widget.value
    for child in getattr(widget, "children", ()):
        yield from htmls(child)


def test_a_recording_that_grows_too_large_keeps_its_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.live.recording.LARGEST_BYTES", 10_000)
    recorder = Recorder(tmp_path / "long.gz", "replicas", "flights")
    for second in range(100):
        recorder.keep(moment(second))
    recorder.close()
    assert recorder.is_full
    assert 0 < len(load(tmp_path / "long.gz").frames) < 100


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no gzip", "damaged, or no recording"),
        # Without the time, which would differ in the names of each worker's tests.
        (gzip.compress(b"", mtime=0), "damaged, or no recording"),
        (gzip.compress(b'{"a": 1}', mtime=0), "damaged, or no recording"),
        (gzip.compress(b"\xff\xfe", mtime=0), "damaged, or no recording"),
        (gzip.compress(header(version=99)), "another version"),
        (gzip.compress(header(kind="dances")), "another version"),
        (gzip.compress(header()), "nothing is in it"),
        (gzip.compress(header() + frames(1e300)), "its times are damaged"),
        (gzip.compress(header() + frames(2.0, 1.0)), "its times are damaged"),
        (gzip.compress(header(recorded_at=1e300) + frames(1.0)), "times are damaged"),
        (gzip.compress(bytes(LARGEST_BYTES + 1)), "more than 32 MB"),
        (gzip.compress(header() + b'\n{"taken_at": "soon"}'), "damaged"),
        (gzip.compress(header() + b"\n" + os.urandom(99))[:-20], "damaged"),
    ],
)
def test_a_foreign_or_damaged_file_gets_a_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    bad = tmp_path / "bad.json.gz"
    bad.write_bytes(content)
    with pytest.raises(
        RecordingError, match=rf"^bad\.json\.gz cannot be played: .*{said}"
    ):
        views.recording(bad)


def test_a_missing_file_gets_a_sentence() -> None:
    with pytest.raises(RecordingError, match=r"There is no recording .*nothing"):
        views.recording("nothing")


@pytest.mark.parametrize(("name", "story"), STORIES.items())
def test_a_shipped_recording_is_small_whole_and_tells_nothing_of_a_machine(
    name: str, story: tuple[str, ...]
) -> None:
    shipped = PROJECT_ROOT / "data" / "recordings" / f"{name}.json.gz"
    assert shipped.stat().st_size < 25_000
    text = gzip.decompress(shipped.read_bytes()).decode()
    assert "/" not in text, "a path"
    assert os.uname().nodename not in text
    log = " ".join(event.text for event in load(shipped).frames[-1].events)
    assert [told for told in story if told not in log] == []
