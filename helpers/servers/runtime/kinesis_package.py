"""kinesis-mock's package: installed once for the user, checked at every start."""

import shutil
import subprocess
from pathlib import Path

from filelock import FileLock

from helpers import files
from helpers.install.remedies import is_telling, remedy
from helpers.owned import CACHE, claim, remove
from helpers.servers.errors import ServersError
from helpers.servers.runtime import node
from helpers.servers.runtime.locks import is_intact, read_lock
from helpers.settings import Settings
from helpers.waiting import patience

KINESIS_VERSION = "0.6.2"
SOURCE = Path(__file__).with_name("kinesis")
LOCK = Path(__file__).with_name(f"kinesis-local-{KINESIS_VERSION}.lock")
LOOPBACK_PRELOAD = SOURCE / "loopback.cjs"
_PACKAGE = "kinesis-local"
# What a user's own npm configuration may ask for, and not get here. The rest of it stays:
# a company's registry with its password, certificates and proxies.
_OWN_WAY = (
    *("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"),
    *("--no-global", "--location=project", "--install-strategy=hoisted", "--no-offline"),
    *("--no-dry-run", "--no-package-lock-only", "--no-json", "--loglevel=error"),
    *("--logs-max=0", "--fetch-retries=1", "--before=null", "--no-workspaces"),
    "--no-usage",
)
_INSTALL_TIMEOUT = 300
_CHECK_NPM = "check your own settings of npm, in ~/.npmrc and in npm_config_* variables"


def package_dir(settings: Settings) -> Path:
    """Return the folder with kinesis-mock's ``main.js`` and ``server.json``."""
    return _home(settings) / "node_modules" / _PACKAGE


def is_installed(settings: Settings) -> bool:
    """Return whether every file of the package is there and intact."""
    folder = package_dir(settings)
    return all(is_intact(folder / entry.path, entry) for entry in read_lock(LOCK))


def fetch_kinesis(settings: Settings) -> Path:
    """Make sure that the package is in the cache and intact; return its folder.

    npm checks the download against the SHA-512 in ``package-lock.json``.

    Raises:
        ServersError: the package is missing and cannot be installed.
    """
    # First, since a complete cache may lie where no lock can be made.
    if is_installed(settings):
        return package_dir(settings)
    home = _home(settings)
    claim(settings.cache_dir, CACHE)
    with FileLock(home.with_name(home.name + ".lock")):
        if not is_installed(settings):
            print("Installing kinesis-mock …", flush=True)
            install(home)
        if not is_installed(settings):
            raise ServersError(
                f"kinesis-local in {home} is not what the lock says: "
                "remove that folder and try again."
            )
    return package_dir(settings)


def _home(settings: Settings) -> Path:
    return settings.cache_dir / f"kinesis-local-{KINESIS_VERSION}"


def install(home: Path, source: Path = SOURCE) -> Path:
    """Install a package below ``home``, whole or not at all; return its folder.

    Args:
        home: where to.
        source: a folder with its ``package.json`` and ``package-lock.json``.

    Raises:
        ServersError: npm could not fetch it.
    """
    scratch = files.scratch_beside(home)
    scratch.mkdir(parents=True)
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, scratch)
        _npm_ci(scratch)
        home.mkdir(exist_ok=True)
        remove(home / "node_modules")
        (scratch / "node_modules").rename(home / "node_modules")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return home / "node_modules" / _PACKAGE


def _npm_ci(folder: Path) -> None:
    command = [str(node.node_executable()), str(node.npm_script()), *_OWN_WAY]
    # A cache of its own, too: the user's may lie where nothing can be written.
    command += ["--prefix", str(folder), "--cache", str(folder / "cache")]
    try:
        subprocess.run(
            command,
            cwd=folder,
            env=node.clean_environment(),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_INSTALL_TIMEOUT * patience(),
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        reason = f"network: no end in {error.timeout:g} s"
        raise ServersError(_not_fetched(reason)) from error
    except subprocess.CalledProcessError as error:
        raise ServersError(_not_fetched(_reason(error.stderr))) from error


def _not_fetched(reason: str) -> str:
    return (
        "kinesis-local is not in the cache and npm could not fetch it "
        f"({reason}): {remedy(reason, _CHECK_NPM)}, and try again."
    )


def _reason(text: str) -> str:
    """Return the line of npm's errors that says most."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if "Log files were not written" not in line]
    telling = [line for line in lines if is_telling(line)]
    return [*telling, *lines[-1:], "npm said nothing"][0]
