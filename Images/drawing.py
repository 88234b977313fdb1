"""What the figures share: one size, one look, and how they are written.

Run a figure's script to draw it again; another path may be named:

    python Images/draw_kafka_partitions.py [FILE.png]
"""

import sys
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

INK = "#1c2733"
MUTED = "#4a5560"
PAPER = "#ffffff"
SOFT = "#f4f6f8"
TEXT = 19
"""Points of ordinary text: on a slide it can be read from the last row."""

_DOTS_PER_INCH = 100
_SIZE_INCHES = (16, 9)


def paper(title: str) -> tuple[Figure, Axes]:
    """Return a white sheet of 16 by 9 units with a title."""
    figure = Figure(figsize=_SIZE_INCHES, dpi=_DOTS_PER_INCH, facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 16), ylim=(0, 9))
    axes.axis("off")
    axes.text(0.5, 8.45, title, fontsize=28, fontweight="bold", color=INK, va="center")
    return figure, axes


def box(
    axes: Axes,
    corner: tuple[float, float],
    size: tuple[float, float],
    *,
    edge: str,
    fill: str = PAPER,
    line: float = 3,
    corners: float = 0.12,
) -> None:
    """Draw a rectangle.

    Args:
        axes: the sheet.
        corner: its lower left corner.
        size: width and height.
        edge: colour of its line.
        fill: colour within.
        line: width of its line in points.
        corners: how round its corners are; 0 is square.
    """
    style = f"round,pad=0,rounding_size={corners}"
    axes.add_patch(
        FancyBboxPatch(
            corner,
            *size,
            boxstyle=style,
            edgecolor=edge,
            facecolor=fill,
            linewidth=line,
        )
    )


def write(figure: Figure, name: str) -> None:
    """Write a figure beside these scripts, or where the command line says."""
    beside = Path(__file__).with_name(f"{name}.png")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else beside
    # Without the metadata two versions of a library would write two files.
    figure.savefig(target, metadata={"Software": None})
