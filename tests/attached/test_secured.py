"""A broker that asks who one is: the properties file lets clients and tools in."""

import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from helpers.servers import connect
from helpers.servers.embedded import processes
from helpers.servers.embedded.ports import reservations
from helpers.servers.runtime import jars, java
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.attached.conftest import Student
from tests.attached.test_students import workbook
from tests.servers import scenarios, test_tools

PASSWORD = 'open"se\\same='  # noqa: S105 - of a broker of this test's own
JAAS = "org.apache.kafka.common.security.plain.PlainLoginModule required"
START_TIMEOUT = 90


def quoted(text: str) -> str:
    """Return a text as Java reads it inside quotation marks in a properties file."""
    inside = text.replace("\\", "\\\\").replace('"', '\\"')
    return inside.replace("\\", "\\\\")


def properties(folder: Path, port: int, controller: int) -> str:
    return f"""
process.roles=broker,controller
node.id=1
listeners=SASL_PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=SASL_PLAINTEXT://127.0.0.1:{port}
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=SASL_PLAINTEXT
sasl.enabled.mechanisms=PLAIN
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config={JAAS} username="anna" \
password="{quoted(PASSWORD)}" user_anna="{quoted(PASSWORD)}";
offsets.topic.replication.factor=1
log.dirs={folder / "data"}
"""


@pytest.fixture(scope="module")
def secured(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the address of a broker that wants a password."""
    folder = tmp_path_factory.mktemp("secured")
    config = folder / "server.properties"
    command = java.jvm(settings, jars.classpath(settings), "-Xmx256m")
    with reservations() as ports:
        port, controller = ports.take(9192), ports.take(9193)
        config.write_text(properties(folder, port, controller), "utf-8")
        form = ["kafka.tools.StorageTool", "format", "--config", str(config)]
        cluster_id = ["--cluster-id", "d29ya2Jvb2stc2VjdXJlZA"]
        subprocess.run([*command, *form, *cluster_id], check=True, timeout=START_TIMEOUT)
        server = processes.spawn(
            [*command, "kafka.Kafka", str(config)],
            folder,
            folder / "out.txt",
            java.clean_environment(),
        )
    # Either test may be a worker's first.
    wait_for(lambda: listens(port), START_TIMEOUT, "the secured broker")
    yield f"127.0.0.1:{port}"
    processes.kill([server])


def listens(port: int) -> bool:
    with socket.socket() as asker:
        return asker.connect_ex(("127.0.0.1", port)) == 0


def properties_file(tmp_path: Path, password: str) -> str:
    file = tmp_path / "client.properties"
    file.write_text(
        "security.protocol=SASL_PLAINTEXT\nsasl.mechanisms=PLAIN\n"
        f"sasl.username=anna\nsasl.password={password}\n",
        "utf-8",
    )
    return str(file)


def attached(
    student: Callable[..., Student], secured: str, tmp_path: Path, password: str
) -> Student:
    file = properties_file(tmp_path, password)
    more = {"WORKBOOK_CLIENT_PROPERTIES": file, "KAFKA_BOOTSTRAP_SERVERS": secured}
    return student("anna", **more)


def test_the_right_password_lets_clients_and_tools_in(
    student: Callable[..., Student], secured: str, tmp_path: Path
) -> None:
    anna = attached(student, secured, tmp_path, PASSWORD)
    connection = connect(anna.settings).connection

    def answers() -> bool:
        try:
            return bool(AdminClient(connection).list_topics(timeout=5).brokers)
        except KafkaException:
            return False

    wait_for(answers, START_TIMEOUT, "the secured broker")
    assert f"broker 1        running   {secured}" in workbook(anna, "up").stdout
    assert "same" not in repr(connection)
    at = ("--bootstrap-server", secured)
    listed = test_tools.tool(anna.settings, "kafka-topics", *at, "--list", **anna.env)
    assert listed.returncode == 0, listed.stderr
    described = ("kafka-metadata-quorum", *at, "describe", "--status")
    told = test_tools.tool(anna.settings, *described, **anna.env)
    assert "LeaderId:               1" in told.stdout, told.stderr


def test_a_wrong_password_is_one_sentence(
    student: Callable[..., Student], secured: str, tmp_path: Path
) -> None:
    anna = attached(student, secured, tmp_path, "wrong-one")
    told = scenarios.complaint(workbook(anna, "up"))
    assert "check the user name, the password" in told
    assert "wrong-one" not in told
