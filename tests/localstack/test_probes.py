"""LocalStack answers what the table of emulators says."""

import pytest

from helpers.course.emulators import Case, cases
from tests import kinesis_probes


@pytest.fixture(scope="module")
def answers(localstack: str) -> dict[str, str]:
    return kinesis_probes.answers(localstack)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_it_answers_as_the_table_says(answers: dict[str, str], case: Case) -> None:
    assert answers[case.name] == case.localstack, "write it into emulators.toml"
