"""What a student has done, over all lessons, in one file of theirs."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from filelock import FileLock
from msgspec.structs import replace

from helpers import files
from helpers.settings import Settings

_Result = TypeVar("_Result")
_Count = Annotated[int, msgspec.Meta(ge=0)]
# A change takes milliseconds; some folders never let a lock be made.
_LOCK_SECONDS = 30


# What a newer version of the workbook has added must not be lost by writing it back.
class ExerciseRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an exercise went.

    Attributes:
        passed: whether a check found it done.
        tries: checks until then.
        hints: how many hints were asked for.
        solution_seen: whether the solution was asked for.
    """

    passed: bool = False
    tries: _Count = 0
    hints: _Count = 0
    solution_seen: bool = False


class PredictionRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A guess, and how good it was.

    Attributes:
        guess: what the student chose or typed.
        right: None until the result is known.
        question: what was asked.
    """

    guess: str
    right: bool | None = None
    question: str = ""


class Progress(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All exercises and predictions that were touched, by their ids such as "4.2"."""

    exercises: dict[str, ExerciseRecord] = {}
    predictions: dict[str, PredictionRecord] = {}


def load(file: Path | None = None) -> Progress:
    """Return what was done so far; an unreadable file counts as nothing done."""
    try:
        return _read(files.behind(file or _file()))
    except (OSError, ValueError, RecursionError):
        return Progress()


def _read(file: Path) -> Progress:
    return msgspec.json.decode(file.read_bytes(), type=Progress)


def record_exercise(exercise_id: str, **changes: bool | int) -> ExerciseRecord:
    """Change the record of one exercise and return it."""

    def change(progress: Progress) -> ExerciseRecord:
        old = progress.exercises.get(exercise_id, ExerciseRecord())
        progress.exercises[exercise_id] = new = replace(old, **changes)
        return new

    return _changed(change)


def record_prediction(prediction_id: str, record: PredictionRecord) -> None:
    """Keep a guess or its outcome."""
    _changed(lambda progress: progress.predictions.update({prediction_id: record}))


def forget_prediction(prediction_id: str) -> None:
    """Forget a guess and its outcome."""
    _changed(lambda progress: progress.predictions.pop(prediction_id, None))


def reset(lesson: int | None = None) -> None:
    """Forget what was done in a lesson, by its number; everything if none is named."""

    def clear(progress: Progress) -> None:
        for records in (progress.exercises, progress.predictions):
            for one in [*records]:
                if lesson in (None, lesson_of(one)):
                    del records[one]

    _changed(clear)


def lesson_of(record_id: str) -> int | None:
    """Return the number of the lesson that an id such as "4.2" belongs to."""
    number = record_id.partition(".")[0]
    return int(number) if number.isdecimal() else None


def _changed(change: Callable[[Progress], _Result]) -> _Result:
    """Change the progress and write it back; other kernels wait meanwhile.

    A lesson goes on where the file cannot be written: it says so, and nothing is kept.
    """
    file = _file()
    try:
        target = files.behind(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_name(f"{target.name}.lock"), timeout=_LOCK_SECONDS):
            progress = _read_or_set_aside(target)
            result = change(progress)
            text = msgspec.json.format(msgspec.json.encode(progress), indent=1)
            files.write(target, text)
            return result
    except OSError as error:
        print(
            f"Your progress cannot be kept in {file} ({error.strerror or error}): free "
            "that path, or set WORKBOOK_PROGRESS_FILE to another one."
        )
        return change(load(file))


def _read_or_set_aside(file: Path) -> Progress:
    """Keep what makes no sense, of a newer version perhaps, out of the way."""
    try:
        return _read(file)
    except FileNotFoundError:
        pass
    except (ValueError, RecursionError):
        kept = files.set_aside(file)
        print(f"Your progress could not be read; the old file is kept as {kept}.")
    return Progress()


def _file() -> Path:
    return Settings.from_environment().progress_file
