"""Bring an engine into the user's cache, and take it out again.

An engine lies in one folder of the cache: ``jars``, ``classes`` and ``python``. A mark is
written last. What a killed installation leaves has no mark, and the next one goes on from
there: jars that are there already are not fetched again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers import files
from helpers.engines.catalog import Engine
from helpers.engines.figures import Figures, recorded
from helpers.install import pip_settings
from helpers.install.remedies import is_telling, remedy
from helpers.owned import CACHE, claim, remove
from helpers.servers.errors import ServersError
from helpers.servers.runtime import foreign, java, maven
from helpers.servers.runtime.jars import classpath, fetch_jars
from helpers.servers.runtime.locks import LockedFile, read_lock
from helpers.settings import Settings

_MARK = "installed"
_MEGABYTE = 1_000_000
# An archive and what it holds lie side by side for a moment.
_ROOM = 2.5
_CHECK_PIP = "check the network, and your own settings of pip"


def home(settings: Settings, engine: Engine) -> Path:
    """Return the engine's folder in the cache."""
    return settings.cache_dir / f"engine-{engine.name}-{engine.version}"


def needs_nothing(engine: Engine) -> bool:
    """Return whether the course's own packages are all that an engine needs."""
    return not (engine.jars_lock.exists() or engine.requirements_lock.exists())


def is_installed(settings: Settings, engine: Engine) -> bool:
    """Return whether the engine is there whole, as its locks and its job are now."""
    if needs_nothing(engine):
        return bool(engine.command)
    try:
        mark = (home(settings, engine) / _MARK).read_text("utf-8")
    except OSError:
        return False
    whole = all((_jars(settings, engine) / one).is_file() for one in _names(engine))
    return whole and mark == _fingerprint(engine)


def install(settings: Settings, engine: Engine) -> None:
    """Fetch and compile what an engine is made of; a second call finds nothing to do.

    Raises:
        ServersError: it cannot run here, there is no room, or something cannot be fetched
            or compiled. What is there by then stays for the next try.
    """
    if not engine.command:
        raise ServersError(f"{engine.title} cannot be installed: {engine.absent}")
    if is_installed(settings, engine):
        return
    folder = home(settings, engine)
    claim(settings.cache_dir, CACHE)
    from filelock import FileLock  # not above: a list of engines needs none

    with FileLock(folder.with_name(folder.name + ".lock")):
        if is_installed(settings, engine):
            return
        _check_room(settings, engine)
        folder.mkdir(exist_ok=True)
        if engine.jars_lock.exists():
            title = f"{engine.title}'s jars"
            maven.fetch(settings, _locked(engine), folder / "jars", title)
        if engine.requirements_lock.exists():
            _install_packages(engine, folder)
        if engine.sources:
            fetch_jars(settings)
            _compile(settings, engine)
        files.write(folder / _MARK, _fingerprint(engine))


def uninstall(settings: Settings, engine: Engine) -> int:
    """Remove an engine from the cache; return how many bytes that has freed."""
    folder = home(settings, engine)
    size = installed_bytes(settings, engine)
    remove(folder)
    remove(folder.with_name(folder.name + ".lock"))
    return size


def installed_bytes(settings: Settings, engine: Engine) -> int:
    """Return what an engine takes on the disk, in bytes."""
    folder = home(settings, engine)
    return files.bytes_of(folder) if folder.is_dir() else 0


def announcement(engine: Engine) -> str:
    """Return a sentence on what an installation takes, as it was measured."""
    figures = recorded().get(engine.name, Figures())
    if not figures.disk_megabytes:
        return f"{engine.title} {engine.version}: size and time were never measured."
    return (
        f"{engine.title} {engine.version} takes {figures.disk_megabytes:.0f} MB on the "
        f"disk, and took {figures.install_seconds:.0f} s to install on the machine of "
        "the table."
    )


def placeholders(settings: Settings, engine: Engine) -> dict[str, str]:
    """Return what the placeholders of an engine's command stand for, by their names."""
    folder = home(settings, engine)
    own = folder / "python" / "bin" / "python"
    jars = [str(_jars(settings, engine) / name) for name in _names(engine)]
    return {
        "java": str(java.java_executable(settings)),
        "jars": os.pathsep.join(jars),
        "kafka": classpath(settings),
        "classes": str(folder / "classes"),
        "python": str(own) if engine.requirements_lock.exists() else sys.executable,
        "folder": str(engine.folder),
    }


def _jars(settings: Settings, engine: Engine) -> Path:
    return home(settings, engine) / "jars"


def _locked(engine: Engine) -> tuple[LockedFile, ...]:
    return read_lock(engine.jars_lock) if engine.jars_lock.exists() else ()


def _names(engine: Engine) -> list[str]:
    return [maven.file_name(entry) for entry in _locked(engine)]


def _fingerprint(engine: Engine) -> str:
    """Return a digest of all that an installation depends on."""
    digest = hashlib.sha256(sys.version.encode())
    for file in (engine.jars_lock, engine.requirements_lock, *engine.sources):
        if file.exists():
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _check_room(settings: Settings, engine: Engine) -> None:
    needed = _ROOM * recorded().get(engine.name, Figures()).disk_megabytes
    free = shutil.disk_usage(settings.cache_dir).free / _MEGABYTE
    if free < needed:
        raise ServersError(
            f"{engine.title} needs {needed:,.0f} MB while it is installed, and the disk "
            f"of {settings.cache_dir} has {free:,.0f} MB free: free some, or set "
            "WORKBOOK_CACHE_DIR to a folder on another disk."
        )


def _install_packages(engine: Engine, folder: Path) -> None:
    """Make an environment, by the course's own Python and pip, from the lock."""
    environment = folder / "python"
    remove(environment)
    _run([sys.executable, "-m", "venv", "--without-pip", str(environment)], {})
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    pip += ["--python", str(environment / "bin" / "python")]
    # What pip keeps would take the room once more.
    options = ["--no-compile", "--quiet", "--require-hashes", "--no-cache-dir"]
    scratch = folder / "tmp"
    scratch.mkdir(exist_ok=True)
    # What it unpacks lies on the disk of the cache, which was asked for its room.
    variables = {**pip_settings.own(pip), "TMPDIR": str(scratch)}
    try:
        with _growing(folder, engine):
            lock = str(engine.requirements_lock)
            _run([*pip, "install", *options, "-r", lock], variables)
    finally:
        remove(scratch)


@contextmanager
def _growing(folder: Path, engine: Engine) -> Iterator[None]:
    """Show how a folder grows towards the size that was measured."""
    from tqdm.auto import tqdm

    expected = recorded().get(engine.name, Figures()).disk_megabytes or None
    done = threading.Event()
    title = f"{engine.title}'s packages"
    with tqdm(total=expected, unit="MB", desc=title, bar_format=_BAR) as bar:

        def follow() -> None:
            while not done.wait(0.5):
                size = round(files.bytes_of(folder) / _MEGABYTE)
                bar.update(min(size, expected or size) - bar.n)

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


_BAR = "{desc}: {n:.0f} MB {bar} {elapsed}"


def _compile(settings: Settings, engine: Engine) -> None:
    """Compile an engine's Java by a compiler in a jar: the course's Java has none."""
    places = placeholders(settings, engine)
    classes = Path(places["classes"])
    remove(classes)
    # The compiler takes no `*` in a class path.
    kafka = map(str, sorted(Path(places["kafka"]).parent.glob("*.jar")))
    path = os.pathsep.join([places["jars"], *kafka])
    start = java.jvm(settings, places["jars"], "-Xmx256m")
    options = ["-21", "-proc:none", "-nowarn", "-cp", path, "-d", str(classes)]
    sources = map(str, engine.sources)
    main = "org.eclipse.jdt.internal.compiler.batch.Main"
    _run([*start, main, *options, *sources], java.clean_environment())


def _run(command: list[str], variables: dict[str, str]) -> None:
    """Run a command to its end.

    Raises:
        ServersError: it failed; the message has its own words.
    """
    environment = {**pip_settings.without(), **foreign.without("PIP_"), **variables}
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        reason = _reason(done.stdout)
        raise ServersError(
            f"The engine could not be installed ({reason}): "
            f"{remedy(reason, _CHECK_PIP)}, and try again."
        )


def _reason(said: str) -> str:
    """Return the line that says most of what a program has said."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if is_telling(line)]
    return [*telling, *lines[-1:], "it said nothing"][0]
