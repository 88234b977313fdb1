"""What goes wrong with an engine or its job gets one sentence, and leaves nothing."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from msgspec.structs import replace as changed

from helpers.engines import catalog, figures, installing, jobs, listing
from helpers.engines.catalog import Engine
from helpers.engines.jobs import Task
from helpers.engines.trials import Trial
from helpers.inputs import InputError
from helpers.owned import CACHE, claim, entries
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.errors import ServersError
from helpers.servers.runtime.jars import jars_dir
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.servers.maven import CLOSED

STREAMS, QUIX, PLAIN = (catalog.engine(name) for name in ("streams", "quix", "plain"))


@pytest.fixture
def empty_cache(settings: Settings, tmp_path: Path) -> Settings:
    """Return settings with a cache that holds Kafka's jars and no engine."""
    cache = tmp_path / "cache"
    claim(cache, CACHE)
    kafka = jars_dir(settings)
    (cache / kafka.name).symlink_to(kafka)
    return replace(settings, cache_dir=cache)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pip find no index, wherever it is told to look."""
    monkeypatch.setenv("PIP_INDEX_URL", f"{CLOSED}/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")


def test_an_unknown_engine_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"no engine 'flik'; there are .*flink"):
        catalog.engine("flik")


def test_a_job_on_an_engine_that_is_not_installed(
    empty_cache: Settings, tmp_path: Path
) -> None:
    task = Task("a", "b", "c", tmp_path)
    with pytest.raises(InputError, match="run `workbook engine install streams` first"):
        jobs.start(empty_cache, STREAMS, {}, task)


def test_without_room_nothing_is_fetched(
    empty_cache: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = {"streams": figures.Figures(disk_megabytes=1e9)}
    monkeypatch.setattr(installing, "recorded", lambda: huge)
    with pytest.raises(ServersError, match=r"needs 2,500,000,000 MB .* free some"):
        installing.install(empty_cache, STREAMS)
    assert not installing.home(empty_cache, STREAMS).exists()


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("engine", [STREAMS, QUIX], ids=lambda one: one.name)
def test_without_a_network_the_sentence_says_so(
    empty_cache: Settings, engine: Engine
) -> None:
    without = replace(empty_cache, maven_url=CLOSED)
    with pytest.raises(ServersError, match="connect to the network"):
        installing.install(without, engine)
    assert not installing.is_installed(without, engine)


@pytest.mark.usefixtures("offline")
def test_an_installed_engine_needs_no_network_and_can_be_removed(
    empty_cache: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as online:
        online.delenv("PIP_INDEX_URL")
        said = listing.install(empty_cache, "streams")
    assert "Kafka Streams is installed" in said
    without = replace(empty_cache, maven_url=CLOSED)
    assert "installed already" in listing.install(without, "streams")
    assert "are free again" in listing.remove(without, "streams")
    assert "nothing to remove" in listing.remove(without, "streams")
    assert not installing.home(without, STREAMS).exists()


def test_a_killed_installation_is_finished_by_the_next(empty_cache: Settings) -> None:
    code = (
        "from pathlib import Path; from dataclasses import replace; import sys;"
        "from helpers.engines import catalog, installing;"
        "from helpers.settings import Settings;"
        "s = replace(Settings.from_environment(), cache_dir=Path(sys.argv[1]));"
        "installing.install(s, catalog.engine('streams'))"
    )
    command = [sys.executable, "-c", code, str(empty_cache.cache_dir)]
    folder = installing.home(empty_cache, STREAMS)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        wait_for(lambda: any(folder.glob("jars/*")), 60, "the first bytes", 0.005)
        process.send_signal(signal.SIGKILL)
    assert not installing.is_installed(empty_cache, STREAMS)
    installing.install(empty_cache, STREAMS)
    assert installing.is_installed(empty_cache, STREAMS)
    assert folder in entries(empty_cache.cache_dir, CACHE)


def test_a_topic_that_is_not_there_is_named(
    settings: Settings, cluster: EmbeddedCluster, tmp_path: Path
) -> None:
    task = Task("nowhere", "elsewhere", "name", tmp_path)
    with pytest.raises(InputError, match="There is no topic elsewhere: create it first"):
        jobs.start(settings, PLAIN, cluster.connection, task)


def test_servers_that_ask_for_a_password_are_refused(
    settings: Settings, cluster: EmbeddedCluster, tmp_path: Path
) -> None:
    secured = {**cluster.connection, "security.protocol": "SASL_PLAINTEXT"}
    with pytest.raises(InputError, match="engines' jobs have no answer"):
        jobs.start(settings, PLAIN, secured, Task("a", "b", "c", tmp_path))


def test_an_engine_that_does_not_start_has_its_last_words_told(
    settings: Settings, plain_trial: Callable[[str], Trial]
) -> None:
    trial = plain_trial("broken")
    code = "import sys; print('warming up'); raise RuntimeError('no good')"
    trial.engine = changed(PLAIN, command=("{python}", "-c", code))
    job = trial.start()
    with pytest.raises(ServersError, match=r"ended by itself \(RuntimeError: no good\)"):
        trial.wait_for_first(job)


@pytest.fixture
def starter(
    cluster: EmbeddedCluster, plain_trial: Callable[[str], Trial], tmp_path: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Return a process that has started a job, and waits."""
    trial = plain_trial("left")
    code = (
        "import sys, time; from pathlib import Path;"
        "from helpers.engines import catalog, jobs;"
        "from helpers.settings import Settings;"
        "task = jobs.Task(*sys.argv[2:5], Path(sys.argv[5]));"
        "connection = {'bootstrap.servers': sys.argv[1]};"
        "engine = catalog.engine('plain');"
        "job = jobs.start(Settings.from_environment(), engine, connection, task);"
        "print(job.pid, flush=True); time.sleep(600)"
    )
    arguments = [cluster.connection["bootstrap.servers"], trial.source, trial.target]
    command = [sys.executable, "-c", code, *arguments, "left", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_a_job_ends_with_its_starter(starter: "subprocess.Popen[bytes]") -> None:
    assert starter.stdout
    guard = psutil.Process(int(starter.stdout.readline()))
    wait_for(guard.children, 20, "the job")
    (job,) = guard.children()
    starter.kill()
    wait_for(lambda: not job.is_running(), 20, "the end of the job")
    wait_for(lambda: not guard.is_running(), 20, "the end of its guard")
