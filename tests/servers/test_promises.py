"""No acknowledged record is lost while brokers are killed: four kills here."""

import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from tests.servers import clients, promises

KILLS = 4


@pytest.mark.timeout(600)
def test_four_kills_lose_no_acknowledged_record(cluster: EmbeddedCluster) -> None:
    clients.create_topic(cluster.status(), "numbers", **{"min.insync.replicas": "2"})
    result = promises.kill_at_random(cluster, "numbers", KILLS)
    print(result)
    assert result.lost == set()
    assert result.acknowledged > 100 * KILLS
