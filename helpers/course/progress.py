"""What a student has done, over all lessons, in one file of theirs."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from helpers.settings import Settings

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class ExerciseRecord:
    """How an exercise went.

    Attributes:
        passed: whether a check found it done.
        tries: checks until then.
        hints: how many hints were asked for.
        solution_seen: whether the solution was asked for.
    """

    passed: bool = False
    tries: int = 0
    hints: int = 0
    solution_seen: bool = False


@dataclass(frozen=True)
class PredictionRecord:
    """A guess, and how good it was.

    Attributes:
        guess: what the student chose or typed.
        right: None until the result is known.
        question: what was asked.
    """

    guess: str
    right: bool | None = None
    question: str = ""


@dataclass(frozen=True)
class Progress:
    """All exercises and predictions that were touched, by their ids such as "4.2"."""

    exercises: dict[str, ExerciseRecord] = field(default_factory=dict)
    predictions: dict[str, PredictionRecord] = field(default_factory=dict)


def load(file: Path | None = None) -> Progress:
    """Return what was done so far; an unreadable file counts as nothing done."""
    return _read(file or _file()) or Progress()


def _read(file: Path) -> Progress | None:
    try:
        raw = json.loads(file.read_text("utf-8"))
        return Progress(
            {key: ExerciseRecord(**row) for key, row in raw["exercises"].items()},
            {key: PredictionRecord(**row) for key, row in raw["predictions"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def record_exercise(exercise_id: str, **changes: bool | int) -> ExerciseRecord:
    """Change the record of one exercise and return it."""

    def change(progress: Progress) -> ExerciseRecord:
        old = progress.exercises.get(exercise_id, ExerciseRecord())
        progress.exercises[exercise_id] = new = replace(old, **changes)  # type: ignore[arg-type]
        return new

    return _changed(change)


def record_prediction(prediction_id: str, record: PredictionRecord) -> None:
    """Keep a guess or its outcome."""
    _changed(lambda progress: progress.predictions.update({prediction_id: record}))


def reset() -> None:
    """Forget everything."""

    def clear(progress: Progress) -> None:
        progress.exercises.clear()
        progress.predictions.clear()

    _changed(clear)


def _changed(change: Callable[[Progress], _Result]) -> _Result:
    """Change the progress and write it back; other kernels wait meanwhile.

    A lesson goes on where the file cannot be written: it says so, and nothing is kept.
    """
    file = _file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_suffix(".lock")):
            _set_aside_unreadable(file)
            progress = load(file)
            result = change(progress)
            _save(progress, file)
            return result
    except OSError as error:
        print(
            f"Your progress cannot be kept in {file} ({error.strerror}): free that "
            "path, or set WORKBOOK_PROGRESS_FILE to another one."
        )
        return change(load(file))


def _save(progress: Progress, file: Path) -> None:
    scratch = file.with_suffix(f".{os.getpid()}")
    scratch.write_text(json.dumps(asdict(progress), indent=1), "utf-8")
    try:
        os.replace(scratch, file)
    except OSError:
        scratch.unlink(missing_ok=True)
        raise


def _set_aside_unreadable(file: Path) -> None:
    """Keep what cannot be read, of a newer version perhaps, out of the way."""
    if file.is_file() and _read(file) is None:
        kept = file.with_suffix(f".unreadable-{int(file.stat().st_mtime)}.json")
        os.replace(file, kept)
        print(f"Your progress could not be read; the old file is kept as {kept}.")


def _file() -> Path:
    return Settings.from_environment().progress_file
