"""Draw consumer_group.png: partitions, two groups that read them, and a coordinator."""

from drawing import INK, MUTED, SOFT, TEXT, box, paper, write
from matplotlib.axes import Axes

from helpers.views.style import BLUE, GREEN, ORANGE, PURPLE, VERMILLION

PARTITIONS = ((0, 2.2), (1, 4.7), (2, 7.2), (3, 9.7))
"""Number and left edge of each partition."""

MEMBERS = (("A", 1.0, BLUE), ("B", 4.2, VERMILLION), ("C", 7.4, GREEN))
"""Name, left edge and colour of the members of the first group."""

OWNED = ((0, 0), (1, 0), (2, 1), (3, 1))
"""Which partition goes to which of these members."""

TOP, MIDDLE, LOW = 6.7, 3.9, 0.5
SIZE, MEMBER = (2.1, 0.9), (2.4, 1.0)
ARCHIVE_X = 12.4


def main() -> None:
    """Draw a topic, two groups below it, and the coordinator of one."""
    figure, axes = paper("A partition has one owner in each group")
    say(axes, 0.5, TOP + 0.45, "topic", ha="left")
    for number, left in PARTITIONS:
        box(axes, (left, TOP), SIZE, edge=INK, fill=SOFT)
        say(axes, left + SIZE[0] / 2, TOP + 0.45, f"partition {number}")
    draw_members(axes)
    draw_coordinator(axes)
    write(figure, "consumer_group")


def draw_members(axes: Axes) -> None:
    """Draw both groups, and arrows from the partitions to their owners."""
    box(axes, (0.6, MIDDLE - 0.3), (9.8, 1.9), edge=MUTED, line=2)
    say(axes, 8.8, MIDDLE - 0.6, "group boards", ha="left")
    box(axes, (11.9, MIDDLE - 0.3), (3.5, 1.9), edge=MUTED, line=2)
    say(axes, 15.25, MIDDLE - 0.6, "group archive", ha="right")
    for name, left, colour in MEMBERS:
        box(axes, (left, MIDDLE), MEMBER, edge=colour, line=4)
        words = f"{name}, idle" if name == "C" else name
        say(axes, left + MEMBER[0] / 2, MIDDLE + 0.5, words)
    box(axes, (ARCHIVE_X, MIDDLE), MEMBER, edge=ORANGE, line=4)
    say(axes, ARCHIVE_X + MEMBER[0] / 2, MIDDLE + 0.5, "its only one")
    for partition, member in OWNED:
        _, left, colour = MEMBERS[member]
        arrow(axes, middle_of(partition), (left + 0.6 + 0.7 * (partition % 2)), colour)
    for partition, _ in PARTITIONS:
        arrow(axes, middle_of(partition) + 0.4, ARCHIVE_X + 0.3 + 0.5 * partition, ORANGE)


def draw_coordinator(axes: Axes) -> None:
    """Draw the broker that looks after the first group, and what it keeps."""
    box(axes, (1.0, LOW), (8.8, 1.55), edge=PURPLE, line=4)
    say(axes, 5.4, LOW + 1.15, "broker 2, coordinator of boards", fontweight="bold")
    say(axes, 5.4, LOW + 0.72, "members · who owns what · committed offsets", fontsize=17)
    say(axes, 5.4, LOW + 0.32, "leads its partition of __consumer_offsets", fontsize=17)
    for _, left, _ in MEMBERS:
        style = {"arrowstyle": "-|>", "linestyle": "--", "color": INK, "linewidth": 2}
        x = left + MEMBER[0] / 2
        axes.annotate("", (x, LOW + 1.6), (x, MIDDLE - 0.02), arrowprops=style)
    say(axes, 2.35, 2.7, "heartbeats", ha="left")
    say(axes, 10.3, 1.65, "Who works out the shares?", ha="left", fontweight="bold")
    say(axes, 10.3, 1.15, "classic: a member, the group leader", ha="left", fontsize=17)
    say(axes, 10.3, 0.75, "new: the coordinator", ha="left", fontsize=17)


def middle_of(partition: int) -> float:
    """Return the middle of a partition's box."""
    return PARTITIONS[partition][1] + SIZE[0] / 2


def arrow(axes: Axes, begin: float, end: float, colour: str) -> None:
    """Draw an arrow from the row of partitions to the row of members."""
    style = {"arrowstyle": "-|>", "color": colour, "linewidth": 3, "mutation_scale": 22}
    axes.annotate("", (end, MIDDLE + 1.03), (begin, TOP - 0.03), arrowprops=style)


def say(axes: Axes, x: float, y: float, words: str, **style: object) -> None:
    """Write a line of text."""
    look = {"ha": "center", "va": "center", "fontsize": TEXT, "color": INK, **style}
    axes.text(x, y, words, **look)


if __name__ == "__main__":
    main()
