"""Servers started, stopped, killed and frozen many times."""

import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings
from tests.servers import clients, scenarios

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]


def test_twenty_cycles_leave_nothing_and_do_not_grow(fresh_settings: Settings) -> None:
    sizes = [scenarios.up_down(fresh_settings) for _ in range(20)]
    print("KiB on disk after each cycle:", *(size // 1024 for size in sizes))
    scenarios.assert_no_growth(sizes)


@pytest.mark.parametrize("number", range(10))
def test_two_ups_at_once_give_one_cluster(fresh_settings: Settings, number: int) -> None:
    scenarios.two_ups_at_once(fresh_settings)


def test_ten_killed_owners_take_their_servers_along(fresh_settings: Settings) -> None:
    for _ in range(10):
        scenarios.killed_owner(fresh_settings)


def test_a_minute_of_standstill_is_survived(
    cluster: EmbeddedCluster, settings: Settings
) -> None:
    clients.create_topic(cluster.status(), "frozen")
    scenarios.freeze_all(cluster, settings, seconds=60)


def test_twenty_killed_brokers_take_part_again(cluster: EmbeddedCluster) -> None:
    clients.create_topic(cluster.status(), "health", **{"min.insync.replicas": "2"})
    for number in range(20):
        scenarios.kill_and_start(cluster, 1 + number % 3, "health")
