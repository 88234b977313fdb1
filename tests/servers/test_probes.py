"""The embedded emulator answers what the table of emulators says."""

import gc

import pytest

from helpers.course.emulators import Case, cases
from helpers.servers.embedded.cluster import EmbeddedCluster
from tests import kinesis_probes

# botocore leaves the connection of an answer open that it cannot parse.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(scope="module")
def answers(cluster: EmbeddedCluster) -> dict[str, str]:
    told = kinesis_probes.answers(cluster.status().kinesis_endpoint or "")
    # Now, and not in a later test.
    gc.collect()
    return told


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_it_answers_as_the_table_says(answers: dict[str, str], case: Case) -> None:
    assert answers[case.name] == case.embedded, "write it into emulators.toml"
