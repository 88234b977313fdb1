"""Engines for tests: installed in the user's cache, started on shared servers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers.engines import catalog, installing
from helpers.engines.catalog import Engine
from helpers.engines.trials import Trial
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings

HEAVY = ("flink", "spark")
"""Too large for every run: ``make test-engines`` tries them, too."""


def runnable() -> list[object]:
    """Return each engine that runs here, the heavy ones marked."""
    marks = {name: [pytest.mark.heavy] for name in HEAVY}
    return [
        pytest.param(one, id=one.name, marks=marks.get(one.name, []))
        for one in catalog.engines()
        if one.command
    ]


@pytest.fixture(scope="module", params=runnable())
def engine(request: pytest.FixtureRequest, settings: Settings) -> Engine:
    """Return an engine that is installed."""
    one: Engine = request.param
    installing.install(settings, one)
    return one


@pytest.fixture
def trial(
    engine: Engine,
    settings: Settings,
    cluster: EmbeddedCluster,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Trial]:
    """Return the job of one test, on topics of its own."""
    name = f"{engine.name}-{request.function.__name__[5:].replace('_', '-')}"
    one = Trial(settings, engine, cluster.connection, tmp_path / "state", name)
    yield one
    one.close()


@pytest.fixture
def plain_trial(
    settings: Settings, cluster: EmbeddedCluster, tmp_path: Path
) -> Iterator[Callable[[str], Trial]]:
    """Return a way to begin a trial of the plain consumer."""
    made: list[Trial] = []

    def begin(name: str) -> Trial:
        engine = catalog.engine("plain")
        folder = tmp_path / name
        made.append(Trial(settings, engine, cluster.connection, folder, name))
        return made[-1]

    yield begin
    for one in made:
        one.close()
