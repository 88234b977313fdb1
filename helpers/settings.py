"""Where things are and how they run, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

PROJECT_ROOT = Path(__file__).resolve().parent.parent
"""The clone this package is installed from."""

MODES = ("embedded",)


class SettingsError(ValueError):
    """A setting in the environment cannot be used; the message says which and why."""


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
    """

    mode: str
    state_dir: Path
    cache_dir: Path
    work_dir: Path
    progress_file: Path
    maven_url: str | None
    java: Path | None

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Read the ``WORKBOOK_*`` variables.

        Raises:
            SettingsError: a variable holds a value that cannot be used.
        """
        return cls(
            mode=_mode(env.get("WORKBOOK_MODE") or MODES[0]),
            state_dir=_path(env, "WORKBOOK_STATE_DIR", PROJECT_ROOT / ".workbook"),
            cache_dir=_path(env, "WORKBOOK_CACHE_DIR", _user_cache()),
            work_dir=_path(env, "WORKBOOK_WORK_DIR", PROJECT_ROOT / "work"),
            progress_file=_path(env, "WORKBOOK_PROGRESS_FILE", _user_progress()),
            maven_url=env.get("WORKBOOK_MAVEN_URL") or None,
            java=_java(env.get("WORKBOOK_JAVA")),
        )


def _user_cache() -> Path:
    return platformdirs.user_cache_path("streaming-workbook", appauthor=False)


def _user_progress() -> Path:
    folder = platformdirs.user_data_path("streaming-workbook", appauthor=False)
    return folder / "progress.json"


def _mode(value: str) -> str:
    if value not in MODES:
        raise SettingsError(
            f"WORKBOOK_MODE is '{value}': choose one of {', '.join(MODES)}."
        )
    return value


def _path(env: Mapping[str, str], name: str, default: Path) -> Path:
    return Path(env.get(name) or default).expanduser().absolute()


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
