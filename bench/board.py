"""What a live view costs the notebook it stands in: measured in a real kernel."""

import json
import time
from statistics import median, quantiles

import psutil
from jupyter_client import BlockingKernelClient

from bench.figure import Figure, Goal
from bench.kernel import cpu, run, running_kernel
from bench.place import environment, running_servers

BLOCKS = 6
_CELLS = 40
_WATCH_SECONDS = 10.0
# Some 20 ms of Python, in which a board's thread must share the interpreter.
_CELL = "sum(n * n for n in range(250_000))"
_BEGIN = "from helpers import begin, view\nlesson = begin('04_topics')"
_BOARD = """
board = {view}
shown, show = [0], board._show
def counted(snapshot):
    shown[0] += 1
    show(snapshot)
board._show = counted
"""


def measure() -> list[Figure]:
    """Measure the board of the nodes."""
    return measure_view("board", "view.nodes()")


def measure_view(name: str, view: str, begin: str = "") -> list[Figure]:
    """Run cells with and without a view beside them, by turns.

    Args:
        name: what the view is called in the table.
        view: the call that makes it.
        begin: what to run before, after the lesson's set-up.
    """
    with (
        running_servers() as (settings, cluster),
        running_kernel(environment(settings, cluster)) as (client, process),
    ):
        run(client, f"{_BEGIN}\n{begin}")
        return _measure(client, process, name, _BOARD.format(view=view))


def _measure(
    client: BlockingKernelClient, kernel: psutil.Process, name: str, make: str
) -> list[Figure]:
    alone: list[float] = []
    beside: list[float] = []
    for _ in range(BLOCKS):
        alone += _cells(client)
        run(client, make)
        beside += _cells(client)
        run(client, "board.stop()")
    idle, _ = _watch(client, kernel)
    run(client, make)
    busy, updates = _watch(client, kernel)
    run(client, "board.stop(); lesson.clean_up()")
    return [
        _rate(name, updates),
        _share(name, busy, idle),
        _delay(name, alone, beside),
    ]


def _cells(client: BlockingKernelClient) -> list[float]:
    """Return milliseconds from sending each cell until the kernel is idle again."""
    return [run(client, _CELL) * 1000 for _ in range(_CELLS)]


def _watch(client: BlockingKernelClient, kernel: psutil.Process) -> tuple[float, float]:
    """Return the share of a core, and updates a second, while no cell runs."""
    before, begin = _updates(client), time.perf_counter()
    used = cpu(kernel)
    # The length of the measurement, not a wait for something.
    time.sleep(_WATCH_SECONDS)
    used = cpu(kernel) - used
    taken = time.perf_counter() - begin
    return used / taken, (_updates(client) - before) / taken


def _updates(client: BlockingKernelClient) -> int:
    """Ask the kernel how many snapshots its board has shown; 0 without one."""
    expression = {"n": "globals().get('shown', [0])[0]"}
    request = client.execute("", silent=True, user_expressions=expression, reply=True)
    data = request["content"]["user_expressions"]["n"]["data"]["text/plain"]
    return int(json.loads(data))


def _rate(name: str, updates: float) -> Figure:
    basis = f"over {_WATCH_SECONDS:.0f} s, counted where a snapshot is shown"
    return Figure(f"updates of the {name}", updates, "a second", Goal("≥", 5), basis)


def _share(name: str, busy: float, idle: float) -> Figure:
    basis = (
        f"of the kernel's {busy:.1%} of a core over {_WATCH_SECONDS:.0f} s, "
        f"{idle:.1%} are there without it"
    )
    share = 100 * (busy - idle)
    return Figure(f"share of a core of the {name}", share, "%", Goal("≤", 10), basis)


def _delay(name: str, alone: list[float], beside: list[float]) -> Figure:
    p95 = quantiles(beside, n=20)[-1]
    own = quantiles(alone, n=20)[-1]
    basis = (
        f"{p95:.0f} ms less the {median(alone):.0f} ms that the cell takes alone "
        f"(alone, 95 % are under {own:.0f} ms); {len(beside)} cells each, by turns"
    )
    what = f"delay of a cell beside the {name}, 95th percentile"
    return Figure(what, p95 - median(alone), "ms", Goal("≤", 50), basis)
