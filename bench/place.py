"""Servers of the bench's own, in a folder that goes with them."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.environment import client_environment
from helpers.servers.runtime import class_data
from helpers.settings import Settings
from helpers.waiting import wait_for

_ARCHIVE_TIMEOUT = 180


@contextmanager
def own_settings() -> Iterator[Settings]:
    """Give settings whose state lies in a new folder; downloads stay the user's."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        place = Path(folder)
        yield replace(
            Settings.from_environment(),
            state_dir=place / "state",
            work_dir=place / "work",
            progress_file=place / "progress.json",
        )


@contextmanager
def running_servers() -> Iterator[tuple[Settings, EmbeddedCluster]]:
    """Give servers that run, with the archive of their classes made."""
    with own_settings() as settings:
        cluster = EmbeddedCluster(settings)
        try:
            cluster.up()
            archive = class_data.archive_file(settings)
            if archive:
                wait_for(archive.is_file, _ARCHIVE_TIMEOUT, "the archive of classes")
            yield settings, cluster
        finally:
            cluster.down()


def environment(settings: Settings, cluster: EmbeddedCluster) -> dict[str, str]:
    """Return an environment in which every program means these servers."""
    return {**own_environment(settings), **client_environment(cluster.status())}


def own_environment(settings: Settings) -> dict[str, str]:
    """Return an environment in which ``workbook`` works in these folders."""
    return {
        **os.environ,
        "WORKBOOK_STATE_DIR": str(settings.state_dir),
        "WORKBOOK_WORK_DIR": str(settings.work_dir),
        "WORKBOOK_PROGRESS_FILE": str(settings.progress_file),
    }


def alternately(
    rounds: int, first: Callable[[], float], second: Callable[[], float]
) -> tuple[float, float]:
    """Measure two things in turn, so that a busy machine hits both; give medians."""
    pairs = [
        (first(), second()) if number % 2 else (second(), first())[::-1]
        for number in range(rounds)
    ]
    return median(one for one, _ in pairs), median(other for _, other in pairs)


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
