"""Exercises: judged by their effect on the server, answered with a card."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from confluent_kafka import KafkaError, KafkaException

from helpers.course import current, progress
from helpers.course.cards import Action, Card, Content, Face
from helpers.course.project import SOLUTIONS
from helpers.inputs import public
from helpers.wording import shown

if TYPE_CHECKING:
    from helpers.course.lesson import Lesson

_SECONDS_BETWEEN = 0.3


@dataclass(frozen=True)
class Verdict:
    """What a look at the server found.

    Attributes:
        passed: whether the exercise is done.
        said: what was found, with the student's own names and numbers; for what is
            not yet so, also the likely misconception.
    """

    passed: bool
    said: str


def passed(said: str) -> Verdict:
    """Return the verdict on an exercise that is done."""
    return Verdict(True, said)


def not_yet(said: str) -> Verdict:
    """Return the verdict on an exercise that is not done."""
    return Verdict(False, said)


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lesson.

    Attributes:
        id: lesson and number, such as ``"4.2"``.
        look: looks at the effect and judges it.
        hints: from the gentle to the plain.
        needs: abilities of the cluster without which it cannot be done.
        repeatable: whether a second look soon after does no harm and costs little.
    """

    id: str
    look: Callable[["Lesson"], Verdict]
    hints: tuple[str, str]
    needs: frozenset[str] = field(default=frozenset())
    repeatable: bool = True


class ExerciseFailed(AssertionError):
    """A check failed in the notebook of solutions."""


class UnknownExercise(LookupError):
    """There is no exercise of that id."""


@public
def check(exercise_id: str | float) -> Card:
    """Look at what your code has done on the server, and answer with a card.

    Args:
        exercise_id: such as ``"4.2"``.

    Raises:
        ExerciseFailed: it is not done, and this is the notebook of solutions.
        UnknownExercise: there is no such exercise.
    """
    here = current.lesson()
    exercise = find(exercise_id)
    if lacking := exercise.needs - here.cluster.abilities:
        return Card(Face(_impossible(exercise, lacking)))
    try:
        verdict = _look(exercise, here)
    except (KafkaException, BotoCoreError, ClientError, TimeoutError) as error:
        verdict = not_yet(_no_answer(error))
    if here.strict and not verdict.passed:
        raise ExerciseFailed(f"{exercise.id}: {verdict.said}")
    return Card(_judged(exercise, verdict))


@public
def hint(exercise_id: str | float) -> Card:
    """Show the next hint of an exercise.

    Args:
        exercise_id: such as ``"4.2"``.

    Raises:
        UnknownExercise: there is no such exercise.
    """
    exercise = find(exercise_id)
    seen = progress.load().exercises.get(exercise.id, progress.ExerciseRecord()).hints
    before = min(seen, len(exercise.hints) - 1)
    said = _nothing_yet(exercise, *(_hint(exercise, number) for number in range(before)))
    return Card(_with_hint(exercise, said, before))


@public
def solution(exercise_id: str | float) -> Card:
    """Show the solution of an exercise, and put it into a new cell to run.

    Args:
        exercise_id: such as ``"4.2"``.

    Raises:
        UnknownExercise: there is no such exercise.
    """
    exercise = find(exercise_id)
    face = _with_solution(exercise, _nothing_yet(exercise))
    try:
        from IPython.core.getipython import get_ipython

        shell = get_ipython()
    except ImportError:
        shell = None
    if shell is not None:
        shell.set_next_input(face.content.code)
    return Card(face)


def find(exercise_id: str | float) -> Exercise:
    """Return an exercise by its id.

    Raises:
        UnknownExercise: there is no exercise of that id; the message names those of
            its lesson.
    """
    # A student may well write the id without quotes, as a number.
    asked = str(exercise_id).strip()
    number = re.match(r"[0-9]{1,2}(?![0-9])", asked)
    exercises = of_lesson(int(number[0])) if number else ()
    for exercise in exercises:
        if exercise.id == asked:
            return exercise
    known = ", ".join(exercise.id for exercise in exercises) or "none in that lesson"
    raise UnknownExercise(f"There is no exercise {shown(asked)}; there are: {known}.")


def of_lesson(number: int) -> tuple[Exercise, ...]:
    """Return the exercises of a lesson, in order; none if it has none."""
    try:
        module = import_module(f"helpers.course.checks.lesson_{number:02d}")
    except ModuleNotFoundError:
        return ()
    exercises: tuple[Exercise, ...] = module.EXERCISES
    return exercises


def solution_code(exercise_id: str) -> str:
    """Return the code of the cell that solves an exercise in its lesson."""
    number = int(exercise_id.partition(".")[0])
    for notebook in SOLUTIONS.glob(f"{number:02d}_*.ipynb"):
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
            tags = cell["metadata"].get("tags", [])
            if "solution" in tags and f"exercise-{exercise_id}" in tags:
                return "".join(cell["source"])
    raise UnknownExercise(
        f"Exercise {exercise_id} has no solution in notebooks/solutions."
    )


def _look(exercise: Exercise, here: "Lesson") -> Verdict:
    """Return the first verdict that is good, or the last one.

    A broker may hear a moment late of what was done just now by way of another one.
    """
    verdict = exercise.look(here)
    deadline = time.monotonic() + (here.patience if exercise.repeatable else 0)
    while not verdict.passed and time.monotonic() < deadline:
        time.sleep(_SECONDS_BETWEEN)
        verdict = exercise.look(here)
    return verdict


def _no_answer(error: Exception) -> str:
    inner = error.args[0] if error.args else None
    reason = inner.str() if isinstance(inner, KafkaError) else str(error) or "timed out"
    return (
        f"The servers did not answer this check ({reason}). Run the set-up cell again, "
        "which starts what is missing, and then this cell."
    )


def _judged(exercise: Exercise, verdict: Verdict) -> Face:
    before = progress.load().exercises.get(exercise.id, progress.ExerciseRecord())
    if verdict.passed:
        progress.record_exercise(exercise.id, passed=True, tries=before.tries + 1)
        return Face(Content("good", f"Exercise {exercise.id}: passed", (verdict.said,)))
    progress.record_exercise(exercise.id, tries=before.tries + 1)
    content = Content("not yet", f"Exercise {exercise.id}: not yet", (verdict.said,))
    return _with_ways_on(exercise, content, 0)


def _with_ways_on(exercise: Exercise, said: Content, shown: int) -> Face:
    """Return a face with the buttons that add to what is said.

    Args:
        exercise: whose hints and solution they show.
        said: a verdict, perhaps with hints below it.
        shown: how many hints are open.
    """
    total = len(exercise.hints)
    more = Action(
        f"Hint {shown + 1} of {total}", lambda: _with_hint(exercise, said, shown)
    )
    whole = Action("Solution", lambda: _with_solution(exercise, said))
    return Face(said, (more, whole) if shown < total else (whole,))


def _with_hint(exercise: Exercise, said: Content, shown: int) -> Face:
    before = progress.load().exercises.get(exercise.id, progress.ExerciseRecord()).hints
    progress.record_exercise(exercise.id, hints=max(before, shown + 1))
    paragraphs = (*said.paragraphs, _hint(exercise, shown))
    return _with_ways_on(exercise, replace(said, paragraphs=paragraphs), shown + 1)


def _with_solution(exercise: Exercise, said: Content) -> Face:
    progress.record_exercise(exercise.id, solution_seen=True)
    how = "A solution: copy it into your cell, run it, and run the check again."
    paragraphs = (*said.paragraphs, how)
    return Face(replace(said, paragraphs=paragraphs, code=solution_code(exercise.id)))


def _nothing_yet(exercise: Exercise, *hints: str) -> Content:
    """Return what a card says of an exercise that it has not checked."""
    return Content("info", f"Exercise {exercise.id}", hints)


def _hint(exercise: Exercise, number: int) -> str:
    return f"Hint {number + 1}: {exercise.hints[number]}"


def _impossible(exercise: Exercise, lacking: frozenset[str]) -> Content:
    what = " and ".join(sorted(lacking))
    said = f"These servers do not let you {what}. Read on; this one is not counted."
    return Content("info", f"Exercise {exercise.id}: not possible here", (said,))
