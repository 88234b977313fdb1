"""Fifty random kills under a producer with acks=all and min ISR 2."""

import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from tests.servers import clients, promises

KILLS = 50


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_fifty_kills_lose_no_acknowledged_record(cluster: EmbeddedCluster) -> None:
    clients.create_topic(cluster.status(), "numbers", **{"min.insync.replicas": "2"})
    result = promises.kill_at_random(cluster, "numbers", KILLS)
    print(f"\n{result}")
    assert result.lost == set()
    assert result.acknowledged > 100 * KILLS
