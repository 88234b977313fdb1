"""Kafka's own command-line tools, under their own names and with their own flags.

The console scripts of ``pyproject.toml`` all come here; each becomes the Java
program itself, so that its exit code, output and Ctrl-C are Kafka's.
"""

import os
import sys
from pathlib import Path

from helpers.inputs import InputError
from helpers.owned import STATE, claim
from helpers.servers.attached.properties import java_file
from helpers.servers.embedded.layout import Layout
from helpers.servers.errors import ServersError
from helpers.servers.runtime import class_data, java
from helpers.servers.runtime.jars import has_all_jars
from helpers.settings import Settings, SettingsError

_TOOLS = "org.apache.kafka.tools"
MAIN_CLASSES = {
    "kafka-acls": f"{_TOOLS}.AclCommand",
    "kafka-configs": "kafka.admin.ConfigCommand",
    "kafka-console-consumer": f"{_TOOLS}.consumer.ConsoleConsumer",
    "kafka-console-producer": f"{_TOOLS}.ConsoleProducer",
    "kafka-consumer-groups": f"{_TOOLS}.consumer.group.ConsumerGroupCommand",
    "kafka-consumer-perf-test": f"{_TOOLS}.ConsumerPerformance",
    "kafka-dump-log": f"{_TOOLS}.DumpLogSegments",
    "kafka-features": f"{_TOOLS}.FeatureCommand",
    "kafka-get-offsets": f"{_TOOLS}.GetOffsetShell",
    "kafka-groups": f"{_TOOLS}.GroupsCommand",
    "kafka-leader-election": f"{_TOOLS}.LeaderElectionCommand",
    "kafka-log-dirs": f"{_TOOLS}.LogDirsCommand",
    "kafka-metadata-quorum": f"{_TOOLS}.MetadataQuorumCommand",
    "kafka-producer-perf-test": f"{_TOOLS}.ProducerPerformance",
    "kafka-reassign-partitions": f"{_TOOLS}.reassign.ReassignPartitionsCommand",
    "kafka-share-groups": f"{_TOOLS}.consumer.group.ShareGroupCommand",
    "kafka-topics": f"{_TOOLS}.TopicCommand",
    "kafka-transactions": f"{_TOOLS}.TransactionsCommand",
}
"""The class behind each script, as in the ``bin`` folder of Kafka 4.3.1."""

_OFFLINE = ("kafka-dump-log",)
_ANSWERS_ALONE = ("--help", "--version")
_CONFIG_FLAGS = (
    "--command-config",
    "--admin.config",
    "--consumer.config",
    "--producer.config",
)

_LOG4J = "org.apache.logging.log4j.simple"
# Warnings on standard error, as Kafka's own tools. The simple logger of log4j's API:
# log4j itself takes a sixth of a tool's time to read its configuration.
_LOGGING = (
    f"-Dlog4j2.loggerContextFactory={_LOG4J}.SimpleLoggerContextFactory",
    "-Dorg.apache.logging.log4j.simplelog.level=WARN",
    "-Dorg.apache.logging.log4j.simplelog.showlogname=true",
)


def main() -> None:
    """Become the Kafka tool whose name this script was called by."""
    name = Path(sys.argv[0]).name
    try:
        command = tool_command(Settings.from_environment(), name, sys.argv[1:])
    except (InputError, SettingsError, ServersError, FileNotFoundError) as error:
        sys.exit(f"{name}: {error}")
    os.execve(command[0], command, java.clean_environment())


def tool_command(settings: Settings, name: str, arguments: list[str]) -> list[str]:
    """Return the command line that runs a tool.

    Raises:
        FileNotFoundError: some of Kafka's jars were never fetched.
        KeyError: there is no such tool.
        ServersError: the client's properties cannot be used.
    """
    if not has_all_jars(settings):
        raise FileNotFoundError("Kafka's jars are not here yet: run `workbook fetch`.")
    start = class_data.kafka_jvm(settings, "-Xmx256m", *_LOGGING, *_unpack(settings))
    access = _access(settings, name, arguments)
    return [*start, MAIN_CLASSES[name], *access, *arguments]


def _unpack(settings: Settings) -> list[str]:
    """Return where native libraries are unpacked; Java's own place if that cannot be."""
    folder = Layout(settings.state_dir).temporary("tools")
    try:
        claim(settings.state_dir, STATE)
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, InputError):
        return []
    return [java.temporary_files(folder)]


def _access(settings: Settings, name: str, arguments: list[str]) -> list[str]:
    """Return the option by which attached servers let the tool in, if they ask."""
    if settings.attached is None or settings.attached.properties is None:
        return []
    given = {argument.partition("=")[0] for argument in arguments}
    if not given or name in _OFFLINE or given & {*_ANSWERS_ALONE, *_CONFIG_FLAGS}:
        return []
    # Before everything else: where a tool has subcommands, it belongs to the tool.
    return ["--command-config", str(java_file(settings, settings.attached.properties))]
