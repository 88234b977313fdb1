"""The card of a student's progress over all lessons."""

from helpers.course import progress as store
from helpers.course.cards import Action, Card, Content, Face
from helpers.course.exercises import of_lesson
from helpers.course.project import LESSONS
from helpers.inputs import public


@public
def progress() -> Card:
    """Show what you have done in every lesson so far."""
    return Card(_face())


@public
def reset_progress() -> Card:
    """Forget every exercise and prediction, and show the empty card."""
    store.reset()
    return progress()


def _face() -> Face:
    lines = tuple(_line(file.stem) for file in sorted(LESSONS.glob("[0-9]*.py")))
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
        if prediction_id.partition(".")[0] == str(number)
    ]
    right = sum(record.right is True for record in guesses)
    return (
        f"`{lesson}` {solved} of {len(exercises)} exercises passed, "
        f"{right} of {len(guesses)} predictions right"
    )
