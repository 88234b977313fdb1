"""LocalStack as a process: started on this machine alone, ended by its user."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from helpers.servers.embedded.ports import reservations
from helpers.servers.runtime import node
from helpers.servers.runtime.kinesis_package import LOOPBACK_PRELOAD
from helpers.waiting import wait_for

_START_SECONDS = 90
_END_SECONDS = 30


@contextmanager
def running(root: Path, output: Path) -> Iterator[str]:
    """Start LocalStack's Kinesis, give its address, and end it.

    Args:
        root: where it was built.
        output: a file for what it prints.
    """
    with reservations() as ports:
        port = ports.take(None)
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [str(root / "venv" / "bin" / "localstack-supervisor")],
            env=_environment(root, port),
            cwd=root,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: _is_up(process, address, output), _START_SECONDS, "LocalStack")
        yield address
    finally:
        _end(process)


def _environment(root: Path, port: int) -> dict[str, str]:
    """Return what LocalStack sees: each server of its own listens on loopback only."""
    clean = node.clean_environment()
    programs = (root / "venv" / "bin", node.node_executable().parent)
    return {
        **clean,
        "PATH": os.pathsep.join([*map(str, programs), clean.get("PATH", "")]),
        "NODE_OPTIONS": f'--require "{LOOPBACK_PRELOAD}"',
        # Inside a container it would take the whole disk for its own.
        "OVERRIDE_IN_DOCKER": "0",
        "SERVICES": "kinesis",
        "EAGER_SERVICE_LOADING": "1",
        "FILESYSTEM_ROOT": str(root),
        "LOCALSTACK_VOLUME_DIR": str(root / "var" / "lib" / "localstack"),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        # The default one listens everywhere whatever the line before says.
        "GATEWAY_SERVER": "hypercorn",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DNS_ADDRESS": "0",
    }


def _is_up(process: "subprocess.Popen[bytes]", address: str, output: Path) -> bool:
    assert process.poll() is None, output.read_text("utf-8", "replace")
    try:
        health = requests.get(f"{address}/_localstack/health", timeout=5).json()
    except (requests.RequestException, ValueError):
        return False
    return health["services"].get("kinesis") in ("available", "running")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End it and whatever it has started."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(_END_SECONDS)
