"""A view in a real kernel that is interrupted, and whose cell is run again."""

import os
from collections.abc import Iterator

import pytest
from jupyter_client import BlockingKernelClient, KernelManager

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings
from helpers.waiting import wait_for

TIMEOUT = 60
_MAKE = """
from helpers import views
from helpers.servers import connect
view = views.partitions(connect(), "interrupted")
"""
_LONG = "import time; print('begun', flush=True); time.sleep(600)"


@pytest.fixture
def kernel(cluster: EmbeddedCluster, settings: Settings) -> Iterator[KernelManager]:
    """Return a kernel that means the servers of this module."""
    own = {
        "WORKBOOK_STATE_DIR": str(settings.state_dir),
        "WORKBOOK_CACHE_DIR": str(settings.cache_dir),
    }
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env={**os.environ, **own})
    yield manager
    manager.shutdown_kernel(now=True)


@pytest.fixture
def client(kernel: KernelManager) -> Iterator[BlockingKernelClient]:
    """Return what runs cells in it."""
    made = kernel.blocking_client()
    made.start_channels()
    made.wait_for_ready(TIMEOUT)
    yield made
    made.stop_channels()


def run(client: BlockingKernelClient, code: str) -> str:
    """Run a cell and return what it printed."""
    printed: list[str] = []

    def keep(message: dict) -> None:  # type: ignore[type-arg]
        printed.append(str(message["content"].get("text", "")))

    reply = client.execute_interactive(code, timeout=TIMEOUT, output_hook=keep)
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(printed).strip()


def test_an_interrupt_ends_the_cell_and_not_the_view(
    kernel: KernelManager, client: BlockingKernelClient
) -> None:
    run(client, _MAKE)
    # Else the kernel drops what it is asked just after the error.
    message = client.execute(_LONG, stop_on_error=False)

    def begun() -> bool:
        # The cell's source comes first, which has the word, too.
        got = client.get_iopub_msg(timeout=TIMEOUT)
        return got["msg_type"] == "stream" and "begun" in got["content"]["text"]

    wait_for(begun, TIMEOUT, "the long cell")
    kernel.interrupt_kernel()

    def interrupted() -> bool:
        reply = client.get_shell_msg(timeout=TIMEOUT)
        mine = reply["parent_header"]["msg_id"] == message
        return mine and reply["content"].get("ename") == "KeyboardInterrupt"

    wait_for(interrupted, TIMEOUT, "the end of the long cell")
    before = run(client, "print(view.snapshot.ticks)")
    wait_for(
        lambda: run(client, "print(view.snapshot.ticks)") != before,
        TIMEOUT,
        "a newer snapshot",
    )
    wait_for(
        lambda: "There is no topic interrupted" in run(client, "print(view)"),
        TIMEOUT,
        "the brokers' word that there is no such topic",
    )


def test_the_cell_run_again_has_one_view(client: BlockingKernelClient) -> None:
    count = "import threading; print(threading.active_count())"
    run(client, _MAKE)
    first = int(run(client, count))
    run(client, f"old = view\n{_MAKE}")
    assert "This board stopped at" in run(client, "print(old)")
    assert int(run(client, count)) <= first
