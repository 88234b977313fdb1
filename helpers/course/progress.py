"""What a student has done, over all lessons, in one file of theirs."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from filelock import FileLock

from helpers.settings import Settings


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
    try:
        raw = json.loads((file or _file()).read_text("utf-8"))
        return Progress(
            {key: ExerciseRecord(**row) for key, row in raw["exercises"].items()},
            {key: PredictionRecord(**row) for key, row in raw["predictions"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Progress()


def record_exercise(exercise_id: str, **changes: bool | int) -> ExerciseRecord:
    """Change the record of one exercise and return it."""
    with _changing() as progress:
        old = progress.exercises.get(exercise_id, ExerciseRecord())
        progress.exercises[exercise_id] = new = replace(old, **changes)  # type: ignore[arg-type]
        return new


def record_prediction(prediction_id: str, record: PredictionRecord) -> None:
    """Keep a guess or its outcome."""
    with _changing() as progress:
        progress.predictions[prediction_id] = record


def reset() -> None:
    """Forget everything."""
    with _changing() as progress:
        progress.exercises.clear()
        progress.predictions.clear()


@contextmanager
def _changing() -> Iterator[Progress]:
    """Give the progress and write it back; other kernels wait meanwhile."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_suffix(".lock")):
        progress = load(file)
        yield progress
        scratch = file.with_suffix(f".{os.getpid()}")
        scratch.write_text(json.dumps(asdict(progress), indent=1), "utf-8")
        os.replace(scratch, file)


def _file() -> Path:
    return Settings.from_environment().progress_file
