"""docker-compose.yml: the same settings as the embedded servers, and no open door."""

from typing import Any

import pytest
import yaml

from helpers.servers.compose.containers import SERVICES
from helpers.servers.compose.docker import sentence
from helpers.servers.embedded.kafka_config import (
    broker_properties,
    controller_properties,
)
from helpers.servers.embedded.starting import PREFERRED_PORTS
from helpers.servers.schema_registry import PORT_VARIABLE, PREFERRED_PORT
from helpers.settings import PROJECT_ROOT

FIRST_EPHEMERAL_PORT = 32768
# Where a node is, and in which cluster: never the same as in a process.
OWN = {
    "process.roles",
    "node.id",
    "listeners",
    "advertised.listeners",
    "inter.broker.listener.name",
    "listener.security.protocol.map",
    "controller.listener.names",
    "controller.quorum.voters",
    "controller.quorum.bootstrap.servers",
    "log.dirs",
}
NOT_OF_KAFKA = ("KAFKA_HEAP_OPTS", "KAFKA_JVM_PERFORMANCE_OPTS")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    text = (PROJECT_ROOT / "docker-compose.yml").read_text("utf-8")
    found = yaml.safe_load(text)["services"]
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def registry(services: dict[str, Any]) -> dict[str, Any]:
    found = services["registry"]
    assert isinstance(found, dict)
    return found


def settings_of(service: dict[str, Any]) -> dict[str, str]:
    """Return what the image makes of the environment, without what is a node's own."""
    made = {
        key.removeprefix("KAFKA_").lower().replace("_", "."): value
        for key, value in service["environment"].items()
        if key.startswith("KAFKA_") and key not in NOT_OF_KAFKA
    }
    return {key: value for key, value in made.items() if key not in OWN}


def embedded(text: str) -> dict[str, str]:
    rows = (line.partition("=") for line in text.splitlines())
    return {key: value for key, _, value in rows if key not in OWN}


def test_brokers_have_the_settings_of_the_embedded_ones(services: dict[str, Any]) -> None:
    for number in (1, 2, 3):
        found = settings_of(services[f"broker-{number}"])
        assert found == embedded(broker_properties(number, 1, [2], "data"))


def test_so_has_the_controller(services: dict[str, Any]) -> None:
    found = settings_of(services["controller"])
    assert found == embedded(controller_properties(101, 1, [1], "data"))


def test_every_node_is_a_service_and_every_service_a_node(
    services: dict[str, Any],
) -> None:
    default = {name for name, one in services.items() if "profiles" not in one}
    assert default == set(SERVICES.values())


def test_the_registry_is_started_on_request_and_found_where_it_is_published(
    registry: dict[str, Any],
) -> None:
    assert registry["profiles"] == ["registry"]
    (port,) = registry["ports"]
    assert port == f"127.0.0.1:${{{PORT_VARIABLE}:-{PREFERRED_PORT}}}:8080"


def test_nothing_is_published_beyond_this_machine(services: dict[str, Any]) -> None:
    ports = [port for one in services.values() for port in one.get("ports", ())]
    assert len(ports) == 5
    assert all(port.startswith("127.0.0.1:${WORKBOOK_") for port in ports)


def test_ports_meet_neither_the_embedded_ones_nor_the_systems(
    services: dict[str, Any],
) -> None:
    published = [port for one in services.values() for port in one.get("ports", ())]
    defaults = [int(port.partition(":-")[2].partition("}")[0]) for port in published]
    assert len(set(defaults)) == 5
    assert not set(defaults) & set(PREFERRED_PORTS.values())
    assert max(defaults) < FIRST_EPHEMERAL_PORT


def test_each_service_is_pinned_bounded_watched_and_keeps_its_data(
    services: dict[str, Any],
) -> None:
    for service in services.values():
        name, _, tag = service["image"].partition(":")
        assert (name, tag) in {
            ("apache/kafka", "4.3.1"),
            ("localstack/localstack", "4.14.0"),
            ("apicurio/apicurio-registry", "3.3.3"),
            ("confluentinc/cp-ksqldb-server", "8.1.0"),
        }
        assert service["mem_limit"]
        assert service["healthcheck"]["test"]
        # The registry's data is a topic of the brokers.
        assert service.get("volumes") or "profiles" in service


@pytest.mark.parametrize(
    ("complaint", "says"),
    [
        ("Cannot connect to the Docker daemon at unix:///x.", "engine does not answer"),
        (
            "permission denied while trying to connect to the Docker daemon socket",
            "added to the group",
        ),
        ("unknown shorthand flag: 'p' in -p\n\nUsage: docker", "no `docker compose`"),
        (
            "Bind for 127.0.0.1:19092 failed: port is already allocated",
            "Port 19092 is taken",
        ),
        (
            "listen tcp4 127.0.0.1:4566: bind: address already in use",
            "Port 4566 is taken",
        ),
        ("Error: pull access denied for apache/kafka", "could not be fetched"),
        ("dial tcp: lookup somewhere: no such host", "could not be fetched"),
        ("strange\nthings happened", "Docker refused: things happened"),
        ("", "it gave no reason"),
    ],
)
def test_each_complaint_of_docker_is_one_sentence(complaint: str, says: str) -> None:
    assert says in sentence(complaint)
    assert "\n" not in sentence(complaint)
