"""Lesson 01's exercises: each mistake gets its own answer."""

import csv
import statistics
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Message, Producer
from msgspec.structs import replace

from helpers import flights
from helpers.course.checks.collected import collected_file
from helpers.course.checks.lesson_01 import AVERAGED, ESTIMATED, FIRST, SECOND
from helpers.course.checks.reports import REPORTED
from helpers.course.lesson import Lesson
from helpers.flights import Flight
from tests.course import students
from tests.course.students import passes, says

NAME = "01_streams_and_batch"
WEEK = [one for one in flights.all_flights() if 4 <= one.day <= 10]
DAY = [one for one in WEEK if one.day == 8]
FLOWN = [one for one in DAY if not one.cancelled]
ON_THE_8TH = [one for one in WEEK if one.happened.day == 8]
CANCELLED = replace(SECOND, delay=None).to_json()
Sent = tuple[str | None, bytes | None]


def send(lesson: Lesson, base: str, *records: Sent) -> None:
    producer = Producer(lesson.connection)
    for key, value in records:
        producer.produce(lesson.topic(base), value, key)
    assert producer.flush(30) == 0


def read(lesson: Lesson, topic: str, count: int, timeout: float = 20) -> list[Message]:
    settings = {"group.id": lesson.group("look"), "auto.offset.reset": "earliest"}
    more = {"enable.auto.commit": False}
    consumer = Consumer({**lesson.connection, **settings, **more})
    consumer.subscribe([topic])
    messages = consumer.consume(count, timeout)
    consumer.close()
    return messages


def names(lesson: Lesson) -> dict[str, object]:
    """Return what the lesson's cells have defined before its exercises."""
    return {
        "lesson": lesson,
        "flights": flights,
        "replace": replace,
        "statistics": statistics,
        "producer": Producer(lesson.connection),
        "read": partial(read, lesson),
        "week": WEEK,
        "second": SECOND,
        "estimated": lesson.topic(ESTIMATED),
        "reported": lesson.topic(REPORTED),
        "averaged": lesson.topic(AVERAGED),
        "collected": collected_file(lesson),
    }


def estimates() -> list[Sent]:
    said = ((FIRST, 30), (SECOND, 15), (FIRST, 95))
    return [(one.id, replace(one, delay=delay).to_json()) for one, delay in said]


@pytest.fixture
def estimated(lesson: Lesson) -> Lesson:
    """Bring the lesson to exercise 1.1."""
    students.create(lesson, lesson.topic(ESTIMATED), 1, 3)
    send(lesson, ESTIMATED, *estimates())
    return lesson


def test_1_1_solution(estimated: Lesson) -> None:
    assert "Did you send another one" in says("1.1")
    students.solve("1.1", names(estimated))
    assert "newest of 2 events" in passes("1.1")


def test_1_1_done_another_way_after_a_mistake(estimated: Lesson) -> None:
    by_hand = b'{"delay": null, ' + CANCELLED[1:].replace(b', "delay": null', b"")
    assert by_hand != CANCELLED
    wrong = (SECOND.id, replace(SECOND, delay=0).to_json())
    send(estimated, ESTIMATED, wrong, (SECOND.id, by_hand))
    assert "newest of 3 events" in says("1.1")


@pytest.mark.parametrize(
    ("record", "answer"),
    [
        ((SECOND.id, replace(SECOND, delay=0).to_json()), "a flight on time"),
        ((SECOND.id, None), "*forget this key*"),
        ((SECOND.id, b"cancelled"), "`flights.from_json` cannot read that"),
        ((None, CANCELLED), "only the same key supersedes"),
        ((SECOND.origin, CANCELLED), "its key b'JFK'"),
        (("x", FIRST.to_json()), f"You cancelled {FIRST.id}"),
        ((FIRST.id, FIRST.to_json()), "does not say 95 minutes any more"),
        ((SECOND.id, replace(SECOND, delay=200).to_json()), "has the delay 200"),
        ((SECOND.id, FIRST.to_json()), "but of another flight"),
        ((SECOND.id, CANCELLED.replace(b"8,", b'"8",')), "cannot read that"),
        ((SECOND.id, CANCELLED.replace(b"null", b'"None"')), "cannot read that"),
        (("x", b"[]"), "Did you send another one"),
    ],
)
def test_1_1_mistakes(estimated: Lesson, record: Sent, answer: str) -> None:
    send(estimated, ESTIMATED, record)
    card = says("1.1")
    assert "▷ Exercise 1.1: not yet" in card
    assert answer in card


def test_1_1_the_last_mistake_is_named(estimated: Lesson) -> None:
    send(estimated, ESTIMATED, (SECOND.id, None), (None, CANCELLED))
    assert "only the same key supersedes" in says("1.1")


def test_1_1_with_the_earlier_estimate_taken_out(lesson: Lesson) -> None:
    assert "Run the cell that creates it" in says("1.1")
    students.create(lesson, lesson.topic(ESTIMATED), 1, 3)
    send(lesson, ESTIMATED, *estimates()[::2], (SECOND.id, CANCELLED))
    assert f"15 minutes for {SECOND.id}" in says("1.1")


@pytest.fixture
def reported(lesson: Lesson) -> Lesson:
    """Bring the lesson to exercise 1.2, the wrong means published."""
    for base in (REPORTED, AVERAGED):
        students.create(lesson, lesson.topic(base), 1, 3)
    send(lesson, REPORTED, *((one.id, one.to_json()) for one in WEEK))
    send(lesson, AVERAGED, *means(DAY))
    return lesson


def means(of: list[Flight]) -> list[Sent]:
    """Return the mean of each airport, with a cancelled flight as one on time."""
    return [
        (airport, f"{statistics.fmean(minutes):.2f}".encode())
        for airport in ("EWR", "JFK", "LGA")
        if (minutes := [one.delay or 0 for one in of if one.origin == airport])
    ]


def test_1_2_solution(reported: Lesson) -> None:
    assert "still counts 177 cancelled flights" in says("1.2")
    students.solve("1.2", names(reported))
    assert "6 results are in the topic" in passes("1.2")


def test_1_2_done_another_way(reported: Lesson) -> None:
    exact = [one.delay for one in FLOWN if one.origin == "LGA" and one.delay is not None]
    whole = ("LGA", repr(sum(exact) / len(exact)).encode())
    send(reported, AVERAGED, *means(FLOWN)[:2], whole)
    assert passes("1.2")


def test_1_2_sent_twice_by_the_lesson_is_counted_once(reported: Lesson) -> None:
    send(reported, REPORTED, *((one.id, one.to_json()) for one in WEEK))
    send(reported, AVERAGED, *means(FLOWN))
    assert passes("1.2")


def _sums() -> list[Sent]:
    jfk = sum(one.delay or 0 for one in DAY if one.origin == "JFK")
    return [means(FLOWN)[0], ("JFK", str(jfk).encode()), means(FLOWN)[2]]


@pytest.mark.parametrize(
    ("records", "answer"),
    [
        ([one for one in means(FLOWN) if one[0] != "LGA"], "still counts 136"),
        (means([one for one in WEEK if not one.cancelled]), "the whole week"),
        (_sums(), "the sum of all delays"),
        (means([one for one in FLOWN if one.delay]), "0 is a delay"),
        ([("EWR", b'{"mean": 8.62}')], "expects a number alone"),
        ([("EWR", None)], "expects a number alone"),
        ([("EWR", b"nan")], "The log says otherwise"),
        ([("EWR", b"9")], "rounded to whole minutes"),
        ([(None, value) for _, value in means(FLOWN)], "at offset 5 has no key"),
        ([], "nothing has come since"),
        (means(FLOWN[:100]), "The log says otherwise"),
    ],
)
def test_1_2_mistakes(reported: Lesson, records: list[Sent], answer: str) -> None:
    send(reported, AVERAGED, *records)
    card = says("1.2")
    assert "▷ Exercise 1.2: not yet" in card
    assert answer in card


@pytest.mark.parametrize(
    ("records", "answer"),
    [
        ([], "is empty"),
        ([(None, b"8.62")], "but one without a key"),
        ([("ewr", b"8.62")], "the keys are b'ewr'"),
    ],
)
def test_1_2_without_the_keys(lesson: Lesson, records: list[Sent], answer: str) -> None:
    for base in (REPORTED, AVERAGED):
        assert f"There is no topic `{lesson.topic(base)}`" in says("1.2")
        students.create(lesson, lesson.topic(base), 1, 3)
    send(lesson, AVERAGED, *records)
    assert answer in says("1.2")


@pytest.fixture
def file(lesson: Lesson) -> Iterator[Path]:
    """Return the file of exercise 1.3, in a lesson that has come so far."""
    assert "There is no topic" in says("1.3")
    students.create(lesson, lesson.topic(REPORTED), 1, 3)
    send(lesson, REPORTED, *((one.id, one.to_json()) for one in WEEK))
    path = collected_file(lesson)
    yield path
    path.unlink(missing_ok=True)


def write(
    path: Path,
    of: list[Flight],
    missing: str = "",
    header: str = "origin,scheduled,delay",
) -> None:
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(header.split(","))
        for one in of:
            delay = missing if one.delay is None else one.delay
            rows.writerow([one.origin, one.scheduled, delay])


def test_1_3_solution(lesson: Lesson, file: Path) -> None:
    assert f"There is no file {file}" in says("1.3")
    students.solve("1.3", names(lesson))
    assert "930 reports, 472 of them" in passes("1.3")


def test_1_3_done_another_way(file: Path) -> None:
    lines = [
        f"{number},{float('nan' if one.delay is None else one.delay)},{one.scheduled},"
        f"{one.origin}"
        for number, one in enumerate(reversed(DAY))
    ]
    file.write_text("\n".join([",delay,scheduled,origin", *lines]), "utf-8")
    assert passes("1.3")


@pytest.mark.parametrize(
    ("of", "missing", "header", "answer"),
    [
        (DAY, "0", "origin,scheduled,delay", "take your 0 for a departure on time"),
        (FLOWN, "", "origin,scheduled,delay", "They are reports, too"),
        (WEEK, "", "origin,scheduled,delay", "That is the whole week"),
        (DAY * 2, "", "origin,scheduled,delay", "Each is there 2 times"),
        (ON_THE_8TH, "", "origin,scheduled,delay", "`flight.day` is the day of the plan"),
        (DAY[:500], "", "origin,scheduled,delay", "And is the file closed?"),
        ([], "", "origin,scheduled,delay", "And is the file closed?"),
        (DAY + DAY[:1], "", "origin,scheduled,delay", "are not reports of 8 February"),
        (DAY, "", "EWR,05:00,-2", "names of the columns"),
        (DAY, "", "scheduled,origin,delay", "Is each value in its own column"),
        (DAY, "late", "origin,scheduled,delay", "472 flights were cancelled"),
    ],
)
def test_1_3_mistakes(
    file: Path, of: list[Flight], missing: str, header: str, answer: str
) -> None:
    write(file, of, missing, header)
    card = says("1.3")
    assert "▷ Exercise 1.3: not yet" in card
    assert answer in card


def test_1_3_with_0_taken_for_no_delay_or_appended_to(file: Path) -> None:
    write(file, [replace(one, delay=one.delay or None) for one in DAY])
    assert "0 is a delay, too" in says("1.3")
    write(file, DAY)
    file.write_text(file.read_text("utf-8") * 2, "utf-8")
    assert "The names of the columns come twice" in says("1.3")


@pytest.mark.parametrize(
    ("content", "answer"),
    [(b"", "The file is empty"), (b"\xff\xfe\x00", "cannot be read as text")],
)
def test_1_3_with_a_file_that_is_none(file: Path, content: bytes, answer: str) -> None:
    file.write_bytes(content)
    assert answer in says("1.3")
