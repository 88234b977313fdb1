"""Draw retention.png: the life of a segment, and of its first record."""

from drawing import INK, MUTED, SOFT, TEXT, box, paper, write
from matplotlib.axes import Axes

from helpers.views.style import BLUE, ORANGE, SKY, VERMILLION

Y, HEIGHT = 4.6, 1.3
PARTS = (
    (0.8, 4.4, SKY, "active", "written to"),
    (4.4, 9.6, SOFT, "closed", "read only"),
    (9.6, 10.9, SOFT, "too old", "waits"),
    (10.9, 13.3, ORANGE, ".deleted", "out of reach"),
)
"""From where to where, in what colour, and what the segment is there."""

SIGNS = (
    (0.8, BLUE, "first record", "base offset"),
    (4.4, BLUE, "newest record", "the segment is full,\nor segment.ms is over"),
    (9.6, VERMILLION, "newest record", "is retention.ms old"),
    (10.9, INK, "the next check", "log start offset\nmoves"),
    (13.3, INK, "file gone", "after file.delete\n.delay.ms"),
)
"""At which moment, in what colour, and what happens."""


def main() -> None:
    """Draw one segment's stages from left to right, and the two spans that add up."""
    figure, axes = paper("A segment goes whole, when its newest record is too old")
    for left, right, colour, name, words in PARTS:
        draw_part(axes, (left, right), colour, name, words)
    for number, (x, colour, name, words) in enumerate(SIGNS):
        draw_sign(axes, x, colour, name, words, low=number % 2 == 1)
    draw_span(axes, 0.8, 4.35, "up to segment.ms")
    draw_span(axes, 4.45, 9.6, "retention.ms")
    style = {"fontsize": TEXT, "color": INK, "va": "center"}
    said = "The first record stays as long as the newest one needs: both spans together."
    axes.text(0.8, 0.45, said, **style)
    axes.text(14.9, Y + HEIGHT / 2, "time →", **style, ha="center")
    write(figure, "retention")


def draw_part(
    axes: Axes, ends: tuple[float, float], colour: str, name: str, words: str
) -> None:
    """Draw one stage of the segment, and what it is called."""
    left, right = ends
    size = (right - left, HEIGHT)
    box(axes, (left, Y), size, edge=INK, fill=colour, line=2, corners=0.03)
    style = {"ha": "center", "va": "center", "color": INK}
    middle = (left + right) / 2
    axes.text(middle, Y + 0.85, name, fontsize=TEXT, fontweight="bold", **style)
    axes.text(middle, Y + 0.38, words, fontsize=15, **style)


def draw_sign(
    axes: Axes, x: float, colour: str, name: str, words: str, *, low: bool
) -> None:
    """Draw an arrow from below to a moment, and what happens then."""
    foot = 2.5 if low else 3.35
    arrow = {"arrowstyle": "-|>", "color": colour, "linewidth": 3, "mutation_scale": 24}
    axes.annotate("", (x, Y - 0.05), (x, foot + 0.3), arrowprops=arrow)
    side = "left" if x < 1 else "center"
    style = {"ha": side, "va": "top"}
    axes.text(x, foot + 0.22, name, fontsize=16, fontweight="bold", color=INK, **style)
    axes.text(x, foot - 0.2, words, fontsize=14, color=MUTED, **style)


def draw_span(axes: Axes, left: float, right: float, words: str) -> None:
    """Draw a span above the segment, and how long it is."""
    y = Y + HEIGHT + 0.45
    arrow = {"arrowstyle": "<|-|>", "color": INK, "linewidth": 3, "mutation_scale": 22}
    axes.annotate("", (left, y), (right, y), arrowprops=arrow)
    style = {"ha": "center", "va": "center", "color": INK, "fontsize": TEXT}
    axes.text((left + right) / 2, y + 0.45, words, **style)


if __name__ == "__main__":
    main()
