"""Make the virtual environment and install the locked packages into it.

Run with a bare Python, before anything else exists: it needs the standard
library only, and reads under old Pythons so that they get a sentence too.

    python bootstrap.py lab|test
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from typing import TextIO

OLDEST, NEWEST = (3, 11), (3, 13)
VENV = ".venv"
# In an environment of ours: only such a one is ever removed.
MARKER = "workbook-made"
LOCKS = {"lab": "requirements.lock", "test": "requirements-test.lock"}
# A caller's pip or Python settings must not send packages elsewhere.
UNWANTED = (
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_NO_DEPS",
    "PYTHONPATH",
    "PYTHONHOME",
)


def main(kind: str) -> None:
    """Set up for ``lab`` or ``test``; a second run finds nothing to do."""
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    complaint = cannot_serve()
    if complaint:
        sys.exit("workbook: " + complaint)
    os.makedirs(".workbook", mode=0o700, exist_ok=True)
    with open(os.path.join(".workbook", "setup.lock"), "w") as lock:
        wait_for_turn(lock)
        if not is_done(kind):
            install(kind)


def cannot_serve() -> str | None:
    """Return one sentence on what this Python lacks, or None."""
    version = platform.python_version()
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return (
            "Python %s is not supported; install Python 3.11, 3.12 or 3.13, or name "
            "one: make lab PYTHON=/path/to/python3.13" % version
        )
    if os.name != "posix":
        return "Windows needs WSL2: run `wsl --install`, then work inside it."
    if sys.platform == "linux" and not platform.libc_ver()[0]:
        return (
            "this Linux uses musl, for which there is no Java wheel; use one with glibc."
        )
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return (
            "this Python %s cannot make virtual environments; on Debian and Ubuntu: "
            "sudo apt install python3-venv" % version
        )
    return None


def wait_for_turn(lock: TextIO) -> None:
    """Hold the lock until this process ends; the kernel frees it even after SIGKILL."""
    import fcntl

    # What this process starts holds it, too: a pip that outlives it still works here.
    os.set_inheritable(lock.fileno(), True)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(
            "Another set-up of this workbook is under way; waiting for it …", flush=True
        )
        fcntl.flock(lock, fcntl.LOCK_EX)


def fingerprint(kind: str) -> str:
    """Return what the environment holds and where it lies, as one digest."""
    digest = hashlib.sha256(os.getcwd().encode())
    for name in (LOCKS[kind], "pyproject.toml"):
        with open(name, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def stamp(kind: str) -> str:
    """Return the file that holds the fingerprint of a finished installation."""
    return os.path.join(VENV, "workbook-%s.sha256" % kind)


def is_done(kind: str) -> bool:
    """Return whether the environment is complete; the test one contains the lab one."""
    return any(is_stamped(one) for one in {kind, "test"})


def is_stamped(kind: str) -> bool:
    """Return whether an installation of this kind was finished for today's locks."""
    try:
        with open(stamp(kind)) as file:
            return file.read() == fingerprint(kind) and python_serves()
    except OSError:
        return False


def python_serves() -> bool:
    """Return whether the environment's Python and its pip work, in this very place.

    It is the Python that made the environment. Another one that comes first on today's
    path changes nothing; one that the caller names by ``PYTHON=`` does.
    """
    code = "import pip, sys; print(sys.prefix); print(sys.version)"
    try:
        answer = subprocess.check_output([venv_python(), "-c", code], text=True)
        with open(os.path.join(VENV, "bin", "pip")) as file:
            moved = os.path.join(os.getcwd(), VENV) not in file.read()
    except (OSError, subprocess.CalledProcessError):
        return False
    prefix, _, version = answer.strip().partition("\n")
    other = os.environ.get("PYTHON") and version != sys.version
    return prefix == os.path.join(os.getcwd(), VENV) and not moved and not other


def venv_python() -> str:
    """Return the environment's Python."""
    return os.path.join(VENV, "bin", "python")


def is_ours() -> bool:
    """Return whether there is no environment yet, or one that a set-up has made."""
    if not os.path.isdir(VENV):
        return not os.path.exists(VENV)
    names = os.listdir(VENV)
    return not names or any(name.startswith("workbook-") for name in names)


def install(kind: str) -> None:
    """Make the environment anew where it does not work, and fill it from the lock."""
    print("Installing the workbook's packages into %s …" % VENV, flush=True)
    if not is_ours():
        sys.exit(
            "workbook: %s in %s was not made by the workbook: give it another name, "
            "and run the same command again." % (VENV, os.getcwd())
        )
    anew = not python_serves()
    if anew:
        # Of a link the link stays: somebody wants the environment to lie there.
        shutil.rmtree(os.path.realpath(VENV), ignore_errors=True)
        os.makedirs(os.path.realpath(VENV), exist_ok=True)
    # Before there is anything else: a set-up that is killed leaves what is known as ours.
    with open(os.path.join(VENV, MARKER), "w"):
        pass
    if anew:
        run([sys.executable, "-m", "venv", VENV])
    for old in map(stamp, LOCKS):
        if os.path.exists(old):
            os.remove(old)
    pip("--require-hashes", "-r", LOCKS[kind])
    pip("--no-deps", "--no-build-isolation", "--editable", ".")
    with open(stamp(kind), "w") as file:
        file.write(fingerprint(kind))


def pip(*arguments: str) -> None:
    """Run the environment's pip."""
    command = [venv_python(), "-m", "pip", "--disable-pip-version-check", "install"]
    # Python compiles what it imports; pip would compile all, a third of its time.
    run([*command, "--no-compile", "--quiet", "--progress-bar", "on", *arguments])


def run(command: list[str]) -> None:
    """Run a command; its failure ends the set-up with a sentence."""
    env = {key: value for key, value in os.environ.items() if key not in UNWANTED}
    if subprocess.call(command, env=env, stdin=subprocess.DEVNULL, close_fds=False):
        sys.exit(
            "workbook: `%s` failed (its message is above): connect to the network, "
            "check the disk, and run the same command again." % " ".join(command)
        )


if __name__ == "__main__":
    main(sys.argv[1])
