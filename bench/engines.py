"""Run the job of lesson 12 on every engine and keep what was measured: its table.

    python -m bench.engines [NAME ...]

Engines that are not named keep their figures. What is installed already keeps the time
that its installation took.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from bench.place import running_servers
from bench.table import circumstances, put_between_marks
from helpers.engines import answers, catalog, figures, installing, reports, table
from helpers.engines.catalog import Engine
from helpers.engines.figures import Figures, Table
from helpers.engines.trials import Trial, after_kills, odd_events
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import PROJECT_ROOT, Settings

PAGE = PROJECT_ROOT / "docs" / "engines.md"
COPIES = 4
KILLS = 3
_MEGABYTE = 1_000_000


def main(names: list[str]) -> None:
    """Measure these engines, or all that run here, and write the table's figures."""
    chosen = [catalog.engine(name) for name in names] or catalog.engines()
    found = dict(figures.recorded())
    with running_servers() as (settings, cluster):
        for engine in (one for one in chosen if one.command):
            found[engine.name] = measure(settings, cluster, engine)
            print(engine.title, found[engine.name], flush=True)
    order = {name: found[name] for name in catalog.names() if name in found}
    figures.write(Table(circumstances(), order))
    put_between_marks(PAGE, table.markdown())
    print(table.markdown())


def measure(settings: Settings, cluster: EmbeddedCluster, engine: Engine) -> Figures:
    """Install an engine and put its job through everything.

    Raises:
        ServersError: it cannot be installed, or its job ends by itself.
        WaitTimeout: it gives no answer.
    """
    begin = time.monotonic()
    fresh = not installing.is_installed(settings, engine)
    installing.install(settings, engine)
    took = time.monotonic() - begin
    before = figures.recorded().get(engine.name, Figures())
    megabytes = installing.installed_bytes(settings, engine) / _MEGABYTE
    base = Figures(
        round(megabytes, 1), round(took, 1) if fresh else before.install_seconds
    )
    with _trial(settings, cluster, engine, "week") as one:
        base = _week(one, base)
    with _trial(settings, cluster, engine, "kill") as one:
        base = replace(base, after_kills=after_kills(one, reports.week(), KILLS))
    with _trial(settings, cluster, engine, "month") as one:
        return _month(one, base)


@contextmanager
def _trial(
    settings: Settings, cluster: EmbeddedCluster, engine: Engine, what: str
) -> Iterator[Trial]:
    with tempfile.TemporaryDirectory() as folder:
        name = f"{engine.name}-{what}"
        trial = Trial(settings, engine, cluster.connection, Path(folder), name)
        try:
            yield trial
        finally:
            trial.close()


def _week(trial: Trial, base: Figures) -> Figures:
    week = reports.week()
    trial.send(week)
    begin = time.monotonic()
    job = trial.start()
    try:
        trial.wait_for_first(job)
        first = time.monotonic() - begin
        good = trial.wait_for_answer(job, answers.batch(week))
        whole = round(time.monotonic() - begin, 1) if good else None
        late, no_flight = odd_events(trial, job, week)
    finally:
        job.stop()
    return replace(
        base,
        first_result_seconds=round(first, 1),
        week_seconds=whole,
        too_late=late,
        no_flight=no_flight,
    )


def _month(trial: Trial, base: Figures) -> Figures:
    """Measure the memory that it took, and the rate beyond what the week took."""
    month = reports.month(COPIES)
    trial.send(month)
    begin = time.monotonic()
    job = trial.start()
    try:
        good = trial.wait_for_answer(job, answers.batch(month), seconds=600)
        seconds = time.monotonic() - begin - (base.week_seconds or 0)
    finally:
        job.stop()
    more = len(month) - len(reports.week())
    return replace(
        base,
        records_per_second=round(more / seconds) if good and base.week_seconds else None,
        memory_megabytes=round(trial.memory / _MEGABYTE),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
