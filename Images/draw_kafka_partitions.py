"""Draw Kafka_partitions.png: where the replicas of a topic's partitions lie."""

from drawing import INK, MUTED, PAPER, SOFT, TEXT, box, paper, write
from matplotlib.axes import Axes

from helpers.views.style import BROKER_COLOURS

BROKERS = (1, 2, 3)
WIDTH, HEIGHT = 4.0, 1.05
FIRST_X, STEP_X = 0.9, 5.1
FIRST_Y, STEP_Y = 5.55, 1.6


def main() -> None:
    """Draw three brokers; partition n is led by broker n + 1."""
    figure, axes = paper("One topic, three partitions, three replicas of each")
    for column, broker in enumerate(BROKERS):
        draw_broker(axes, column, broker)
    for partition in range(len(BROKERS)):
        for column in range(len(BROKERS)):
            draw_replica(axes, partition, column)
        draw_copying(axes, partition)
    draw_legend(axes)
    write(figure, "Kafka_partitions")


def draw_broker(axes: Axes, column: int, broker: int) -> None:
    """Draw a broker's frame with its name."""
    colour = BROKER_COLOURS[broker - 1]
    left = FIRST_X + column * STEP_X - 0.4
    box(axes, (left, 1.9), (WIDTH + 0.8, 6.0), edge=colour, fill=SOFT, line=4)
    middle = left + WIDTH / 2 + 0.4
    style = {"fontsize": 24, "fontweight": "bold", "ha": "center", "va": "center"}
    axes.text(middle, 7.4, f"Broker {broker}", color=colour, **style)


def draw_replica(axes: Axes, partition: int, column: int) -> None:
    """Draw one copy of a partition: filled for the leader, outlined for a follower."""
    leads = partition == column
    colour = BROKER_COLOURS[column]
    x, y = place(partition, column)
    box(axes, (x, y), (WIDTH, HEIGHT), edge=colour, fill=colour if leads else PAPER)
    ink = PAPER if leads else INK
    middle = y + HEIGHT / 2
    weight = "bold" if leads else "normal"
    words = "★ LEADER" if leads else "follower"
    style = {"fontsize": TEXT, "va": "center", "color": ink, "fontweight": weight}
    axes.text(x + 0.25, middle, f"Partition {partition}", **style)
    axes.text(x + WIDTH - 0.25, middle, words, ha="right", **style)


def draw_copying(axes: Axes, partition: int) -> None:
    """Draw how the followers of a partition copy from its leader."""
    for column in range(len(BROKERS)):
        if column != partition:
            draw_arrow(axes, partition, column)


def draw_arrow(axes: Axes, partition: int, column: int) -> None:
    """Draw one arrow from a partition's leader to a follower."""
    begin, end = ends(partition, column)
    bow = 0.0 if abs(column - partition) == 1 else -0.06 * (column > partition or -1)
    style = {"arrowstyle": "-|>,head_width=0.45,head_length=0.8", "color": MUTED}
    style |= {"linewidth": 2.5, "connectionstyle": f"arc3,rad={bow}"}
    axes.annotate("", end, begin, arrowprops=style | {"shrinkA": 2, "shrinkB": 2})


def ends(partition: int, column: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where an arrow begins and ends: at the sides, or on top to pass over one."""
    (begin, y), (end, _) = place(partition, partition), place(partition, column)
    near = abs(column - partition) == 1
    height = y + (HEIGHT / 2 if near else HEIGHT)
    inset = 0 if near else WIDTH / 5
    if column > partition:
        return (begin + WIDTH - inset, height), (end + inset, height)
    return (begin + inset, height), (end + WIDTH - inset, height)


def draw_legend(axes: Axes) -> None:
    """Say in words what is filled, what is outlined and what the arrows are."""
    lines = (
        "★ filled: the leader. Producers and consumers talk to it.",
        "Outlined: a follower. It copies from the leader (arrows), and can take over.",
    )
    for number, line in enumerate(lines):
        axes.text(0.5, 1.3 - number * 0.6, line, fontsize=21, color=INK, va="center")


def place(partition: int, column: int) -> tuple[float, float]:
    """Return the lower left corner of a replica."""
    return FIRST_X + column * STEP_X, FIRST_Y - partition * STEP_Y


if __name__ == "__main__":
    main()
