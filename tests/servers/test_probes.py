"""The embedded engine answers what the table of engines says."""

import pytest

from helpers.course.engines import Case, cases
from helpers.servers.embedded.cluster import EmbeddedCluster
from tests import kinesis_probes


@pytest.fixture(scope="module")
def answers(cluster: EmbeddedCluster) -> dict[str, str]:
    return kinesis_probes.answers(cluster.status().kinesis_endpoint or "")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_it_answers_as_the_table_says(answers: dict[str, str], case: Case) -> None:
    assert answers[case.name] == case.embedded, "write it into engines.toml"
