"""Random faults under clients that were promised something: all promises are kept."""

import os
import random
import sys
from collections.abc import Iterator

import pytest

from helpers.names import unique
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.chaos.faults import NODES, Faults
from tests.chaos.ledger import PARTITIONS, Ledger, Work, everything
from tests.chaos.links import Links
from tests.servers import clients

FEW, MANY = 12, 1000
_CALM_EVERY = 50
_CALM_SECONDS = 120
SEED = "CHAOS_SEED"
"""Repeats the order of faults of an earlier run."""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux limits the files of another process"
)


@pytest.fixture
def seed() -> int:
    """Return what decides on the faults of this run."""
    return int(os.environ.get(SEED) or random.randrange(10_000))


@pytest.fixture
def faults(
    fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch, seed: int
) -> Iterator[Faults]:
    """Return faults for servers of this test's own, which run."""
    links = Links([one for one in NODES if one[0] != "kinesis"])
    links.start(monkeypatch)
    found = Faults(fresh_settings, EmbeddedCluster(fresh_settings), links, seed)
    found.start()
    yield found
    links.close()


def test_a_few_faults_break_no_promise(
    faults: Faults, fresh_settings: Settings, seed: int
) -> None:
    keeps_promises(faults, EmbeddedCluster(fresh_settings), seed, FEW)


@pytest.mark.soak
@pytest.mark.timeout(3 * 3600)
def test_a_thousand_faults_break_no_promise(
    faults: Faults, fresh_settings: Settings, seed: int
) -> None:
    keeps_promises(faults, EmbeddedCluster(fresh_settings), seed, MANY)


def keeps_promises(
    faults: Faults, cluster: EmbeddedCluster, seed: int, number: int
) -> None:
    """Do so many faults under work; fail if a promise is broken or a process left."""
    topic = unique("chaos")
    settings = {"min.insync.replicas": "2"}
    clients.create_topic(cluster.status(), topic, PARTITIONS, **settings)
    with Work(cluster.connection, topic, seed) as work:
        for done in range(1, number + 1):
            faults.step()
            if done % _CALM_EVERY == 0 or done == number:
                faults.mend_all()
                goes_on(work.ledger)
        work.stop_writing()
        ledger = work.ledger
        wait_for(
            lambda: ledger.seen >= ledger.promised, _CALM_SECONDS, "the group to read all"
        )
    there = everything(cluster.connection, topic)
    print(
        f"\nseed {seed}: {dict(faults.done)}, {len(faults.rescues)} starts were not "
        f"enough; {len(ledger.acknowledged)} acknowledged, {len(ledger.committed)} "
        f"committed, {len(ledger.aborted)} aborted, {len(ledger.errors)} errors"
    )
    assert sum(faults.done.values()) == number
    assert ledger.promised - there == set(), "acknowledged and lost"
    assert ledger.aborted & (there | ledger.seen) == set(), "aborted and seen"
    assert faults.end() == [], "orphans"


def goes_on(ledger: Ledger) -> None:
    """Wait until both producers are told something new: all is well again."""
    plain, parts = len(ledger.acknowledged), len(ledger.committed)
    wait_for(
        lambda: len(ledger.acknowledged) > plain and len(ledger.committed) > parts,
        _CALM_SECONDS,
        "new acknowledgements and a new commit",
    )
