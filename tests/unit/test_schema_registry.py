"""Which registry of schemas is asked: never one that another mode's variable names."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx2
import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.environment import unwanted
from helpers.servers.interface import ClusterStatus
from helpers.servers.schema_registry import (
    IN_MEMORY,
    PORT_VARIABLE,
    address,
    of_own_servers,
)
from helpers.settings import Settings, SettingsError
from tests.conftest import own_settings

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
def own(tmp_path: Path) -> ClusterStatus:
    """Return servers of this machine, of which none runs."""
    return EmbeddedCluster(own_settings(tmp_path)).status()


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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks5h://127.0.0.1:9"),
        ("all_proxy", "socks4://127.0.0.1:9"),
        ("HTTPS_PROXY", "socks5://127.0.0.1:9"),
        ("http_proxy", "http://proxy:port"),
        ("HTTP_PROXY", " http://leading.space:80"),
        ("SSL_CERT_FILE", "/no/such/file"),
        ("SSL_CERT_FILE", __file__),
        ("SSLKEYLOGFILE", "/no/such/folder/keys"),
    ],
)
def test_a_setting_for_the_network_does_not_matter_to_our_own_servers(
    monkeypatch: pytest.MonkeyPatch, own: ClusterStatus, name: str, value: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:word@company.example:3128")
    monkeypatch.setenv(name, value)
    with pytest.raises((ImportError, ValueError, OSError, httpx2.InvalidURL)):
        SchemaRegistryClient({"url": IN_MEMORY})
    assert name in unwanted(own)
    for one in unwanted(own):
        monkeypatch.delenv(one, raising=False)
    SchemaRegistryClient({"url": IN_MEMORY})
    if name != "HTTPS_PROXY":
        assert "HTTPS_PROXY" in os.environ, "a company's proxy stays"


def test_of_attached_servers_only_what_nobody_can_use_goes(
    monkeypatch: pytest.MonkeyPatch, own: ClusterStatus
) -> None:
    for name in ("ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "socks5h://127.0.0.1:9")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    attached = replace(own, mode="attached")
    assert unwanted(attached) == ("ALL_PROXY",)
