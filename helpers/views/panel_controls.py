"""What a panel of experiments lets choose: a slider for numbers, a list for words."""

from collections.abc import Sequence
from typing import TypeAlias

from ipywidgets import Dropdown, HBox, Label, SelectionSlider

from helpers.inputs import InputError
from helpers.views.panel_render import shown

Choices = Sequence[str | float]
Control: TypeAlias = Dropdown | SelectionSlider


def control(name: str, choices: Choices, default: object) -> Control:
    """Return a slider if all choices are numbers, else a list.

    Args:
        name: the setting's, with ``_`` for a dot.
        choices: what can be chosen.
        default: what is chosen at first, if it is among the choices.

    Raises:
        InputError: there is nothing to choose from.
    """
    if not len(choices):
        raise InputError(
            f"There is nothing to choose from for {name!r}: give a list, such as [1, 5]."
        )
    options = {
        "options": [(shown(one), one) for one in choices],
        "value": default if default in choices else choices[0],
        "description": dotted(name),
        "style": {"description_width": "initial"},
    }
    if all(isinstance(one, int | float) for one in choices):
        # A slider's own readout can be typed into, and would show what is not chosen.
        return SelectionSlider(**options, readout=False, layout={"width": "17em"})
    return Dropdown(**options, layout={"width": "auto"})


def beside_its_value(one: Control) -> Control | HBox:
    """Return a slider with the chosen number to its right; a list shows its own."""
    if isinstance(one, Dropdown):
        return one
    number = Label(one.label, layout={"width": "5.5em", "margin": "2px 2px 2px 10px"})
    one.observe(lambda change: setattr(number, "value", change["new"]), "label")
    return HBox([one, number])


def dotted(name: str) -> str:
    """Return a setting's name as Kafka writes it: Python knows no dots in names."""
    return name.replace("_", ".")
