"""Which registry of schemas is asked: never one that another mode's variable names."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from helpers.servers.schema_registry import (
    IN_MEMORY,
    PORT_VARIABLE,
    address,
    of_own_servers,
)
from helpers.settings import Settings, SettingsError

VARIABLE = "WORKBOOK_SCHEMA_REGISTRY_URL"
ATTACHED = {"WORKBOOK_MODE": "attached", "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9"}


class Answers(BaseHTTPRequestHandler):
    """Answer as a registry without schemas does."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path.endswith("/v7/subjects") else 404)
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv(PORT_VARIABLE, str(server.server_port))
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("mode", ["embedded", "compose"])
def test_a_stray_address_counts_in_attached_mode_only(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PORT_VARIABLE, "1")
    env = {"WORKBOOK_MODE": mode, VARIABLE: "https://registry.example.org"}
    assert address(Settings.from_environment(env)) == IN_MEMORY


def test_attached_takes_the_callers_registry_or_none() -> None:
    assert address(Settings.from_environment(ATTACHED)) == IN_MEMORY
    env = {**ATTACHED, VARIABLE: "https://registry.example.org"}
    assert address(Settings.from_environment(env)) == "https://registry.example.org"


def test_an_address_that_is_none_is_one_sentence_and_not_repeated() -> None:
    env = {**ATTACHED, VARIABLE: "key:secret@registry"}
    with pytest.raises(SettingsError, match="set it to http://host:port") as raised:
        Settings.from_environment(env)
    assert "secret" not in str(raised.value)


def test_a_container_that_answers_is_found(port: int) -> None:
    assert of_own_servers("compose") == f"http://127.0.0.1:{port}/apis/ccompat/v7"
    assert of_own_servers("embedded") == IN_MEMORY
