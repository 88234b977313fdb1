"""The files of a replica, read out of its broker's container.

``docker cp`` reads from containers that run, pause or have ended.
"""

import io
import shutil
import tarfile
from pathlib import Path

from helpers.servers.compose.docker import DockerError, docker
from helpers.servers.errors import ServersError
from helpers.servers.interface import SegmentFile

_DATA = "/var/lib/kafka/data"
# A segment that grows while it is copied spoils the copy.
_ATTEMPTS = 4


def copy_replica(container: str, topic: str, partition: int, target: Path) -> Path:
    """Copy the files of a replica into a folder of this machine; return the folder.

    Raises:
        FileNotFoundError: there is no such replica.
        ServersError: the engine does not answer.
    """
    name = _folder(topic, partition)
    with _archive(container, f"{_DATA}/{name}") as archive:
        shutil.rmtree(target / name, ignore_errors=True)
        target.mkdir(parents=True, exist_ok=True)
        archive.extractall(target, filter="data")
    return target / name


def list_replica(container: str, topic: str, partition: int) -> tuple[SegmentFile, ...]:
    """Return the files of a replica, sorted by name; raises as :func:`copy_replica`."""
    with _archive(container, f"{_DATA}/{_folder(topic, partition)}") as archive:
        files = [member for member in archive.getmembers() if member.isfile()]
    found = (SegmentFile(Path(one.name).name, one.size) for one in files)
    return tuple(sorted(found, key=lambda one: one.name))


def read_file(container: str, topic: str, partition: int, name: str) -> bytes:
    """Return the content of a file of a replica; raises as :func:`copy_replica`."""
    folder = _folder(topic, partition)
    if "/" in name or "\0" in name or name in ("", ".", ".."):
        raise FileNotFoundError(name)
    with _archive(container, f"{_DATA}/{folder}/{name}") as archive:
        content = archive.extractfile(archive.getmembers()[0])
        if content is None:
            raise FileNotFoundError(name)
        return content.read()


def list_folders(container: str) -> tuple[str, ...]:
    """Return the names of the folders of a broker that runs, sorted.

    Raises:
        ServersError: it does not run.
    """
    text = docker("exec", container, "ls", "-1p", _DATA).decode("utf-8", "replace")
    return tuple(sorted(one[:-1] for one in text.splitlines() if one.endswith("/")))


def _folder(topic: str, partition: int) -> str:
    if not topic or "/" in topic or "\0" in topic:
        raise FileNotFoundError(topic)
    return f"{topic}-{partition}"


def _archive(container: str, path: str) -> tarfile.TarFile:
    for attempt in range(_ATTEMPTS):
        try:
            data = docker("cp", f"{container}:{path}", "-")
            return tarfile.open(fileobj=io.BytesIO(data))
        except DockerError as error:
            if "could not find the file" in error.details.lower():
                raise FileNotFoundError(path) from error
            if attempt == _ATTEMPTS - 1 or "no such container" in str(error).lower():
                raise
        except tarfile.TarError as error:
            if attempt == _ATTEMPTS - 1:
                raise ServersError(f"{path} could not be copied: try again.") from error
    raise AssertionError("the last attempt returns or raises")
