"""Charts, and the live views of the lesson that this kernel is in."""

from typing import TYPE_CHECKING

from helpers import views
from helpers.course import current, errors
from helpers.views.chart import bars, lines

if TYPE_CHECKING:
    from helpers.views.board import NodesBoard
    from helpers.views.panel import Choices, Experiment, Panel

__all__ = ["bars", "lines", "nodes", "panel"]


def nodes() -> "NodesBoard":
    """Show every node live, with buttons to stop, kill, pause and start it."""
    return views.nodes(current.lesson().cluster)


def panel(run: "Experiment", **choices: "Choices") -> "Panel":
    """Show an experiment with its settings, a button, and a table of the last runs.

    Args:
        run: takes each setting by name, and returns what it measured: numbers by names
            that carry their units, such as ``{"records a second": 48000}``.
        choices: by the name of each setting, what can be chosen.

    Raises:
        ValueError: a setting has nothing to choose from.
    """
    # Imported here: widgets take half a second, and not every lesson shows any.
    from helpers.views.panel import Panel

    return Panel(run, choices, lambda error: errors.sentence(error) or repr(error))
