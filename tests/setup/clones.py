"""Fresh clones on a machine that has nothing but settings for other programs."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.settings import PROJECT_ROOT

# What a machine with Python, make and git has besides them; no Java, no Node, no
# Docker, no uv.
PROGRAMS = ("sh", "make", "git", "grep", "sed", "expand", "uname", "ps")
UNPRIVILEGED = "nobody"
SYSTEM_PYTHON = "/usr/bin/python3"

# What other projects of the same user want, and what must not matter here.
PIP_CONF = """
[global]
require-virtualenv = true
[install]
user = true
target = /nowhere
no-binary = :all:
"""
NPMRC = """
global=true
cache=/nowhere
dry-run=true
offline=true
"""
FOREIGN = {
    "LC_ALL": "C",
    "PIP_CONSTRAINT": "/nowhere",
    "PYTHONHOME": "/nowhere",
    "PYTHONIOENCODING": "ascii",
    "PYTHONOPTIMIZE": "2",
    "PYTHONUTF8": "0",
    "PYTHONWARNINGS": "error",
    "TMPDIR": "/nowhere",
}


@dataclass(frozen=True)
class Clone:
    """A copy of the project, owned by whoever works in it.

    Attributes:
        folder: its root.
        env: a bare environment with an empty home.
        user: who runs commands in it; None for the caller.
    """

    folder: Path
    env: dict[str, str]
    user: str | None

    def start(self, *command: str, **variables: str) -> "subprocess.Popen[str]":
        """Start a command in the clone, in a process group of its own."""
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**self.env, **variables},
            user=self.user,
            group=self.user and pwd.getpwnam(self.user).pw_gid,
            extra_groups=[] if self.user else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *command: str, **variables: str) -> str:
        """Run a command in the clone and return what it printed; it must succeed."""
        process = self.start(*command, **variables)
        output, _ = process.communicate()
        assert process.returncode == 0, f"{' '.join(command)} failed:\n{output}"
        return output


def fresh_clone(parent: Path) -> Clone:
    """Copy the project's own files into ``parent``, for an unprivileged user."""
    folder, home, programs = (parent / name for name in ("the clôné", "hômé", "bin"))
    _copy_project(folder)
    _furnish(home)
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    _link_programs(programs, SYSTEM_PYTHON if user else _this_python())
    if user:
        _give(parent, user)
    env = {**_bare_environment(home, programs), **FOREIGN, "PYTHONPATH": str(home)}
    return Clone(folder, env, user)


def _furnish(home: Path) -> None:
    """Leave in the home what other projects may have left there."""
    files = {".config/pip/pip.conf": PIP_CONF, ".npmrc": NPMRC, "helpers/__init__.py": ""}
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, "utf-8")


def _copy_project(folder: Path) -> None:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listing.stdout.split("\0")):
        source, target = PROJECT_ROOT / name, folder / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def _this_python() -> str:
    """Return the Python behind this virtual environment."""
    return os.path.realpath(sys.executable)


def _link_programs(folder: Path, python: str) -> None:
    folder.mkdir()
    (folder / "python3").symlink_to(python)
    for name in PROGRAMS:
        if found := shutil.which(name):
            (folder / name).symlink_to(os.path.realpath(found))


def _give(folder: Path, user: str) -> None:
    folder.chmod(0o755)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, pwd.getpwnam(user).pw_uid, -1, follow_symlinks=False)


def _bare_environment(home: Path, programs: Path) -> dict[str, str]:
    # What reaches the network here (a proxy, a certificate) must stay.
    # A make that runs the tests would speak up in each make that they run.
    dropped = (
        "MAKE",
        "MFLAGS",
        "WORKBOOK_",
        "XDG_",
        "PYTHON",
        "VIRTUAL_ENV",
        "PYENV",
        "JAVA",
        "NODE_PATH",
    )
    kept: Mapping[str, str] = {
        key: value for key, value in os.environ.items() if not key.startswith(dropped)
    }
    return {**kept, "HOME": str(home), "PATH": str(programs), "LANG": "C.UTF-8"}
