"""Charts in the colours of the boards: a picture, and what it says as text.

Drawn on a ``Figure`` of their own, never through pyplot, whose state would be shared
by every cell and thread.
"""

import html
import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.inputs import InputError, public
from helpers.views.style import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILLION
from helpers.wording import plain, shown

# Matplotlib is imported by the first chart: it takes 0.4 s, and the first cell of a
# lesson draws none.
if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY)
"""Of the first, second and further lines of a chart."""

DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P")
_SIZE_INCHES = (8.0, 3.6)
_FEW_POINTS = 40
_MOST_NUMBERS = 200
_MARK = "#555555"

Points = tuple[Sequence[Any], Sequence[float]]
"""The x and the y of one line's points, equally many of each."""


@dataclass(frozen=True)
class Chart:
    """A picture with its words.

    Attributes:
        svg: the picture.
        alt: what it shows, for who cannot see it.
    """

    svg: str
    alt: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return the picture on white paper, which both themes of Lab can show."""
        label = html.escape(self.alt, quote=True)
        style = "max-width:52em;background:#fff"
        picture = f'<div role="img" aria-label="{label}" style="{style}">{self.svg}</div>'
        return {"text/html": picture, "text/plain": self.alt}

    def __repr__(self) -> str:
        return self.alt


@contextmanager
def _told() -> Iterator[None]:
    """Tell in a sentence what cannot be drawn, such as more x than y."""
    try:
        with warnings.catch_warnings():
            # A title that leaves no room, and numbers of which a difference is infinite.
            warnings.filterwarnings("error", "constrained_layout not applied")
            warnings.filterwarnings("error", category=RuntimeWarning)
            yield
    except InputError:
        raise
    except (ArithmeticError, TypeError, ValueError, Warning) as error:
        said = " ".join(str(error).split())
        raise InputError(
            f"This chart cannot be drawn ({said}): give each line as many x as y, and "
            "short texts."
        ) from error


@public
@_told()
def lines(
    series: Mapping[str, Points],
    *,
    title: str,
    x: str,
    y: str,
    alt: str,
    every: float | None = None,
    mark: tuple[float, str] | None = None,
) -> Chart:
    """Return a chart with one line for each entry, told apart by colour and dashes.

    Args:
        series: by its name, the x and the y of its points.
        title: what the chart answers.
        x: what lies on the x axis, with its unit.
        y: what lies on the y axis, with its unit.
        alt: what it shows, in a sentence or two with the figures that count.
        every: distance of the numbers on the x axis; None leaves it to the chart.
        mark: an x to draw a line at, and its name.

    Raises:
        InputError: this cannot be drawn.
    """
    _refuse_nothing(series, "lines takes for series at least one line")
    figure, axes = _paper(title)
    for number, (name, (xs, ys)) in enumerate(series.items()):
        axes.plot(
            xs,
            ys,
            label=name,
            color=COLOURS[number % len(COLOURS)],
            linestyle=DASHES[number % len(DASHES)],
            marker=MARKERS[number % len(MARKERS)] if len(xs) <= _FEW_POINTS else None,
            markersize=4,
        )
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    if every is not None:
        _number_every(axes, every)
    if mark:
        _draw_mark(axes, *mark)
    if len(series) > 1:
        axes.legend(frameon=False)
    return Chart(svg(figure), alt)


def _number_every(axes: "Axes", every: float) -> None:
    from matplotlib.ticker import MultipleLocator

    low, high = axes.get_xlim()
    # Matplotlib would first make all numbers, however many, and then warn of them.
    if not high - low <= every * _MOST_NUMBERS:
        raise InputError(
            f"lines takes for every a distance that gives 1 to {_MOST_NUMBERS} numbers "
            f"on the x axis, such as {plain((high - low) / 10)}, not {shown(every)}."
        )
    axes.xaxis.set_major_locator(MultipleLocator(every))


def _draw_mark(axes: "Axes", x: float, name: str) -> None:
    axes.axvline(x, color=_MARK, linewidth=1)
    # Just beside the line, above what most lines reach.
    axes.annotate(
        name, (x, 0.94), (4, 0), ("data", "axes fraction"), "offset points", color=_MARK
    )


@public
@_told()
def bars(values: Mapping[str, float], *, title: str, unit: str, alt: str) -> Chart:
    """Return a chart with one bar for each entry, its number written beside it.

    Args:
        values: by its name, the length of a bar.
        title: what the chart answers.
        unit: of the numbers.
        alt: what it shows, in a sentence or two with the figures that count.

    Raises:
        InputError: this cannot be drawn.
    """
    _refuse_nothing(values, "bars takes for values at least one bar")
    figure, axes = _paper(title)
    names = list(values)
    drawn = axes.barh(names, list(values.values()), color=BLUE, height=0.6)
    axes.bar_label(drawn, fmt="{:,.6g}", padding=3)
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.set_xlabel(unit)
    return Chart(svg(figure), alt)


def _refuse_nothing(given: Mapping[str, object], said: str) -> None:
    if not given:
        raise InputError(f"{said}, and this is an empty dict.")


def svg(figure: "Figure") -> str:
    """Return a figure as an ``svg`` element whose text is text."""
    import matplotlib

    buffer = io.StringIO()
    # Text as text can be searched, and is small; the salt keeps two drawings equal.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "workbook"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def _paper(title: str) -> "tuple[Figure, Axes]":
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="both", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    return figure, axes
