"""Views that stay open for long."""

import os

import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from tests.soak import ten_views

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]

MINUTES = float(os.environ.get("SOAK_VIEW_MINUTES", "10"))


def test_ten_views_do_not_grow(cluster: EmbeddedCluster) -> None:
    print(ten_views.watch(cluster, MINUTES))
