"""A first start, in a clone and a home that hold nothing."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.figure import Figure
from bench.place import seconds
from helpers.settings import PROJECT_ROOT

_FOREIGN = ("WORKBOOK_", "XDG_", "PYTHON", "VIRTUAL_ENV", "MAKE", "MFLAGS")
_TIMEOUT = 1800


def measure() -> list[Figure]:
    """Set up a copy of the project step by step."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        clone, home = Path(folder) / "clone", Path(folder) / "home"
        home.mkdir()
        _copy_project(clone)
        env = _bare_environment(home)
        install = _run(clone, env, "make", "setup")
        download = _run(clone, env, ".venv/bin/workbook", "fetch")
        start = _run(clone, env, ".venv/bin/workbook", "up")
        _run(clone, env, ".venv/bin/workbook", "down")
    network = "depends on the network"
    return [
        _row("install", install, f"packages downloaded and installed; {network}"),
        _row("download", download, f"Kafka's jars and the Kinesis endpoint; {network}"),
        _row("start", start, "folders formatted, all nodes ready, no archive of classes"),
    ]


def _row(step: str, taken: float, basis: str) -> Figure:
    return Figure(f"fresh set-up: {step}", taken, "s", None, basis)


def _copy_project(target: Path) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.check_output(command, cwd=PROJECT_ROOT, text=True)
    for name in filter(None, names.split("\0")):
        if (PROJECT_ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT_ROOT / name, target / name)


def _bare_environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN)}
    return {**kept, "HOME": str(home)}


def _run(folder: Path, env: dict[str, str], *command: str) -> float:
    """Run a command to its end and return the seconds that it took."""
    return seconds(
        lambda: subprocess.run(
            command,
            cwd=folder,
            env=env,
            stdout=subprocess.DEVNULL,
            timeout=_TIMEOUT,
            check=True,
        )
    )
