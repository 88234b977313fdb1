"""What this machine has and lacks: one line each, with the fix as a command."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psutil

from helpers.servers import connect, folders
from helpers.servers.compose.docker import docker
from helpers.servers.embedded import limits
from helpers.servers.embedded.ports import is_free
from helpers.servers.embedded.starting import PREFERRED_PORTS, fetch_programs
from helpers.servers.errors import ServersError
from helpers.servers.runtime import class_data, java, node
from helpers.servers.runtime.jars import missing_jars
from helpers.servers.runtime.kinesis_package import is_installed
from helpers.settings import Settings

NEEDED_DISK_BYTES = 2 * 1024**3
NEEDED_MEMORY_BYTES = 2 * 1024**3
_VERSION_TIMEOUT = 30


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes:
        what: what was looked at.
        good: whether it serves.
        state: what was found.
        fix: the command or step that mends it; empty if nothing needs mending.
        mend: does so, where that can do no harm; None if only the student can.
    """

    what: str
    good: bool
    state: str
    fix: str = ""
    mend: Callable[[], object] | None = None

    def __str__(self) -> str:
        line = f"{'ok ' if self.good else 'BAD'}  {self.what:<9} {self.state}"
        return f"{line}; fix: {self.fix}" if self.fix else line


def examine(settings: Settings) -> list[Finding]:
    """Look at everything that the servers need; nothing is changed or started."""
    checks: dict[str, list[Callable[[Settings], Finding]]] = {
        "embedded": [
            _platform,
            _python,
            _java,
            _node,
            _ports,
            _files,
            _disk,
            _folders,
            _memory,
            _cache,
        ],
        "compose": [_python, _java, _docker, _servers, _disk, _folders, _memory, _cache],
        "attached": [_python, _java, _servers, _disk, _folders, _cache],
    }
    return [check(settings) for check in checks[settings.mode]]


def mend(findings: Sequence[Finding]) -> bool:
    """Mend what can be mended without harm; return whether there was any of it.

    Raises:
        ServersError: something could not be mended; the message says why.
    """
    found = [one.mend for one in findings if one.mend and not one.good]
    for one in found:
        one()
    return bool(found)


def _docker(_: Settings) -> Finding:
    try:
        version = docker("version", "--format", "{{.Server.Version}}").decode().strip()
        compose = docker("compose", "version", "--short").decode().strip()
    except ServersError as error:
        return Finding("Docker", False, str(error))
    return Finding("Docker", True, f"engine {version}, compose {compose}")


def _servers(settings: Settings) -> Finding:
    """Tell of servers that run elsewhere than in processes of this machine."""
    try:
        status = connect(settings).status()
    except ServersError as error:
        return Finding("servers", False, str(error))
    running = sum(node.state == "running" for node in status.nodes)
    said = " ".join((f"{running} of {len(status.nodes)} run.", *status.notes))
    good = settings.mode == "compose" or status.all_running
    return Finding("servers", good, said)


def _platform(_: Settings) -> Finding:
    system, machine = platform.system(), platform.machine()
    state = f"{system} {machine}"
    if system == "Windows":
        # Kafka's brokers crash there when they delete segment files.
        return Finding("platform", False, state, "work inside WSL2: wsl --install")
    if system == "Linux" and not platform.libc_ver()[0]:
        return Finding("platform", False, f"{state} with musl", "use a glibc system")
    return Finding("platform", True, state)


def _python(_: Settings) -> Finding:
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    fix = "" if good else "install Python 3.13, then: make clean lab"
    return Finding("Python", good, f"{platform.python_version()} {sys.executable}", fix)


def _java(settings: Settings) -> Finding:
    program = java.java_executable(settings)
    origin = "set by WORKBOOK_JAVA" if settings.java else "pinned wheel"
    fix = "unset WORKBOOK_JAVA" if settings.java else "make clean lab"
    return _program(
        "Java", [str(program), "-version"], java.clean_environment(), origin, fix
    )


def _node(_: Settings) -> Finding:
    command = [str(node.node_executable()), "--version"]
    env = node.clean_environment()
    return _program("Node", command, env, "pinned wheel", "make clean lab")


def _program(
    what: str, command: list[str], env: dict[str, str], origin: str, fix: str
) -> Finding:
    try:
        result = subprocess.run(
            command,
            env=env,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_VERSION_TIMEOUT,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Finding(what, False, f"{command[0]} does not run ({error})", fix)
    version = (result.stdout or result.stderr).strip().partition("\n")[0]
    if not version:
        return Finding(what, False, f"{command[0]} tells no version", fix)
    return Finding(what, True, f"{version} ({origin})")


def _ports(settings: Settings) -> Finding:
    own = {node.port for node in connect(settings).status().nodes if node.pid}
    taken = [p for p in PREFERRED_PORTS.values() if p not in own and not is_free(p)]
    if own:
        return Finding(
            "ports", True, f"own servers on {_listed(sorted(filter(None, own)))}"
        )
    if taken:
        return Finding("ports", True, f"{_listed(taken)} taken: others will be used")
    return Finding("ports", True, f"{_listed(list(PREFERRED_PORTS.values()))} free")


def _listed(ports: list[int]) -> str:
    return ", ".join(map(str, ports))


def _files(_: Settings) -> Finding:
    if problem := limits.too_few_files():
        return Finding("files", False, problem)
    return Finding("files", True, "enough may be open at once")


def _disk(settings: Settings) -> Finding:
    folder = folders.existing(settings.state_dir)
    if not folder.is_dir():
        return Finding("disk", False, f"{folder} is no folder", f"rm {folder}")
    if os.statvfs(folder).f_flag & getattr(os, "ST_NOEXEC", 0):
        # Java could not load what unpacks snappy and zstd; a broker calls them unknown.
        fix = "set WORKBOOK_STATE_DIR to a folder on another disk"
        return Finding("disk", False, f"{folder} may run no program (noexec)", fix)
    free = shutil.disk_usage(folder).free
    good = free >= NEEDED_DISK_BYTES and os.access(folder, os.W_OK)
    fix = "" if good else f"free 2 GB on the disk of {folder} and make it writable"
    return Finding("disk", good, f"{free / 1e9:.1f} GB free", fix)


def _folders(settings: Settings) -> Finding:
    """Tell of disks that are no place for servers, for downloads or for notebooks."""
    named = {
        "WORKBOOK_STATE_DIR": settings.state_dir,
        "WORKBOOK_CACHE_DIR": settings.cache_dir,
        "WORKBOOK_WORK_DIR": settings.work_dir,
    }
    for name, folder in named.items():
        if told := folders.trouble(folder):
            fix = f"set {name} to a folder on this machine's own disk"
            return Finding("folders", False, told, fix)
    return Finding("folders", True, f"{settings.state_dir.parent} and the others serve")


def _memory(_: Settings) -> Finding:
    free = min(psutil.virtual_memory().available, limits.container_memory())
    good = free >= NEEDED_MEMORY_BYTES
    fix = "" if good else "close other programs: servers and Lab need 2 GB"
    return Finding("memory", good, f"{free / 1e9:.1f} GB available", fix)


def _cache(settings: Settings) -> Finding:
    jars = missing_jars(settings)
    # Elsewhere Kinesis runs without us.
    kinesis = settings.mode != "embedded" or is_installed(settings)
    if not jars and kinesis:
        return Finding(
            "cache", True, f"complete in {settings.cache_dir}{_slow(settings)}"
        )
    lacks = f"{len(jars)} jars" + ("" if kinesis else " and kinesis-mock")
    state = f"{lacks} missing or damaged in {settings.cache_dir}"
    return Finding(
        "cache", False, state, "workbook fetch", lambda: fetch_programs(settings)
    )


def _slow(settings: Settings) -> str:
    """Return what a cache costs in which Java's archive of classes is never made."""
    archive = class_data.archive_file(settings)
    if not archive or class_data.is_whole(archive):
        return ""
    if os.access(archive.parent, os.W_OK):
        return ""
    return (
        ", but it cannot be written and has no archive of classes: each start takes "
        "about twice as long"
    )
