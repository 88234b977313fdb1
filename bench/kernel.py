"""A kernel of the bench's own, as Lab starts them, and what it takes of the processor."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psutil
from jupyter_client import BlockingKernelClient, KernelManager

TIMEOUT = 60


@contextmanager
def running_kernel(
    env: Mapping[str, str],
) -> Iterator[tuple[BlockingKernelClient, psutil.Process]]:
    """Give a client of a new kernel that is ready, and the kernel's process."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=dict(env))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(TIMEOUT)
        yield client, psutil.Process(manager.provisioner.pid)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client: BlockingKernelClient, code: str) -> float:
    """Run a cell and return the seconds until the kernel is idle again.

    Raises:
        RuntimeError: the cell raised; the message is its traceback.
    """
    begin = time.perf_counter()
    reply = client.execute_interactive(
        code, timeout=TIMEOUT, output_hook=lambda _: None, store_history=False
    )
    if reply["content"]["status"] != "ok":
        raise RuntimeError("\n".join(reply["content"].get("traceback", [])))
    return time.perf_counter() - begin


def cpu(process: psutil.Process) -> float:
    """Return the processor's seconds that a process and its ended children took."""
    return sum(process.cpu_times()[:4])
