"""What a lesson's first cell takes of the processor before it does anything.

Against the four clients alone that every lesson needs, in a kernel and in a process
without one. It is counted in the processor's seconds, which other work on the machine
does not change.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping

import psutil

import helpers
from bench.figure import Figure, Goal
from bench.kernel import cpu, run, running_kernel
from bench.place import alternately, environment, running_servers
from helpers.settings import PROJECT_ROOT

ROUNDS = 5
CLIENTS = "import confluent_kafka, boto3, ipywidgets, IPython"
FIRST_CELL = f"from helpers import {', '.join(helpers.__all__)}"
"""All that any lesson's first cell imports."""

_BEGIN = f"{FIRST_CELL}\nlesson = begin('04_topics')"


def measure() -> list[Figure]:
    """Import by turns, in new processes and in new kernels; then begin a lesson."""
    with running_servers() as (settings, cluster):
        env = environment(settings, cluster)
        whole = _in_kernel(env, _BEGIN)
    basis = "imports and `begin`, in a new kernel on servers that run; processor time"
    return [
        _ratio("in a plain process", *_by_turns(_in_process)),
        _ratio("in a kernel", *_by_turns(lambda code: _in_kernel(os.environ, code))),
        Figure("first cell of a lesson, whole", whole, "s", Goal("≤", 1), basis),
    ]


def _by_turns(measured: Callable[[str], float]) -> tuple[float, float]:
    return alternately(ROUNDS, lambda: measured(FIRST_CELL), lambda: measured(CLIENTS))


def _ratio(where: str, ours: float, clients: float) -> Figure:
    basis = (
        f"{ours:.2f} s of the processor to {clients:.2f} s; medians of {ROUNDS} by turns"
    )
    what = f"imports of the first cell to the four clients' alone, {where}"
    headline = where == "in a kernel"
    return Figure(what, ours / clients, "", Goal("≤", 2), basis, headline)


def _in_process(code: str) -> float:
    before = psutil.Process().cpu_times()
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT, check=True)
    after = psutil.Process().cpu_times()
    return float(
        after.children_user
        + after.children_system
        - before.children_user
        - before.children_system
    )


def _in_kernel(env: Mapping[str, str], code: str) -> float:
    with running_kernel(env) as (client, process):
        before = cpu(process)
        run(client, code)
        return cpu(process) - before
