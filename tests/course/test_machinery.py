"""Cards, hints, solutions, predictions, progress and error sentences."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic

from helpers.course import current, progress
from helpers.course.cards import Content
from helpers.course.errors import sentence
from helpers.course.exercises import (
    Exercise,
    ExerciseFailed,
    UnknownExercise,
    check,
    find,
    hint,
    not_yet,
    of_lesson,
    passed,
    solution,
    solution_code,
)
from helpers.course.lesson import Lesson
from helpers.course.project import LESSONS
from helpers.course.report import progress as progress_card
from helpers.course.report import reset_progress
from helpers.inputs import InputError
from helpers.kafka.topics import admin_client, describe, topic_names
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import PROJECT_ROOT, Settings
from tests.course import students

LESSON_NUMBERS = [int(path.stem[:2]) for path in LESSONS.glob("[0-9]*.py")]
EXERCISES = [exercise for number in LESSON_NUMBERS for exercise in of_lesson(number)]


def test_hints_come_one_by_one_and_then_the_solution(lesson: Lesson) -> None:
    card = check("4.1")
    first, second = find("4.1").hints
    assert "[ Hint 1 of 2 ]  [ Solution ]" in repr(card)
    verdict = repr(card).partition("\n[")[0]
    assert "Exercise 4.1: not yet" in verdict
    card.press("Hint 1 of 2")
    assert f"{verdict}\nHint 1: {first}" in repr(card)
    assert second not in repr(card)
    card.press("Hint 2 of 2")
    assert f"{verdict}\nHint 1: {first}\nHint 2: {second}\n" in repr(card)
    card.press("Solution")
    assert repr(card).startswith(f"{verdict}\nHint 1: {first}\nHint 2: {second}\n")
    assert solution_code("4.1") in repr(card)
    record = progress.load().exercises["4.1"]
    assert (record.tries, record.hints, record.solution_seen) == (1, 2, True)


def test_hint_and_solution_without_buttons(lesson: Lesson) -> None:
    first, second = find("4.2").hints
    assert repr(hint("4.2")).startswith(f"i Exercise 4.2\nHint 1: {first}\n[")
    for _ in range(2):
        assert f"Hint 1: {first}\nHint 2: {second}\n" in repr(hint("4.2"))
    card = solution("4.2")
    assert "create_partitions" in repr(card)
    # In a picture nothing can be worked.
    assert "<button disabled " in str(card._repr_mimebundle_()["text/html"])
    assert "<button class" in card.children[0].value


def test_a_card_shows_code_and_stress() -> None:
    shown = Content("info", "A card", ("The *next* one: `2 * 3 * 4`, 5 * 6 * 7.",)).html()
    assert "The <em>next</em> one: <code>2 * 3 * 4</code>, 5 * 6 * 7." in shown


def test_a_card_has_the_same_content_as_html_and_as_text(lesson: Lesson) -> None:
    card = check("4.1")
    name = lesson.topic("nyc.flight.cancelled")
    bundle = card._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert name in str(bundle["text/plain"])
    assert name in card.children[0].value


def test_a_failed_check_raises_in_the_notebook_of_solutions(lesson: Lesson) -> None:
    current.enter(replace(lesson, strict=True))
    with pytest.raises(ExerciseFailed, match=r"4\.1: There is no topic"):
        check("4.1")


def test_what_a_broker_hears_late_is_looked_at_again(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    current.enter(replace(lesson, patience=0.5))
    verdicts = [passed("there"), not_yet("not there")]
    late = Exercise("4.9", lambda _: verdicts.pop(), ("", ""))
    monkeypatch.setattr("helpers.course.exercises.find", lambda _: late)
    assert "Exercise 4.9: passed" in repr(check("4.9"))
    verdicts += [passed("never"), not_yet("once")]
    monkeypatch.setattr(
        "helpers.course.exercises.find", lambda _: replace(late, repeatable=False)
    )
    assert "Exercise 4.9: not yet" in repr(check("4.9"))


def test_what_these_servers_cannot_do_is_said_and_not_counted(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    needy = Exercise("4.9", lambda _: passed("never"), ("", ""), frozenset({"fly"}))
    monkeypatch.setattr("helpers.course.exercises.find", lambda _: needy)
    assert "These servers do not let you fly" in repr(check("4.9"))
    assert "4.9" not in progress.load().exercises


def test_an_id_without_quotes_is_understood(lesson: Lesson) -> None:
    assert "Exercise 4.1" in repr(check(4.1))  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", ["4.99", "99.1", "four", "", "4"])
def test_an_unknown_exercise_gets_a_sentence(lesson: Lesson, wrong: str) -> None:
    with pytest.raises(UnknownExercise, match="There is no exercise"):
        check(wrong)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_every_exercise_has_two_hints_and_a_solution(exercise: Exercise) -> None:
    assert len(exercise.hints) == 2
    assert all(exercise.hints)
    assert solution_code(exercise.id)
    assert f"**Exercise {exercise.id}.**" in "".join(
        path.read_text("utf-8") for path in LESSONS.glob("*.py")
    )


def test_progress_survives_the_kernel_and_can_be_reset(own_progress: Path) -> None:
    progress.record_exercise("4.1", passed=True, tries=2)
    code = "from helpers import progress; print(repr(progress()))"
    again = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "`04_topics` 1 of 3 exercises passed" in again.stdout
    assert "`04_topics` 0 of 3 exercises passed" in repr(reset_progress())
    assert json.loads(own_progress.read_text())["exercises"] == {}


def test_the_progress_of_one_lesson_can_be_reset() -> None:
    for one in ("4.1", "14.1"):
        progress.record_exercise(one, passed=True)
        progress.record_prediction(one, progress.PredictionRecord("Yes"))
    reset_progress("04_topics")
    left = progress.load()
    assert ([*left.exercises], [*left.predictions]) == (["14.1"], ["14.1"])
    with pytest.raises(InputError, match="reset_progress takes the name of a notebook"):
        reset_progress("4")
    reset_progress()
    assert progress.load() == progress.Progress()


NESTED = "[" * 100_000
WRONG_TYPES = '{"exercises": {"4.1": {"tries": "3"}}, "predictions": {}}'


@pytest.mark.parametrize("garbage", ["", "{", '{"exercises": 3}', "[]", "null", NESTED])
def test_a_damaged_progress_file_counts_as_nothing_done(
    own_progress: Path, garbage: str
) -> None:
    own_progress.write_text(garbage)
    assert "0 of" in repr(progress_card())
    progress.record_exercise("4.1", passed=True)
    assert progress.load().exercises["4.1"].passed


@pytest.mark.parametrize(
    "unreadable",
    ["{{{", '{"exercises": {"4.1": {"of_a_newer_version": 1}}}', WRONG_TYPES, NESTED],
)
def test_an_unreadable_progress_file_is_kept_aside(
    own_progress: Path, unreadable: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own_progress.write_text(unreadable)
    progress.record_exercise("4.1", passed=True)
    (kept,) = own_progress.parent.glob("progress.unreadable-*.json")
    assert kept.read_text() == unreadable
    assert str(kept) in capsys.readouterr().out


def test_progress_goes_through_a_link(own_progress: Path) -> None:
    real = own_progress.with_name("on another disk.json")
    own_progress.symlink_to(real)
    progress.record_exercise("4.1", passed=True)
    assert own_progress.is_symlink()
    assert json.loads(real.read_text())["exercises"]["4.1"]["passed"]


def test_what_is_no_file_never_takes_progress(
    own_progress: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(own_progress)
    assert progress.record_exercise("4.1", passed=True).passed
    told = capsys.readouterr().out
    assert "no regular file" in told
    assert "set WORKBOOK_PROGRESS_FILE to another one" in told
    assert own_progress.is_fifo()
    assert progress.load() == progress.Progress()


def test_a_check_judges_where_progress_cannot_be_kept(
    lesson: Lesson, own_progress: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own_progress.mkdir()
    assert "Exercise 4.1: not yet" in repr(check("4.1"))
    assert "set WORKBOOK_PROGRESS_FILE to another one" in capsys.readouterr().out
    assert [path.name for path in own_progress.parent.glob("progress.[!l]*")] == [
        "progress.json"
    ]


def test_a_check_that_gets_no_answer_says_what_to_do(
    lesson: Lesson, cluster: EmbeddedCluster
) -> None:
    topic = lesson.topic("nyc.weather.observed")
    students.create(lesson, topic, 4, 1)
    try:
        for broker in (1, 2, 3):
            cluster.pause("broker", broker)
        card = repr(check("4.2"))
    finally:
        cluster.up()
    assert "Exercise 4.2: not yet" in card
    assert "Run the set-up cell again" in card


def test_a_topic_is_described_right_after_its_leader_was_killed(
    lesson: Lesson, cluster: EmbeddedCluster
) -> None:
    name = lesson.topic("nyc.weather.observed")
    students.create(lesson, name, 1, 3)
    told = admin_client(lesson.connection).list_topics(timeout=10).topics[name]
    leader = told.partitions[0].leader
    cluster.kill("broker", leader)
    try:
        # Of five new clients about one begins with the dead broker.
        found = [describe(admin_client(lesson.connection), name) for _ in range(5)]
    finally:
        cluster.start("broker", leader)
    assert [one and one.partitions for one in found] == [1] * 5


def test_leftovers_of_an_ended_run_are_removed_by_the_next(
    settings: Settings, lesson: Lesson
) -> None:
    code = (
        "from helpers import begin\n"
        "from confluent_kafka.admin import AdminClient, NewTopic\n"
        "lesson = begin('04_topics')\n"
        "admin = AdminClient(lesson.connection)\n"
        "name = lesson.topic('left.behind')\n"
        "admin.create_topics([NewTopic(name, 1, 1)])[name].result(30)\n"
        "print(name)\n"
    )
    first = _run_as_kernel(code, settings)
    assert first in topic_names(AdminClient(lesson.connection))
    second = _run_as_kernel(code, settings)
    names = topic_names(AdminClient(lesson.connection))
    assert first not in names
    assert second in names


def test_a_new_topic_is_waited_for_on_every_broker(lesson: Lesson) -> None:
    topic, admin = lesson.topic("late"), admin_client(lesson.connection)
    with ThreadPoolExecutor(1) as pool:
        known = pool.submit(lesson.wait_for_topic, topic, 6)
        try:
            with pytest.raises(TimeoutError):
                known.result(1)
        finally:
            admin.create_topics([NewTopic(topic, 6, 3)])[topic].result(60)
        known.result(60)
    for broker in admin.list_topics(timeout=10).brokers.values():
        # A new client connects to no other broker than the one that it is given.
        one = {**lesson.connection, "bootstrap.servers": f"{broker.host}:{broker.port}"}
        found = admin_client(one).list_topics(timeout=10).topics
        assert len(found[topic].partitions) == 6


def _run_as_kernel(code: str, settings: Settings) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "WORKBOOK_STATE_DIR": str(settings.state_dir)},
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.splitlines()[-1]


def test_errors_of_kafka_end_in_what_to_do(lesson: Lesson) -> None:
    admin = AdminClient(lesson.connection)
    with pytest.raises(KafkaException) as error:
        admin.create_topics([NewTopic("two words", 1, 3)])["two words"].result(30)
    assert "Kafka refuses this topic name" in sentence(error.value)


def test_errors_of_kinesis_end_in_what_to_do(lesson: Lesson) -> None:
    kinesis = boto3.client("kinesis")
    with pytest.raises(ClientError) as error:
        kinesis.describe_stream(StreamName="no-such-stream")
    assert "There is no such stream" in sentence(error.value)
    with pytest.raises(EndpointConnectionError) as silent:
        boto3.client("kinesis", endpoint_url="http://127.0.0.1:9").list_streams()
    assert "Kinesis does not answer" in sentence(silent.value)


def test_a_call_before_the_setup_cell_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(current, "_lesson", [])
    with pytest.raises(current.NoLessonError, match="Run the set-up cell"):
        check("4.1")
