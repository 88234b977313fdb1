"""The card of a student's progress over all lessons."""

from helpers.course import progress as store
from helpers.course.cards import Action, Card, Content, Face
from helpers.course.exercises import of_lesson
from helpers.course.predictions import show_again
from helpers.course.project import check_lesson, lesson_names
from helpers.inputs import public


@public
def progress() -> Card:
    """Show what you have done in every lesson so far."""
    return Card(_face())


@public
def reset_progress(lesson: str | None = None) -> Card:
    """Forget exercises and predictions, and show what is left.

    Args:
        lesson: whose they are, such as ``"08_replication"``; None forgets all.

    Raises:
        InputError: there is no such lesson.
    """
    if lesson is None:
        store.reset()
    else:
        check_lesson(lesson, "reset_progress")
        store.reset(int(lesson[:2]))
    show_again()
    return progress()


def _face() -> Face:
    lines = tuple(map(_line, lesson_names()))
    again = Action("Look again", _face)
    return Face(Content("info", "Your progress", lines), (again,))


def _line(lesson: str) -> str:
    number = int(lesson[:2])
    done = store.load()
    exercises = of_lesson(number)
    solved = sum(
        done.exercises.get(e.id, store.ExerciseRecord()).passed for e in exercises
    )
    guesses = [
        record
        for prediction_id, record in done.predictions.items()
        if store.lesson_of(prediction_id) == number
    ]
    right = sum(record.right is True for record in guesses)
    return (
        f"`{lesson}` {solved} of {len(exercises)} exercises passed, "
        f"{right} of {len(guesses)} predictions right"
    )
