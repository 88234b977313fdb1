"""The board of windows without any server: order, picture, log, and the same as text."""

import html
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from helpers import flights
from helpers.live.snapshot import NodeFacts, NodesSnapshot, PartitionFacts
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.live.windows_arrivals import HOLD_SECONDS, Arrival, Arrivals
from helpers.live.windows_job import WindowsJob
from helpers.live.windows_log import length_said
from helpers.live.windows_plot import LIVE_SECONDS, Plot, axis
from helpers.live.windows_snapshot import COLUMNS, ROWS, WindowsSnapshot
from helpers.views import windows_phrases as say
from helpers.views.windows_chart import chart_html
from helpers.views.windows_render import board_text, header_html, windows_log_html

NOW, TICKS = 1e9, 100.0
HOUR = timedelta(hours=1)
SMALL = 40_000


def at(clock: str, day: int = 8) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2013, 2, day, hour, minute, tzinfo=flights.NEW_YORK)


def value(clock: str, day: int = 8) -> bytes:
    return flights.Flight(day, clock, "UA", 1, "N1", "JFK", "BOS", 0).to_json()


def a_snapshot(
    job: WindowsJob, hours: float = 1, lateness: float = 1, seconds: float = 20
) -> WindowsSnapshot:
    """Return what the board shows of a job, some seconds after its first report."""
    brokers = (NodeFacts("broker", 1, "running", 7, "127.0.0.1:9092"),)
    rows = (PartitionFacts("flights", 0, 1, (1,), in_sync=(1,)),)
    nodes = NodesSnapshot(NOW + seconds, TICKS, brokers, rows, asked=TICKS)
    return WindowsSnapshot(
        TopicSnapshot("flights", nodes, True),
        hours,
        lateness,
        job.reports(NOW + seconds),
        job.passed_over,
        TICKS,
    )


def judged(job: WindowsJob, *clocks: str) -> list[str]:
    """Have a job judge reports, a second apart; return what is told of them."""
    arrivals = [Arrival(NOW + n, value(clock)) for n, clock in enumerate(clocks)]
    return [event.text for event in job.take(arrivals)]


def storm(hours: float = 1, lateness: float = 1, copies: int = 1) -> WindowsSnapshot:
    """Return 8 February as it is after a replay of twenty seconds."""
    day = sorted(flights.day(8) * copies, key=lambda flight: flight.happened)
    job = WindowsJob(hours, lateness)
    begin, long = day[0].happened, day[-1].happened - day[0].happened
    events = job.take(
        Arrival(NOW + 20 * ((one.happened - begin) / long), one.to_json()) for one in day
    )
    made = a_snapshot(job, hours, lateness, 21)
    nodes = replace(made.about.nodes, events=tuple(events))
    return replace(made, about=replace(made.about, nodes=nodes))


def test_a_window_closes_with_its_count_and_a_late_report_falls_out() -> None:
    assert judged(WindowsJob(1, 1), "06:10", "06:50", "07:30", "09:00", "06:20") == [
        "The window 06:00 to 07:00 closed with 2 reports.",
        "The window 07:00 to 08:00 closed with 1 report.",
        "A report for 06:20 came 1 h after its window had closed: it falls out.",
    ]


def test_many_late_reports_are_told_by_their_number() -> None:
    lines = judged(WindowsJob(1, 1), "09:30", *["06:15"] * 20, "05:00")
    assert lines == [
        "A report for 06:15 came 1 h 30 min after its window had closed: it falls out.",
        "By now 10 reports have come too late and fallen out.",
        "By now 20 reports have come too late and fallen out.",
        "A report for 05:00 came 2 h 30 min after its window had closed: it falls out.",
    ]


def test_windows_that_close_together_are_told_together() -> None:
    lines = judged(WindowsJob(1, 1), *(f"{hour:02}:00" for hour in range(5, 8)), "20:00")
    assert lines[-1] == "The window 07:00 to 08:00 closed with 1 report."
    early = judged(WindowsJob(1, 6), *(f"{hour:02}:00" for hour in range(5, 11)), "20:00")
    assert early == ["6 windows closed, 05:00 to 11:00, with 6 reports."]


def test_of_several_days_the_log_names_the_day() -> None:
    job = WindowsJob(1, 1)
    events = job.take([Arrival(NOW, value("23:10")), Arrival(NOW, value("01:30", 9))])
    assert [event.text for event in events] == [
        "The window 8 Feb 23:00 to 00:00 closed with 1 report."
    ]
    early = WindowsJob(1, 1).take(
        [Arrival(NOW, value("05:00")), Arrival(NOW, value("23:30", 7))]
    )
    assert [event.text for event in early] == [
        "A report for 7 Feb 23:30 came 4 h after its window had closed: it falls out."
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        b"",
        b"no flight",
        b"{}",
        b'{"day":8}',
        value("07:00").replace(b'"day":8', b'"day":31'),
        value("07:00").replace(b"07:00", b"25:99"),
        value("07:00").replace(b"07:00", b"noon"),
    ],
)
def test_what_is_no_flight_is_passed_over_and_counted(wrong: bytes | None) -> None:
    job = WindowsJob(1, 1)
    events = job.take([Arrival(NOW, value("07:00")), *[Arrival(NOW, wrong)] * 10])
    assert [event.text for event in events] == [
        "A value that is no flight's came: it is passed over.",
        "By now 10 values that are no flight's have been passed over.",
    ]
    text = board_text(a_snapshot(job))
    assert "1 report taken" in text
    assert "10 values passed over: are no flights" in text


def test_of_several_partitions_the_older_record_comes_first() -> None:
    arrivals = Arrivals()
    for partition, moment in ((0, 1.0), (0, 4.0), (2, 2.0), (1, 2.0), (1, 9.0)):
        arrivals.add(Arrival(moment, None, partition), 9.0)
    arrivals.end(0)
    assert arrivals.ready((0, 1, 2), 9.1) == [], "others may hold older ones"
    arrivals.end(1)
    arrivals.end(2)
    found = arrivals.ready((0, 1, 2), 9.1)
    assert [(one.at, one.partition) for one in found] == [
        (1.0, 0),
        (2.0, 1),
        (2.0, 2),
        (4.0, 0),
    ]
    assert arrivals.ready((0, 1, 2), 9.2) == [], "older ones may be under way"
    assert [one.at for one in arrivals.ready((0, 1, 2), 9.5)] == [9.0]
    assert arrivals.ready((0, 1, 2), 99.0) == []


def test_nothing_waits_long_for_a_partition_without_a_leader() -> None:
    arrivals = Arrivals()
    arrivals.end(0)
    arrivals.add(Arrival(5.0, b"", 1), 5.0)
    assert arrivals.ready((0, 1), 5.0 + HOLD_SECONDS / 2) == []
    assert len(arrivals.ready((0, 1), 5.0 + HOLD_SECONDS)) == 1


def test_within_a_partition_the_offset_decides() -> None:
    arrivals = Arrivals()
    arrivals.add(Arrival(9.0, b"first"), 9.0)
    arrivals.add(Arrival(3.0, b"second"), 9.0)
    assert [one.value for one in arrivals.ready((0,), 9.0)] == [b"first", b"second"]


def test_the_axis_shows_whole_days_or_the_last_one() -> None:
    def edges(first: datetime, newest: datetime, length: timedelta = HOUR) -> object:
        shown = axis(first, newest, length)
        return shown.begin, shown.end

    assert edges(at("05:00"), at("05:00")) == (at("00:00"), at("00:00", 9))
    assert edges(at("05:00"), at("23:59")) == (at("00:00"), at("00:00", 9))
    assert edges(at("05:00"), at("00:00", 9)) == (at("00:00"), at("00:00", 10))
    last = (at("14:00", 9), at("14:00", 10))
    assert edges(at("05:00"), at("13:10", 10)) == last
    assert edges(at("05:00", 9), at("13:10", 10), HOUR / 2) == last


def test_the_picture_grows_by_doubling_and_loses_no_report() -> None:
    plot = Plot()
    shown = axis(at("05:00"), at("05:00"), HOUR)
    for number in range(100):
        plot.add(at("05:00"), float(number), is_late=False)
        made = plot.picture(shown, NOW, NOW + number)
        assert sum(count for _, _, count in made.taken) == number + 1
        assert all(0 <= row < ROWS for _, row, _ in made.taken)
        assert made.seconds in (LIVE_SECONDS, 2 * LIVE_SECONDS, 4 * LIVE_SECONDS)
    assert made.seconds == 4 * LIVE_SECONDS


def test_what_came_at_once_is_spread_when_it_is_no_longer_live() -> None:
    plot = Plot()
    shown = axis(at("05:00"), at("05:00"), HOUR)
    for number in range(10):
        plot.add(at("05:00"), number / 10, is_late=False)
    assert plot.picture(shown, NOW, NOW + 2).seconds == LIVE_SECONDS
    later = plot.picture(shown, NOW, NOW + LIVE_SECONDS)
    assert 0.9 <= later.seconds < 2
    assert len(later.taken) == 10


def test_the_storm_in_numbers() -> None:
    board = storm()
    text = board_text(board)
    assert "908 reports taken within 20.0 s · 22 late, fallen out" in text
    assert "Watermark 22:59: newest event time 23:59 less 1 h." in text
    assert re.search(r"\n09:00 to 10:00  closed  51 +6\n", text)
    assert re.search(r"\n22:00 to 23:00  open    6 +–\n", text)
    assert "\n5 windows closed without any report.\n" in text
    assert "The window 21:00 to 22:00 closed with 27 reports." in text
    assert board.reports is not None
    assert sum(number for _, _, number in board.reports.picture.late) == 22
    assert sum(number for _, _, number in board.reports.picture.taken) == 908


def test_picture_and_text_say_the_same() -> None:
    board = storm()
    assert board.reports is not None
    chart, text = html.unescape(chart_html(board)), board_text(board)
    for one in board.reports.windows:
        assert f'title="{say.facts(one, board)}"' in chart
        row = f"{say.window(one, board)}  {one.state}"
        assert (row in text) is say.is_told(one)
    for part in (*say.summary(board), say.watermark(board)):
        assert part in html.unescape(header_html(board))
        assert part in text
    for event in board.events[-6:]:
        assert event.text in html.unescape(windows_log_html(board))
        assert event.text in text
    assert "▾ watermark 22:59" in chart


def test_reports_of_windows_that_are_not_shown_are_counted() -> None:
    job = WindowsJob(1, 1)
    for clock, day in (("07:00", 8), ("09:00", 8), ("07:30", 8), ("09:00", 11)):
        job.take([Arrival(NOW, value(clock, day))])
    board = a_snapshot(job)
    further = "Older windows, not shown: 2 reports taken, 1 late."
    assert further in board_text(board)
    assert further in chart_html(board)
    assert "09:00 to 10:00  open" in board_text(board)
    assert further not in chart_html(storm())


def test_late_and_states_are_told_by_shape() -> None:
    board = storm()
    assert board.reports is not None
    chart, picture = chart_html(board), board.reports.picture
    dots = re.findall(r'class="wb-(?:one|few|many)" d="([^"]*)"', chart)
    assert sum(one.count("h0") for one in dots) == len(picture.taken)
    (crosses,) = re.findall("<text [^>]*>(×+)</text>", chart)
    assert len(crosses) == len(picture.late)
    for state in ("closed", "open"):
        number = sum(one.state == state for one in board.reports.windows)
        assert chart.count(f'class="wb-{state}"') == number


@pytest.mark.parametrize(("hours", "lateness"), [(1, 1), (0.5, 0), (0.7, 1), (7, 2)])
def test_the_picture_stays_small_however_many_there_are(
    hours: float, lateness: float
) -> None:
    board = storm(hours, lateness, copies=20)
    assert len(chart_html(board)) < SMALL
    widths = re.findall(r'style="width:([\d.]+)%"', chart_html(board))
    assert sum(map(float, widths)) == pytest.approx(100, abs=0.1)
    for column, row, _ in board.reports.picture.taken if board.reports else ():
        assert 0 <= column < COLUMNS
        assert 0 <= row < ROWS


def test_a_full_picture_is_still_small() -> None:
    board = storm()
    assert board.reports is not None
    everywhere = tuple((c, r, 1) for r in range(ROWS) for c in range(COLUMNS))
    picture = replace(board.reports.picture, taken=everywhere)
    full = replace(board, reports=replace(board.reports, picture=picture))
    assert len(chart_html(full)) < 1.3 * SMALL


def test_what_is_not_so_yet_is_grey() -> None:
    empty = a_snapshot(WindowsJob(1, 1))
    assert "○ No report has come yet." in board_text(empty)
    assert "Watermark: none before the first report." in board_text(empty)
    assert "wb-warn" not in header_html(empty) + chart_html(empty)
    missing = replace(empty, about=replace(empty.about, is_there=False))
    assert "○ There is no topic flights yet." in board_text(missing)
    nobody = replace(empty, about=replace(empty.about, is_there=None), asked=None)
    assert "○ No broker has told of the topic yet." in board_text(nobody)
    assert "○ Nobody has read the topic yet." in board_text(replace(empty, asked=None))


def test_a_name_cannot_break_the_page() -> None:
    board = storm()
    board = replace(board, about=replace(board.about, topic="<b>&"))
    assert "<b>&" not in header_html(board) + chart_html(board)


@pytest.mark.parametrize(
    ("hours", "said"),
    [(1, "1 h"), (0.5, "30 min"), (1.5, "1 h 30 min"), (0, "0 min"), (672, "672 h")],
)
def test_lengths_of_event_time(hours: float, said: str) -> None:
    assert length_said(timedelta(hours=hours)) == said
