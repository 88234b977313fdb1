"""Kernels of tests' own, whose cells are run as a front end runs them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.manager import KernelManager

from helpers.waiting import patience
from tests.labs import without_pytest

Cell = Callable[[str], list[dict[str, Any]]]
"""Runs code and returns what it showed: each message's type and content."""

_SHOWN = ("display_data", "update_display_data", "execute_result", "stream", "error")


@contextmanager
def running_kernel(name: str = "python3", **variables: str) -> Iterator[Cell]:
    """Start a kernel, give what runs a cell there, and end it."""
    manager = KernelManager(kernel_name=name)
    manager.start_kernel(env={**without_pytest(), **variables})
    client = manager.blocking_client()
    client.start_channels()

    def run(code: str) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = []
        limit = 60 * patience()
        client.execute_interactive(code, output_hook=shown.append, timeout=limit)
        return [
            {"type": one["msg_type"], **one["content"]}
            for one in shown
            if one["msg_type"] in _SHOWN
        ]

    try:
        client.wait_for_ready(timeout=60 * patience())
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
