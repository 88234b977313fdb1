"""Where things are and how they run, read once from the environment."""

import getpass
import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import platformdirs

PROJECT_ROOT = Path(__file__).resolve().parent.parent
"""The clone this package is installed from."""

MODES = ("embedded", "compose", "attached")

# No dot and no underscore: the dot that ends a prefix then tells "ann." from "ann.b.",
# and no two names differ only in what Kafka takes for the same.
_PREFIX = re.compile(r"[A-Za-z0-9-]{1,32}")

# Kafka's own tools want the port, too.
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s,:\[\]/]+):[0-9]{1,5}")


class SettingsError(ValueError):
    """A setting in the environment cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Attached:
    """Somebody else's servers, and the caller's place on them.

    Attributes:
        bootstrap_servers: where Kafka's clients begin, as ``host:port,host:port``.
        properties: a file with what a client needs to be let in, or None.
        prefix: begins every name of the caller's, and ends with a dot.
        kinesis_endpoint: a URL, or None for AWS itself.
        schema_registry: a URL, or None for one in each client's own memory.
    """

    bootstrap_servers: str
    properties: Path | None
    prefix: str
    kinesis_endpoint: str | None
    schema_registry: str | None = None


@dataclass(frozen=True)
class Settings:
    """Everything a caller can choose.

    Attributes:
        mode: where the servers run; only ``WORKBOOK_MODE`` decides it.
        state_dir: processes, data and logs of this clone's servers.
        cache_dir: downloads, shared by all clones of one user.
        work_dir: the student's own copies of the notebooks.
        progress_file: what the student has done, over all lessons.
        maven_url: base address for jars, or None for Maven Central.
        java: a ``java`` executable to use in place of the pinned one.
        attached: the servers of attached mode; None in every other mode, whatever
            the environment holds.
        docks: whether boards open beside the notebook, where JupyterLab can do that.
    """

    mode: str
    state_dir: Path
    cache_dir: Path
    work_dir: Path
    progress_file: Path
    maven_url: str | None
    java: Path | None
    attached: Attached | None = None
    docks: bool = True

    @property
    def prefix(self) -> str:
        """What begins every name of the caller's; empty on servers of their own."""
        return self.attached.prefix if self.attached else ""

    @property
    def runs_dir(self) -> Path:
        """Where lessons remember their runs, one folder for each set of servers."""
        if self.mode == "embedded":
            return self.state_dir / "runs"
        servers = self.attached.bootstrap_servers if self.attached else ""
        mark = f"-{hashlib.sha256(servers.encode()).hexdigest()[:8]}" if servers else ""
        return self.state_dir / f"runs-{self.mode}{mark}"

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Read the ``WORKBOOK_*`` variables.

        Raises:
            SettingsError: a variable holds a value that cannot be used.
        """
        mode = _choice(env, "WORKBOOK_MODE", MODES)
        found = cls(
            mode=mode,
            state_dir=_path(env, "WORKBOOK_STATE_DIR", PROJECT_ROOT / ".workbook"),
            cache_dir=_cache(env),
            work_dir=_path(env, "WORKBOOK_WORK_DIR", PROJECT_ROOT / "work"),
            progress_file=_path(env, "WORKBOOK_PROGRESS_FILE", _user_progress()),
            maven_url=env.get("WORKBOOK_MAVEN_URL") or None,
            java=_java(env.get("WORKBOOK_JAVA")),
            attached=_attached(env) if mode == "attached" else None,
            docks=_choice(env, "WORKBOOK_BOARDS", ("beside", "inline")) == "beside",
        )
        found._check_that_the_students_own_is_apart()
        return found

    def _check_that_the_students_own_is_apart(self) -> None:
        """Refuse notebooks and progress among files that ``make clean`` removes."""
        emptied = {
            "WORKBOOK_STATE_DIR": self.state_dir,
            "WORKBOOK_CACHE_DIR": self.cache_dir,
            "the servers' usual folder": PROJECT_ROOT / ".workbook",
            "Python's packages": PROJECT_ROOT / ".venv",
        }
        own = {
            "WORKBOOK_WORK_DIR": self.work_dir,
            "WORKBOOK_PROGRESS_FILE": self.progress_file,
        }
        for (name, path), (what, folder) in product(own.items(), emptied.items()):
            if _is_in(path, folder):
                raise SettingsError(
                    f"{name} is '{path}', in a folder that `make clean` empties "
                    f"('{folder}', {what}): name another place."
                )


def _is_in(path: Path, folder: Path) -> bool:
    real = os.path.realpath(folder)
    return os.path.commonpath([real, os.path.realpath(path)]) == real


def _user_cache() -> Path:
    return platformdirs.user_cache_path("streaming-workbook", appauthor=False)


def _user_progress() -> Path:
    folder = platformdirs.user_data_path("streaming-workbook", appauthor=False)
    return folder / "progress.json"


def _choice(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = env.get(name) or choices[0]
    if value not in choices:
        raise SettingsError(f"{name} is '{value}': choose one of {', '.join(choices)}.")
    return value


def _path(env: Mapping[str, str], name: str, default: Path) -> Path:
    try:
        return Path(env.get(name) or default).expanduser().absolute()
    except RuntimeError as error:
        why = str(error).rstrip(".")
        raise SettingsError(f"{name} is '{env.get(name)}': {why}.") from error


def _cache(env: Mapping[str, str]) -> Path:
    path = _path(env, "WORKBOOK_CACHE_DIR", _user_cache())
    if os.pathsep in str(path):
        raise SettingsError(
            f"The cache is '{path}', whose path Java would part at '{os.pathsep}': set "
            "WORKBOOK_CACHE_DIR to a folder without one in its path."
        )
    return path


def _java(value: str | None) -> Path | None:
    if not value:
        return None
    path = Path(value).expanduser().absolute()
    if not os.access(path, os.X_OK) or path.is_dir():
        raise SettingsError(
            f"WORKBOOK_JAVA is '{value}', which is no program: "
            "give the path of a java executable, or unset it."
        )
    return path


def _attached(env: Mapping[str, str]) -> Attached:
    servers = env.get("KAFKA_BOOTSTRAP_SERVERS", "").strip()
    if not servers:
        raise SettingsError(
            "WORKBOOK_MODE is 'attached', and KAFKA_BOOTSTRAP_SERVERS names no brokers: "
            "set it to host:port,host:port, or unset WORKBOOK_MODE."
        )
    return Attached(
        bootstrap_servers=_addresses(servers),
        properties=_properties(env.get("WORKBOOK_CLIENT_PROPERTIES")),
        prefix=_prefix(env.get("WORKBOOK_PREFIX")),
        kinesis_endpoint=env.get("AWS_ENDPOINT_URL_KINESIS") or None,
        schema_registry=_registry(env.get("WORKBOOK_SCHEMA_REGISTRY_URL")),
    )


def _registry(value: str | None) -> str | None:
    if value and not re.match(r"https?://[^\s/]|mock://", value):
        # Not shown: such an address may hold a password.
        raise SettingsError(
            "WORKBOOK_SCHEMA_REGISTRY_URL is no address of a schema registry: set it to "
            "http://host:port or https://host:port, or unset it."
        )
    return value or None


def _addresses(value: str) -> str:
    """Return the addresses without spaces between them."""
    addresses = [one.strip() for one in value.split(",")]
    for one in addresses:
        if not _ADDRESS.fullmatch(one):
            raise SettingsError(
                f"KAFKA_BOOTSTRAP_SERVERS is '{value}', in which '{one}' is no "
                "host:port: set it to host:port,host:port."
            )
    return ",".join(addresses)


def _properties(value: str | None) -> Path | None:
    if not value:
        return None
    path = Path(value).expanduser().absolute()
    if not path.is_file() or not os.access(path, os.R_OK):
        raise SettingsError(
            f"WORKBOOK_CLIENT_PROPERTIES is '{value}', which is no file that can be "
            "read: give the path of a client's properties, or unset it."
        )
    return path


def _prefix(value: str | None) -> str:
    """Return the caller's prefix, or their login name's; always with its dot."""
    name = (value or _login_name()).removesuffix(".")
    if not _PREFIX.fullmatch(name):
        raise SettingsError(
            f"WORKBOOK_PREFIX is '{value or ''}': use 1 to 32 letters, digits and '-', "
            "and a name that nobody else on these servers has."
        )
    return f"{name}."


def _login_name() -> str:
    try:
        return re.sub("[^A-Za-z0-9]+", "-", getpass.getuser()).strip("-")[:32]
    except (KeyError, OSError):
        return ""
