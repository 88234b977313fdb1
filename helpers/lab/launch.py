"""Open JupyterLab on the course's servers, once for each clone."""

import fcntl
import os
import subprocess
import sys
from typing import IO, NoReturn
from urllib.parse import quote

from helpers.course.work import FIRST_LESSON, seed
from helpers.lab import prepare
from helpers.owned import STATE, claim
from helpers.servers import connect
from helpers.servers.embedded.starting import fetch_programs
from helpers.servers.errors import ServersError
from helpers.settings import Settings
from helpers.waiting import wait_for

_OTHER_LAB_TIMEOUT = 120


def launch(settings: Settings, open_browser: bool) -> None:
    """Start the servers and become JupyterLab, or tell where a first Lab runs.

    The servers end with this process, whatever ends it.

    Raises:
        ServersError: the servers do not come up.
    """
    claim(settings.state_dir, STATE)
    with (settings.state_dir / "lab.lock").open("a") as lock:
        if not _lock(lock):
            _tell_address(settings)
            return
        fetch_programs(settings)
        doing = "Looking for" if settings.attached else "Starting"
        print(f"{doing} the brokers and Kinesis …", flush=True)
        _start_servers()
        seed(settings.work_dir)
        # The lock stays open, and so held, in the Lab that this process becomes.
        _become_lab(settings, open_browser)


def _lock(file: IO[str]) -> bool:
    os.set_inheritable(file.fileno(), True)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _tell_address(settings: Settings) -> None:
    # Not above: it takes two seconds to import, and a first Lab has no use for it.
    from jupyter_server.serverapp import list_running_servers

    def address() -> str:
        servers = list_running_servers(str(prepare.runtime_dir(settings)))
        return next((f"{one['url']}lab?token={one['token']}" for one in servers), "")

    url = wait_for(address, _OTHER_LAB_TIMEOUT, "the Lab that is starting already")
    print(f"A Lab of this workbook runs already; open it at:\n    {url}", flush=True)


def _start_servers() -> None:
    # In a process of its own: servers that end are then not the Lab's children,
    # which would keep them as zombies.
    command = [sys.executable, "-m", "helpers", "up", "--owner", str(os.getpid())]
    if subprocess.call(command):
        raise ServersError("The servers did not start, so JupyterLab was not opened.")


def _become_lab(settings: Settings, open_browser: bool) -> NoReturn:
    root = settings.work_dir.parent
    notebook = (settings.work_dir / FIRST_LESSON).relative_to(root).as_posix()
    # Where nothing can be written there is what an earlier Lab has left, or an error.
    if os.access(sys.prefix, os.W_OK) or not prepare.kernel_file().exists():
        prepare.install_kernel()
        prepare.install_settings()
    prepare.arrange_workspace(settings, notebook)
    options = [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{quote(notebook)}",
    ]
    if notebook.startswith("."):
        options += ["--ContentsManager.allow_hidden=True"]
    # Else, without a terminal, Jupyter asks for a login shell, which finds no `workbook`.
    shell = os.environ.get("SHELL") or "/bin/sh"
    options += [f"--ServerApp.terminado_settings={{'shell_command': [{shell!r}]}}"]
    options += [] if open_browser else ["--no-browser"]
    # JupyterLab refuses root, whom a container's user often is.
    options += ["--allow-root"] if os.geteuid() == 0 else []
    os.chdir(root)
    env = prepare.lab_environment(settings, connect(settings).status())
    os.execve(sys.executable, [sys.executable, "-m", "jupyterlab", *options], env)
