"""Predictions: a guess kept before the run, and scored after it."""

import time
from functools import partial

import ipywidgets
from msgspec.structs import replace

from helpers.course import guesses, progress
from helpers.course.cards import Action, Card, Content, Face, Tone
from helpers.course.progress import PredictionRecord
from helpers.course.questions import Question, filled, find
from helpers.inputs import InputError, public, public_methods
from helpers.wording import shown

# Seconds for which a card's new button does nothing: the second half of a double click
# on a choice, or a click that ends the typing of a number, lands on it.
_DOUBLE_CLICK = 1.0
# The cards that were shown last, by the prediction's id.
_asked: dict[str, "Prediction"] = {}
_revealed: dict[str, Card] = {}


class Prediction(Card):
    """A card with a question, and one button for each choice."""

    def __init__(self, prediction_id: str, question: Question, asked: str) -> None:
        self._id = prediction_id
        self._question = question
        self._asked = asked
        self._kept_at = -_DOUBLE_CLICK
        super().__init__(self.face())
        _asked[prediction_id] = self

    def face(self) -> Face:
        """Return what the card says now: the question, and the guess if one is kept."""
        if record := _kept(self._id):
            asked = record.question or self._asked
            said = f"Your guess is kept: {self._said(record.guess)}. Go on and see."
            again = Action("Guess again", self._guess_again)
            return Face(self._content(asked, said), (again,))
        return Face(self._content(self._asked), self._answers())

    def _answers(self) -> tuple[Action, ...]:
        choices = self._question.choices.values()
        return tuple(Action(label, partial(self._keep, label)) for label in choices)

    def _said(self, guess: str) -> str:
        return guess

    def _keep(self, guess: str) -> Face:
        # The same notebook may be open twice.
        if _kept(self._id) is None:
            record = PredictionRecord(guess, question=self._asked)
            progress.record_prediction(self._id, record)
            self._kept_at = time.monotonic()
        return self.face()

    def _guess_again(self) -> Face:
        if time.monotonic() - self._kept_at >= _DOUBLE_CLICK:
            progress.forget_prediction(self._id)
            if outcome := _revealed.get(self._id):
                outcome.show(_forgotten(self._id))
        return self.face()

    def _content(self, *said: str) -> Content:
        return Content("info", f"Predict {self._id}", said)


@public_methods
class NumberPrediction(Prediction):
    """A card with a question, and a field for a number."""

    def __init__(self, prediction_id: str, question: Question, asked: str) -> None:
        # Without continuous updates its value changes with the Enter key only, or
        # when the student leaves the field.
        self._field = ipywidgets.Text(
            placeholder="a number", continuous_update=False, layout={"width": "12em"}
        )
        self._field.observe(lambda change: self.keep(change["new"]), "value")
        keep = ipywidgets.Button(description="Keep", tooltip="Keep this guess")
        keep.on_click(lambda _: self.keep(self._field.value))
        unit = ipywidgets.Label(question.unit)
        self._row = ipywidgets.HBox([self._field, unit, keep])
        super().__init__(prediction_id, question, asked)
        self.children = (self._body, self._row, self._buttons)

    def face(self) -> Face:
        """Return what the card says now; the field is there while no guess is kept."""
        is_open = _kept(self._id) is None
        if not is_open:
            self._field.value = ""
        self._row.layout.display = "" if is_open else "none"
        return super().face()

    def keep(self, guess: str) -> None:
        """Keep a guess; from then on it stays. What is no number is not kept."""
        number = guesses.number(guess, self._question.unit)
        if number is not None:
            # As it was typed: rounded, a right guess would be told to be wrong.
            self.show(self._keep(f"{number:.15g}"))
        elif _kept(self._id) is None:
            unit = self._question.unit
            of = f" of {unit}" if unit.isalpha() else ""
            no = f"This is no clear number{of}: type one such as 1200 or 0.5."
            self.show(Face(self._content(self._asked, no)))

    def _answers(self) -> tuple[Action, ...]:
        return ()

    def _said(self, guess: str) -> str:
        number = _number(guess)
        return guess if number is None else guesses.amount(number, self._question.unit)


def show_again() -> None:
    """Let the cards of questions say what is kept now."""
    for card in _asked.values():
        card.show(card.face())


@public
def predict(prediction_id: str, **facts: object) -> Prediction:
    """Ask for a guess: one of several choices, or a number.

    The first guess is kept; running the cell again shows it.

    Args:
        prediction_id: of a question in ``lessons/predictions``, such as ``"4.1"``.
        facts: of the run, by the names that they have in the question.

    Raises:
        InputError: there is no such prediction, or these are not its facts.
    """
    question = find(prediction_id)
    asked = filled(question.question, facts)
    kind = Prediction if question.choices else NumberPrediction
    return kind(prediction_id, question, asked)


@public
def reveal(
    prediction_id: str, result: str | float | bool | None, **facts: object
) -> Card:
    """Compare the guess with what the run has shown.

    Args:
        prediction_id: as in :func:`predict`, such as ``"4.1"``.
        result: what the run gave: the number that was asked for, or what tells the
            choices apart; None if it gave nothing, and then nothing is scored.
        facts: of the run, by the names that they have in the reason.

    Raises:
        InputError: there is no such prediction, these are not its facts, or the result
            is of another kind than its answers.
    """
    question = find(prediction_id)
    if question.is_measured and isinstance(result, str | bool):
        raise InputError(
            f"The result of {prediction_id} is a number, not {shown(result)}."
        )
    why = "" if result is None else filled(question.why, facts, result)
    card = Card(_outcome(prediction_id, question, result, why))
    _revealed[prediction_id] = card
    return card


def _outcome(
    prediction_id: str, question: Question, result: str | float | None, why: str
) -> Face:
    if result is None:
        no = "The run gave no result. Run the cells above it again."
        return _face(prediction_id, no)
    told = question.told(result)
    if told is None:
        none = f"This run gave {shown(result)}, which is none of the choices."
        return _face(prediction_id, none, "Nothing is scored.")
    record = _kept(prediction_id)
    if record is None:
        return _face(prediction_id, f"You made no guess. The result: {told}.", why)
    right, said = _judged(question, record.guess, result, told)
    progress.record_prediction(prediction_id, replace(record, right=right))
    again = Action("Guess again", partial(_reopen, prediction_id))
    return _face(prediction_id, said, why, tone="good" if right else "not yet", way=again)


def _judged(
    question: Question, guess: str, result: str | float, told: str
) -> tuple[bool, str]:
    number = _number(guess)
    if question.choices or number is None:
        right = guess == told
        return right, f"You said: {guess}. " + ("Right." if right else f"Not so: {told}.")
    return guesses.verdict(number, float(result), question.unit, question.within)


def _reopen(prediction_id: str) -> Face:
    """Forget a guess, and open the card that asks for it."""
    progress.forget_prediction(prediction_id)
    if asked := _asked.get(prediction_id):
        asked.show(asked.face())
    return _forgotten(prediction_id)


def _forgotten(prediction_id: str) -> Face:
    said = "The guess is forgotten. Guess again above, then run this cell again."
    return _face(prediction_id, said)


def _face(
    prediction_id: str, *said: str, tone: Tone = "info", way: Action | None = None
) -> Face:
    content = Content(tone, f"Prediction {prediction_id}", said)
    return Face(content, (way,) if way else ())


def _kept(prediction_id: str) -> PredictionRecord | None:
    return progress.load().predictions.get(prediction_id)


def _number(guess: str) -> float | None:
    try:
        return float(guess)
    except ValueError:  # a choice
        return None
