"""Draw offsets.png: what a group has committed, what it reads, and where the log ends."""

from drawing import INK, MUTED, SOFT, TEXT, box, paper, write
from matplotlib.axes import Axes

from helpers.views.style import BLUE, GREEN, ORANGE, SKY

RECORDS = 10
COMMITTED, POSITION = 4, 7
LEFT, Y, WIDTH, HEIGHT, LOW = 0.8, 4.3, 1.2, 1.3, 2.35
PARTS = (
    (0, COMMITTED, SKY, "done and committed"),
    (COMMITTED, POSITION, ORANGE, "handed out, not committed"),
    (POSITION, RECORDS, SOFT, "not read yet"),
)
"""From which record to which, in what colour, and what is said of them."""

SIGNS = (
    (COMMITTED, BLUE, f"committed offset: {COMMITTED}", "the next to read"),
    (POSITION, INK, f"position: {POSITION}", "what poll hands out next"),
    (RECORDS, GREEN, f"end of the log: {RECORDS}", "the next to be written"),
)
"""At which record, in what colour, and what is said."""


def main() -> None:
    """Draw one partition with its ten records and the three places in it."""
    figure, axes = paper("An offset names the next record, not the last one")
    for begin, end, colour, words in PARTS:
        draw_part(axes, begin, end, colour, words)
    for place, colour, name, words in SIGNS:
        draw_sign(axes, place, colour, name, words)
    style = {"fontsize": TEXT, "color": INK, "va": "center"}
    axes.text(
        LEFT, 0.75, "After a crash the group begins at its committed offset:", **style
    )
    axes.text(
        LEFT, 0.3, "4, 5 and 6 are handed out again. Lag: 10 − 4 = 6 records.", **style
    )
    write(figure, "offsets")


def draw_part(axes: Axes, begin: int, end: int, colour: str, words: str) -> None:
    """Draw records of one kind, and above them what they are."""
    for record in range(begin, end):
        corner = (left_of(record), Y)
        box(axes, corner, (WIDTH, HEIGHT), edge=INK, fill=colour, line=2)
        style = {"ha": "center", "va": "center", "color": INK, "fontsize": 24}
        axes.text(corner[0] + WIDTH / 2, Y + HEIGHT / 2, str(record), **style)
    ends = (left_of(begin) + 0.1, left_of(end) - 0.2)
    axes.plot(ends, [Y + HEIGHT + 0.3] * 2, color=INK, linewidth=3)
    style = {"ha": "center", "va": "center", "color": INK, "fontsize": TEXT}
    axes.text(sum(ends) / 2, Y + HEIGHT + 0.75, words, **style)


def draw_sign(axes: Axes, place: int, colour: str, name: str, words: str) -> None:
    """Draw an arrow from below to the left edge of a record, and what it means."""
    x = left_of(place) - 0.05
    arrow = {"arrowstyle": "-|>", "color": colour, "linewidth": 4, "mutation_scale": 30}
    axes.annotate("", (x, Y - 0.05), (x, LOW + 0.75), arrowprops=arrow)
    style = {"ha": "center", "va": "center"}
    axes.text(x, LOW + 0.4, name, fontsize=TEXT, fontweight="bold", color=INK, **style)
    axes.text(x, LOW, words, fontsize=17, color=MUTED, **style)


def left_of(record: int) -> float:
    """Return where the box of a record begins."""
    return LEFT + record * (WIDTH + 0.12)


if __name__ == "__main__":
    main()
