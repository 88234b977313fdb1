"""A LocalStack of the tests' own; without a Python 3.13 they are skipped by name."""

from collections.abc import Iterator

import pytest

from helpers.settings import Settings
from tests.localstack import build, engine


@pytest.fixture(scope="session")
def localstack(
    no_settings_of_the_caller: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the address of a LocalStack that ends with the last test."""
    python = build.find_python()
    if python is None:
        pytest.skip(f"LocalStack {build.VERSION} runs on Python 3.13, and none is here")
    home = Settings.from_environment().cache_dir / f"localstack-{build.VERSION}"
    output = tmp_path_factory.mktemp("localstack") / "output.txt"
    with engine.running(build.build(home, python), output) as address:
        yield address
