"""One measured figure, with what it should be."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Goal:
    """What a figure should be.

    Attributes:
        side: whether less or more than the bound is good.
        bound: in the figure's unit.
    """

    side: Literal["≤", "≥"]
    bound: float

    def met_by(self, value: float) -> bool:
        """Return whether ``value`` reaches the goal."""
        return value <= self.bound if self.side == "≤" else value >= self.bound


@dataclass(frozen=True)
class Figure:
    """One row of the table.

    Attributes:
        what: was measured.
        value: in ``unit``.
        unit: as it follows the number; empty for a ratio.
        goal: what it should be; None where there is none.
        basis: the figures behind it, and how they came about.
        headline: whether the README shows it, too.
    """

    what: str
    value: float
    unit: str
    goal: Goal | None
    basis: str
    headline: bool = False

    @property
    def verdict(self) -> str:
        """In one word; a missed goal is not hidden."""
        if self.goal is None:
            return "–"
        return "reached" if self.goal.met_by(self.value) else "MISSED"

    @property
    def shown(self) -> str:
        """The value with its unit, to three digits."""
        return _with_unit(self.value, self.unit)

    @property
    def shown_goal(self) -> str:
        """The goal with its unit, or a dash."""
        if self.goal is None:
            return "–"
        return f"{self.goal.side} {_with_unit(self.goal.bound, self.unit)}"


_WHOLE_FROM = 100


def _with_unit(value: float, unit: str) -> str:
    digits = f"{value:.0f}" if abs(value) >= _WHOLE_FROM else f"{value:.3g}"
    return f"{digits} {unit}".rstrip()
