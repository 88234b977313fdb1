"""Draw shards.png: how partition keys find their shards, and what a split does."""

from drawing import INK, MUTED, PAPER, SOFT, TEXT, box, paper, write
from matplotlib.axes import Axes

from helpers.kinesis.shards import HASH_KEYS, hash_key
from helpers.views.style import BLUE, VERMILLION

SHARDS = 4
AIRPORTS = ("EWR", "LGA", "JFK")
LEFT, WIDTH, HEIGHT = 0.9, 14.2, 1.2
KEYS_Y, BAR_Y, SPLIT_Y = 6.7, 3.9, 1.35


def main() -> None:
    """Draw the range, three keys above it, and the same range after a split below."""
    figure, axes = paper("A partition key's MD5 is its place in the hash range")
    for number in range(SHARDS):
        draw_shard(axes, number)
    for airport in AIRPORTS:
        draw_key(axes, airport)
    draw_ends(axes)
    draw_split(axes)
    write(figure, "shards")


def draw_shard(axes: Axes, number: int) -> None:
    """Draw one shard's quarter of the range."""
    some = any(int(at(one) * SHARDS) == number for one in AIRPORTS)
    place = (LEFT + number * WIDTH / SHARDS, BAR_Y)
    box(axes, place, (WIDTH / SHARDS, HEIGHT), edge=BLUE, fill=SOFT, corners=0)
    said = f"shard {number}" if some else f"shard {number}: empty"
    words(axes, place[0] + WIDTH / SHARDS / 2, BAR_Y + HEIGHT / 2, said)


def draw_key(axes: Axes, airport: str) -> None:
    """Draw a key with the arrow to its place."""
    x = min(max(LEFT + WIDTH * at(airport), LEFT + 0.6), LEFT + WIDTH - 0.6)
    box(axes, (x - 0.6, KEYS_Y), (1.2, 0.75), edge=INK, fill=PAPER)
    words(axes, x, KEYS_Y + 0.37, airport)
    style = {"arrowstyle": "-|>,head_width=0.45,head_length=0.8", "color": INK}
    style |= {"linewidth": 2.5}
    end = (LEFT + WIDTH * at(airport), BAR_Y + HEIGHT)
    axes.annotate("", end, (x, KEYS_Y), arrowprops=style)
    side = {"ha": "left", "fontsize": TEXT, "color": MUTED, "va": "center"}
    # At the right end there is no room beside the arrow.
    if right := at(airport) > 1 / 2:
        side["ha"] = "right"
    axes.text(x + (-0.25 if right else 0.25), 6.0, f"MD5: {at(airport):.1%}", **side)


def draw_ends(axes: Axes) -> None:
    """Name both ends of the range."""
    style = {"fontsize": TEXT, "color": MUTED, "va": "top"}
    axes.text(LEFT, BAR_Y - 0.12, "0", ha="left", **style)
    axes.text(LEFT + WIDTH, BAR_Y - 0.12, "2¹²⁸ − 1", ha="right", **style)


def draw_split(axes: Axes) -> None:
    """Draw the range once more, with shard 1 split in two."""
    spans = ((0, 1, "shard 0"), (1, 1.5, "shard 4"), (1.5, 2, "shard 5"))
    for begin, end, name in (*spans, (2, 3, "shard 2"), (3, 4, "shard 3")):
        edge = VERMILLION if name in ("shard 4", "shard 5") else BLUE
        place = (LEFT + begin * WIDTH / SHARDS, SPLIT_Y)
        size = ((end - begin) * WIDTH / SHARDS, HEIGHT)
        box(axes, place, size, edge=edge, fill=SOFT, corners=0)
        words(axes, place[0] + size[0] / 2, SPLIT_Y + HEIGHT / 2, name)
    said = "Split: shard 1 is closed, 4 and 5 share its range. The others stay."
    words(axes, LEFT + WIDTH / 2, 0.75, said)


def words(axes: Axes, x: float, y: float, said: str) -> None:
    """Write ordinary text around a point."""
    axes.text(x, y, said, ha="center", va="center", fontsize=TEXT, color=INK)


def at(key: str) -> float:
    """Return a key's place in the range, from 0 to 1."""
    return hash_key(key) / HASH_KEYS


if __name__ == "__main__":
    main()
