"""Predictions: a guess kept before the run, and scored after it."""

from collections.abc import Sequence

import ipywidgets

from helpers.course import progress
from helpers.course.cards import Action, Card, Content, Face, Tone
from helpers.course.progress import PredictionRecord

# A guess within this share of the result counts as right: laptops differ.
_NUMBER_TOLERANCE = 0.25


class NumberPrediction(ipywidgets.VBox):  # type: ignore[misc]
    """A card with a field for a number."""

    def __init__(self, prediction_id: str, question: str, unit: str) -> None:
        self._id = prediction_id
        self._unit = unit
        self._card = Card(_open_face(prediction_id, question, ()))
        self._field = ipywidgets.FloatText(
            description=unit,
            layout={"width": "16em"},
            style={"description_width": "auto"},
        )
        self._keep = ipywidgets.Button(description="Keep", tooltip="Keep this guess")
        self._keep.on_click(lambda _: self.keep(self._field.value))
        row = ipywidgets.HBox([self._field, self._keep])
        super().__init__([self._card, row])
        if _kept(prediction_id):
            self._lock()

    def keep(self, guess: float) -> None:
        """Keep a guess; from then on it stays."""
        self._card.show(_keep(self._id, f"{guess:g}", self._unit))
        self._lock()

    def _lock(self) -> None:
        self._field.disabled = self._keep.disabled = True

    def __repr__(self) -> str:
        return repr(self._card)

    def _repr_mimebundle_(self, **options: object) -> dict[str, object]:
        """Return the widget, and its text in full for whoever has no widgets."""
        bundle: dict[str, object] = super()._repr_mimebundle_(**options)
        return {**bundle, "text/plain": repr(self)}


def predict(
    prediction_id: str, question: str, choices: Sequence[str] = (), unit: str = ""
) -> Card | NumberPrediction:
    """Ask for a guess: one of ``choices``, or a number of ``unit``.

    The first guess is kept; running the cell again shows it.

    Args:
        prediction_id: such as ``"4.1"``.
        question: what will happen.
        choices: what to choose from; none asks for a number.
        unit: what the number counts, such as ``"seconds"``.
    """
    if not choices:
        return NumberPrediction(prediction_id, question, unit)
    actions = tuple(
        Action(choice, lambda choice=choice: _keep(prediction_id, choice))  # type: ignore[misc]
        for choice in choices
    )
    return Card(_open_face(prediction_id, question, actions))


def reveal(prediction_id: str, result: str | float, why: str = "") -> Card:
    """Compare the guess with what the run has shown.

    Args:
        prediction_id: as in :func:`predict`.
        result: the choice that came true, or the number measured.
        why: one sentence on the reason.
    """
    record = progress.load().predictions.get(prediction_id)
    title = f"Prediction {prediction_id}"
    shown = result if isinstance(result, str) else f"{result:g}"
    if record is None:
        said = f"You made no guess. The result: {shown}."
        return Card(Face(Content("info", title, _sentences(said, why))))
    right, said = _compared(record.guess, result, shown)
    progress.record_prediction(prediction_id, PredictionRecord(record.guess, right))
    tone: Tone = "good" if right else "not yet"
    return Card(Face(Content(tone, title, _sentences(said, why))))


def _compared(guess: str, result: str | float, shown: str) -> tuple[bool, str]:
    if isinstance(result, str):
        right = guess == result
        return right, f"You said: {guess}. " + (
            "Right." if right else f"Not so: {shown}."
        )
    try:
        difference = float(guess) - result
    except ValueError:
        return False, f"You said {guess}. It is {shown}."
    right = abs(difference) <= _NUMBER_TOLERANCE * abs(result)
    direction = "above" if difference > 0 else "below"
    off = f", {abs(difference):g} {direction} it" if difference else ""
    judged = "close enough" if right else "not close"
    return right, f"You said {guess}. The result is {shown}: {judged}{off}."


def _sentences(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, texts))


def _kept(prediction_id: str) -> PredictionRecord | None:
    return progress.load().predictions.get(prediction_id)


def _open_face(prediction_id: str, question: str, actions: tuple[Action, ...]) -> Face:
    if record := _kept(prediction_id):
        return _kept_face(prediction_id, record.guess)
    return Face(Content("info", f"Predict {prediction_id}", (question,)), actions)


def _keep(prediction_id: str, guess: str, unit: str = "") -> Face:
    record = _kept(prediction_id)
    if record is None:
        progress.record_prediction(prediction_id, PredictionRecord(guess))
        record = PredictionRecord(guess)
    return _kept_face(prediction_id, f"{record.guess} {unit}".strip())


def _kept_face(prediction_id: str, guess: str) -> Face:
    said = f"Your guess is kept: {guess}. Go on and see."
    return Face(Content("info", f"Predict {prediction_id}", (said,)))
