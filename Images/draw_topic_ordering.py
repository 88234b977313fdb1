"""Draw topic_ordering.png: order holds within a partition, and not across."""

from collections.abc import Iterable

from drawing import INK, MUTED, SOFT, TEXT, box, paper, write
from matplotlib.axes import Axes

from helpers.views.style import ORANGE, SKY

SENT = ("JFK", "EWR", "JFK", "LGA", "EWR", "JFK", "LGA", "JFK")
"""Keys of the records in the order in which they are sent, numbered from 1."""

PARTITIONS = ((2, 4, 5, 7), (1, 3, 6, 8))
"""Records by partition, as librdkafka's hash of these keys spreads them over two."""

READ = (1, 3, 2, 4, 5, 6, 8, 7)
"""One order in which a consumer of both may get them."""

COLOURS = (ORANGE, SKY)
CORNERS = (0.3, 0)
WIDTH, HEIGHT, STEP = 1.2, 0.95, 1.35
LEFT = 4.6


def main() -> None:
    """Draw what is sent, where it lies and how it may be read."""
    figure, axes = paper("Order holds within a partition, not across partitions")
    draw_row(axes, 6.95, "Sent", "in this order", range(1, len(SENT) + 1))
    for number, records in enumerate(PARTITIONS):
        draw_partition(axes, 5.2 - number * 1.8, number, records)
    draw_row(axes, 1.3, "Read", "one possible order", READ)
    draw_swaps(axes, 1.3)
    draw_words(axes)
    write(figure, "topic_ordering")


def draw_row(axes: Axes, y: float, name: str, word: str, records: Iterable[int]) -> None:
    """Draw records side by side, with a name before them."""
    label(axes, y, name, word)
    for place, record in enumerate(records):
        draw_record(axes, LEFT + place * STEP, y, record)


def draw_partition(axes: Axes, y: float, number: int, records: tuple[int, ...]) -> None:
    """Draw a partition as a log: its records, and under each its offset."""
    box(axes, (0.35, y - 0.52), (15.3, 1.62), edge=COLOURS[number], fill=SOFT)
    keys = " and ".join(sorted({SENT[record - 1] for record in records}))
    label(
        axes, y, f"Partition {number}", f"keys {keys}" if " " in keys else f"key {keys}"
    )
    for offset, record in enumerate(records):
        x = LEFT + offset * STEP
        draw_record(axes, x, y, record)
        style = {"fontsize": 16, "color": MUTED, "ha": "center", "va": "center"}
        axes.text(x + WIDTH / 2, y - 0.26, f"offset {offset}", **style)
    style = {"fontsize": TEXT, "color": INK, "va": "center"}
    axes.text(
        LEFT + 4 * STEP + 0.2, y + HEIGHT / 2, "numbers only rise: in order", **style
    )


def draw_record(axes: Axes, x: float, y: float, record: int) -> None:
    """Draw one record: its number, its key, and its partition by colour and shape."""
    number = next(n for n, held in enumerate(PARTITIONS) if record in held)
    style = {"edge": INK, "fill": COLOURS[number], "line": 2, "corners": CORNERS[number]}
    box(axes, (x, y), (WIDTH, HEIGHT), **style)
    style = {"ha": "center", "va": "center", "color": INK}
    middle = x + WIDTH / 2
    axes.text(middle, y + 0.64, str(record), fontsize=22, fontweight="bold", **style)
    axes.text(middle, y + 0.25, SENT[record - 1], fontsize=16, **style)


def draw_swaps(axes: Axes, y: float) -> None:
    """Mark each pair of neighbours that were sent the other way round."""
    for place in range(len(READ) - 1):
        if READ[place] > READ[place + 1]:
            begin = LEFT + place * STEP + WIDTH * 0.3
            end = LEFT + (place + 1) * STEP + WIDTH * 0.7
            axes.plot([begin, end], [y - 0.16] * 2, color=INK, linewidth=4)
            style = {"fontsize": 17, "ha": "center", "va": "center", "color": INK}
            words = f"{READ[place]} before {READ[place + 1]}"
            axes.text((begin + end) / 2, y - 0.42, words, **style)


def draw_words(axes: Axes) -> None:
    """Say what the two steps between the rows are, and what stays true."""
    style = {"fontsize": TEXT, "color": MUTED, "va": "center"}
    axes.text(LEFT, 6.58, "↓  the key decides the partition", **style)
    axes.text(LEFT, 2.55, "↓  a consumer takes what comes first, from either", **style)
    style = {"fontsize": TEXT, "color": INK, "va": "center"}
    words = "All records of one key still come in the order in which they were sent."
    axes.text(LEFT, 0.35, words, **style)


def label(axes: Axes, y: float, name: str, word: str) -> None:
    """Write what a row is, left of it."""
    style = {"va": "center", "color": INK}
    axes.text(0.65, y + 0.65, name, fontsize=22, fontweight="bold", **style)
    axes.text(0.65, y + 0.2, word, fontsize=16, **style)


if __name__ == "__main__":
    main()
