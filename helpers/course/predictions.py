"""Predictions: a guess kept before the run, and scored after it."""

import math
import re
import sys
from collections.abc import Sequence

import ipywidgets
from msgspec.structs import replace

from helpers.course import progress
from helpers.course.cards import Action, Card, Content, Face, Tone
from helpers.course.progress import PredictionRecord
from helpers.inputs import InputError, public, public_methods
from helpers.views.still import mimebundle
from helpers.wording import plain, shown


@public_methods
class NumberPrediction(ipywidgets.VBox):  # type: ignore[misc]
    """A card with a field for a number."""

    def __init__(self, prediction_id: str, question: str, unit: str) -> None:
        self._id = prediction_id
        self._unit = unit
        self._card = Card(_open_face(prediction_id, question, ()))
        self._question = question
        kept = _kept(prediction_id)
        # Without continuous updates its value changes with the Enter key only, or
        # when the student leaves the field.
        self._field = ipywidgets.Text(
            value=kept.guess if kept else "",
            placeholder=f"a number of {unit}",
            continuous_update=False,
            layout={"width": "16em"},
        )
        self._field.observe(lambda change: self.keep(change["new"]), "value")
        self._keep = ipywidgets.Button(description="Keep", tooltip="Keep this guess")
        self._keep.on_click(lambda _: self.keep(self._field.value))
        row = ipywidgets.HBox([self._field, self._keep])
        super().__init__([self._card, row])
        if kept:
            self._lock()

    def keep(self, guess: str) -> None:
        """Keep a guess; from then on it stays. What is no number is not kept."""
        number = _number(guess)
        if number is None:
            number_of = f"a number of {self._unit}" if self._unit else "a number"
            again = f"{self._question} Type {number_of}, such as 1200 or 0.5."
            self._card.show(_open_face(self._id, again, ()))
            return
        # As it was typed: rounded, a right guess would be told to be wrong.
        typed = f"{number:.{sys.float_info.dig}g}"
        self._card.show(_keep(self._id, self._question, typed, self._unit))
        self._lock()

    def _lock(self) -> None:
        self._field.disabled = self._keep.disabled = True

    def __repr__(self) -> str:
        return repr(self._card)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """Return the widget, and its picture for whoever cannot show one."""
        return mimebundle(self, repr(self))


def _number(text: str) -> float | None:
    """Return a number as people type it, or None if it is none or could be two.

    A comma may be a decimal point, but ``1,000`` may also be a thousand.
    """
    if re.fullmatch(r"\s*-?\d+,\d{3}\s*", text):
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


@public
def predict(
    prediction_id: str, question: str, choices: Sequence[str] = (), unit: str = ""
) -> Card | NumberPrediction:
    """Ask for a guess: one of ``choices``, or a number of ``unit``.

    The first guess is kept; running the cell again shows it.

    Args:
        prediction_id: such as ``"4.1"``.
        question: what will happen.
        choices: what to choose from, such as ``["Yes", "No"]``; none asks for a number.
        unit: what the number counts, such as ``"seconds"``.
    """
    if len(choices) == 0:
        return NumberPrediction(prediction_id, question, unit)
    actions = tuple(
        Action(choice, lambda choice=choice: _keep(prediction_id, question, choice))  # type: ignore[misc]
        for choice in map(str, choices)
    )
    return Card(_open_face(prediction_id, question, actions))


@public
def reveal(
    prediction_id: str, result: str | float | None, why: str = "", within: float = 0.0
) -> Card:
    """Compare the guess with what the run has shown.

    Args:
        prediction_id: as in :func:`predict`, such as ``"4.1"``.
        result: the choice that came true, or the number measured; None if the run
            gave none, and then nothing is scored.
        why: one sentence on the reason.
        within: share of the result by which a number may be off and still be right:
            0 for a limit, more for a measurement, since laptops differ.

    Raises:
        InputError: ``within`` is below 0.
    """
    if within < 0:
        raise InputError(
            f"reveal takes for within a share from 0 on, such as 0.25, not "
            f"{shown(within)}."
        )
    record = progress.load().predictions.get(prediction_id)
    title = f"Prediction {prediction_id}"
    if result is None:
        said = "The run gave no result. Run the cells above it again."
        return Card(Face(Content("info", title, (said,))))
    told = result if isinstance(result, str) else plain(result)
    if record is None:
        said = f"You made no guess. The result: {told}."
        return Card(Face(Content("info", title, _sentences(said, why))))
    right, said = _compared(record.guess, result, told, within)
    progress.record_prediction(prediction_id, replace(record, right=right))
    tone: Tone = "good" if right else "not yet"
    return Card(Face(Content(tone, title, _sentences(record.question, said, why))))


def _compared(
    guess: str, result: str | float, told: str, within: float
) -> tuple[bool, str]:
    if isinstance(result, str):
        right = guess == result
        return right, f"You said: {guess}. " + ("Right." if right else f"Not so: {told}.")
    try:
        difference = float(guess) - float(result)
    except ValueError:
        return False, f"You said {guess}. It is {told}."
    # Of numpy's numbers it would be a truth of numpy's, which no JSON can keep.
    right = bool(abs(difference) <= within * abs(result))
    direction = "above" if difference > 0 else "below"
    off = f", {plain(abs(difference))} {direction} it" if difference else ""
    judged = "right" if right else "not right"
    return right, f"You said {guess}. The result is {told}: {judged}{off}."


def _sentences(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, texts))


def _kept(prediction_id: str) -> PredictionRecord | None:
    return progress.load().predictions.get(prediction_id)


def _open_face(prediction_id: str, question: str, actions: tuple[Action, ...]) -> Face:
    if record := _kept(prediction_id):
        return _kept_face(prediction_id, question, record.guess)
    return Face(Content("info", f"Predict {prediction_id}", (question,)), actions)


def _keep(prediction_id: str, question: str, guess: str, unit: str = "") -> Face:
    record = _kept(prediction_id)
    if record is None:
        record = PredictionRecord(guess, question=question)
        progress.record_prediction(prediction_id, record)
    return _kept_face(prediction_id, question, f"{record.guess} {unit}".strip())


def _kept_face(prediction_id: str, question: str, guess: str) -> Face:
    said = f"Your guess is kept: {guess}. Go on and see."
    return Face(Content("info", f"Predict {prediction_id}", (question, said)))
