"""Data folders that are damaged, or that belong to another cluster."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.errors import ServersError
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.servers import clients, scenarios

SEGMENT = "00000000000000000000.log"


def replace_in(file: Path, pattern: str, text: str) -> None:
    """Change a properties file so that it is surely another."""
    old = file.read_text("utf-8")
    new = re.sub(pattern, text, old, flags=re.MULTILINE)
    assert new != old
    file.write_text(new, "utf-8")


def test_data_of_another_cluster_is_kept_and_filled_anew(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    clients.create_topic(cluster.up(), "refilled")
    clients.produce(cluster.status(), "refilled", b"precious")
    # Not last: the last broker to stop is alone in sync, and only it may lead again.
    cluster.stop("broker", 2)
    cluster.down()
    meta = settings.state_dir / "data" / "broker-2" / "meta.properties"
    replace_in(meta, "^cluster.id=.*", "cluster.id=AnotherClustersOwnId00")
    cluster.up()
    aside = next((settings.state_dir / "set-aside").glob("*broker-2*"))
    assert b"precious" in (aside / "refilled-0" / SEGMENT).read_bytes()
    scenarios.wait_until_healthy(cluster.status(), "refilled")
    wait_for(
        lambda: b"precious" in cluster.read_segment("refilled", 0, 2, SEGMENT),
        60,
        "the record on the new replica",
    )
    assert clients.consume(cluster.status(), "refilled", 1) == [b"precious"]


@pytest.fixture
def damaged(settings: Settings, cluster: EmbeddedCluster) -> Iterator[Path]:
    """Give the data folder of a broker that is down, and mend it afterwards."""
    cluster.down()
    data = settings.state_dir / "data"
    kept = settings.state_dir / "data before the damage"
    shutil.copytree(data, kept)
    yield data / "broker-1"
    cluster.down()
    shutil.rmtree(data)
    kept.rename(data)


def test_a_broker_that_dies_at_start_shows_its_last_words(
    cluster: EmbeddedCluster, settings: Settings, damaged: Path
) -> None:
    meta = damaged / "meta.properties"
    intact = meta.read_text("utf-8")
    replace_in(meta, "^node.id=.*", "node.id=77")
    with pytest.raises(
        ServersError, match=r"(?s)^Broker 1 ended while it started.*Stored node id 77"
    ) as told:
        cluster.up()
    assert str(settings.state_dir / "logs" / "broker-1.log") in str(told.value)
    scenarios.assert_nothing_left(settings)
    assert_start_of_one_leaves_the_others(cluster, meta, intact)


def assert_start_of_one_leaves_the_others(
    cluster: EmbeddedCluster, meta: Path, intact: str
) -> None:
    broken = meta.read_text("utf-8")
    meta.write_text(intact, "utf-8")
    cluster.up()
    cluster.stop("broker", 1)
    meta.write_text(broken, "utf-8")
    others = [node.pid for node in cluster.status().nodes if node.pid]
    with pytest.raises(ServersError, match="Broker 1 ended while it started"):
        cluster.start("broker", 1)
    assert [node.pid for node in cluster.status().nodes if node.pid] == others
    assert cluster.status().brokers[0].state == "failed"


def test_a_brokers_damaged_data_is_put_aside_and_a_controllers_told_of(
    cluster: EmbeddedCluster, settings: Settings, damaged: Path
) -> None:
    meta = damaged.with_name("controller-101") / "meta.properties"
    intact = meta.read_bytes()
    for content in (b"", b"\xff\xfe\x00"):
        meta.write_bytes(content)
        refuses_the_controllers_data(cluster)
    meta.unlink()
    refuses_the_controllers_data(cluster)
    meta.write_bytes(intact)
    log = meta.with_name("__cluster_metadata-0") / SEGMENT
    records = log.read_bytes()
    log.write_bytes(b"\x17garbage" * 1000)
    refuses_the_controllers_data(cluster)
    scenarios.assert_nothing_left(settings)
    log.write_bytes(records)
    (damaged / "meta.properties").write_bytes(b"")
    assert cluster.up().all_running
    aside = settings.state_dir / "set-aside"
    assert len(list(aside.glob("*-broker-1-damaged"))) == 1
    assert list(aside.glob("*-controller-*")) == []


def refuses_the_controllers_data(cluster: EmbeddedCluster) -> None:
    """Fail if the servers start without a controller's data, or do not say what to do."""
    with pytest.raises(ServersError, match=r"controller 101 is damaged.*workbook reset"):
        cluster.up()


def test_a_data_folder_that_is_a_file_is_told_of(
    cluster: EmbeddedCluster, settings: Settings, damaged: Path
) -> None:
    shutil.rmtree(damaged)
    damaged.write_text("no folder")
    with pytest.raises(ServersError, match=r"[Bb]roker 1"):
        cluster.up()
    scenarios.assert_nothing_left(settings)


def test_a_lost_broker_is_filled_anew(cluster: EmbeddedCluster, damaged: Path) -> None:
    cluster.up()
    clients.create_topic(cluster.status(), "lost")
    clients.produce(cluster.status(), "lost", b"precious")
    cluster.stop("broker", 1)
    shutil.rmtree(damaged)
    cluster.start("broker", 1)
    scenarios.wait_until_healthy(cluster.status(), "lost")
    assert clients.consume(cluster.status(), "lost", 1) == [b"precious"]
