"""Kafka's jars: fetched once for the user, checked at every start.

The lock beside this module names each jar by its path in a Maven repository;
``make lock`` writes it. The repository's address comes from jgo.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers.install.remedies import NETWORK, remedy
from helpers.owned import CACHE, claim
from helpers.servers.errors import ServersError
from helpers.servers.runtime.locks import LockedFile, is_intact, read_lock
from helpers.settings import Settings

KAFKA_VERSION = "4.3.1"
LOCK = Path(__file__).with_name(f"kafka-{KAFKA_VERSION}.lock")
_PARALLEL_DOWNLOADS = 8
_TRIES = 2
_STALLED_SECONDS = 30
_SET_A_MIRROR = "set WORKBOOK_MAVEN_URL to a mirror"


def jars_dir(settings: Settings) -> Path:
    """Return the folder that holds every jar, side by side."""
    return settings.cache_dir / f"kafka-{KAFKA_VERSION}"


def classpath(settings: Settings) -> str:
    """Return the value of Java's ``-cp`` that brings in every jar."""
    return f"{jars_dir(settings)}/*"


def fetch_jars(settings: Settings) -> Path:
    """Make sure that every jar is in the cache and intact; return their folder.

    Raises:
        ServersError: a jar is missing and cannot be fetched.
    """
    folder = jars_dir(settings)
    # First, since a complete cache may lie where no lock can be made.
    if not missing_jars(settings):
        return folder
    claim(settings.cache_dir, CACHE)
    folder.mkdir(exist_ok=True)
    # Not above: each of Kafka's tools reads this module, and none fetches.
    from filelock import FileLock

    with FileLock(folder.with_name(folder.name + ".lock")):
        missing = missing_jars(settings)
        if missing:
            _download(missing, folder, _base_url(settings))
    return folder


def missing_jars(settings: Settings) -> list[LockedFile]:
    """Return the jars that are not in the cache or not what the lock says."""
    folder = jars_dir(settings)
    entries = read_lock(LOCK)
    with ThreadPoolExecutor() as pool:
        intact = pool.map(lambda entry: is_intact(folder / _name(entry), entry), entries)
        return [entry for entry, good in zip(entries, intact, strict=True) if not good]


def has_all_jars(settings: Settings) -> bool:
    """Return whether every jar is there, whatever its content: a quick look."""
    folder = jars_dir(settings)
    return all((folder / _name(entry)).is_file() for entry in read_lock(LOCK))


def _name(entry: LockedFile) -> str:
    return entry.path.rsplit("/", 1)[-1]


def _base_url(settings: Settings) -> str:
    # Imported here: only a download needs jgo, and it costs every start 0.2 s.
    from jgo.constants import MAVEN_CENTRAL_URL

    return (settings.maven_url or MAVEN_CENTRAL_URL).rstrip("/")


def _download(entries: Sequence[LockedFile], folder: Path, base_url: str) -> None:
    from tqdm.auto import tqdm

    total = sum(entry.size for entry in entries)
    with (
        tqdm(total=total, unit="B", unit_scale=True, desc="Kafka's jars") as bar,
        ThreadPoolExecutor(_PARALLEL_DOWNLOADS) as pool,
    ):
        for entry in pool.map(lambda e: _fetch(e, folder, base_url), entries):
            bar.update(entry.size)


def _fetch(entry: LockedFile, folder: Path, base_url: str) -> LockedFile:
    # Imported here: it costs 0.1 s, and a filled cache needs no download.
    import pooch

    # One progress bar says it all; pooch would tell the address of each jar.
    pooch.get_logger().setLevel("ERROR")
    name = _name(entry)
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
