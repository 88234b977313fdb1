"""Draw compaction.png: a log before and after the cleaner, record by record."""

from drawing import INK, MUTED, PAPER, TEXT, box, paper, write
from matplotlib.axes import Axes

from helpers.views.style import GREEN, ORANGE, SKY

LEFT, WIDTH, HEIGHT = 1.0, 1.25, 1.15
BEFORE, AFTER = 5.6, 2.3
GAP = "#b4bcc4"
COLOURS = {"A": SKY, "B": ORANGE, "C": GREEN}
RECORDS = (
    ("A", "ORD"),
    ("B", "BOS"),
    ("A", "LAX"),
    ("C", "MIA"),
    ("B", "none"),
    ("A", "ATL"),
    ("C", "SFO"),
    ("A", "BOS"),
    ("A", "DEN"),
)
"""Key and value of each record, by offset; a tombstone has no value."""

CLOSED = 7
"""So many of them are in closed segments."""

NEWEST = {4, 5, 6}
"""Of the closed ones, the newest of each key."""


def main() -> None:
    """Draw the two rows, what is missing from the second, and what it says."""
    figure, axes = paper("Compaction keeps the newest record of each key, later")
    heading(axes, BEFORE, "before")
    heading(axes, AFTER, "after the cleaner")
    for offset, (key, value) in enumerate(RECORDS):
        record(axes, offset, BEFORE, key, value, there=True)
        there = offset in NEWEST or offset >= CLOSED
        record(axes, offset, AFTER, key, value, there=there)
    for y in (BEFORE, AFTER):
        segments(axes, y)
    style = {"fontsize": TEXT, "color": INK, "va": "center"}
    said = "Offsets and order stay. Key A is there three times: the active segment is"
    axes.text(LEFT, 1.05, said, **style)
    axes.text(
        LEFT, 0.55, "never compacted. The tombstone of B stays for a while.", **style
    )
    write(figure, "compaction")


def heading(axes: Axes, y: float, words: str) -> None:
    """Write what a row is."""
    style = {"fontsize": TEXT, "fontweight": "bold", "color": INK, "va": "center"}
    axes.text(LEFT, y + HEIGHT + 0.85, words, **style)


def record(
    axes: Axes, offset: int, y: float, key: str, value: str, *, there: bool
) -> None:
    """Draw a record with key and value, or the gap that it has left."""
    x = left_of(offset)
    fill = COLOURS[key] if there else PAPER
    box(axes, (x, y), (WIDTH, HEIGHT), edge=INK if there else GAP, fill=fill, line=2)
    style = {"ha": "center", "va": "center"}
    middle = x + WIDTH / 2
    axes.text(middle, y + HEIGHT + 0.22, str(offset), fontsize=15, color=MUTED, **style)
    if there:
        said = "†" if value == "none" else value
        axes.text(middle, y + 0.78, key, fontsize=TEXT, fontweight="bold", **style)
        axes.text(middle, y + 0.35, said, fontsize=17, color=INK, **style)


def segments(axes: Axes, y: float) -> None:
    """Draw which records are in closed segments and which in the active one."""
    for begin, end, words in ((0, CLOSED, "closed"), (CLOSED, len(RECORDS), "active")):
        left, right = left_of(begin), left_of(end - 1) + WIDTH
        axes.plot([left, right], [y - 0.15] * 2, color=INK, linewidth=3)
        style = {"ha": "center", "va": "center", "fontsize": 16, "color": INK}
        axes.text((left + right) / 2, y - 0.42, words, **style)


def left_of(offset: int) -> float:
    """Return where the box of a record begins; the active segment stands apart."""
    return LEFT + offset * (WIDTH + 0.12) + (0.5 if offset >= CLOSED else 0.0)


if __name__ == "__main__":
    main()
