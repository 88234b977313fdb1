"""Draw producer.png: the way of a record, from produce() to its delivery report."""

from drawing import INK, MUTED, PAPER, SOFT, TEXT, box, paper, write
from matplotlib.axes import Axes

from helpers.views.style import BLUE, GREEN, ORANGE

PROCESS = (0.5, 1.7, 9.0, 5.9)
"""Your process: left, bottom, width, height."""
LEADER = (11.6, 4.75, 3.9, 1.2)
FOLLOWERS = ((11.6, 2.9, 3.9, 0.95), (11.6, 1.7, 3.9, 0.95))
CODE = (0.9, 5.05, 2.3, 1.3)
QUEUE = (3.9, 5.05, 2.3, 1.3)
BATCH = (6.9, 5.05, 2.2, 1.3)
REPORT = (0.9, 2.2, 8.2, 1.2)

Frame = tuple[float, float, float, float]


def main() -> None:
    """Draw the producer on the left, the brokers on the right, and the ways between."""
    figure, axes = paper("The way of a record, and of its answer")
    box(axes, PROCESS[:2], PROCESS[2:], edge=BLUE, fill=SOFT, line=4)
    axes.text(0.9, 7.1, "Your process", fontsize=22, fontweight="bold", color=BLUE)
    frame(axes, CODE, "your code", "produce()", BLUE)
    frame(axes, QUEUE, "queue", "full: BufferError", BLUE)
    frame(axes, BATCH, "batch", "packed whole", BLUE)
    frame(axes, REPORT, "delivery report", "handed to you by poll() and flush()", BLUE)
    draw_brokers(axes)
    draw_ways(axes)
    write(figure, "producer")


def frame(axes: Axes, place: Frame, name: str, below: str, edge: str) -> None:
    """Draw a box with its name, and what there is to know under it."""
    left, bottom, width, height = place
    box(axes, (left, bottom), (width, height), edge=edge)
    middle, centre = left + width / 2, bottom + height / 2
    style = {"ha": "center", "va": "center", "color": INK}
    axes.text(middle, centre + 0.25, name, fontsize=TEXT, fontweight="bold", **style)
    axes.text(middle, centre - 0.25, below, fontsize=16, **style)


def draw_brokers(axes: Axes) -> None:
    """Draw the leader, filled, and two followers, outlined."""
    axes.text(11.6, 7.1, "Brokers", fontsize=22, fontweight="bold", color=GREEN)
    left, bottom, width, height = LEADER
    box(axes, (left, bottom), (width, height), edge=GREEN, fill=GREEN)
    style = {"ha": "center", "va": "center", "fontsize": TEXT}
    where = (left + width / 2, bottom + height / 2)
    axes.text(*where, "★ leader", color=PAPER, fontweight="bold", **style)
    for x, y, wide, high in FOLLOWERS:
        box(axes, (x, y), (wide, high), edge=GREEN)
        axes.text(x + wide / 2, y + high / 2, "follower", color=INK, **style)


def draw_ways(axes: Axes) -> None:
    """Draw the way of the record, above, and that of the answer, below."""
    arrow(axes, (3.2, 5.7), (3.9, 5.7))
    arrow(axes, (6.2, 5.7), (6.9, 5.7))
    arrow(axes, (9.1, 5.7), (11.6, 5.5))
    arrow(axes, (13.0, 4.75), (13.0, 3.85))
    arrow(axes, (14.6, 4.75), (14.6, 2.65))
    arrow(axes, (11.6, 5.0), (9.1, 2.9), ORANGE)
    note(axes, 8.0, 4.65, "linger.ms, batch.size,\ncompression.type", "top")
    note(axes, 10.5, 6.2, "one request;\nsent again if no\nanswer comes", "bottom")
    note(axes, 10.55, 3.15, "the answer\nthat acks\nasks for", "top")
    axes.text(
        0.5,
        0.9,
        "acks 0: no answer · 1: when the leader has it · all: when every replica in sync "
        "has it",
        fontsize=TEXT,
        color=INK,
        va="center",
    )


def note(axes: Axes, x: float, y: float, text: str, align: str) -> None:
    """Write a few words beside an arrow or a box."""
    axes.text(x, y, text, fontsize=16, color=MUTED, ha="center", va=align)


def arrow(
    axes: Axes, begin: tuple[float, float], end: tuple[float, float], colour: str = MUTED
) -> None:
    """Draw an arrow."""
    style = {"arrowstyle": "-|>,head_width=0.45,head_length=0.8", "color": colour}
    style |= {"linewidth": 3, "shrinkA": 2, "shrinkB": 2}
    axes.annotate("", end, begin, arrowprops=style)


if __name__ == "__main__":
    main()
