"""Make the virtual environment and install the locked packages into it.

Run with a bare Python, before anything else exists: it needs the standard
library only, and reads under old Pythons so that they get a sentence too.

    python bootstrap.py lab|test
"""

from __future__ import annotations

import csv
import glob
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
from typing import TextIO

OLDEST, NEWEST = (3, 11), (3, 13)
VENV = ".venv"
SITE = os.path.join(VENV, "lib", "python3*", "site-packages")
# In an environment of ours: only such a one is ever removed.
MARKER = "workbook-made"
LOCKS = {"lab": "requirements.lock", "test": "requirements-test.lock"}


def main(kind: str) -> None:
    """Set up for ``lab`` or ``test``; a second run finds nothing to do."""
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    # What lies beside this file is found from wherever it is run.
    sys.path.insert(0, os.getcwd())
    forget_settings_of_python()
    complaint = cannot_serve()
    if complaint:
        sys.exit("workbook: " + complaint)
    # A terminal that cannot show a sign of ours shows another in its place.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        set_up(kind)
    except OSError as error:
        sys.exit(
            "workbook: %s cannot be used (%s): free that path and make it writable, or "
            "copy the whole folder to a place that is." % (error.filename, error.strerror)
        )


def forget_settings_of_python() -> None:
    """Keep what is meant for another project's Python from every one started here."""
    for name in list(os.environ):
        # By PYTHON alone our caller names the one to make the environment with.
        if name.startswith("PYTHON") and name != "PYTHON":
            del os.environ[name]


def set_up(kind: str) -> None:
    """Install what is missing, while no other set-up of this folder does.

    Raises:
        OSError: a folder that is needed cannot be made or written.
    """
    # Where nothing can be written there is nobody to wait for, either.
    if not os.access(".", os.W_OK) and is_done(kind):
        return
    os.makedirs(".workbook", mode=0o700, exist_ok=True)
    with open(os.path.join(".workbook", "setup.lock"), "a") as lock:
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
    if os.pathsep in os.getcwd():
        return (
            "no Python environment can be made in %s, since a list of paths is parted at "
            "'%s': give that folder another name." % (os.getcwd(), os.pathsep)
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
    """Return the file that tells of a finished installation: fingerprint, records."""
    return os.path.join(VENV, "workbook-%s.sha256" % kind)


def is_done(kind: str) -> bool:
    """Return whether the environment is complete; the test one contains the lab one."""
    return any(is_stamped(one) for one in {kind, "test"})


def is_stamped(kind: str) -> bool:
    """Return whether an installation of this kind was finished, and is whole."""
    try:
        with open(stamp(kind)) as file:
            mark, *installed = file.read().splitlines()
        return mark == fingerprint(kind) and python_serves() and is_whole(installed)
    except (OSError, ValueError):
        return False


def records() -> list[str]:
    """Return the files in which pip wrote down what it installed."""
    return glob.glob(os.path.join(SITE, "*.dist-info", "RECORD"))


def is_whole(installed: list[str]) -> bool:
    """Return whether the packages of these records are there, and their scripts.

    Their folders are looked for, not each of 28,000 files: a disk may be slow.

    Raises:
        OSError: a record itself is gone.
    """
    for record in installed:
        with open(record, encoding="utf-8") as file:
            names = [row[0] for row in csv.reader(file)]
        site = os.path.dirname(os.path.dirname(record))
        parts = {name.partition("/")[0] for name in names}
        parts.update(name for name in names if name.startswith("../../../bin/"))
        if not all(os.path.exists(os.path.join(site, part)) for part in parts):
            return False
    return True


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
    # Python makes none behind a link.
    if os.path.islink(VENV) or not os.path.isdir(VENV):
        return not os.path.lexists(VENV)
    names = os.listdir(VENV)
    ours = {MARKER, *(os.path.basename(stamp(kind)) for kind in LOCKS)}
    return not names or not ours.isdisjoint(names)


def install(kind: str) -> None:
    """Make the environment anew where it does not work, and fill it from the lock."""
    print("Installing the workbook's packages into %s …" % VENV, flush=True)
    if not is_ours():
        sys.exit(
            "workbook: %s in %s was not made by the workbook, or is a link: give it "
            "another name, and run the same command again." % (VENV, os.getcwd())
        )
    anew = not (python_serves() and is_whole(records()))
    if anew:
        shutil.rmtree(VENV, ignore_errors=True)
        os.makedirs(VENV, exist_ok=True)
    # Before there is anything else: a set-up that is killed leaves what is known as ours.
    with open(os.path.join(VENV, MARKER), "w"):
        pass
    if anew:
        run([sys.executable, "-m", "venv", VENV], {})
    for old in map(stamp, LOCKS):
        if os.path.exists(old):
            os.remove(old)
    pip("--require-hashes", "-r", LOCKS[kind])
    pip("--no-deps", "--no-build-isolation", "--editable", ".")
    name_this_folder()
    with open(stamp(kind), "w") as file:
        file.write("\n".join([fingerprint(kind), *records()]))


def name_this_folder() -> None:
    """Name the project to the environment's Python in ASCII, from where the name lies.

    In a locale without UTF-8 a Python before 3.13 could not read another name, nor begin.
    The second line puts it before a PYTHONPATH, where another project may have helpers.
    """
    for file in glob.glob(os.path.join(SITE, "helpers.pth")):
        with open(file, "w") as name:
            name.write("../../../..\n")
            name.write(
                "import os, sys; sys.path.insert(0, os.path.dirname(sys.prefix))\n"
            )


def pip(*arguments: str) -> None:
    """Run the environment's pip."""
    command = [venv_python(), "-m", "pip", "--disable-pip-version-check", "install"]
    # Python compiles what it imports; pip would compile all, a third of its time.
    options = ["--no-compile", "--quiet", "--progress-bar", "on"]
    from helpers.install.pip_settings import own

    run([*command, *options, *arguments], own([venv_python(), "-m", "pip"]))


def run(command: list[str], pip_settings: dict[str, str]) -> None:
    """Run a command; its failure ends the set-up with a sentence."""
    from helpers.install.pip_settings import without

    said = ""
    with subprocess.Popen(
        command,
        env={**without(), **pip_settings},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        close_fds=False,
    ) as process:
        for line in process.stderr or ():
            said += line.decode(errors="replace")
            sys.stderr.write(line.decode(errors="replace"))
    if process.returncode:
        sys.exit(
            "workbook: `%s` failed (its message is above): %s, and run the same command "
            "again." % (" ".join(command), what_helps(said))
        )


def what_helps(said: str) -> str:
    """Return what to do about a failure, by the last words of what failed."""
    from helpers.install.remedies import remedy

    return remedy(said, "mend what it names, which may be a setting of your own")


if __name__ == "__main__":
    main(sys.argv[1])
