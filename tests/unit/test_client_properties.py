"""A client's properties: translated, refused, and never shown."""

import stat
from pathlib import Path

import pytest

from helpers.servers.attached.properties import (
    Connection,
    client_settings,
    java_file,
    java_settings,
)
from helpers.servers.errors import ServersError
from helpers.settings import Settings

CLOUD = """
# as a cloud gives it
bootstrap.servers=kafka.example.com:9092
security.protocol=SASL_SSL
sasl.mechanisms=PLAIN
sasl.username=anna
sasl.password=se"c\\ret=1
session.timeout.ms=45000
"""
JAVA = """
security.protocol = SASL_SSL
sasl.mechanism = SCRAM-SHA-512
sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required \\
    username="anna" password="s\\"ecret";
ssl.truststore.type = PEM
ssl.truststore.location = /etc/ca.pem
ssl.endpoint.identification.algorithm =
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "client.properties"
    file.write_text(text, "utf-8")
    return file


def test_what_a_cloud_gives_is_taken_as_it_is(tmp_path: Path) -> None:
    assert client_settings(written(tmp_path, CLOUD)) == {
        "security.protocol": "SASL_SSL",
        "sasl.mechanisms": "PLAIN",
        "sasl.username": "anna",
        "sasl.password": 'se"c\\ret=1',
    }


def test_names_of_java_are_translated(tmp_path: Path) -> None:
    assert client_settings(written(tmp_path, JAVA)) == {
        "security.protocol": "SASL_SSL",
        "sasl.mechanisms": "SCRAM-SHA-512",
        "sasl.username": "anna",
        "sasl.password": 's"ecret',
        "ssl.ca.location": "/etc/ca.pem",
        "ssl.endpoint.identification.algorithm": "none",
    }


def test_and_back_for_kafkas_own_tools(tmp_path: Path) -> None:
    made = java_settings(client_settings(written(tmp_path, JAVA)))
    assert made["sasl.mechanism"] == "SCRAM-SHA-512"
    assert 'ScramLoginModule required username="anna"' in made["sasl.jaas.config"]
    assert 'password="s\\"ecret";' in made["sasl.jaas.config"]
    assert made["ssl.truststore.type"] == "PEM"
    assert made["ssl.truststore.location"] == "/etc/ca.pem"
    assert made["ssl.endpoint.identification.algorithm"] == ""


def test_the_tools_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    variables = {"WORKBOOK_STATE_DIR": str(tmp_path / "state")}
    settings = Settings.from_environment(variables)
    file = java_file(settings, written(tmp_path, CLOUD))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    # As Java reads a properties file: a doubled backslash is one.
    assert 'password="se\\\\"c\\\\\\\\ret=1";' in file.read_text("utf-8")
    assert [one.name for one in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("ssl.truststore.location=/x.jks", "give the certificates as PEM files"),
        ("ssl.keystore.password=secret", "give the certificates as PEM files"),
        ("sasl.mechanism=AWS_MSK_IAM", "the workbook knows PLAIN"),
        ("sasl.login.callback.handler.class=a.B", "remove that line"),
        ("sasl.jaas.config=a.KrbLoginModule secret;", "none of a user name and a"),
        ("frobnicate=secret", "does not know frobnicate"),
    ],
)
def test_what_cannot_be_used_is_named_without_its_value(
    tmp_path: Path, line: str, says: str
) -> None:
    with pytest.raises(ServersError, match=says) as told:
        client_settings(written(tmp_path, line))
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_printed_connection_hides_its_secrets(tmp_path: Path) -> None:
    connection = Connection(client_settings(written(tmp_path, CLOUD)))
    assert "ret=1" not in f"{connection!r} {connection}"
    assert "anna" in repr(connection)
    assert connection["sasl.password"] == 'se"c\\ret=1'
