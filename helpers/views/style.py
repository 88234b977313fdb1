"""The one visual language of boards and charts.

The colours are those of Okabe and Ito, which people of every colour vision can tell
apart. No meaning is carried by colour alone: each has a word or a shape beside it.
"""

from functools import cache
from html import escape
from pathlib import Path

from helpers.servers.interface import Role

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
SKY = "#56B4E9"
ORANGE = "#E69F00"
YELLOW = "#F0E442"

BROKER_COLOURS = (BLUE, VERMILLION, GREEN, ORANGE)
"""Of brokers 1, 2, 3 and so on; the same on every board and chart."""

_ROLE_COLOURS = {"controller": PURPLE, "kinesis": SKY}


def node_colour(role: Role, node_id: int) -> str:
    """Return the fixed colour of a node."""
    if role == "broker":
        return BROKER_COLOURS[(node_id - 1) % len(BROKER_COLOURS)]
    return _ROLE_COLOURS[role]


def colour_class(role: Role, node_id: int) -> str:
    """Return the CSS class that gives an element a node's colour as ``--wb-own``."""
    return "wb-own-" + node_colour(role, node_id).lstrip("#")


def span(css: str, text: str) -> str:
    """Return a ``span`` of one CSS class; the text is escaped."""
    return f'<span class="{css}">{escape(text)}</span>'


def scaled(pixels: float) -> str:
    """Return a length in CSS that grows with the text.

    Args:
        pixels: how long it is where the text has JupyterLab's usual 14 pixels.
    """
    return f"calc(var(--wb-size, 14px) * {pixels / 14:.3f})"


def _on(colour: str) -> str:
    """Return what can be read on a colour: white on the dark one, else black."""
    return "#fff" if colour == BLUE else "#111"


@cache
def stylesheet() -> str:
    """Return the ``style`` element that every board carries once."""
    rules = Path(__file__).with_name("board.css").read_text("utf-8")
    colours = {node_colour("broker", number) for number in range(1, 5)}
    own = "".join(
        f".wb-own-{colour.lstrip('#')}{{--wb-own:{colour};--wb-on:{_on(colour)}}}"
        for colour in sorted(colours | set(_ROLE_COLOURS.values()))
    )
    return f"<style>{rules}{own}</style>"
