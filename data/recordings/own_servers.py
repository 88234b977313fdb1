"""Servers for a script that records, apart from all others."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from helpers.kafka import members
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.environment import apply_to_this_process
from helpers.settings import Settings


@contextmanager
def own_servers(file: Path) -> Iterator[tuple[EmbeddedCluster, Path]]:
    """Give running servers and a folder, end both, and say how large ``file`` is.

    Clients that this process makes find the servers; so does ``boto3``.

    Args:
        file: the recording that is written meanwhile.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        settings = replace(Settings.from_environment(), state_dir=place / "state")
        cluster = EmbeddedCluster(settings)
        apply_to_this_process(cluster.up())
        try:
            yield cluster, place
        finally:
            members.end_all()
            cluster.down()
    print(f"{file.name}: {file.stat().st_size:,} bytes")
