"""Draw cluster_roles.png: clients, brokers and controllers, and who talks to whom."""

from drawing import INK, MUTED, PAPER, SOFT, TEXT, box, paper, write
from matplotlib.axes import Axes

from helpers.views.style import BROKER_COLOURS, PURPLE

WIDTH, HEIGHT = 3.6, 1.15
COLUMNS = (0.7, 4.9, 9.1)
BROKER_Y, CONTROLLER_Y, CLIENT_Y = 4.1, 1.55, 6.6
SIDE = 12.95
CONTROLLERS = ("Controller 101", "Controller 102", "Controller 103")
CLIENTS = ("producer", "consumer", "admin tool")


def main() -> None:
    """Draw three rows: clients, brokers, controllers."""
    figure, axes = paper("Clients talk to brokers, brokers follow the controllers")
    for x, name in zip(COLUMNS, CLIENTS, strict=True):
        draw_node(axes, (x, CLIENT_Y), name, edge=MUTED)
    for number, x in enumerate(COLUMNS):
        colour = BROKER_COLOURS[number]
        draw_node(axes, (x, BROKER_Y), f"Broker {number + 1}", edge=colour, fill=SOFT)
    for number, x in enumerate(COLUMNS):
        draw_controller(axes, x, CONTROLLERS[number], active=number == 0)
    draw_links(axes)
    draw_words(axes)
    write(figure, "cluster_roles")


def draw_node(
    axes: Axes,
    corner: tuple[float, float],
    name: str,
    *,
    edge: str,
    fill: str = PAPER,
    ink: str = INK,
) -> None:
    """Draw a box with a name in its middle."""
    box(axes, corner, (WIDTH, HEIGHT), edge=edge, fill=fill)
    x, y = corner
    style = {"ha": "center", "va": "center", "fontsize": 21, "fontweight": "bold"}
    axes.text(x + WIDTH / 2, y + HEIGHT / 2, name, color=ink, **style)


def draw_controller(axes: Axes, x: float, name: str, active: bool) -> None:
    """Draw a controller: the active one filled and marked, the others outlined."""
    said = f"★ {name}" if active else name
    fill, line = (PURPLE, "-") if active else (PAPER, "--")
    draw_node(axes, (x, CONTROLLER_Y), said, edge=PURPLE, fill=fill)
    if not active:
        arrow(
            axes,
            (COLUMNS[0] + WIDTH / 2, CONTROLLER_Y),
            (x + WIDTH / 2, CONTROLLER_Y),
            line,
            bow=0.12,
        )


def draw_links(axes: Axes) -> None:
    """Draw records between clients and brokers, and decisions up to the brokers."""
    middle = [x + WIDTH / 2 for x in COLUMNS]
    for client in middle:
        for broker in middle:
            arrow(axes, (client, CLIENT_Y), (broker, BROKER_Y + HEIGHT), "-", both=True)
    for broker in middle:
        arrow(axes, (middle[0], CONTROLLER_Y + HEIGHT), (broker, BROKER_Y), "--")


def arrow(
    axes: Axes,
    begin: tuple[float, float],
    end: tuple[float, float],
    line: str,
    *,
    bow: float = 0.0,
    both: bool = False,
) -> None:
    """Draw an arrow; of records both ways, of decisions dashed."""
    heads = "<|-|>" if both else "-|>"
    style = {"arrowstyle": f"{heads},head_width=0.3,head_length=0.55"}
    style |= {"connectionstyle": f"arc3,rad={bow}"}
    look = {"color": MUTED, "linewidth": 2.2, "linestyle": line}
    axes.annotate("", end, begin, arrowprops=style | look | {"shrinkA": 3, "shrinkB": 3})


def draw_words(axes: Axes) -> None:
    """Say beside each row and at the foot what it is."""
    style = {"fontsize": TEXT, "color": INK, "va": "center"}
    axes.text(SIDE, CLIENT_Y + HEIGHT / 2, "your programs", **style)
    axes.text(SIDE, 5.95, "records,\nboth ways", **style | {"color": MUTED})
    axes.text(SIDE, BROKER_Y + HEIGHT / 2, "store records,\nserve clients", **style)
    axes.text(SIDE, 3.4, "dashed:\ndecisions", **style | {"color": MUTED})
    axes.text(SIDE, CONTROLLER_Y + HEIGHT / 2, "keep track,\nname leaders", **style)
    foot = "★ filled: the active controller decides; the others copy its log and vote."
    axes.text(0.5, 0.45, foot, **style | {"fontsize": 21})


if __name__ == "__main__":
    main()
