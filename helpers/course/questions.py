"""What the predictions ask: ``lessons/predictions/NN_name.toml``, a table for each id."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from string import Formatter
from typing import Annotated

import msgspec

from helpers.course import guesses
from helpers.course.project import PREDICTIONS
from helpers.inputs import InputError
from helpers.live.words import listed
from helpers.wording import shown


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One prediction. In its texts ``{name}`` stands for a fact of the run.

    Attributes:
        question: what will happen.
        why: the reason, told with the result; ``{result}`` stands for what was measured.
        choices: what the run may give, as text, and the label that stands for it.
        ranges: whether a choice is for all numbers from its key up to the next one.
        unit: what a number counts, such as ``"seconds"``; ``"%"`` for a percentage.
        no_unit: why a number has no unit.
        within: share of the result by which a number may be off and still be right:
            0 for a limit, more for a measurement, since laptops differ.
    """

    question: str
    why: str
    choices: dict[str, str] = {}
    ranges: bool = False
    unit: str = ""
    no_unit: str = ""
    within: Annotated[float, msgspec.Meta(ge=0)] = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be asked or answered; msgspec says where it stands."""
        if sum(map(bool, (self.choices, self.unit, self.no_unit))) != 1:
            raise ValueError("a prediction has one of choices, unit and no_unit")
        if self.ranges:
            _ = [float(key) for key in self.choices]

    @property
    def is_measured(self) -> bool:
        """Whether the run gives a number, and no word."""
        return self.ranges or not self.choices

    def told(self, result: str | float) -> str | None:
        """Return the choice that came true, or the number measured with its unit.

        None: the run gave none of the choices.
        """
        if not self.choices:
            return guesses.measured(float(result), self.unit)
        if not self.ranges:
            return self.choices.get(_key(result))
        reached = [key for key in self.choices if float(key) <= float(result)]
        return self.choices[max(reached, key=float)] if reached else None


def find(prediction_id: str) -> Question:
    """Return what a prediction asks.

    Raises:
        InputError: there is no such prediction, or its lesson's file cannot be read.
    """
    files = sorted(PREDICTIONS.glob("[0-9]*.toml"))
    begin = f"{prediction_id.partition('.')[0]:0>2}_"
    own = [file for file in files if file.name.startswith(begin)]
    known = {name: one for file in own or files for name, one in load(file).items()}
    if prediction_id not in known:
        nearest = get_close_matches(prediction_id, known, cutoff=0)
        raise InputError(
            f"There is no prediction {shown(prediction_id)}: the nearest are "
            f"{listed(nearest)}."
        )
    return known[prediction_id]


def load(file: Path) -> dict[str, Question]:
    """Return the predictions of a lesson by their ids.

    Raises:
        InputError: the file has a mistake; the message says which.
    """
    try:
        return msgspec.toml.decode(file.read_bytes(), type=dict[str, Question])
    except ValueError as error:
        raise InputError(f"Mend {file.parent.name}/{file.name}: {error}.") from None


def facts_of(text: str) -> set[str]:
    """Return the names of the facts for which a text has places, but for the result."""
    return {name for _, name, _, _ in Formatter().parse(text) if name} - {"result"}


def filled(
    text: str, facts: Mapping[str, object], result: str | float | None = None
) -> str:
    """Return a text with its facts and the run's result.

    Raises:
        InputError: these are not its facts, or cannot be shown as it wants.
    """
    wanted = sorted(facts_of(text))
    try:
        if wanted == sorted(facts):
            return text.format_map({**facts, "result": result})
    except (ValueError, TypeError):
        pass  # such as a word where a number is wanted
    given = listed([f"{name}={shown(value)}" for name, value in facts.items()])
    raise InputError(f"This prediction takes as facts {listed(wanted)}, not {given}.")


def _key(result: str | float) -> str:
    """Return a result as the keys of choices have it: true, 3, a word."""
    if isinstance(result, float) and result.is_integer():
        result = int(result)
    return str(result).lower() if isinstance(result, bool) else str(result)
