"""Jars from a Maven repository: each known by path and SHA-256, and checked by it.

The repository's address comes from jgo, so that no file here names one.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers.install.remedies import NETWORK, remedy
from helpers.owned import CACHE, claim
from helpers.servers.errors import ServersError
from helpers.servers.runtime.locks import LockedFile, is_intact
from helpers.settings import Settings

_PARALLEL_DOWNLOADS = 8
_TRIES = 2
_STALLED_SECONDS = 30
_SET_A_MIRROR = "set WORKBOOK_MAVEN_URL to a mirror"


def fetch(
    settings: Settings, entries: Sequence[LockedFile], folder: Path, title: str
) -> None:
    """Make sure that every jar is in a folder of the cache, and intact.

    Args:
        settings: they name the cache, and a mirror if there is one.
        entries: the jars.
        folder: where they lie side by side; its parent is a folder of the cache.
        title: what they are, beside the bar of progress.

    Raises:
        ServersError: a jar is missing and cannot be fetched.
    """
    # First, since a complete cache may lie where no lock can be made.
    if not missing(entries, folder):
        return
    claim(settings.cache_dir, CACHE)
    folder.mkdir(parents=True, exist_ok=True)
    # Not above: each of Kafka's tools reads this module, and none fetches.
    from filelock import FileLock

    with FileLock(folder.with_name(folder.name + ".lock")):
        left = missing(entries, folder)
        if left:
            _download(left, folder, _base_url(settings), title)


def missing(entries: Sequence[LockedFile], folder: Path) -> list[LockedFile]:
    """Return the jars that are not in the folder or not what the lock says."""
    with ThreadPoolExecutor() as pool:
        intact = pool.map(
            lambda entry: is_intact(folder / file_name(entry), entry), entries
        )
        return [entry for entry, good in zip(entries, intact, strict=True) if not good]


def file_name(entry: LockedFile) -> str:
    """Return what a jar is called in its folder."""
    return entry.path.rsplit("/", 1)[-1]


def _base_url(settings: Settings) -> str:
    # Imported here: only a download needs jgo, and it costs every start 0.2 s.
    from jgo.constants import MAVEN_CENTRAL_URL

    return (settings.maven_url or MAVEN_CENTRAL_URL).rstrip("/")


def _download(
    entries: Sequence[LockedFile], folder: Path, base_url: str, title: str
) -> None:
    from tqdm.auto import tqdm

    total = sum(entry.size for entry in entries)
    with (
        tqdm(total=total, unit="B", unit_scale=True, desc=title) as bar,
        ThreadPoolExecutor(_PARALLEL_DOWNLOADS) as pool,
    ):
        for entry in pool.map(lambda e: _fetch(e, folder, base_url), entries):
            bar.update(entry.size)


def _fetch(entry: LockedFile, folder: Path, base_url: str) -> LockedFile:
    # Imported here: it costs 0.1 s, and a filled cache needs no download.
    import pooch

    # One progress bar says it all; pooch would tell the address of each jar.
    pooch.get_logger().setLevel("ERROR")
    name = file_name(entry)
    source = pooch.create(
        path=folder,
        base_url="",
        registry={name: f"sha256:{entry.sha256}"},
        urls={name: f"{base_url}/{entry.path}"},
        retry_if_failed=_TRIES,
    )
    try:
        source.fetch(name, downloader=pooch.HTTPDownloader(timeout=_STALLED_SECONDS))
    # requests and pooch raise many kinds; each means that this file is not here.
    except Exception as error:
        raise ServersError(_not_fetched(folder / name, error)) from error
    # Others may share the cache; pooch leaves a file that its maker alone can read.
    (folder / name).chmod(0o644)
    return entry


def _not_fetched(file: Path, error: Exception) -> str:
    said = str(error)
    helps = remedy(said, _SET_A_MIRROR)
    if "does not match the known hash" in said:
        said, helps = "what arrived has another SHA-256", _SET_A_MIRROR
    elif helps == NETWORK:
        said, helps = "the network did not give it", f"{NETWORK}, or {_SET_A_MIRROR}"
    return (
        f"{file.name} is missing from {file.parent} and could not be fetched "
        f"({said}): {helps}, and try again."
    )
