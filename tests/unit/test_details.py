"""Questions to brokers that do not answer end soon and leave no thread."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from helpers.live.details import Details
from helpers.waiting import wait_for

LEADERS = ((0, 1), (1, 1))
# The client gives up after 1.5 s; far more, so that a busy machine does not fail a test.
SOON = 15


@pytest.fixture
def silent() -> Iterator[str]:
    """Return the address of a server that accepts and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def nobody() -> str:
    """Return an address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("which", ["silent", "nobody"])
def test_no_answer_is_unknown_and_leaves_no_thread(
    which: str, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue(which)
    before = set(threading.enumerate())
    details = Details("flights", {})
    begin = time.monotonic()
    assert details.bytes((address,), LEADERS) == {}
    assert details.eligible((address,)) is None
    details.close()
    assert time.monotonic() - begin < SOON
    wait_for(lambda: set(threading.enumerate()) <= before, SOON, "the end of all threads")


def test_brokers_that_want_secrets_are_not_asked(nobody: str) -> None:
    details = Details("flights", {"security.protocol": "SASL_SSL"})
    assert details.bytes((nobody,), LEADERS) == {}
    assert details.eligible((nobody,)) is None
    assert details._client is None
