"""Two clones on one machine, which want the same ports."""

from pathlib import Path

import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.processes import belonging_to
from tests.conftest import own_settings
from tests.servers import clients


@pytest.mark.soak
def test_two_clusters_come_up_in_turn_and_side_by_side(tmp_path: Path) -> None:
    first, second = (own_settings(tmp_path / name) for name in ("first", "second"))
    ours, theirs = EmbeddedCluster(first), EmbeddedCluster(second)
    try:
        before = ours.up()
        clients.create_topic(before, "kept")
        clients.produce(before, "kept", b"ours")
        ours.down()
        other = theirs.up()
        assert other.controllers[0].port != before.controllers[0].port
        after = ours.up()
        assert clients.consume(after, "kept", 1) == [b"ours"]
        clients.create_topic(after, "new")
        taken = [node.port for status in (after, other) for node in status.nodes]
        assert len(set(taken)) == len(taken)
    finally:
        ours.down()
        theirs.down()
    assert belonging_to(first.state_dir) == belonging_to(second.state_dir) == []
