"""LocalStack 4.14.0 without a container engine: its package on a Python 3.13."""

import os
import shutil
import subprocess
from pathlib import Path

from filelock import FileLock
from uv import find_uv_bin

from helpers.servers.runtime import kinesis_package

VERSION = "4.14.0"
_HERE = Path(__file__).parent
_LOCK = _HERE / "requirements.lock"
# Where it looks for the kinesis-mock that it would fetch itself, unverified.
_KINESIS = Path("var", "lib", "localstack", "lib", "kinesis-local", "0.5.2")
_MINUTES = 10


def find_python() -> str | None:
    """Return a Python 3.13, on the path or of pyenv; None if there is none."""
    on_path = shutil.which("python3.13")
    if on_path and _works(on_path):
        return on_path
    root = Path(on_path).parent.parent if on_path else Path.home() / ".pyenv"
    root = Path(os.environ.get("PYENV_ROOT", root))
    found = sorted(root.glob("versions/3.13.*/bin/python3.13"))
    return str(found[-1]) if found else None


def _works(program: str) -> bool:
    """Tell a real Python from pyenv's stand-in for one that is not chosen."""
    asked = subprocess.run([program, "--version"], capture_output=True, check=False)
    return asked.returncode == 0


def build(home: Path, python: str) -> Path:
    """Install LocalStack below ``home``, whole or not at all; return its root folder.

    Every package is checked against the hashes of the lock.

    Args:
        home: where to; what is there already and whole is taken as it is.
        python: a Python 3.13.

    Raises:
        subprocess.CalledProcessError: something could not be fetched.
        ServersError: kinesis-mock could not be fetched.
    """
    home.parent.mkdir(parents=True, exist_ok=True)
    whole = home / "requirements.lock"
    with FileLock(home.with_name(home.name + ".lock")):
        if not whole.exists() or whole.read_bytes() != _LOCK.read_bytes():
            shutil.rmtree(home, ignore_errors=True)
            _install(home, python)
            shutil.copy(_LOCK, whole)
    return home


def _install(home: Path, python: str) -> None:
    venv, uv = home / "venv", find_uv_bin()
    _run(uv, "venv", "--quiet", "--python", python, str(venv))
    install = (uv, "pip", "install", "--quiet", "--python", str(venv))
    _run(*install, "--no-deps", "--require-hashes", "-r", str(_LOCK))
    kinesis_package.install(home / _KINESIS, _HERE / "kinesis")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=60 * _MINUTES)
