"""Ports that other programs took, at the first start and at later ones."""

import random
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from helpers.servers.embedded import starting, storage
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.ports import is_free
from helpers.servers.embedded.record import NodeRecord
from helpers.servers.errors import ServersError
from helpers.settings import Settings
from tests.conftest import own_settings
from tests.servers import clients, scenarios


@pytest.fixture
def preferred(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, int], int]:
    """Prefer ports that no other test's servers prefer, too."""
    others = filter(is_free, random.sample(range(10000, 20000), 100))
    found = dict(zip(starting.PREFERRED_PORTS, others, strict=False))
    monkeypatch.setattr(starting, "PREFERRED_PORTS", found)
    return found


def test_taken_ports_are_given_way_to_at_every_start(
    fresh_cluster: EmbeddedCluster, preferred: dict[tuple[str, int], int]
) -> None:
    with scenarios.taken(preferred["kinesis", 0]):
        first = fresh_cluster.up()
        old = {node.port for node in first.nodes}
        # All or none: a dead broker of another clone must find its port again.
        assert not old & set(preferred.values())
        clients.create_topic(first, "moved")
        clients.produce(first, "moved", b"before")
        assert clients.kinesis_round_trip(first.kinesis_endpoint, "s", b"d") == b"d"
        fresh_cluster.down()
        # The controller's too: its data names the port where voters found it.
        with scenarios.taken(*old):
            second = fresh_cluster.up()
            assert not {node.port for node in second.nodes} & old
            clients.produce(second, "moved", b"after")
            assert clients.consume(second, "moved", 2) == [b"before", b"after"]
            clients.create_topic(second, "new")
            # Later requests too reach the controller where it is now.
            fresh_cluster.kill("broker", 1)
            fresh_cluster.start("broker", 1)
            scenarios.wait_until_healthy(fresh_cluster.status(), "moved")
            assert_a_running_cluster_gives_way(fresh_cluster)
    fresh_cluster.down()
    ports = {(one.role, one.id): one.port for one in fresh_cluster.up().nodes}
    assert preferred.items() <= ports.items()


def assert_a_running_cluster_gives_way(cluster: EmbeddedCluster) -> None:
    """One broker and Kinesis move alone; the controller cannot, and says so."""
    before = cluster.status()
    cluster.stop("broker", 2)
    cluster.stop("kinesis", 0)
    with scenarios.taken(before.brokers[1].port, before.kinesis.port):
        after = cluster.up()
    assert after.brokers[1].port != before.brokers[1].port
    assert after.kinesis.port != before.kinesis.port
    assert [(one.pid, one.port) for one in after.controllers] == [
        (one.pid, one.port) for one in before.controllers
    ]
    scenarios.wait_until_healthy(after, "moved")
    cluster.stop("controller", 101)
    port = after.controllers[0].port
    with (
        scenarios.taken(port),
        pytest.raises(ServersError, match=f"^Port {port} of controller 101 is taken"),
    ):
        cluster.start("controller", 101)
    cluster.start("controller", 101)
    clients.create_topic(cluster.status(), "newer")


def test_servers_of_another_user_that_start_at_the_same_ports_are_not_taken_for_ours(
    fresh_cluster: EmbeddedCluster,
    preferred: dict[tuple[str, int], int],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    theirs = EmbeddedCluster(own_settings(tmp_path / "theirs"))
    prepare = storage.prepare

    def let_them_be_first(
        settings: Settings, layout: Layout, nodes: list[NodeRecord]
    ) -> None:
        prepare(settings, layout, nodes)
        with monkeypatch.context() as patch:
            patch.setattr(storage, "prepare", prepare)
            # Who is another user knows nothing of the ports that we have reserved.
            patch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
            theirs.up()

    monkeypatch.setattr(storage, "prepare", let_them_be_first)
    try:
        ours = fresh_cluster.up()
        others = {node.port for node in theirs.status().nodes}
        assert set(preferred.values()) < others
        assert not {node.port for node in ours.nodes} & others
        assert fresh_cluster.status().all_running
    finally:
        theirs.down()


def test_ports_that_are_lost_just_before_the_start(
    fresh_cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Java and Node each say it in their own words: a try fails by each."""
    roles, lost = ["broker", "kinesis"], list[int]()
    with ExitStack() as others:

        def take_some(
            settings: Settings, layout: Layout, nodes: list[NodeRecord]
        ) -> None:
            prepare(settings, layout, nodes)
            if roles:
                role = roles.pop()
                ports = [node.port for node in nodes if node.role == role and node.port]
                others.enter_context(scenarios.taken(*ports))
                lost.extend(ports)

        prepare = storage.prepare
        monkeypatch.setattr(storage, "prepare", take_some)
        status = fresh_cluster.up()
    assert len(lost) == 4
    assert not {node.port for node in status.nodes} & set(lost)
