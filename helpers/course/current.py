"""The lesson that this kernel is in, for the calls that need no more than an id."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers.course.lesson import Lesson

_lesson: list["Lesson"] = []


class NoLessonError(RuntimeError):
    """A call came before the lesson's set-up cell."""


def enter(lesson: "Lesson") -> None:
    """Make ``lesson`` the one that checks and predictions belong to."""
    _lesson[:] = [lesson]


def lesson() -> "Lesson":
    """Return the lesson that was entered last.

    Raises:
        NoLessonError: none was.
    """
    if not _lesson:
        raise NoLessonError("Run the set-up cell at the top of this lesson first.")
    return _lesson[0]
